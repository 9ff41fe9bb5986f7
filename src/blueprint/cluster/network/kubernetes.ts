import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { Document } from '../../write/yaml.ts';
import { objectOf } from '../object.ts';

/** One direction of a policy: `egress` to, or `ingress` from, the peers. */
export interface PolicyOf {
  readonly name: string;
  readonly namespace: string;
  readonly why: string;
  readonly ingress?: readonly PlainValue[];
  readonly egress?: readonly PlainValue[];
  /** Labels of the pods that it is for; absent: every pod. */
  readonly pods?: Readonly<Record<string, string>>;
}

/** A NetworkPolicy that isolates in the directions that it has. */
export function networkPolicy({ name, namespace, why, ingress, egress, pods }: PolicyOf): Document {
  const types = [...(ingress === undefined ? [] : ['Ingress']), ...(egress === undefined ? [] : ['Egress'])];
  const spec = {
    podSelector: pods === undefined ? {} : { matchLabels: pods },
    policyTypes: types,
    ...(ingress !== undefined && ingress.length > 0 && { ingress }),
    ...(egress !== undefined && egress.length > 0 && { egress }),
  };
  return objectOf({ api: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name, namespace, why, body: { spec } });
}

/** Pods of a namespace by its name, which nobody can give to another namespace; with labels only those of them. */
export function podsIn(namespace: string, labels?: Readonly<Record<string, string>>): PlainObject {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(labels !== undefined && { podSelector: { matchLabels: labels } }),
  };
}

export function addressesIn(prefix: string, except: readonly string[] = []): PlainObject {
  return { ipBlock: { cidr: prefix, ...(except.length > 0 && { except }) } };
}

export function tcp(...ports: readonly number[]): readonly PlainObject[] {
  return ports.map((port) => ({ protocol: 'TCP', port }));
}
