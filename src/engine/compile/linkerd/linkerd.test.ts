import { describe, expect, test } from 'vitest';
import type { Encryption } from '#model/encryption.ts';
import type { Verdict } from '#model/verdict.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { type AskerOptions, asker, axis, namespace, node } from '../../ask.test-support.ts';
import { linkerdEncryption } from './linkerd.ts';

/** A pod with the proxy, under the account of its own name. */
function meshed(name: string, annotations = '', proxy = true): string {
  const [space, own] = name.split('/');
  const containers = `[{name: app, ports: [{name: http, containerPort: 8080}]}${proxy ? ', {name: linkerd-proxy}' : ''}]`;
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${own}, namespace: ${space}, labels: {app: ${own}}, annotations: {${annotations}}}, spec: {serviceAccountName: ${own}, containers: ${containers}}, status: {podIP: 10.1.${IPS.indexOf(name)}.1}}`;
}
const IPS = ['shop/web', 'shop/api', 'other/web', 'shop/plain'];

const CLUSTER = [
  namespace('shop'),
  namespace('other'),
  meshed('shop/web'),
  meshed('shop/api'),
  meshed('other/web'),
  meshed('shop/plain', '', false),
];
const OUTSIDE = '203.0.113.7';

function object(kind: string, name: string, spec: string, version = 'v1alpha1'): string {
  const [space, own] = name.split('/');
  return `{apiVersion: policy.linkerd.io/${version}, kind: ${kind}, metadata: {name: ${own}, namespace: ${space}}, spec: {${spec}}}`;
}

const SERVER = object('Server', 'shop/s', 'podSelector: {matchLabels: {app: web}}, port: http', 'v1beta3');
const authorize = (refs: string, target = '{group: policy.linkerd.io, kind: Server, name: s}') =>
  object('AuthorizationPolicy', 'shop/a', `targetRef: ${target}, requiredAuthenticationRefs: [${refs}]`);
const ref = (kind: string, name: string) => `{group: policy.linkerd.io, kind: ${kind}, name: ${name}}`;
const API = object(
  'MeshTLSAuthentication',
  'shop/m',
  'identities: ["api.shop.serviceaccount.identity.linkerd.cluster.local"]',
);

type Row = readonly [string, readonly string[], from: string, to: string, traffic: string, Verdict, AskerOptions?];

const TRAPS: readonly Row[] = [
  ['no Server: everybody, by default', [], OUTSIDE, 'shop/web', 'TCP/8080', 'allowed'],
  ['1: a Server closes its port', [SERVER], 'shop/api', 'shop/web', 'TCP/8080', 'denied'],
  ['1: … and no other', [SERVER], 'shop/api', 'shop/web', 'TCP/9090', 'allowed'],
  [
    '1: … unless its accessPolicy lets in',
    [object('Server', 'shop/s', 'podSelector: {}, port: 8080, accessPolicy: all-unauthenticated', 'v1beta3')],
    OUTSIDE,
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '2: the word of the namespace may be newer than the proxy',
    [spaceWith('config.linkerd.io/default-inbound-policy: deny')],
    'shop/api',
    'shop/web',
    'TCP/9090',
    'unknown',
  ],
  [
    '2: … that of the pod is what the proxy has',
    [meshedAgain('config.linkerd.io/default-inbound-policy: deny')],
    'shop/api',
    'shop/web',
    'TCP/9090',
    'denied',
  ],
  [
    '8: the name of a port means another number on another pod',
    [object('Server', 'shop/s', 'podSelector: {}, port: http', 'v1beta3'), named('shop/other', 9090)],
    'shop/api',
    'shop/other',
    'TCP/9090',
    'denied',
  ],
  [
    '8: … and says nothing of other numbers',
    [object('Server', 'shop/s', 'podSelector: {}, port: http', 'v1beta3'), named('shop/other', 9090)],
    'shop/api',
    'shop/other',
    'TCP/8080',
    'allowed',
  ],
  [
    '8: a name that no container of the pod has',
    [object('Server', 'shop/s', 'podSelector: {}, port: grpc', 'v1beta3')],
    'shop/api',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '9: an opaque port has an identity',
    [meshedAgain('config.linkerd.io/opaque-ports: "8080"'), SERVER, API, authorize(ref('MeshTLSAuthentication', 'm'))],
    'shop/api',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '9: … and nobody comes without one',
    [meshedAgain('config.linkerd.io/opaque-ports: "8080"'), SERVER, API, authorize(ref('MeshTLSAuthentication', 'm'))],
    'shop/plain',
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  [
    '13: the kubelet has no identity',
    [node('n1', ['10.9.0.1']), meshedAgain('config.linkerd.io/default-inbound-policy: cluster-authenticated')],
    'node:n1',
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  [
    '13: … and is in the networks of the cluster',
    [node('n1', ['10.9.0.1']), meshedAgain('config.linkerd.io/default-inbound-policy: cluster-unauthenticated')],
    'node:n1',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    'what comes from a skipped subnet goes past the proxy',
    [meshedAgain('config.linkerd.io/skip-subnets: 10.1.1.0/24'), SERVER],
    'shop/api',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '… and what goes there does not',
    [
      meshed('shop/api', 'config.linkerd.io/skip-subnets: 10.1.0.0/24'),
      SERVER,
      API,
      authorize(ref('MeshTLSAuthentication', 'm')),
    ],
    'shop/api',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '3: of two Servers the oldest counts',
    [
      SERVER,
      aged('shop/t', '2020-01-01T00:00:00Z', 'all-unauthenticated'),
      aged('shop/s', '2021-01-01T00:00:00Z', 'deny'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '4: an authorization of the namespace without Server does nothing',
    [authorize(ref('NetworkAuthentication', 'net'), '{kind: Namespace, name: shop}')],
    OUTSIDE,
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '4: … with one it lets in',
    [SERVER, API, authorize(ref('MeshTLSAuthentication', 'm'), '{kind: Namespace, name: shop}')],
    'shop/api',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '5: a reference that is not there lets nobody in',
    [SERVER, authorize(ref('MeshTLSAuthentication', 'none'))],
    'shop/api',
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  ['6: no reference lets everybody in', [SERVER, authorize('')], OUTSIDE, 'shop/web', 'TCP/8080', 'allowed'],
  [
    '7: ServerAuthorization means the networks of the cluster',
    [SERVER, object('ServerAuthorization', 'shop/sa', 'server: {name: s}, client: {unauthenticated: true}', 'v1beta1')],
    OUTSIDE,
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  [
    '7: … in which pods are',
    [SERVER, object('ServerAuthorization', 'shop/sa', 'server: {name: s}, client: {unauthenticated: true}', 'v1beta1')],
    'shop/plain',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    'an identity that fits',
    [SERVER, API, authorize(ref('MeshTLSAuthentication', 'm'))],
    'shop/api',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '… one that does not',
    [SERVER, API, authorize(ref('MeshTLSAuthentication', 'm'))],
    'other/web',
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  [
    '… none at all',
    [SERVER, API, authorize(ref('MeshTLSAuthentication', 'm'))],
    'shop/plain',
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  [
    'an account',
    [SERVER, authorize('{kind: ServiceAccount, name: api}')],
    'shop/api',
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    'a network',
    [
      SERVER,
      object('NetworkAuthentication', 'shop/net', 'networks: [{cidr: 203.0.113.0/24, except: [203.0.113.128/25]}]'),
      authorize(ref('NetworkAuthentication', 'net')),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    '… without what is taken out',
    [
      SERVER,
      object('NetworkAuthentication', 'shop/net', 'networks: [{cidr: 203.0.113.0/24, except: [203.0.113.128/25]}]'),
      authorize(ref('NetworkAuthentication', 'net')),
    ],
    '203.0.113.200',
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  [
    '11: a pod without proxy ignores it all',
    [object('Server', 'shop/s', 'podSelector: {}, port: 8080', 'v1beta3')],
    OUTSIDE,
    'shop/plain',
    'TCP/8080',
    'allowed',
  ],
  [
    '12: audit lets in',
    [object('Server', 'shop/s', 'podSelector: {}, port: 8080, accessPolicy: audit', 'v1beta3')],
    OUTSIDE,
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    'UDP is never seen',
    [object('Server', 'shop/s', 'podSelector: {}, port: 8080', 'v1beta3')],
    OUTSIDE,
    'shop/web',
    'UDP/8080',
    'allowed',
  ],
  [
    'a skipped port is not either',
    [meshedAgain('config.linkerd.io/skip-inbound-ports: "8080"'), SERVER],
    OUTSIDE,
    'shop/web',
    'TCP/8080',
    'allowed',
  ],
  [
    'authenticated by default',
    [meshedAgain('config.linkerd.io/default-inbound-policy: all-authenticated')],
    'shop/plain',
    'shop/web',
    'TCP/9090',
    'denied',
  ],
  [
    '… those of the mesh may',
    [meshedAgain('config.linkerd.io/default-inbound-policy: all-authenticated')],
    'other/web',
    'shop/web',
    'TCP/9090',
    'allowed',
  ],
  [
    'a port that needs an identity',
    [meshedAgain('config.linkerd.io/proxy-require-identity-inbound-ports: "9090"')],
    'shop/plain',
    'shop/web',
    'TCP/9090',
    'denied',
  ],
  [
    'egress to networks outside',
    [object('EgressNetwork', 'shop/e', 'trafficPolicy: Deny')],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'denied',
  ],
  [
    '… of other namespaces',
    [object('EgressNetwork', 'shop/e', 'trafficPolicy: Deny')],
    'other/web',
    OUTSIDE,
    'TCP/443',
    'allowed',
  ],
];

function probed(annotations = ''): string {
  return meshed('shop/web', annotations).replace(
    '{name: app, ',
    '{name: app, livenessProbe: {httpGet: {path: /healthz, port: http}}, ',
  );
}

function probesFrom(network: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: linkerd-config, namespace: linkerd}\ndata: {values: 'policyController: {probeNetworks: [${network}]}'}`;
}

