import type { FieldEntry, KindFields } from '../kubernetes/field-support.ts';

type Fields = Readonly<Record<string, FieldEntry>>;

const SECURITY = ['v1', 'v1beta1'];
const NETWORKING = ['v1', 'v1beta1', 'v1alpha3'];
const TUNING: FieldEntry = ['harmless', 'how a connection is handled, and not whether it is made'];
const TOKEN: FieldEntry = [
  'harmless',
  'where a token stands and how it is checked: whether a request has one is not known',
];
const CERTIFICATES: FieldEntry = [
  'harmless',
  'which certificates are shown and trusted; the mode says whether there is TLS',
];
const MATCH: FieldEntry = [
  'partial',
  'told in words; what a request is routed by has no say in a verdict between pods',
];
const STATUS: Fields = { 'status.*': ['harmless', 'what Istio reports about the object'] };
const TOKEN_RULE: FieldEntry = ['partial', 'only some requests have it; which ones is not known before they are sent'];

function policyTargets(): Fields {
  const fields: Record<string, FieldEntry> = { 'spec.selector.matchLabels.*': 'supported' };
  for (const target of ['spec.targetRef', 'spec.targetRefs[]']) {
    fields[`${target}.group`] = 'supported';
    fields[`${target}.kind`] = ['partial', 'Gateway, GatewayClass and Service; a ServiceEntry has no pods'];
    fields[`${target}.name`] = 'supported';
    fields[`${target}.namespace`] = ['harmless', 'the API takes it empty only'];
  }
  return fields;
}

function bothWays(path: string, names: readonly string[], entry: FieldEntry): Fields {
  const fields: Record<string, FieldEntry> = {};
  for (const name of names) {
    fields[`${path}.${name}[]`] = entry;
    fields[`${path}.not${name.charAt(0).toUpperCase()}${name.slice(1)}[]`] = entry;
  }
  return fields;
}

const AUTHORIZATION: Fields = {
  ...policyTargets(),
  'spec.action': 'supported',
  'spec.provider.name': ['partial', 'what the provider answers is known at run time only: the verdict is unknown'],
  ...bothWays('spec.rules[].from[].source', ['principals', 'namespaces', 'serviceAccounts', 'ipBlocks'], 'supported'),
  ...bothWays('spec.rules[].from[].source', ['requestPrincipals', 'remoteIpBlocks'], TOKEN_RULE),
  ...bothWays('spec.rules[].to[].operation', ['hosts', 'ports', 'methods', 'paths'], 'supported'),
  'spec.rules[].when[].key': ['partial', 'of tokens, SNI and Envoy metadata only that the rule asks for them is known'],
  'spec.rules[].when[].values[]': 'supported',
  'spec.rules[].when[].notValues[]': 'supported',
  ...STATUS,
};

const PEERS: Fields = {
  'spec.selector.matchLabels.*': 'supported',
  'spec.mtls.mode': 'supported',
  'spec.portLevelMtls.*': 'supported',
  ...STATUS,
};

const REQUESTS: Fields = {
  ...policyTargets(),
  'spec.jwtRules[].issuer': 'supported',
  'spec.jwtRules[].audiences[]': TOKEN,
  'spec.jwtRules[].forwardOriginalToken': TOKEN,
  'spec.jwtRules[].spaceDelimitedClaims[]': TOKEN,
  'spec.jwtRules[].fromCookies[]': TOKEN,
  'spec.jwtRules[].fromHeaders[].*': TOKEN,
  'spec.jwtRules[].fromParams[]': TOKEN,
  'spec.jwtRules[].jwks': TOKEN,
  'spec.jwtRules[].jwks_uri': TOKEN,
  'spec.jwtRules[].jwksUri': TOKEN,
  'spec.jwtRules[].outputClaimToHeaders[].*': TOKEN,
  'spec.jwtRules[].outputPayloadToHeader': TOKEN,
  'spec.jwtRules[].timeout': TOKEN,
  ...STATUS,
};

const CLIENT_TLS = [
  'caCertificates',
  'caCrl',
  'clientCertificate',
  'credentialName',
  'insecureSkipVerify',
  'privateKey',
  'sni',
];

