import type { FieldEntry, KindFields } from '../kubernetes/field-support.ts';
import { selectorFields } from '../kubernetes/fields/policy.ts';

type Fields = Readonly<Record<string, FieldEntry>>;

const BOTH = ['v3', 'v1'];
const SOURCE_PORTS: FieldEntry = [
  'partial',
  'questions do not say from which port a connection comes: such a rule matches perhaps',
];
const HINTS: FieldEntry = ['harmless', 'how fast it is programmed, not what it says'];
const HOST_ONLY: FieldEntry = [
  'partial',
  'what passes the interface of a node is not in the input: traffic that the policy may stop there is unknown',
];

function entityFields(path: string, ports: FieldEntry): Fields {
  return {
    [`${path}.nets[]`]: 'supported',
    [`${path}.notNets[]`]: 'supported',
    [`${path}.ports[]`]: ports,
    [`${path}.notPorts[]`]: ports,
    [`${path}.selector`]: 'supported',
    [`${path}.notSelector`]: 'supported',
    [`${path}.namespaceSelector`]: 'supported',
    [`${path}.serviceAccounts.names[]`]: 'supported',
    [`${path}.serviceAccounts.selector`]: 'supported',
    [`${path}.services.name`]: 'supported',
    [`${path}.services.namespace`]: 'supported',
  };
}

function ruleFields(path: string): Fields {
  const http: FieldEntry = [
    'partial',
    'enforced by the application layer add-on only; without it the rule allows the connection, and so it does here',
  ];
  return {
    [`${path}.action`]: 'supported',
    [`${path}.ipVersion`]: 'supported',
    [`${path}.protocol`]: 'supported',
    [`${path}.notProtocol`]: 'supported',
    [`${path}.icmp.type`]: 'supported',
    [`${path}.icmp.code`]: 'supported',
    [`${path}.notICMP.type`]: 'supported',
    [`${path}.notICMP.code`]: 'supported',
    [`${path}.http.methods[]`]: http,
    [`${path}.http.paths[].exact`]: http,
    [`${path}.http.paths[].prefix`]: http,
    [`${path}.metadata.annotations.*`]: ['harmless', 'words for people'],
    ...entityFields(`${path}.source`, SOURCE_PORTS),
    ...entityFields(`${path}.destination`, 'supported'),
  };
}

const COMMON: Fields = {
  'spec.tier': 'supported',
  'spec.order': 'supported',
  'spec.selector': 'supported',
  'spec.serviceAccountSelector': 'supported',
  'spec.types[]': 'supported',
  'spec.performanceHints[]': HINTS,
  ...ruleFields('spec.ingress[]'),
  ...ruleFields('spec.egress[]'),
};

const GLOBAL: Fields = {
  ...COMMON,
  'spec.namespaceSelector': 'supported',
  'spec.applyOnForward': HOST_ONLY,
  'spec.preDNAT': HOST_ONLY,
  'spec.doNotTrack': HOST_ONLY,
};

const STAGED: Fields = { 'spec.stagedAction': 'supported' };

function networkPolicyBody(): Fields {
  const peers = (list: string): Fields => ({
    ...selectorFields(`${list}.podSelector`),
    ...selectorFields(`${list}.namespaceSelector`),
    [`${list}.ipBlock.cidr`]: 'supported',
    [`${list}.ipBlock.except[]`]: 'supported',
  });
  const ports = (rule: string): Fields => ({
    [`${rule}.ports[].protocol`]: 'supported',
    [`${rule}.ports[].port`]: 'supported',
    [`${rule}.ports[].endPort`]: 'supported',
  });
  return {
    ...selectorFields('spec.podSelector'),
    'spec.policyTypes[]': 'supported',
    ...peers('spec.ingress[].from[]'),
    ...ports('spec.ingress[]'),
    ...peers('spec.egress[].to[]'),
    ...ports('spec.egress[]'),
  };
}

const FELIX: Fields = {
  'spec.defaultEndpointToHostAction': 'supported',
  'spec.failsafeInboundHostPorts[].protocol': 'supported',
  'spec.failsafeInboundHostPorts[].port': 'supported',
  'spec.failsafeInboundHostPorts[].net': 'supported',
  'spec.failsafeOutboundHostPorts[].protocol': 'supported',
  'spec.failsafeOutboundHostPorts[].port': 'supported',
  'spec.failsafeOutboundHostPorts[].net': 'supported',
  'spec.wireguardEnabled': 'supported',
  'spec.wireguardEnabledV6': 'supported',
  'spec.wireguardHostEncryptionEnabled': 'supported',
  'spec.bpfEnabled': ['partial', 'only whether host endpoints of all interfaces see the pods of their own node'],
  'spec.*': ['harmless', 'how Felix runs; what bears on verdicts has lines of its own'],
};

const AUTO_HOSTS = 'spec.controllers.node.hostEndpoint';
const CONTROLLERS: Fields = {
  [`${AUTO_HOSTS}.autoCreate`]: 'supported',
  [`${AUTO_HOSTS}.createDefaultHostEndpoint`]: 'supported',
  [`${AUTO_HOSTS}.templates[].*`]: ['unsupported', 'host endpoints of templates count where the input has them'],
  'spec.*': ['harmless', 'how the controllers run'],
  'status.*': ['harmless', 'bookkeeping of the controllers'],
};
const INSTALLATION: Fields = {
  'spec.calicoNetwork.linuxDataplane': 'supported',
  'spec.*': ['harmless', 'how the operator installs Calico'],
  'status.*': ['harmless', 'bookkeeping of the operator'],
};

const policy = (kind: string, fields: Fields): KindFields => ({
  group: 'projectcalico.org',
  versions: BOTH,
  kind,
  strict: true,
  fields,
});

/** The fields of Calico's kinds; both API forms have the same body. */
export const CALICO_FIELDS: readonly KindFields[] = [
  policy('NetworkPolicy', COMMON),
  policy('GlobalNetworkPolicy', GLOBAL),
  policy('StagedNetworkPolicy', { ...COMMON, ...STAGED }),
  policy('StagedGlobalNetworkPolicy', { ...GLOBAL, ...STAGED }),
  policy('StagedKubernetesNetworkPolicy', { ...networkPolicyBody(), ...STAGED }),
  policy('Tier', { 'spec.order': 'supported', 'spec.defaultAction': 'supported' }),
  policy('NetworkSet', { 'spec.nets[]': 'supported' }),
  policy('GlobalNetworkSet', { 'spec.nets[]': 'supported' }),
  policy('HostEndpoint', {
    'spec.node': 'supported',
    'spec.interfaceName': 'supported',
    'spec.expectedIPs[]': 'supported',
    'spec.profiles[]': 'supported',
    'spec.ports[].name': 'supported',
    'spec.ports[].port': 'supported',
    'spec.ports[].protocol': 'supported',
  }),
  { group: 'projectcalico.org', versions: BOTH, kind: 'FelixConfiguration', fields: FELIX },
  { group: 'projectcalico.org', versions: BOTH, kind: 'KubeControllersConfiguration', fields: CONTROLLERS },
  { group: 'operator.tigera.io', versions: ['v1'], kind: 'Installation', fields: INSTALLATION },
];
