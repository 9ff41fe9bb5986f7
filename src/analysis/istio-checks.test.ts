import { expect, test } from 'vitest';
import { namespace } from '#engine/ask.test-support.ts';
import {
  ambient,
  ask,
  authorization,
  bare,
  destinationRule,
  meshConfig,
  peerAuthentication,
  service,
  sidecar,
} from '#engine/compile/istio/istio.test-support.ts';
import { checkIstio } from './istio-checks.ts';

interface Case {
  readonly title: string;
  readonly given: readonly string[];
  /** Codes with a word of their message. */
  readonly said: readonly string[];
}

const API = sidecar('shop/api');
const ON_API = 'selector: {matchLabels: {app: api}}';
const METHODS = 'rules: [{to: [{operation: {methods: [GET]}}]}]';
const WAYPOINT =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: wp, namespace: shop}\nspec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}';
const BEHIND = service('shop/api', 'http:80').replace(
  'namespace: shop}',
  'namespace: shop, labels: {istio.io/use-waypoint: wp}}',
);

const CASES: readonly Case[] = [
  { title: 'a sound policy', given: [API, authorization('shop/a', `${ON_API}, rules: [{}]`)], said: [] },
  {
    title: 'a selector in the root namespace',
    given: [API, peerAuthentication('istio-system/a', `${ON_API}, mtls: {mode: STRICT}`)],
    said: ['RF3010 root namespace'],
  },
  {
    title: 'a second PeerAuthentication for the same pods',
    given: [
      API,
      peerAuthentication('shop/a', 'mtls: {mode: STRICT} ## creationTimestamp: "2026-01-01T00:00:00Z"'),
      peerAuthentication('shop/b', 'mtls: {mode: PERMISSIVE} ## creationTimestamp: "2026-02-01T00:00:00Z"'),
    ],
    said: ['RF3010 oldest counts'],
  },
  {
    title: 'of which the age is not known',
    given: [
      API,
      peerAuthentication('shop/a', 'mtls: {mode: STRICT}'),
      peerAuthentication('shop/b', 'mtls: {mode: PERMISSIVE}'),
    ],
    said: ['RF3010 does not say which'],
  },
  {
    title: 'pods outside of the mesh',
    given: [bare('shop/api'), authorization('shop/a', ON_API)],
    said: ['RF3010 outside of the mesh'],
  },
  { title: 'no pods', given: [API, authorization('other/a', '')], said: ['RF3003 selects no pod'] },
  {
    title: 'a dry run',
    given: [API, authorization('shop/a', `${ON_API} ## annotations: {istio.io/dry-run: "true"}`)],
    said: ['RF3010 dry run'],
  },
  {
    title: 'a provider that is not set up',
    given: [
      API,
      meshConfig('{extensionProviders: []}'),
      authorization('shop/a', 'action: CUSTOM, provider: {name: opa}, rules: [{}]'),
    ],
    said: ['RF3011 opa'],
  },
  {
    title: 'a method on a TCP port',
    given: [API, service('shop/api', 'tcp:80'), authorization('shop/a', `action: DENY, ${METHODS}`)],
    said: ['RF3012 TCP ports'],
  },
  {
    title: 'a method at ztunnel',
    given: [ambient('shop/api'), authorization('shop/a', METHODS)],
    said: ['RF3012 ztunnel'],
  },
  {
    title: 'CUSTOM at ztunnel',
    given: [ambient('shop/api'), authorization('shop/a', 'action: CUSTOM, provider: {name: opa}, rules: [{}]')],
    said: ['RF3010 ztunnel'],
  },
  {
    title: 'targets that are not there, or use no waypoint',
    given: [
      API,
      service('shop/api', 'http:80'),
      authorization('shop/a', 'targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: none-such}]'),
      authorization('shop/b', 'targetRefs: [{kind: Service, group: "", name: none-such}]'),
      authorization('shop/c', 'targetRefs: [{kind: Service, group: "", name: api}]'),
      authorization(
        'shop/d',
        'targetRefs: [{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}]',
      ),
    ],
    said: [
      'RF3011 Gateway shop/none-such',
      'RF3011 Service shop/none-such',
      'RF3010 no waypoint',
      'RF3010 GatewayClass',
    ],
  },
  {
    title: 'a Service behind a waypoint: pods can be reached past it',
    given: [
      ambient('shop/api'),
      WAYPOINT,
      BEHIND,
      authorization('shop/a', 'targetRefs: [{kind: Service, group: "", name: api}]'),
    ],
    said: ['RF3012 past the waypoint'],
  },
  {
    title: 'a DestinationRule for a host that is not there',
    given: [
      API,
      service('shop/api', 'http:80'),
      destinationRule('shop/a', 'host: web'),
      destinationRule('shop/b', 'host: api'),
    ],
    said: ['RF3011 web.shop.svc.cluster.local'],
  },
  {
    title: 'a waypoint that is not there',
    given: [API, namespace('shop', 'istio.io/use-waypoint: wp')],
    said: ['RF3011 shop/wp'],
  },
  { title: 'a configuration that cannot be read', given: [API, meshConfig('[')], said: ['RF3012 cannot be read'] },
];

test.each(CASES)('$title', ({ given, said }) => {
  const { engine } = ask(given);
  const found = checkIstio(engine.snapshot, engine);
  const lines = found.map(({ code, message }) => `${code} ${message}`);
  expect(lines).toHaveLength(said.length);
  for (const [index, line] of said.entries()) {
    const [code = '', ...words] = line.split(' ');
    expect(lines[index]).toContain(code);
    expect(lines[index]).toContain(words.join(' '));
  }
});