function clientTls(path: string): Fields {
  const fields: Record<string, FieldEntry> = { [`${path}.mode`]: 'supported' };
  for (const name of CLIENT_TLS) fields[`${path}.${name}`] = CERTIFICATES;
  fields[`${path}.subjectAltNames[]`] = CERTIFICATES;
  return fields;
}

function trafficPolicy(path: string): Fields {
  const fields: Record<string, FieldEntry> = {
    ...clientTls(`${path}.tls`),
    [`${path}.loadBalancer.simple`]: ['partial', 'PASSTHROUGH; other ways choose between equal pods'],
    [`${path}.loadBalancer.*`]: TUNING,
    [`${path}.portLevelSettings[].port.number`]: 'supported',
    ...clientTls(`${path}.portLevelSettings[].tls`),
    [`${path}.tunnel.*`]: ['unsupported', 'traffic through an HTTP proxy outside of the mesh'],
    [`${path}.proxyProtocol.*`]: TUNING,
    [`${path}.retryBudget.*`]: TUNING,
  };
  for (const name of ['connectionPool', 'outlierDetection']) {
    fields[`${path}.${name}.*`] = TUNING;
    fields[`${path}.portLevelSettings[].${name}.*`] = TUNING;
  }
  fields[`${path}.portLevelSettings[].loadBalancer.*`] = TUNING;
  return fields;
}

const DESTINATIONS: Fields = {
  'spec.host': 'supported',
  'spec.exportTo[]': 'supported',
  'spec.workloadSelector.matchLabels.*': 'supported',
  ...trafficPolicy('spec.trafficPolicy'),
  'spec.subsets[].name': 'supported',
  'spec.subsets[].labels.*': 'supported',
  ...trafficPolicy('spec.subsets[].trafficPolicy'),
  ...STATUS,
};

const SERVER_TLS_REST = [
  'caCertificates',
  'caCrl',
  'caCertCredentialName',
  'credentialName',
  'maxProtocolVersion',
  'minProtocolVersion',
  'privateKey',
  'serverCertificate',
];

function serverTls(path: string): Fields {
  const fields: Record<string, FieldEntry> = {
    [`${path}.mode`]: 'supported',
    [`${path}.httpsRedirect`]: 'supported',
  };
  for (const name of SERVER_TLS_REST) fields[`${path}.${name}`] = CERTIFICATES;
  for (const name of [
    'cipherSuites',
    'subjectAltNames',
    'verifyCertificateHash',
    'verifyCertificateSpki',
    'credentialNames',
  ]) {
    fields[`${path}.${name}[]`] = CERTIFICATES;
  }
  fields[`${path}.tlsCertificates[].*`] = CERTIFICATES;
  return fields;
}

function port(path: string): Fields {
  return {
    [`${path}.number`]: 'supported',
    [`${path}.protocol`]: 'supported',
    [`${path}.name`]: ['harmless', 'a name for people'],
    [`${path}.targetPort`]: ['harmless', 'not used by Istio here'],
  };
}

const SIDECARS: Fields = {
  'spec.workloadSelector.labels.*': 'supported',
  'spec.egress[].hosts[]': 'supported',
  ...port('spec.egress[].port'),
  'spec.egress[].bind': ['unsupported', 'an address that the proxy listens to in place of capturing traffic'],
  'spec.egress[].captureMode': ['unsupported', 'whether traffic is captured; taken as captured'],
  ...port('spec.ingress[].port'),
  'spec.ingress[].defaultEndpoint': ['partial', 'told; inside of the pod every port is one pod'],
  'spec.ingress[].bind': ['harmless', 'an address of the pod itself'],
  'spec.ingress[].captureMode': ['unsupported', 'whether traffic is captured; taken as captured'],
  'spec.ingress[].connectionPool.*': TUNING,
  ...serverTls('spec.ingress[].tls'),
  'spec.inboundConnectionPool.*': TUNING,
  'spec.outboundTrafficPolicy.mode': 'supported',
  'spec.outboundTrafficPolicy.egressProxy.*': ['unsupported', 'a gateway that unknown traffic goes through'],
  ...STATUS,
};

