import { expect, test } from 'vitest';
import { asker, namespace } from '#engine/ask.test-support.ts';
import { checkLinkerd } from './linkerd-checks.ts';

interface Case {
  readonly title: string;
  readonly given: readonly string[];
  /** A code and words of the message, for each diagnostic in order. */
  readonly said: readonly string[];
}

interface PodSpec {
  readonly proxy?: boolean;
  readonly annotations?: string;
}

function pod(place: string, { proxy = true, annotations = '' }: PodSpec = {}): string {
  const [space, name] = place.split('/');
  const containers = `[{name: app, ports: [{name: http, containerPort: 8080}]}${proxy ? ', {name: linkerd-proxy}' : ''}]`;
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${space}, labels: {app: ${name}}, annotations: {${annotations}}}, spec: {containers: ${containers}}}`;
}

function object(kind: string, place: string, spec: string, metadata = ''): string {
  const [space, name] = place.split('/');
  const version = { Server: 'v1beta3', ServerAuthorization: 'v1beta1', HTTPRoute: 'v1beta3' }[kind] ?? 'v1alpha1';
  return `{apiVersion: policy.linkerd.io/${version}, kind: ${kind}, metadata: {name: ${name}, namespace: ${space}${metadata}}, spec: {${spec}}}`;
}

const WEB = pod('shop/web');
const POLICY = 'group: policy.linkerd.io';
const server = (name: string, port = 'http', rest = '', created = '') =>
  object(
    'Server',
    `shop/${name}`,
    `podSelector: {matchLabels: {app: web}}, port: ${port}${rest}`,
    created === '' ? '' : `, creationTimestamp: ${created}`,
  );
const policy = (name: string, target: string, required = '') =>
  object(
    'AuthorizationPolicy',
    `shop/${name}`,
    `targetRef: {${POLICY}, ${target}}, requiredAuthenticationRefs: [${required}]`,
  );
const NET = object('NetworkAuthentication', 'shop/net', 'networks: [{cidr: 10.0.0.0/8}]');
const BY_NET = `{${POLICY}, kind: NetworkAuthentication, name: net}`;
const OPEN = ', accessPolicy: all-unauthenticated';
const route = (name: string, parent: string) =>
  object('HTTPRoute', `shop/${name}`, `parentRefs: [{${POLICY}, ${parent}}], rules: [{}]`);

const CASES: readonly Case[] = [
  { title: 'nothing of Linkerd', given: [WEB], said: [] },
  { title: 'a Server that lets in', given: [WEB, server('s', 'http', OPEN)], said: [] },
  {
    title: 'a Server for no pod',
    given: [pod('shop/api'), server('s', 'http', OPEN)],
    said: ['RF3003 selects no pod'],
  },
  {
    title: 'a Server for pods without a proxy',
    given: [pod('shop/web', { proxy: false }), server('s', 'http', OPEN)],
    said: ['RF3010 outside of the mesh'],
  },
  {
    title: 'a Server for a port that no container has',
    given: [WEB, server('s', 'grpc', OPEN), server('t', '9999', OPEN)],
    said: ['RF3010 the port `grpc`', 'RF3011 port 9999'],
  },
  {
    title: 'a Server for a port that its pods skip',
    given: [
      pod('shop/web', { annotations: 'config.linkerd.io/skip-inbound-ports: "8080"' }),
      server('s', '8080', OPEN),
    ],
    said: ['RF3010 keep out of their proxy'],
  },
  { title: 'a Server that nothing opens', given: [WEB, server('s')], said: ['RF3012 closes its port'] },
  { title: 'audit', given: [WEB, server('s', 'http', ', accessPolicy: audit')], said: ['RF3012 lets everybody in'] },
  {
    title: 'two Servers for one port, one by its name',
    given: [
      WEB,
      server('s', 'http', OPEN, '2026-01-02T00:00:00Z'),
      server('t', '8080', OPEN, '2026-01-01T00:00:00Z'),
      server('u', '8081', OPEN),
    ],
    said: ['RF3011 port 8081', 'RF3010 Server shop/s has no effect where Server shop/t'],
  },
  {
    title: 'two Servers of unknown age',
    given: [WEB, server('s', 'http', OPEN), server('t', 'http', OPEN)],
    said: ['RF3010 does not say which'],
  },
  {
    title: 'targets that are not there',
    given: [
      WEB,
      NET,
      policy('a', 'kind: Server, name: none', BY_NET),
      policy('b', 'kind: HTTPRoute, name: none', BY_NET),
      policy('c', 'kind: Namespace, name: other', BY_NET),
      policy('d', 'kind: Namespace, name: shop', BY_NET),
    ],
    said: [
      'RF3011 targets Server none',
      'RF3011 targets HTTPRoute none',
      'RF3010 for its own namespace only',
      'RF3010 no Server',
    ],
  },
  {
    title: 'references that are not there, or none',
    given: [
      WEB,
      server('s'),
      policy('a', 'kind: Server, name: s', BY_NET),
      policy('b', 'kind: Server, name: s'),
      policy('c', 'kind: Server, name: s', '{kind: ServiceAccount, name: any}'),
    ],
    said: ['RF3011 NetworkAuthentication net', 'RF3012 lets everybody in'],
  },
  { title: 'an authentication that nothing requires', given: [WEB, NET], said: ['RF3010 no AuthorizationPolicy'] },
  {
    title: 'a ServerAuthorization for no Server',
    given: [
      object('ServerAuthorization', 'shop/a', 'server: {name: none}, client: {meshTLS: {identities: ["*"]}}'),
      object(
        'ServerAuthorization',
        'shop/b',
        'server: {selector: {matchLabels: {app: none}}}, client: {unauthenticated: true}',
      ),
    ],
    said: ['RF3011 Server none', 'RF3011 selects no Server'],
  },
  {
    title: 'a ServerAuthorization without networks, beside an AuthorizationPolicy',
    given: [
      WEB,
      NET,
      server('s'),
      object('ServerAuthorization', 'shop/a', 'server: {name: s}, client: {unauthenticated: true}'),
      policy('b', 'kind: Server, name: s', BY_NET),
    ],
    said: ['RF3012 networks of the cluster only', 'RF3012 beside AuthorizationPolicy shop/b'],
  },
  {
    title: 'a route of a Server that is not there',
    given: [route('r', 'kind: Server, name: none')],
    said: ['RF3011 attached to Server none'],
  },
  {
    title: 'a route takes the default ones away, and is open to nobody by itself',
    given: [WEB, NET, server('s'), route('r', 'kind: Server, name: s'), route('t', 'kind: Server, name: s')],
    said: [
      'RF3012 closes its port',
      'RF3010 no AuthorizationPolicy',
      'RF3012 probes among them',
      'RF3010 HTTPRoute shop/r is attached to Server shop/s, and nothing lets anybody in',
      'RF3010 HTTPRoute shop/t is attached',
    ],
  },
  {
    title: 'an authorization of the route',
    given: [
      WEB,
      NET,
      server('s'),
      route('r', 'kind: Server, name: s'),
      policy('a', 'kind: HTTPRoute, name: r', BY_NET),
    ],
    said: ['RF3012 probes among them'],
  },
  {
    title: 'routes of a kind that the Server does not look at',
    given: [
      WEB,
      server('s', 'http', `${OPEN}, proxyProtocol: gRPC`),
      route('r', 'kind: Server, name: s'),
      `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: g, namespace: shop}, spec: {parentRefs: [{${POLICY}, kind: Server, name: s}], rules: [{}]}}`,
    ],
    said: ['RF3010 HTTPRoute shop/r is attached to Server shop/s, whose protocol is gRPC', 'RF3010 HTTPRoute shop/g'],
  },
  {
    title: 'an EgressNetwork without clients',
    given: [
      pod('shop/web', { proxy: false }),
      object('EgressNetwork', 'shop/all', 'trafficPolicy: Deny'),
      object('EgressNetwork', 'linkerd-egress/all', 'trafficPolicy: Deny'),
    ],
    said: ['RF3010 outside of the mesh', 'RF3010 outside of the mesh'],
  },
  {
    title: 'what a namespace says, and its pods do not have',
    given: [
      WEB,
      pod('other/web', { annotations: 'config.linkerd.io/default-inbound-policy: deny' }),
      ...['shop', 'other'].map((name) =>
        namespace(name).replace('labels: {}', 'annotations: {config.linkerd.io/default-inbound-policy: deny}'),
      ),
    ],
    said: ['RF3012 Namespace shop'],
  },
];

test.each(CASES)('$title', ({ given, said }) => {
  const { engine } = asker(given);
  const lines = checkLinkerd(engine.snapshot, engine).map(({ code, message }) => `${code} ${message}`);
  expect(lines).toHaveLength(said.length);
  for (const [index, line] of said.entries()) {
    const [code = '', ...words] = line.split(' ');
    expect(lines[index]).toContain(code);
    expect(lines[index]).toContain(words.join(' '));
  }
});
