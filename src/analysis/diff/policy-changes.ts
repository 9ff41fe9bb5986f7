import type { DiffAnswer } from '#model/answers.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

/**
 * Policies by identity; changed where what they say differs. Where it stands, labels, annotations and the order of
 * conditions in a selector do not count.
 */
export function policyChanges(base: Snapshot, head: Snapshot): DiffAnswer['policies'] {
  const before = policiesOf(base);
  const after = policiesOf(head);
  const both = [...after].filter(([name]) => before.has(name));
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).sort(),
    removed: [...before.keys()].filter((name) => !after.has(name)).sort(),
    changed: both
      .filter(([name, policy]) => !saysTheSame(policy, before.get(name)!))
      .map(([name]) => name)
      .sort(),
  };
}

function policiesOf({ networkPolicies, clusterPolicies, multiNetworkPolicies }: Snapshot): Map<string, Resource> {
  const all: Resource[] = [...networkPolicies, ...clusterPolicies, ...multiNetworkPolicies];
  return new Map(all.map((policy) => [titleOf(policy), policy]));
}

function titleOf({ kind, namespace, name }: Resource): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function saysTheSame(a: Resource, b: Resource): boolean {
  return a === b || contentOf(a) === contentOf(b);
}

const NOT_CONTENT: ReadonlySet<string> = new Set(['origin', 'apiVersion', 'labels', 'annotations']);

function contentOf(policy: Resource): string {
  return JSON.stringify(policy, (key, value: unknown) => {
    if (NOT_CONTENT.has(key)) return undefined;
    if (typeof value === 'bigint') return value.toString();
    return key === 'requirements' && Array.isArray(value)
      ? value.map((each) => JSON.stringify(each, withoutOrigin)).sort()
      : value;
  });
}

function withoutOrigin(key: string, value: unknown): unknown {
  return key === 'origin' ? undefined : value;
}
