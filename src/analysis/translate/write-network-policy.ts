import type { PlainObject } from '#model/plain.ts';
import { inNamespace, metadataOf, namesAsked, selectorObject } from './labels.ts';
import { type Objecting, object, type PlainPeer, type PlainPolicy, type PlainPort, type PlainRule } from './plain.ts';
import { cidrText } from './write-calico.ts';

/** One document; for a policy of the cluster that names its namespaces, one for each. */
export function writeNetworkPolicy(policy: PlainPolicy, to: Objecting): PlainObject[] {
  const { place, source, rules } = policy;
  const whole = { path: 'spec', origin: source.origin };
  if (place !== undefined) {
    object(to, whole, ['priority', `it stands in tier ${place.tier} with priority ${place.priority}`]);
    return [];
  }
  for (const rule of rules)
    if (rule.action !== 'allow') object(to, rule, ['action', `\`${rule.action}\`: NetworkPolicy only allows`]);
  return namespacesOf(policy, to).map((namespace) => documentOf(policy, namespace));
}

function namespacesOf({ namespace, subject, source }: PlainPolicy, to: Objecting): readonly string[] {
  if (namespace !== '') return [namespace];
  const names = namesAsked(subject.namespaces ?? []);
  if (names !== undefined) return names;
  object(to, { path: 'spec', origin: source.origin }, [
    'cluster-wide',
    'it selects pods of namespaces that it does not name one by one, and those to come',
  ]);
  return [];
}

function documentOf(policy: PlainPolicy, namespace: string): PlainObject {
  const { name, source, subject, isolates, rules } = policy;
  const inDirection = (direction: 'ingress' | 'egress') =>
    rules.filter((rule) => rule.direction === direction).flatMap((rule) => rulesOf(rule, policy));
  const [ingress, egress] = [inDirection('ingress'), inDirection('egress')];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(source, { namespace, name }),
    spec: {
      podSelector: selectorObject(subject.pods ?? []),
      policyTypes: isolates.map((direction) => (direction === 'ingress' ? 'Ingress' : 'Egress')),
      ...(ingress.length > 0 && { ingress }),
      ...(egress.length > 0 && { egress }),
    },
  };
}

/** An empty list of peers means everybody here, so a rule for nobody is no rule. */
function rulesOf({ direction, peers, ports }: PlainRule, policy: PlainPolicy): PlainObject[] {
  if (peers.length === 0) return [];
  const isEverybody = peers.some(({ kind }) => kind === 'everybody');
  const key = direction === 'ingress' ? 'from' : 'to';
  return [
    {
      ...(!isEverybody && { [key]: peers.map((peer) => peerOf(peer, policy)) }),
      ...(ports !== undefined && { ports: ports.flatMap(portsOf) }),
    },
  ];
}

function peerOf(peer: PlainPeer, { namespace }: PlainPolicy): PlainObject {
  switch (peer.kind) {
    case 'everybody':
      return {};
    case 'block':
      return {
        ipBlock: {
          cidr: cidrText(peer.cidr),
          ...(peer.except.length > 0 && { except: peer.except.map(cidrText) }),
        },
      };
    case 'pods': {
      const names = peer.namespaces === undefined ? undefined : namesAsked(peer.namespaces);
      const isOwn = peer.namespaces === undefined || (names?.length === 1 && names[0] === namespace);
      const pods = peer.pods ?? [];
      return {
        ...(!isOwn && { namespaceSelector: selectorObject(peer.namespaces ?? [inNamespace(namespace)]) }),
        ...((isOwn || pods.length > 0) && { podSelector: selectorObject(pods) }),
      };
    }
  }
}

/** A named port has a protocol here. */
function portsOf(port: PlainPort): PlainObject[] {
  if ('name' in port) {
    const protocols = port.protocol === 'any' ? ['TCP', 'UDP', 'SCTP'] : [port.protocol];
    return protocols.map((protocol) => ({ protocol, port: port.name }));
  }
  if (!('from' in port)) return [{ protocol: port.protocol }];
  const { protocol, from, to } = port;
  return [{ protocol, port: from, ...(to !== from && { endPort: to }) }];
}
