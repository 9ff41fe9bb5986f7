import { formatRange } from '#base/address.ts';
import { hasBit } from '#base/bits.ts';
import { type Azure, azureOf } from '#engine/compile/azure/context.ts';
import { DESTINATIONS, type NetworkMode, translation } from '#engine/compile/azure/network-mode.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import type { Engine } from '#engine/engine.ts';
import type { HopEntry } from '#model/answers.ts';

/** Worked out once for each engine: several branches of one answer ask for it. */
const KNOWN = new WeakMap<Engine, Azure | undefined>();

export function azureOfEngine(engine: Engine): Azure | undefined {
  if (!KNOWN.has(engine)) KNOWN.set(engine, azureOf(engine.compiling, engine.snapshot));
  return KNOWN.get(engine);
}

const MODES: Readonly<Record<NetworkMode, string>> = {
  overlay: 'Azure CNI overlay',
  kubenet: 'kubenet',
  'node-subnet': 'Azure CNI in the subnet of the nodes',
  'pod-subnet': 'Azure CNI with a subnet for pods',
  open: 'a network mode that the input does not tell',
};

/** With which address a pod's connection is seen outside of the cluster; undefined where nothing translates it. */
export function translationHop(
  engine: Engine,
  from: { readonly id: string; readonly point: number },
  to: number,
): HopEntry | undefined {
  const azure = azureOfEngine(engine);
  const point = engine.world.points[from.point]!;
  if (azure === undefined || point.kind !== 'pod' || point.hostNetwork) return undefined;
  const destination = DESTINATIONS.find((each) => hasBit(azure.destinations[each], to));
  if (destination === undefined || destination === 'cluster') return undefined;
  const how = translation(azure.wire.mode, destination);
  if (how === 'own') return undefined;
  const subnets = azure.siting.ofNode(from.point).subnets;
  const ranges = subnets.flatMap((key) => rangesOf(azure.view.subnets.get(key)?.prefixes ?? []));
  const where = ranges.length === 0 ? '' : ` (in ${ranges.flatMap(formatRange).join(', ')})`;
  const why =
    how === 'node'
      ? `leaves with the address of its node${where}`
      : `leaves with its own address or that of its node${where}`;
  return {
    layer: 'translation',
    at: from.id,
    verdict: 'allowed',
    rules: [],
    why: `${why}: ${MODES[azure.wire.mode]}`,
    reasons: [],
  };
}
