import type { ClusterObject, FieldPath } from '#model/object.ts';
import { entriesAt, listAt, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import type { ObjectIndex } from '../../objects.ts';
import type { TrustedLabel } from './trusted-labels.ts';

/** Rules of Calico and Cilium that let in pods by a label, whatever namespace they are in. */
export function trustedByOthers(objects: ObjectIndex): readonly TrustedLabel[] {
  const calico = ['projectcalico.org', 'crd.projectcalico.org'].flatMap((group) => [
    ...objects.of(group, 'NetworkPolicy'),
    ...objects.of(group, 'GlobalNetworkPolicy'),
  ]);
  const cilium = [
    ...objects.of('cilium.io', 'CiliumNetworkPolicy'),
    ...objects.of('cilium.io', 'CiliumClusterwideNetworkPolicy'),
  ];
  return [...calico.flatMap(trustedByCalico), ...cilium.flatMap(trustedByCilium)];
}

/** In a policy of a namespace, a selector alone means its own pods; `all()` beside it, or a global policy, means every one. */
function trustedByCalico(policy: ClusterObject): readonly TrustedLabel[] {
  return listAt(policy.value, 'spec', 'ingress').flatMap((rule, index): TrustedLabel[] => {
    const labels = textAt(rule, 'source', 'selector') ?? '';
    const namespaces = textAt(rule, 'source', 'namespaceSelector');
    const isEverywhere =
      namespaces === undefined ? policy.kind === 'GlobalNetworkPolicy' : /^\s*all\(\)\s*$/.test(namespaces);
    const isBound = textAt(rule, 'action') !== 'Allow' || plainAt(rule, 'source', 'serviceAccounts') !== undefined;
    if (isBound || !isEverywhere || !/==|\bin\b|has\(/.test(labels) || /projectcalico\.org\/namespace/.test(labels))
      return [];
    return [{ policy, path: ['spec', 'ingress', index, 'source'], labels }];
  });
}

const NAMESPACE = /(?:^|[:.])io\.(?:kubernetes\.pod\.namespace|cilium\.k8s\.(?:namespace|policy\.serviceaccount))/;

/** A policy of a namespace means its own pods, unless an entry says something of namespaces. */
function trustedByCilium(policy: ClusterObject): readonly TrustedLabel[] {
  return listAt(policy.value, 'spec', 'ingress').flatMap((rule, index) =>
    listAt(rule, 'fromEndpoints').flatMap((peer, at): TrustedLabel[] => {
      const path: FieldPath = ['spec', 'ingress', index, 'fromEndpoints', at];
      const labels = entriesAt(peer, 'matchLabels').map(([key, value]) => `${key}=${String(value)}`);
      if (labels.length === 0 || !isOfEveryNamespace(policy, peer)) return [];
      return [{ policy, path, labels: labels.join(',') }];
    }),
  );
}

function isOfEveryNamespace({ kind }: ClusterObject, peer: PlainValue): boolean {
  const keys = entriesAt(peer, 'matchLabels').map(([key]) => key);
  const said = listAt(peer, 'matchExpressions').filter((each) => NAMESPACE.test(textAt(each, 'key') ?? ''));
  if (keys.some((key) => NAMESPACE.test(key))) return false;
  if (said.length > 0) return said.every((each) => textAt(each, 'operator') === 'Exists');
  return kind === 'CiliumClusterwideNetworkPolicy';
}
