import { atomsWithin } from '#engine/atoms.ts';
import type { PotentialPod, World, WorldOptions } from '#engine/world.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type { Invariant } from '#model/invariant.ts';
import type { Labels } from '#model/resource.ts';
import { type Analysis, withWorld } from '../analysis.ts';
import { preparedForInbound } from '../inbound/branches.ts';
import { worldForNames } from '../path/names.ts';
import { namesIn } from './names.ts';

const NO_LABELS: Labels = new Map();

/** No namespace of an input has this name: it is not a valid one. */
const NOWHERE = 'Ringfence stranger';

/** A pod that nobody has thought of: no labels, in a namespace that has none but its name. */
const STRANGER: PotentialPod = {
  namespace: NOWHERE,
  namespaceLabels: new Map([[NAMESPACE_NAME_LABEL, 'ringfence-stranger']]),
  labels: NO_LABELS,
  namedPorts: [],
};

/** The analysis with all in its world that the invariants ask about; the one that was given where it has all that. */
export function preparedFor(analysis: Analysis, invariants: readonly Invariant[]): Analysis {
  return preparedForNames(preparedForInbound(analysis), invariants);
}

function preparedForNames(analysis: Analysis, invariants: readonly Invariant[]): Analysis {
  const { cuts = [], domains = [] } = worldForNames(namesIn(invariants), analysis.snapshot.azure);
  const { world, options } = analysis.engine;
  const potentials = invariants.some(({ kind }) => kind === 'isolated') ? [STRANGER] : [];
  const missing =
    cuts.some((range) => atomsWithin(world.atoms[range.family], range) === undefined) ||
    domains.some((name) => !world.domains.has(name));
  if (!missing && (potentials.length === 0 || strangerIn(world) !== undefined)) return analysis;
  const wider: WorldOptions = {
    cuts: [...(options.cuts ?? []), ...cuts],
    domains: [...new Set([...(options.domains ?? []), ...domains])],
    potentials: [...(options.potentials ?? []).filter(({ namespace }) => namespace !== NOWHERE), ...potentials],
    ...(options.focus !== undefined && { focus: options.focus }),
  };
  return withWorld(analysis, wider);
}

/** The point of the pod that nobody has thought of. */
export function strangerIn({ points, potentials }: World): number | undefined {
  return potentials.find((point) => points[point]!.namespace === NOWHERE);
}
