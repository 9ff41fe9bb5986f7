import type { FieldEntry, KindFields } from '../field-support.ts';

type Fields = Readonly<Record<string, FieldEntry>>;

const PREFERENCE: FieldEntry = ['harmless', 'a preference among endpoints; every one of them may be met'];
const CONDITIONS: FieldEntry = ['harmless', 'what a controller reports about the object'];

const LOAD_BALANCER: Fields = {
  'status.loadBalancer.ingress[].ip': 'supported',
  'status.loadBalancer.ingress[].hostname': 'supported',
  'status.loadBalancer.ingress[].ports[].*': ['harmless', 'errors of the load balancer'],
};

const INGRESS_COMMON: Fields = {
  'spec.ingressClassName': 'supported',
  'spec.rules[].host': 'supported',
  'spec.rules[].http.paths[].path': 'supported',
  'spec.rules[].http.paths[].pathType': 'supported',
  'spec.tls[].hosts[]': 'supported',
  'spec.tls[].secretName': ['harmless', 'which certificate is shown does not change who gets through'],
  ...LOAD_BALANCER,
};

function ingressBackend(path: string): Fields {
  return {
    [`${path}.service.name`]: 'supported',
    [`${path}.service.port.name`]: 'supported',
    [`${path}.service.port.number`]: 'supported',
    ...resourceBackend(path),
  };
}

function oldBackend(path: string): Fields {
  return { [`${path}.serviceName`]: 'supported', [`${path}.servicePort`]: 'supported', ...resourceBackend(path) };
}

const RESOURCE: FieldEntry = ['partial', 'named in answers; where such a backend leads is not known'];

function resourceBackend(path: string): Fields {
  return {
    [`${path}.resource.apiGroup`]: RESOURCE,
    [`${path}.resource.kind`]: RESOURCE,
    [`${path}.resource.name`]: RESOURCE,
  };
}

function oldEndpoint(path: string): Fields {
  return {
    [`${path}.ip`]: 'supported',
    [`${path}.nodeName`]: 'supported',
    [`${path}.targetRef.kind`]: 'supported',
    [`${path}.targetRef.name`]: 'supported',
    [`${path}.targetRef.namespace`]: 'supported',
    [`${path}.targetRef.*`]: ['harmless', 'further names of the same pod'],
    [`${path}.hostname`]: ['harmless', 'a DNS name'],
  };
}

const HEADERS: FieldEntry = ['harmless', 'headers do not change who gets through'];
const CERTIFICATE: FieldEntry = ['harmless', 'which certificate is used does not change who gets through'];

