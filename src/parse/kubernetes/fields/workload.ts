import type { FieldEntry, KindFields } from '../field-support.ts';

type Fields = Readonly<Record<string, FieldEntry>>;

const REST: FieldEntry = ['harmless', 'how the pod runs, not whom it can reach'];
const CONTROLLER: FieldEntry = ['harmless', 'how many pods there are and when, not whom they can reach'];
const REPORT: FieldEntry = ['harmless', 'what a controller reports about the object'];

function containerPorts(list: string): Fields {
  return {
    [`${list}.name`]: 'supported',
    [`${list}.image`]: 'supported',
    [`${list}.restartPolicy`]: 'supported',
    ...Object.fromEntries(
      ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe): [string, FieldEntry][] => [
        [`${list}.${probe}.httpGet.path`, 'supported'],
        [`${list}.${probe}.httpGet.port`, 'supported'],
      ]),
    ),
    [`${list}.ports[].name`]: 'supported',
    [`${list}.ports[].protocol`]: 'supported',
    [`${list}.ports[].containerPort`]: 'supported',
    [`${list}.ports[].hostPort`]: 'supported',
    [`${list}.ports[].hostIP`]: 'supported',
  };
}

function podSpec(spec: string): Fields {
  return {
    [`${spec}.hostNetwork`]: 'supported',
    [`${spec}.nodeName`]: 'supported',
    [`${spec}.serviceAccountName`]: 'supported',
    [`${spec}.serviceAccount`]: 'supported',
    ...containerPorts(`${spec}.containers[]`),
    ...containerPorts(`${spec}.initContainers[]`),
    [`${spec}.*`]: REST,
  };
}

function template(path: string): Fields {
  return {
    [`${path}.metadata.labels.*`]: [
      'partial',
      'labels whose value is made at run time, as pod-template-hash, are not known',
    ],
    [`${path}.metadata.annotations.*`]: 'supported',
    [`${path}.metadata.*`]: ['harmless', 'bookkeeping of the API server'],
    ...podSpec(`${path}.spec`),
  };
}

const OWNER: Fields = { 'metadata.ownerReferences[].*': 'supported' };

const CONTROLLED: Fields = {
  ...OWNER,
  ...template('spec.template'),
  'spec.*': CONTROLLER,
  'status.*': REPORT,
};

const REPLICATED: Fields = { 'spec.replicas': 'supported', ...CONTROLLED };

const MACHINE = (spec: string): Fields => ({
  [`${spec}.hostname`]: 'supported',
  [`${spec}.domain.devices.interfaces[].ports[].name`]: 'supported',
  [`${spec}.domain.devices.interfaces[].ports[].protocol`]: 'supported',
  [`${spec}.domain.devices.interfaces[].ports[].port`]: 'supported',
  [`${spec}.volumes[].serviceAccount.serviceAccountName`]: 'supported',
  [`${spec}.networks[].*`]: ['unsupported', 'a machine without the pod network is taken to be on it'],
  [`${spec}.*`]: REST,
});

const ACCOUNT: Fields = {
  automountServiceAccountToken: ['harmless', 'whether pods get credentials, not whom they can reach'],
  'secrets[].*': ['harmless', 'credentials'],
  'imagePullSecrets[].*': ['harmless', 'credentials'],
};

const APPS = ['v1', 'v1beta2', 'v1beta1'];
const NETWORK_ROLE = ['layer2', 'layer3', 'localnet'];

