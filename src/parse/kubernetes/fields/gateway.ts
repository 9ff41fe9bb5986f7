import type { FieldEntry, KindFields } from '../field-support.ts';
import { selectorFields } from './policy.ts';

type Fields = Readonly<Record<string, FieldEntry>>;

const CERTIFICATE: FieldEntry = ['harmless', 'which certificate is used does not change who gets through'];
const REQUEST: FieldEntry = ['harmless', 'changes the request or its answer, not where it goes'];
const TIMING: FieldEntry = ['harmless', 'when and how often, not where to'];
const REPORT: FieldEntry = ['harmless', 'what a controller reports about the object'];
const SETTINGS: FieldEntry = ['unsupported', 'settings of one controller'];
const CLIENT_CERTIFICATES: FieldEntry = [
  'unsupported',
  'may turn away clients without a certificate; answers name whom the gateway listens to',
];
const NAME: FieldEntry = ['harmless', 'a label for people'];

function refFields(path: string, ...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [`${path}.${name}`, 'supported']));
}

const LISTENERS: Fields = {
  ...refFields('spec.listeners[]', 'name', 'port', 'protocol', 'hostname', 'tls.mode'),
  'spec.listeners[].allowedRoutes.namespaces.from': 'supported',
  ...selectorFields('spec.listeners[].allowedRoutes.namespaces.selector'),
  ...refFields('spec.listeners[].allowedRoutes.kinds[]', 'group', 'kind'),
  'spec.listeners[].tls.certificateRefs[].*': CERTIFICATE,
  'spec.listeners[].tls.options.*': SETTINGS,
};

const BACKEND = ['group', 'kind', 'name', 'namespace', 'port'];

/** Status, parents and backends: what the five kinds of routes share. */
const ROUTE: Fields = {
  ...refFields('spec.parentRefs[]', 'group', 'kind', 'name', 'namespace', 'port', 'sectionName'),
  ...refFields('spec.rules[].backendRefs[]', ...BACKEND, 'weight'),
  'spec.rules[].name': NAME,
  'spec.useDefaultGateways': [
    'unsupported',
    'attaches the route to gateways that it does not name; reported where it is used',
  ],
  ...refFields('status.parents[].parentRef', 'group', 'kind', 'name', 'namespace', 'port', 'sectionName'),
  'status.parents[].conditions[].type': 'supported',
  'status.parents[].conditions[].status': 'supported',
  'status.parents[].conditions[].*': REPORT,
  'status.parents[].controllerName': REPORT,
};

const HOSTNAMES: Fields = { 'spec.hostnames[]': 'supported' };

function filters(path: string): Fields {
  return {
    ...refFields(`${path}.requestMirror.backendRef`, ...BACKEND),
    [`${path}.requestMirror.percent`]: ['harmless', 'any share of requests is traffic'],
    [`${path}.requestMirror.fraction.*`]: ['harmless', 'any share of requests is traffic'],
    [`${path}.type`]: ['harmless', 'repeats which of the filters is set'],
    [`${path}.requestHeaderModifier.*`]: REQUEST,
    [`${path}.responseHeaderModifier.*`]: REQUEST,
    [`${path}.extensionRef.*`]: SETTINGS,
  };
}

function httpFilters(path: string): Fields {
  return {
    ...filters(path),
    ...Object.fromEntries(
      BACKEND.map((name) => [
        `${path}.externalAuth.backendRef.${name}`,
        ['partial', 'counted as traffic; its decision is not known'],
      ]),
    ),
    [`${path}.externalAuth.*`]: REQUEST,
    [`${path}.cors.*`]: ['harmless', 'obeyed by browsers, not by the gateway'],
    [`${path}.urlRewrite.*`]: REQUEST,
    [`${path}.requestRedirect.*`]: [
      'partial',
      'the client is sent elsewhere; backends of the rule are counted all the same',
    ],
  };
}

const MATCHES: FieldEntry = ['partial', 'shown in answers; two rules that compete for one request are both counted'];

const HTTP_MATCHES: Fields = {
  'spec.rules[].matches[].path.*': MATCHES,
  'spec.rules[].matches[].method': MATCHES,
  'spec.rules[].matches[].headers[].*': MATCHES,
  'spec.rules[].matches[].queryParams[].*': MATCHES,
};