const ENTRIES: Fields = {
  'spec.hosts[]': 'supported',
  'spec.addresses[]': 'supported',
  'spec.exportTo[]': 'supported',
  'spec.location': 'supported',
  'spec.resolution': 'supported',
  'spec.ports[].number': 'supported',
  'spec.ports[].name': 'supported',
  'spec.ports[].protocol': 'supported',
  'spec.ports[].targetPort': 'supported',
  'spec.endpoints[].address': 'supported',
  'spec.endpoints[].ports.*': 'supported',
  'spec.endpoints[].labels.*': ['harmless', 'choose between endpoints of one host'],
  'spec.endpoints[].locality': TUNING,
  'spec.endpoints[].network': TUNING,
  'spec.endpoints[].serviceAccount': CERTIFICATES,
  'spec.endpoints[].weight': TUNING,
  'spec.subjectAltNames[]': CERTIFICATES,
  'spec.workloadSelector.labels.*': ['partial', 'pods count as known hosts; virtual machines are not in the input'],
  ...STATUS,
};

function destination(path: string): Fields {
  return {
    [`${path}.host`]: 'supported',
    [`${path}.subset`]: 'supported',
    [`${path}.port.number`]: 'supported',
  };
}

const HTTP_REST = [
  'corsPolicy',
  'directResponse',
  'fault',
  'headers',
  'mirrorPercentage',
  'redirect',
  'retries',
  'rewrite',
];

function httpRoute(): Fields {
  const fields: Record<string, FieldEntry> = {
    'spec.http[].match[].*': MATCH,
    ...destination('spec.http[].route[].destination'),
    'spec.http[].route[].weight': 'supported',
    'spec.http[].route[].headers.*': TUNING,
    'spec.http[].delegate.name': 'supported',
    'spec.http[].delegate.namespace': 'supported',
    ...destination('spec.http[].mirror'),
    ...destination('spec.http[].mirrors[].destination'),
    'spec.http[].mirrors[].percentage.*': TUNING,
    'spec.http[].mirror_percent': TUNING,
    'spec.http[].mirrorPercent': TUNING,
    'spec.http[].name': ['harmless', 'a name for people'],
    'spec.http[].timeout': TUNING,
  };
  for (const name of HTTP_REST) fields[`spec.http[].${name}.*`] = TUNING;
  return fields;
}

function otherRoute(kind: 'tls' | 'tcp'): Fields {
  return {
    [`spec.${kind}[].match[].*`]: MATCH,
    ...destination(`spec.${kind}[].route[].destination`),
    [`spec.${kind}[].route[].weight`]: 'supported',
  };
}

const ROUTES: Fields = {
  'spec.hosts[]': 'supported',
  'spec.gateways[]': 'supported',
  'spec.exportTo[]': 'supported',
  ...httpRoute(),
  ...otherRoute('tls'),
  ...otherRoute('tcp'),
  ...STATUS,
};

const GATEWAYS: Fields = {
  'spec.selector.*': 'supported',
  'spec.servers[].name': 'supported',
  'spec.servers[].hosts[]': 'supported',
  ...port('spec.servers[].port'),
  'spec.servers[].bind': ['harmless', 'an address of the pod itself'],
  'spec.servers[].defaultEndpoint': ['harmless', 'not used by Istio here'],
  ...serverTls('spec.servers[].tls'),
  ...STATUS,
};

/** The fields of the kinds of Istio. An unknown one is reported and makes verdicts unknown, so this must be complete. */
export const ISTIO_FIELDS: readonly KindFields[] = [
  { group: 'security.istio.io', versions: SECURITY, kind: 'PeerAuthentication', strict: true, fields: PEERS },
  { group: 'security.istio.io', versions: SECURITY, kind: 'AuthorizationPolicy', strict: true, fields: AUTHORIZATION },
  { group: 'security.istio.io', versions: SECURITY, kind: 'RequestAuthentication', strict: true, fields: REQUESTS },
  { group: 'networking.istio.io', versions: NETWORKING, kind: 'DestinationRule', strict: true, fields: DESTINATIONS },
  { group: 'networking.istio.io', versions: NETWORKING, kind: 'Sidecar', strict: true, fields: SIDECARS },
  { group: 'networking.istio.io', versions: NETWORKING, kind: 'ServiceEntry', strict: true, fields: ENTRIES },
  { group: 'networking.istio.io', versions: NETWORKING, kind: 'VirtualService', strict: true, fields: ROUTES },
  { group: 'networking.istio.io', versions: NETWORKING, kind: 'Gateway', strict: true, fields: GATEWAYS },
];