/** The fields of pods, of what makes pods, and of what stands around them. */
export const WORKLOAD_FIELDS: readonly KindFields[] = [
  { group: '', versions: ['v1'], kind: 'Namespace', fields: { 'spec.*': CONTROLLER, 'status.*': REPORT } },
  { group: '', versions: ['v1'], kind: 'ServiceAccount', fields: ACCOUNT },
  {
    group: '',
    versions: ['v1'],
    kind: 'ConfigMap',
    fields: {
      'data.*': ['supported', 'of ConfigMaps that configure an engine or a mesh; others are not read'],
      'binaryData.*': ['harmless', 'no engine or mesh keeps settings there'],
      immutable: ['harmless', 'whether it can be edited'],
    },
  },
  {
    group: '',
    versions: ['v1'],
    kind: 'Node',
    fields: {
      'spec.podCIDR': 'supported',
      'spec.podCIDRs[]': 'supported',
      'spec.*': ['harmless', 'scheduling'],
      'status.addresses[].type': 'supported',
      'status.addresses[].address': ['partial', 'IP addresses; a host name is not an address'],
      'status.*': REPORT,
    },
  },
  {
    group: '',
    versions: ['v1'],
    kind: 'Pod',
    fields: {
      ...OWNER,
      ...podSpec('spec'),
      'status.podIP': 'supported',
      'status.podIPs[].ip': 'supported',
      'status.phase': 'supported',
      'status.*': REPORT,
    },
  },
  { group: '', versions: ['v1'], kind: 'ReplicationController', fields: REPLICATED },
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind) => ({
    group: 'apps',
    versions: APPS,
    kind,
    fields: kind === 'DaemonSet' ? CONTROLLED : REPLICATED,
  })),
  {
    group: 'batch',
    versions: ['v1'],
    kind: 'Job',
    fields: {
      ...OWNER,
      'spec.manualSelector': 'supported',
      ...template('spec.template'),
      'spec.*': CONTROLLER,
      'status.*': REPORT,
    },
  },
  {
    group: 'batch',
    versions: ['v1', 'v1beta1'],
    kind: 'CronJob',
    fields: { ...OWNER, ...template('spec.jobTemplate.spec.template'), 'spec.*': CONTROLLER, 'status.*': REPORT },
  },
  { group: 'apps.openshift.io', versions: ['v1'], kind: 'DeploymentConfig', fields: REPLICATED },
  {
    group: 'argoproj.io',
    versions: ['v1alpha1'],
    kind: 'Rollout',
    fields: { 'spec.workloadRef.kind': 'supported', 'spec.workloadRef.name': 'supported', ...REPLICATED },
  },
  {
    group: 'kubevirt.io',
    versions: ['v1', 'v1alpha3'],
    kind: 'VirtualMachine',
    fields: {
      ...OWNER,
      'spec.template.metadata.labels.*': 'supported',
      'spec.template.metadata.annotations.*': 'supported',
      'spec.template.metadata.*': ['harmless', 'bookkeeping of the API server'],
      ...MACHINE('spec.template.spec'),
      'spec.*': CONTROLLER,
      'status.*': REPORT,
    },
  },
  {
    group: 'kubevirt.io',
    versions: ['v1', 'v1alpha3'],
    kind: 'VirtualMachineInstance',
    fields: { ...OWNER, ...MACHINE('spec'), 'status.*': REPORT },
  },
  {
    group: 'k8s.cni.cncf.io',
    versions: ['v1'],
    kind: 'NetworkAttachmentDefinition',
    fields: { 'spec.config': ['partial', 'whether the network is a primary one of OVN-Kubernetes'] },
  },
  {
    group: 'k8s.ovn.org',
    versions: ['v1'],
    kind: 'UserDefinedNetwork',
    fields: {
      ...Object.fromEntries(NETWORK_ROLE.map((layer) => [`spec.${layer}.role`, 'supported'])),
      'spec.*': ['harmless', 'how the network is built'],
      'status.*': REPORT,
    },
  },
  {
    group: 'k8s.ovn.org',
    versions: ['v1'],
    kind: 'ClusterUserDefinedNetwork',
    fields: {
      'spec.namespaceSelector.*': 'supported',
      ...Object.fromEntries(NETWORK_ROLE.map((layer) => [`spec.network.${layer}.role`, 'supported'])),
      'spec.*': ['harmless', 'how the network is built'],
      'status.*': REPORT,
    },
  },
];