/** The fields of what opens a cluster to the outside: Services and their endpoints, Ingress, OpenShift's Route. */
export const EXPOSURE_FIELDS: readonly KindFields[] = [
  {
    group: '',
    versions: ['v1'],
    kind: 'Service',
    fields: {
      'spec.type': 'supported',
      'spec.selector.*': 'supported',
      'spec.ports[].name': 'supported',
      'spec.ports[].protocol': 'supported',
      'spec.ports[].port': 'supported',
      'spec.ports[].targetPort': 'supported',
      'spec.ports[].nodePort': 'supported',
      'spec.ports[].appProtocol': 'supported',
      'spec.clusterIP': 'supported',
      'spec.clusterIPs[]': 'supported',
      'spec.externalIPs[]': 'supported',
      'spec.externalName': 'supported',
      'spec.ipFamilies[]': 'supported',
      'spec.ipFamilyPolicy': 'supported',
      'spec.externalTrafficPolicy': 'supported',
      'spec.internalTrafficPolicy': 'supported',
      'spec.allocateLoadBalancerNodePorts': 'supported',
      'spec.loadBalancerClass': 'supported',
      'spec.loadBalancerSourceRanges[]': 'supported',
      'spec.publishNotReadyAddresses': 'supported',
      'spec.loadBalancerIP': ['harmless', 'a wish; the address that was given is in the status'],
      'spec.healthCheckNodePort': ['harmless', 'answers health checks only'],
      'spec.sessionAffinity': PREFERENCE,
      'spec.sessionAffinityConfig.*': PREFERENCE,
      'spec.trafficDistribution': PREFERENCE,
      'status.conditions[].*': CONDITIONS,
      ...LOAD_BALANCER,
      'status.loadBalancer.ingress[].ipMode': [
        'harmless',
        'decides about a detour of traffic from inside, not about who gets through',
      ],
    },
  },
  {
    group: 'discovery.k8s.io',
    versions: ['v1', 'v1beta1'],
    kind: 'EndpointSlice',
    fields: {
      addressType: 'supported',
      'endpoints[].addresses[]': ['partial', 'the first address of each endpoint, as kube-proxy uses it'],
      'endpoints[].conditions.ready': 'supported',
      'endpoints[].conditions.serving': 'supported',
      'endpoints[].conditions.terminating': 'supported',
      'endpoints[].targetRef.kind': 'supported',
      'endpoints[].targetRef.name': 'supported',
      'endpoints[].targetRef.namespace': 'supported',
      'endpoints[].targetRef.*': ['harmless', 'further names of the same pod'],
      'endpoints[].nodeName': 'supported',
      'endpoints[].deprecatedTopology.*': PREFERENCE,
      'endpoints[].hints.*': PREFERENCE,
      'endpoints[].hostname': ['harmless', 'a DNS name'],
      'endpoints[].zone': PREFERENCE,
      'ports[].name': 'supported',
      'ports[].port': 'supported',
      'ports[].protocol': 'supported',
      'ports[].appProtocol': ['harmless', 'a hint about what is spoken on the port'],
    },
  },
  {
    group: '',
    versions: ['v1'],
    kind: 'Endpoints',
    fields: {
      ...oldEndpoint('subsets[].addresses[]'),
      ...oldEndpoint('subsets[].notReadyAddresses[]'),
      'subsets[].ports[].name': 'supported',
      'subsets[].ports[].port': 'supported',
      'subsets[].ports[].protocol': 'supported',
      'subsets[].ports[].appProtocol': ['harmless', 'a hint about what is spoken on the port'],
    },
  },
  {
    group: 'networking.k8s.io',
    versions: ['v1'],
    kind: 'Ingress',
    fields: {
      ...INGRESS_COMMON,
      ...ingressBackend('spec.defaultBackend'),
      ...ingressBackend('spec.rules[].http.paths[].backend'),
    },
  },
  {
    group: 'networking.k8s.io',
    versions: ['v1beta1'],
    kind: 'Ingress',
    fields: { ...INGRESS_COMMON, ...oldBackend('spec.backend'), ...oldBackend('spec.rules[].http.paths[].backend') },
  },
  {
    group: 'networking.k8s.io',
    versions: ['v1', 'v1beta1'],
    kind: 'IngressClass',
    fields: {
      'spec.controller': 'supported',
      'spec.parameters.*': ['unsupported', 'settings of one controller'],
    },
  },
  {
    group: 'route.openshift.io',
    versions: ['v1'],
    kind: 'Route',
    fields: {
      'spec.host': 'supported',
      'spec.subdomain': ['partial', 'the host name is then taken from the status'],
      'spec.path': 'supported',
      'spec.to.kind': 'supported',
      'spec.to.name': 'supported',
      'spec.to.weight': 'supported',
      'spec.alternateBackends[].kind': 'supported',
      'spec.alternateBackends[].name': 'supported',
      'spec.alternateBackends[].weight': 'supported',
      'spec.port.targetPort': 'supported',
      'spec.tls.termination': 'supported',
      'spec.tls.insecureEdgeTerminationPolicy': 'supported',
      'spec.tls.certificate': CERTIFICATE,
      'spec.tls.key': CERTIFICATE,
      'spec.tls.caCertificate': CERTIFICATE,
      'spec.tls.destinationCACertificate': CERTIFICATE,
      'spec.tls.externalCertificate.name': CERTIFICATE,
      'spec.wildcardPolicy': 'supported',
      'spec.httpHeaders.*': HEADERS,
      'status.ingress[].conditions[].type': 'supported',
      'status.ingress[].conditions[].status': 'supported',
      'status.ingress[].conditions[].*': CONDITIONS,
      'status.ingress[].host': 'supported',
      'status.ingress[].routerCanonicalHostname': ['harmless', 'a further name of the router'],
      'status.ingress[].routerName': ['harmless', 'a name for people'],
      'status.ingress[].wildcardPolicy': ['harmless', 'repeats the spec'],
    },
  },
];