const GRPC_MATCHES: Fields = {
  'spec.rules[].matches[].method.*': MATCHES,
  'spec.rules[].matches[].headers[].*': MATCHES,
};

const LISTENER_STATUS: Fields = { 'status.listeners[].*': REPORT, 'status.conditions[].*': REPORT };

const GROUP = 'gateway.networking.k8s.io';
const ALL = ['v1', 'v1beta1', 'v1alpha2'];
const LAYER_4 = ['v1', 'v1alpha3', 'v1alpha2'];

/** The fields of the Gateway API. */
export const GATEWAY_FIELDS: readonly KindFields[] = [
  {
    group: GROUP,
    versions: ALL,
    kind: 'GatewayClass',
    fields: {
      'spec.controllerName': 'supported',
      'spec.description': NAME,
      'spec.parametersRef.*': SETTINGS,
      'status.conditions[].*': REPORT,
      'status.supportedFeatures[].*': REPORT,
    },
  },
  {
    group: GROUP,
    versions: ALL,
    kind: 'Gateway',
    fields: {
      'spec.gatewayClassName': 'supported',
      ...LISTENERS,
      'spec.addresses[].value': 'supported',
      'spec.addresses[].type': ['harmless', 'the value says whether it is an address or a name'],
      'spec.allowedListeners.namespaces.from': 'supported',
      ...selectorFields('spec.allowedListeners.namespaces.selector'),
      'spec.defaultScope': [
        'unsupported',
        'lets routes attach that do not name the gateway; reported where it is used',
      ],
      'spec.infrastructure.annotations.*': [
        'unsupported',
        'may make the load balancer internal; settings of one controller',
      ],
      'spec.infrastructure.labels.*': ['unsupported', 'labels of the pods that the controller makes'],
      'spec.infrastructure.parametersRef.*': SETTINGS,
      'spec.tls.backend.*': CERTIFICATE,
      'spec.tls.frontend.*': CLIENT_CERTIFICATES,
      'status.addresses[].value': 'supported',
      'status.addresses[].type': ['harmless', 'the value says whether it is an address or a name'],
      'status.attachedListenerSets': REPORT,
      ...LISTENER_STATUS,
    },
  },
  ...(['ListenerSet', 'XListenerSet'] as const).map((kind) => ({
    group: kind === 'ListenerSet' ? GROUP : 'gateway.networking.x-k8s.io',
    versions: kind === 'ListenerSet' ? ['v1'] : ['v1alpha1'],
    kind,
    fields: { ...refFields('spec.parentRef', 'group', 'kind', 'name', 'namespace'), ...LISTENERS, ...LISTENER_STATUS },
  })),
  { group: GROUP, versions: ALL, kind: 'HTTPRoute', fields: httpRoute() },
  { group: GROUP, versions: ['v1', 'v1alpha2'], kind: 'GRPCRoute', fields: grpcRoute() },
  { group: GROUP, versions: LAYER_4, kind: 'TLSRoute', fields: { ...ROUTE, ...HOSTNAMES } },
  { group: GROUP, versions: LAYER_4, kind: 'TCPRoute', fields: ROUTE },
  { group: GROUP, versions: LAYER_4, kind: 'UDPRoute', fields: ROUTE },
  {
    group: GROUP,
    versions: ALL,
    kind: 'ReferenceGrant',
    fields: {
      ...refFields('spec.from[]', 'group', 'kind', 'namespace'),
      ...refFields('spec.to[]', 'group', 'kind', 'name'),
    },
  },
];

function httpRoute(): Fields {
  return {
    ...ROUTE,
    ...HOSTNAMES,
    ...HTTP_MATCHES,
    ...httpFilters('spec.rules[].filters[]'),
    ...httpFilters('spec.rules[].backendRefs[].filters[]'),
    'spec.rules[].retry.*': TIMING,
    'spec.rules[].timeouts.*': TIMING,
    'spec.rules[].sessionPersistence.*': TIMING,
  };
}

function grpcRoute(): Fields {
  return {
    ...ROUTE,
    ...HOSTNAMES,
    ...GRPC_MATCHES,
    ...filters('spec.rules[].filters[]'),
    ...filters('spec.rules[].backendRefs[].filters[]'),
    'spec.rules[].sessionPersistence.*': TIMING,
  };
}
