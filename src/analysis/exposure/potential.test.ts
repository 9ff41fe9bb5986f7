import fc from 'fast-check';
import { expect, test } from 'vitest';
import { covers, unite } from '#base/intervals.ts';
import { buildEngine } from '#engine/engine.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { PROFILES } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { snapshots } from '../../../test/property/generate.ts';
import { claimsOf } from './claims.ts';
import { type PossiblePod, possiblePodsOf } from './possible-pods.ts';
import { possibleTraffic } from './potential.ts';

const RUNS = Number(process.env['RINGFENCE_PROPERTY_RUNS'] ?? 40);
const PROFILE = PROFILES['kube-network-policies'];
const LABELS = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('a', 'b', '', 'other'), { maxKeys: 2 });
/** A pod that somebody makes tomorrow: in a namespace of the input, or in a new one. */
const TOMORROW = fc.record({
  labels: LABELS,
  namespaceLabels: LABELS,
  at: fc.constantFrom('n0', 'n1', 'n2', 'n3', 'new', 'new'),
});

test(
  'what is said of any pod holds for every pod that could be made, and nothing that it gets is left unsaid',
  () => {
    fc.assert(
      fc.property(snapshots({ oneGapIn: 0 }), fc.array(TOMORROW, { minLength: 1, maxLength: 8 }), (snapshot, made) => {
        const known = namespacesOf(snapshot);
        const pods = made.map((pod, index) => podOf(pod, index, known));
        const possible = possiblePodsOf(snapshot, PROFILE);
        const claimed = possibleTraffic(engineWith(snapshot, possible.pods), possible);
        const { owners } = engineWith(snapshot, []).world;
        const found = possibleTraffic(engineWith(snapshot, pods), { pods, exhaustive: true });
        for (const owner of owners.keys()) {
          for (const direction of ['ingress', 'egress'] as const) {
            const claims = claimsOf(possible, claimed(owner, direction));
            for (const [index, traffic] of found(owner, direction).entries()) {
              for (const claim of claims) {
                if (speaksOf(claim.text, pods[index]!)) expect(covers(traffic, claim.traffic)).toBe(true);
              }
              // Rules that deny make combinations of labels get more than each alone does; additive ones do not.
              const complete = pods[index]!.namespace === undefined && snapshot.clusterPolicies.length === 0;
              if (complete) expect(covers(said(claims), traffic)).toBe(true);
            }
          }
        }
      }),
      { numRuns: RUNS },
    );
  },
  120_000 + RUNS * 2_000,
);

function engineWith(snapshot: Snapshot, pods: readonly PossiblePod[]): ReturnType<typeof buildEngine> {
  return buildEngine(snapshot, { profile: PROFILE, potentials: pods.map(({ pod }) => pod) });
}

/** Whether a sentence is about this pod for sure: those that name no labels and no exception. */
function speaksOf(text: string, { namespace }: PossiblePod): boolean {
  if (text === 'any pod of any namespace') return true;
  if (text === 'any pod of any namespace that is not in the input') return namespace === undefined;
  return namespace !== undefined && text === `any pod of namespace ${namespace}`;
}

function said(claims: readonly { readonly traffic: TrafficSet }[]): TrafficSet {
  return claims.reduce((all, { traffic }) => unite(all, traffic), NO_TRAFFIC);
}

function namespacesOf(snapshot: Snapshot): ReadonlySet<string> {
  const { namespaces, pods, workloads, networkPolicies } = snapshot;
  return new Set([
    ...namespaces.map(({ name }) => name),
    ...[...pods, ...workloads, ...networkPolicies].map(({ namespace }) => namespace),
  ]);
}

function podOf(
  made: { labels: Record<string, string>; namespaceLabels: Record<string, string>; at: string },
  index: number,
  known: ReadonlySet<string>,
): PossiblePod {
  const existing = known.has(made.at);
  const name = existing ? made.at : `tomorrow-${index}`;
  const namespaceLabels = new Map(Object.entries(made.namespaceLabels)).set(NAMESPACE_NAME_LABEL, name);
  const any = { requirements: [], origin: NO_ORIGIN };
  return {
    pod: {
      namespace: name,
      labels: new Map(Object.entries(made.labels)),
      namedPorts: [],
      ...(!existing && { namespaceLabels }),
    },
    kind: 'rule',
    text: '',
    covers: { pods: any, namespace: { selector: any } },
    ...(existing && { namespace: name }),
  };
}
