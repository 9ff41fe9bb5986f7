import type { AddressRange } from '#base/address.ts';
import { buildEngine, type Engine } from '#engine/engine.ts';
import type { WorldOptions } from '#engine/world.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { inboundWorld } from '../inbound/inbound.ts';
import { exposureCuts } from './exposing.ts';

/** What a world has to tell apart so that ways in can be told exactly, besides what is asked for. */
export function withExposureWorld(snapshot: Snapshot, world: WorldOptions = {}): WorldOptions {
  const cuts = [...(world.cuts ?? []), ...exposureCuts(snapshot)];
  const domains = [...new Set([...(world.domains ?? []), ...inboundWorld(snapshot).domains])];
  return { ...world, cuts, domains };
}

/** The engine itself where it has all that ways in need, else another one over the same snapshot and profile. */
export function cutByExposure(engine: Engine): Engine {
  const { snapshot, options } = engine;
  const wanted = withExposureWorld(snapshot, options);
  return isWithin(wanted, options) ? engine : buildEngine(snapshot, { ...options, ...wanted });
}

function isWithin({ cuts = [], domains = [] }: WorldOptions, options: WorldOptions): boolean {
  const known = new Set(options.cuts?.map(keyOf));
  const knownDomains = new Set(options.domains);
  return cuts.every((cut) => known.has(keyOf(cut))) && domains.every((domain) => knownDomains.has(domain));
}

function keyOf({ family, lo, hi }: AddressRange): string {
  return `${family} ${lo} ${hi}`;
}
