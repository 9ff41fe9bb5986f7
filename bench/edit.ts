import type { NetworkPolicy } from '#model/resource.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { type Cluster, describeCluster } from './cluster.ts';
import type { PolicySpec } from './cluster-policies.ts';
import { clusterSnapshot, networkPolicyOf } from './cluster-snapshot.ts';
import { allPairs, compile, edit } from './engine-adapter.ts';
import { pick, randomOf } from './random.ts';

const EDITS = 50;

/** One policy changes; what opened and what closed. */
export const editBenchmark: Benchmark = {
  name: 'edit',
  title: `one policy edited in a compiled world, to what opened and closed (mean of ${EDITS} edits, against from scratch)`,
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const sizes = scale === 'smoke' ? [40] : [1000, 10_000];
  return sizes.flatMap((workloads) => {
    const scratch = `from scratch ${workloads} policies`;
    return [
      {
        name: `edit 1 of ${workloads} policies`,
        against: scratch,
        rounds: 3,
        repeats: 3,
        prepare: () => editRun(workloads),
      },
      { name: scratch, rounds: 3, repeats: 3, prepare: () => scratchRun(workloads) },
    ];
  });
}

function editRun(workloads: number): () => Outcome {
  const cluster = describeCluster({ workloads, policies: workloads, plain: true });
  const edits = editsOf(cluster, EDITS);
  let compiled = compile(clusterSnapshot(cluster, 'templates'));
  allPairs(compiled);
  return () => {
    let opened = 0;
    let closed = 0;
    for (const policy of edits) {
      const diff = edit(compiled, policy);
      opened += diff.opened;
      closed += diff.closed;
      compiled = diff.next;
    }
    return { facts: { opened, closed }, operations: edits.length };
  };
}

function scratchRun(workloads: number): () => Outcome {
  const cluster = describeCluster({ workloads, policies: workloads, plain: true });
  const [policy] = editsOf(cluster, 1);
  const snapshot = clusterSnapshot(cluster, 'templates');
  const networkPolicies = snapshot.networkPolicies.map((one) => (sameName(one, policy!) ? policy! : one));
  return () => ({ facts: { pairs: allPairs(compile({ ...snapshot, networkPolicies })).pairs } });
}

/**
 * Edits in pairs: a policy of the cluster is widened by a peer, and then put back, so that each run of them ends where
 * it began.
 */
export function editsOf({ policies }: Cluster, count: number): NetworkPolicy[] {
  const random = randomOf(7);
  const editable = policies.filter(({ spec }) => (spec.ingress ?? []).length > 0);
  const out: NetworkPolicy[] = [];
  while (out.length < count && editable.length > 0) {
    const policy = pick(random, editable);
    out.push(networkPolicyOf(widened(policy)), networkPolicyOf(policy));
  }
  return out.slice(0, count);
}

/** With one more rule: any pod of the policy's own namespace, on one port. */
function widened(policy: PolicySpec): PolicySpec {
  const rule = { from: [{ podSelector: {} }], ports: [{ protocol: 'TCP' as const, port: 4242 }] };
  return { ...policy, spec: { ...policy.spec, ingress: [...(policy.spec.ingress ?? []), rule] } };
}

function sameName(a: NetworkPolicy, b: NetworkPolicy): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}
