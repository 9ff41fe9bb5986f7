import type { FieldEntry, KindFields } from '../field-support.ts';

type Fields = Readonly<Record<string, FieldEntry>>;

/** The four leaves of a `metav1.LabelSelector`. */
export function selectorFields(path: string): Fields {
  return {
    [`${path}.matchLabels.*`]: 'supported',
    [`${path}.matchExpressions[].key`]: 'supported',
    [`${path}.matchExpressions[].operator`]: 'supported',
    [`${path}.matchExpressions[].values[]`]: 'supported',
  };
}

function networkPolicyRule(rule: string, peers: string): Fields {
  return {
    ...selectorFields(`${peers}.podSelector`),
    ...selectorFields(`${peers}.namespaceSelector`),
    [`${peers}.ipBlock.cidr`]: 'supported',
    [`${peers}.ipBlock.except[]`]: 'supported',
    [`${rule}.ports[].protocol`]: 'supported',
    [`${rule}.ports[].port`]: 'supported',
    [`${rule}.ports[].endPort`]: 'supported',
  };
}

/** A subject, or the part of a peer that every direction has. */
function clusterPods(path: string): Fields {
  return {
    ...selectorFields(`${path}.namespaces`),
    ...selectorFields(`${path}.pods.namespaceSelector`),
    ...selectorFields(`${path}.pods.podSelector`),
  };
}

const DOMAINS: FieldEntry = [
  'partial',
  'which addresses a name stands for is known at run time only: the verdict is unknown',
];

function clusterDestinations(peers: string): Fields {
  return { [`${peers}.networks[]`]: 'supported', ...selectorFields(`${peers}.nodes`) };
}

function adminRules(): Fields {
  const ports = (rule: string): Fields => ({
    [`${rule}.name`]: ['harmless', 'a label for people'],
    [`${rule}.action`]: 'supported',
    [`${rule}.ports[].portNumber.protocol`]: 'supported',
    [`${rule}.ports[].portNumber.port`]: 'supported',
    [`${rule}.ports[].portRange.protocol`]: 'supported',
    [`${rule}.ports[].portRange.start`]: 'supported',
    [`${rule}.ports[].portRange.end`]: 'supported',
    [`${rule}.ports[].namedPort`]: 'supported',
  });
  return {
    ...clusterPods('spec.subject'),
    ...ports('spec.ingress[]'),
    ...ports('spec.egress[]'),
    ...clusterPods('spec.ingress[].from[]'),
    ...clusterPods('spec.egress[].to[]'),
    ...clusterDestinations('spec.egress[].to[]'),
  };
}

function clusterRules(): Fields {
  const protocols = (rule: string): Fields => ({
    [`${rule}.name`]: ['harmless', 'a label for people'],
    [`${rule}.action`]: 'supported',
    ...Object.fromEntries(
      ['tcp', 'udp', 'sctp'].flatMap((protocol) => [
        [`${rule}.protocols[].${protocol}.destinationPort.number`, 'supported'],
        [`${rule}.protocols[].${protocol}.destinationPort.range.start`, 'supported'],
        [`${rule}.protocols[].${protocol}.destinationPort.range.end`, 'supported'],
      ]),
    ),
    [`${rule}.protocols[].destinationNamedPort`]: 'supported',
  });
  return {
    ...clusterPods('spec.subject'),
    ...protocols('spec.ingress[]'),
    ...protocols('spec.egress[]'),
    ...clusterPods('spec.ingress[].from[]'),
    ...clusterPods('spec.egress[].to[]'),
    ...clusterDestinations('spec.egress[].to[]'),
  };
}

const STATUS: Fields = { 'status.*': ['harmless', 'what an engine reports about the object'] };
const GROUP = 'policy.networking.k8s.io';

/** The fields of the policy kinds. An unknown one is reported and makes verdicts unknown, so this must be complete. */
export const POLICY_FIELDS: readonly KindFields[] = [
  {
    group: 'networking.k8s.io',
    versions: ['v1', 'v1beta1'],
    kind: 'NetworkPolicy',
    strict: true,
    fields: {
      ...selectorFields('spec.podSelector'),
      'spec.policyTypes[]': 'supported',
      ...networkPolicyRule('spec.ingress[]', 'spec.ingress[].from[]'),
      ...networkPolicyRule('spec.egress[]', 'spec.egress[].to[]'),
      ...STATUS,
    },
  },
  {
    group: GROUP,
    versions: ['v1alpha1'],
    kind: 'AdminNetworkPolicy',
    strict: true,
    fields: { 'spec.priority': 'supported', ...adminRules(), 'spec.egress[].to[].domainNames[]': DOMAINS, ...STATUS },
  },
  {
    group: GROUP,
    versions: ['v1alpha1'],
    kind: 'BaselineAdminNetworkPolicy',
    strict: true,
    fields: { ...adminRules(), ...STATUS },
  },
  {
    group: GROUP,
    versions: ['v1alpha2'],
    kind: 'ClusterNetworkPolicy',
    strict: true,
    fields: {
      'spec.tier': 'supported',
      'spec.priority': 'supported',
      ...clusterRules(),
      'spec.egress[].to[].domainNames[]': DOMAINS,
      ...STATUS,
    },
  },
  {
    group: 'k8s.cni.cncf.io',
    versions: ['v1beta1', 'v1beta2'],
    kind: 'MultiNetworkPolicy',
    fields: {
      'spec.*': [
        'unsupported',
        'rules on secondary networks; they have no say on the cluster network, which answers are about',
      ],
      ...STATUS,
    },
  },
];