function gatewayRoute(kind: string, place: string, match: string): string {
  const [space, own] = place.split('/');
  const parent = '{group: policy.linkerd.io, kind: Server, name: s}';
  return `{apiVersion: gateway.networking.k8s.io/v1, kind: ${kind}, metadata: {name: ${own}, namespace: ${space}}, spec: {parentRefs: [${parent}], rules: [{matches: [${match}]}]}}`;
}

function named(place: string, port: number): string {
  const [space, own] = place.split('/');
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${own}, namespace: ${space}, labels: {app: ${own}}}, spec: {containers: [{name: app, ports: [{name: http, containerPort: ${port}}]}, {name: linkerd-proxy}]}, status: {podIP: 10.1.9.1}}`;
}

function spaceWith(annotation: string): string {
  return `{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {${annotation}}}}`;
}

function meshedAgain(annotation: string): string {
  return meshed('shop/web', annotation);
}

function aged(name: string, created: string, access: string): string {
  const [space, own] = name.split('/');
  return `{apiVersion: policy.linkerd.io/v1beta3, kind: Server, metadata: {name: ${own}, namespace: ${space}, creationTimestamp: "${created}"}, spec: {podSelector: {}, port: 8080, accessPolicy: ${access}}}`;
}

describe('Linkerd', () => {
  test.each(TRAPS.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    const [, documents, from, to, traffic, verdict, options] = row;
    expect(asker([...CLUSTER, ...documents], { profile: 'calico', ...options }).verdict(from, to, traffic)).toBe(
      verdict,
    );
  });

  test('2: … with its reason', () => {
    const asked = asker([...CLUSTER, spaceWith('config.linkerd.io/default-inbound-policy: deny')], {
      profile: 'calico',
    });
    expect(asked.traces('ingress', 'shop/api', 'shop/web', 'TCP/9090').mesh).toMatchObject({
      verdict: 'unknown',
      reasons: ['default-policy-unknown'],
    });
  });

  const ROUTE = object(
    'HTTPRoute',
    'shop/r',
    'parentRefs: [{group: policy.linkerd.io, kind: Server, name: s}], rules: [{matches: [{method: GET, path: {value: /orders}}]}]',
    'v1beta3',
  );
  const [GRPC, OPAQUE] = ['gRPC', 'opaque'].map((protocol) =>
    object(
      'Server',
      'shop/s',
      `podSelector: {matchLabels: {app: web}}, port: http, proxyProtocol: ${protocol}`,
      'v1beta3',
    ),
  ) as [string, string];
  const GATEWAY_ROUTE = gatewayRoute('HTTPRoute', 'shop/g', '{path: {value: /orders}}');
  const GRPC_ROUTE = gatewayRoute('GRPCRoute', 'shop/g', '{method: {service: orders.v1, method: Get}}');
  const request = (path: string) => ({
    kind: 'http' as const,
    method: 'GET',
    path,
    headers: new Map<string, string>(),
  });

  test.each<[string, readonly string[], string, Verdict]>([
    ['10: a request that a route names', [SERVER, ROUTE, authorize('')], '/orders/1', 'allowed'],
    ['10: one that none names is refused, whoever asks', [SERVER, ROUTE, authorize('')], '/healthz', 'denied'],
    [
      'an authorization of the route',
      [SERVER, ROUTE, authorize('', '{group: policy.linkerd.io, kind: HTTPRoute, name: r}')],
      '/orders',
      'allowed',
    ],
    [
      '… and of nothing else',
      [SERVER, ROUTE, authorize('', '{group: policy.linkerd.io, kind: HTTPRoute, name: r}')],
      '/ordersx',
      'denied',
    ],
    ['a route of the Gateway API', [SERVER, GATEWAY_ROUTE, authorize('')], '/orders/1', 'allowed'],
    ['… and what it does not name', [SERVER, GATEWAY_ROUTE, authorize('')], '/healthz', 'denied'],
    [
      '… with an authorization of its own',
      [SERVER, GATEWAY_ROUTE, authorize('', '{group: gateway.networking.k8s.io, kind: HTTPRoute, name: g}')],
      '/orders',
      'allowed',
    ],
    [
      '… which is not for a route of the other group',
      [SERVER, GATEWAY_ROUTE, authorize('', '{group: policy.linkerd.io, kind: HTTPRoute, name: g}')],
      '/orders',
      'denied',
    ],
    ['routes of HTTP are nothing to a Server of gRPC', [GRPC, ROUTE, authorize('')], '/healthz', 'allowed'],
    ['routes of gRPC are', [GRPC, GRPC_ROUTE, authorize('')], '/orders.v1/Get', 'allowed'],
    ['… for all calls', [GRPC, GRPC_ROUTE, authorize('')], '/orders.v1/Put', 'denied'],
    ['routes are nothing to an opaque Server', [OPAQUE, ROUTE, authorize('')], '/healthz', 'allowed'],
  ])('%s', (_, documents, path, verdict) => {
    const asked = asker([...CLUSTER, ...documents], { profile: 'calico', request: request(path) });
    expect(asked.verdict('shop/api', 'shop/web', 'TCP/8080')).toBe(verdict);
  });

  const DENY = 'config.linkerd.io/default-inbound-policy: cluster-authenticated';
  test.each<[string, readonly string[], string, Verdict]>([
    ['13: the path of a probe', [probed(DENY)], '/healthz', 'allowed'],
    ['13: … and no other', [probed(DENY)], '/healthz/x', 'denied'],
    ['13: … by the name of its port, under a Server', [probed(), SERVER], '/healthz', 'allowed'],
    ['13: … unless the Server has routes', [probed(), SERVER, ROUTE], '/healthz', 'denied'],
    [
      '13: … and not on an opaque port',
      [probed(`${DENY}, config.linkerd.io/opaque-ports: "8080"`)],
      '/healthz',
      'denied',
    ],
    ['13: … nor under an opaque Server', [probed(), OPAQUE], '/healthz', 'denied'],
    ['13: … from where probes come', [probed(), SERVER, probesFrom('10.9.0.0/16')], '/healthz', 'allowed'],
    ['13: … and from nowhere else', [probed(), SERVER, probesFrom('192.168.0.0/16')], '/healthz', 'denied'],
  ])('%s', (_, documents, path, verdict) => {
    const asked = asker([...CLUSTER, node('n1', ['10.9.0.1']), ...documents], {
      profile: 'calico',
      request: request(path),
    });
    expect(asked.verdict('node:n1', 'shop/web', 'TCP/8080')).toBe(verdict);
  });

  test('without a request a connection is allowed for the probe', () => {
    const asked = asker([...CLUSTER, node('n1', ['10.9.0.1']), probed(), SERVER], { profile: 'calico' });
    expect(asked.traces('ingress', 'node:n1', 'shop/web', 'TCP/8080').mesh).toMatchObject({
      verdict: 'allowed',
      conditions: ['GET /healthz'],
    });
  });

  test('without a request the connection is allowed for what the routes name', () => {
    const asked = asker([...CLUSTER, SERVER, ROUTE, authorize('')], { profile: 'calico' });
    expect(asked.traces('ingress', 'shop/api', 'shop/web', 'TCP/8080').mesh).toMatchObject({
      verdict: 'allowed',
      conditions: ['GET /orders/*'],
    });
  });
});

describe('encryption', () => {
  const REQUIRED = [SERVER, API, authorize(ref('MeshTLSAuthentication', 'm'))];
  test.each<[string, readonly string[], string, string, string, Encryption | undefined]>([
    ['both meshed', [], 'shop/api', 'shop/web', 'TCP/8080', 'mtls-opportunistic'],
    ['nobody else is let in', REQUIRED, 'shop/api', 'shop/web', 'TCP/8080', 'mtls-required'],
    [
      '9: a skipped port',
      [meshedAgain('config.linkerd.io/skip-inbound-ports: "8080"')],
      'shop/api',
      'shop/web',
      'TCP/8080',
      'plaintext',
    ],
    [
      '9: an opaque port',
      [meshedAgain('config.linkerd.io/opaque-ports: "8080"')],
      'shop/api',
      'shop/web',
      'TCP/8080',
      'mtls-opportunistic',
    ],
    ['one end outside', [], 'shop/plain', 'shop/web', 'TCP/8080', 'plaintext'],
    ['UDP', [], 'shop/api', 'shop/web', 'UDP/53', undefined],
    ['neither end', [], 'shop/plain', OUTSIDE, 'TCP/443', undefined],
  ])('%s', (_, documents, from, to, traffic, encryption) => {
    const { engine, points } = asker([...CLUSTER, ...documents], { profile: 'calico' });
    const source = linkerdEncryption(engine.compiling, engine.snapshot);
    const pair = { from: points(from)[0]!, to: points(to)[0]!, traffic: axis(traffic) };
    expect(source.between(pair)?.encryption).toBe(encryption);
  });
});

describe('reading', () => {
  test.each([
    ['two identities', authorize(`${ref('MeshTLSAuthentication', 'a')}, ${ref('MeshTLSAuthentication', 'b')}`)],
    ['an identity of nobody', object('MeshTLSAuthentication', 'shop/m', '')],
    ['a Server for nobody', object('Server', 'shop/s', 'port: 80', 'v1beta3')],
  ])('%s is refused', (_, document) => {
    expect(snapshotOf([{ file: 'a.yaml', text: document }]).diagnostics.map(({ code }) => code)).toContain('RF2016');
  });
});
