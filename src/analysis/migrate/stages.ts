import { ciliumModeOf } from '#engine/compile/cilium/settings.ts';
import type { MigrationCauseId } from '#model/migration.ts';
import type { PolicyKindName, Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type Reading, readAs, readingOf } from './reading.ts';

/** One engine over one reading of the policies; `cause` is the one fact in which it differs from the stage before. */
export interface Stage {
  readonly cause?: MigrationCauseId;
  readonly snapshot: Snapshot;
  readonly profile: Profile;
}

/**
 * From one engine to another in steps that change one fact each, so that a change can be put down to the steps at which
 * it happens. Policies that only one of the two enforces go first and come last; between, an engine that has a model of
 * its own is replaced by its twin, an engine that reads Kubernetes policy plainly with the same facts.
 */
export function stagesOf(snapshot: Snapshot, from: Profile, to: Profile): readonly Stage[] {
  if (from.model === to.model && from.model !== 'kubernetes')
    return [
      { snapshot, profile: from },
      { snapshot, profile: to, cause: 'engine-line' },
    ];
  const common = intersectionOf(enforcedBy(from, snapshot), enforcedBy(to, snapshot));
  const shared = onlyKinds(snapshot, common);
  const ends = { from: readingOf(from, snapshot), to: readingOf(to, snapshot) };
  const stages: Stage[] = [
    { snapshot, profile: from },
    { snapshot: shared, profile: from, cause: 'kind-not-enforced' },
  ];
  let reading = ends.from;
  let profile = twinOf(from, common);
  push('engine-model');
  for (const { cause, key } of READING_FACTS) {
    reading = { ...reading, [key]: ends.to[key] };
    push(cause);
  }
  for (const { cause, set } of PROFILE_FACTS) {
    profile = set(profile, to);
    push(cause);
  }
  stages.push({ snapshot: shared, profile: to, cause: 'engine-model' });
  stages.push({ snapshot, profile: to, cause: 'kind-newly-enforced' });
  return stages.filter((stage, index) => index === 0 || !isSame(stage, stages[index - 1]!));

  function push(cause: MigrationCauseId): void {
    stages.push({ snapshot: readAs(shared, reading), profile, cause });
  }
}

/** What engines read otherwise than it is written. */
const READING_FACTS: readonly { readonly cause: MigrationCauseId; readonly key: keyof Reading }[] = [
  { cause: 'end-port', key: 'endPorts' },
  { cause: 'excluded-labels', key: 'isLabelKept' },
];

interface ProfileFact {
  readonly cause: MigrationCauseId;
  set(profile: Profile, to: Profile): Profile;
}

const PROFILE_FACTS: readonly ProfileFact[] = [
  {
    cause: 'rules-outside-policy-types',
    set: (profile, { unlistedRules }) => ({ ...profile, unlistedRules }),
  },
  { cause: 'not-supported', set: (profile, { lacks }) => ({ ...profile, lacks }) },
  { cause: 'named-ports', set: (profile, { portsWithoutNumber }) => ({ ...profile, portsWithoutNumber }) },
  { cause: 'ip-block-and-pods', set: (profile, { ipBlockCoversPods }) => ({ ...profile, ipBlockCoversPods }) },
  { cause: 'ip-block-and-nodes', set: (profile, { ipBlockCoversNodes }) => ({ ...profile, ipBlockCoversNodes }) },
  { cause: 'host-network-pods', set: (profile, { hostNetworkPods }) => ({ ...profile, hostNetworkPods }) },
  { cause: 'own-node', set: (profile, { podToOwnNode }) => ({ ...profile, podToOwnNode }) },
  { cause: 'other-protocols', set: (profile, { otherProtocols }) => ({ ...profile, otherProtocols }) },
  { cause: 'forwarded-traffic', set: (profile, { forwardedTraffic }) => ({ ...profile, forwardedTraffic }) },
];

/** An engine that puts Kubernetes policy together as its text says, with the facts of one that has its own way. */
function twinOf(profile: Profile, kinds: ReadonlySet<PolicyKindName>): Profile {
  return { ...profile, model: 'kubernetes', enforces: [...kinds] };
}

function isSame(a: Stage, b: Stage): boolean {
  return a.snapshot === b.snapshot && JSON.stringify(a.profile) === JSON.stringify(b.profile);
}

// ---------------------------------------------------------------- kinds

function enforcedBy(profile: Profile, snapshot: Snapshot): ReadonlySet<PolicyKindName> {
  const kinds = new Set(profile.enforces);
  if (profile.model === 'cilium' && ciliumModeOf(profile, snapshot).clusterPolicies) kinds.add('ClusterNetworkPolicy');
  return kinds;
}

function intersectionOf<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  return new Set([...a].filter((each) => b.has(each)));
}

/** The snapshot without policies of other kinds; itself where there are none. */
function onlyKinds(snapshot: Snapshot, kinds: ReadonlySet<PolicyKindName>): Snapshot {
  const { networkPolicies, clusterPolicies, calicoPolicies, ciliumPolicies } = snapshot;
  const out = {
    ...snapshot,
    networkPolicies: kinds.has('NetworkPolicy') ? networkPolicies : [],
    clusterPolicies: clusterPolicies.filter(({ kind }) => kinds.has(kind)),
    calicoPolicies: kinds.has('GlobalNetworkPolicy') ? calicoPolicies : [],
    ciliumPolicies: kinds.has('CiliumNetworkPolicy') ? ciliumPolicies : [],
  };
  const kept = ['networkPolicies', 'clusterPolicies', 'calicoPolicies', 'ciliumPolicies'] as const;
  return kept.every((list) => out[list].length === snapshot[list].length) ? snapshot : out;
}
