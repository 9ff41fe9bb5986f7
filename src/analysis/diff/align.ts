import type { AddressRange, Family } from '#base/address.ts';
import { mentionsOf } from '#engine/compile/layer.ts';
import type { Engine } from '#engine/engine.ts';
import type { WorldOptions } from '#engine/world.ts';
import { type Analysis, withWorld } from '../analysis.ts';

/** Engines of both inputs whose worlds cut the addresses alike: atom `n` of one is atom `n` of the other. */
export interface Aligned {
  readonly base: Engine;
  readonly head: Engine;
}

/** Builds anew only the side that tells fewer addresses apart than the other; as a rule neither. */
export function align(base: Analysis, head: Analysis): Aligned {
  const baseCuts = cutsOf(base);
  const headCuts = cutsOf(head);
  return {
    base: widened(base, { own: baseCuts, other: headCuts, against: head.engine }),
    head: widened(head, { own: headCuts, other: baseCuts, against: base.engine }),
  };
}

function cutsOf({ snapshot, engine }: Analysis): AddressRange[] {
  return [...mentionsOf(snapshot).ranges, ...(engine.options.cuts ?? [])];
}

interface Widening {
  readonly own: readonly AddressRange[];
  readonly other: readonly AddressRange[];
  readonly against: Engine;
}

function widened(analysis: Analysis, { own, other, against }: Widening): Engine {
  const { engine } = analysis;
  // Whether anything cuts addresses at all decides too whether a pod is one point or one for each family.
  const anyCut = own.length > 0 || other.length === 0;
  if (anyCut && holdsCuts(engine, against, 4) && holdsCuts(engine, against, 6)) return engine;
  const world: WorldOptions = { ...analysis.options.world, cuts: [...(engine.options.cuts ?? []), ...other] };
  return withWorld(analysis, world).engine;
}

function holdsCuts(engine: Engine, against: Engine, family: Family): boolean {
  const own = new Set(engine.world.atoms[family].starts);
  return against.world.atoms[family].starts.every((start) => own.has(start));
}
