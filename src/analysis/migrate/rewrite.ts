import type { MigrationCauseId, NotKept, PolicyPlace, Rewrite } from '#model/migration.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { NetworkPolicy } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { networkPolicyManifest } from '../manifests/network-policy.ts';
import { keepIpBlocks } from './keep/ip-blocks.ts';
import { type Keeper, type Keeping, type Kept, unchanged } from './keep/keep.ts';
import { keepKinds } from './keep/kinds.ts';
import { keepOwnNode } from './keep/own-node.ts';
import { keepPolicyTypes } from './keep/policy-types.ts';
import { keepText } from './keep/text.ts';
import { placeOf } from './places.ts';

export interface Rewriting {
  readonly rewrites: readonly Rewrite[];
  readonly notKept: readonly NotKept[];
}

const KEEPERS: readonly { readonly causes: readonly MigrationCauseId[]; readonly keep: Keeper }[] = [
  { causes: ['end-port', 'excluded-labels', 'engine-line'], keep: keepText },
  { causes: ['rules-outside-policy-types'], keep: keepPolicyTypes },
  { causes: ['ip-block-and-pods', 'ip-block-and-nodes'], keep: keepIpBlocks },
  { causes: ['own-node'], keep: keepOwnNode },
];

/** Writes anew the NetworkPolicies behind changes, for the causes that make them. */
export function rewritingOf(
  keeping: Keeping,
  behind: ReadonlyMap<MigrationCauseId, readonly PolicyPlace[]>,
): Rewriting {
  const rewrites: Rewrite[] = [];
  const notKept: NotKept[] = [];
  for (const policy of keeping.from.snapshot.networkPolicies) {
    const name = placeOf(policy).policy;
    const causes = [...behind].flatMap(([cause, places]) =>
      places.some((place) => place.policy === name) ? cause : [],
    );
    if (causes.length === 0 || policy.gaps.length > 0) continue;
    const kept = keptOf(keeping, policy, new Set(causes));
    if (!isSame(kept.policy, policy)) rewrites.push(replacing(policy, kept.policy, causes));
    rewrites.push(...kept.beside.filter((each) => each.causes.some((cause) => causes.includes(cause))));
    notKept.push(...kept.not.filter(({ cause }) => causes.includes(cause)));
  }
  const kinds = keepKinds(keeping.from.snapshot, behind.get('kind-not-enforced') ?? [], keeping.to);
  return { rewrites: [...needed(rewrites), ...kinds.rewrites], notKept: [...notKept, ...kinds.notKept] };
}

function isSame(a: NetworkPolicy, b: NetworkPolicy): boolean {
  return a === b || JSON.stringify(networkPolicyManifest(a)) === JSON.stringify(networkPolicyManifest(b));
}

/** What is for every pod of a namespace needs no second word, neither for all of them nor for some. */
function needed(rewrites: readonly Rewrite[]): Rewrite[] {
  const whole = new Map(
    rewrites
      .filter((each) => each.action === 'add' && isForAll(each))
      .reverse()
      .map((each) => [saysWhat(each), each]),
  );
  return rewrites.filter((each) => each.action === 'replace' || (whole.get(saysWhat(each)) ?? each) === each);
}

function isForAll({ object }: Rewrite): boolean {
  return JSON.stringify(specOf(object).endpointSelector) === '{}';
}

/** The same for two objects that say the same of perhaps other pods of one namespace. */
function saysWhat({ object }: Rewrite): string {
  const { endpointSelector: _, ...rules } = specOf(object);
  return JSON.stringify([metadataOf(object).namespace, rules]);
}

function keptOf(keeping: Keeping, policy: NetworkPolicy, causes: ReadonlySet<MigrationCauseId>): Kept {
  let kept = unchanged(policy);
  for (const keeper of KEEPERS) {
    if (!keeper.causes.some((cause) => causes.has(cause))) continue;
    const next = keeper.keep(keeping, kept.policy);
    kept = { policy: next.policy, beside: [...kept.beside, ...next.beside], not: [...kept.not, ...next.not] };
  }
  return kept;
}

function replacing(policy: NetworkPolicy, next: NetworkPolicy, causes: readonly MigrationCauseId[]): Rewrite {
  return { action: 'replace', for: placeOf(policy), causes, object: networkPolicyManifest(next) };
}

function specOf({ spec }: PlainObject): PlainObject {
  return isObject(spec) ? spec : {};
}

function metadataOf({ metadata }: PlainObject): PlainObject {
  return isObject(metadata) ? metadata : {};
}

function isObject(value: PlainValue | undefined): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The snapshot with the rewritten objects, read back from their text, so that reading is part of the proof. */
export function rewritten(snapshot: Snapshot, rewrites: readonly Rewrite[]): Snapshot {
  if (rewrites.length === 0) return snapshot;
  const text = rewrites.map(({ object }) => JSON.stringify(object)).join('\n---\n');
  const read = snapshotOf([{ file: 'rewritten', text }]);
  const replaced = new Set(rewrites.filter(({ action }) => action === 'replace').map((each) => each.for.policy));
  return {
    ...snapshot,
    networkPolicies: [
      ...snapshot.networkPolicies.filter((policy) => !replaced.has(placeOf(policy).policy)),
      ...read.networkPolicies,
    ],
    clusterPolicies: [...snapshot.clusterPolicies, ...read.clusterPolicies],
    calicoPolicies: [...snapshot.calicoPolicies, ...read.calicoPolicies],
    calicoTiers: [...snapshot.calicoTiers, ...read.calicoTiers],
    ciliumPolicies: [...snapshot.ciliumPolicies, ...read.ciliumPolicies],
    diagnostics: [...snapshot.diagnostics, ...read.diagnostics],
  };
}
