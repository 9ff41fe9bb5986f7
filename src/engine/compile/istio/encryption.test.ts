import { describe, expect, test } from 'vitest';
import type { EncryptionFact } from '#model/encryption.ts';
import { trafficPoint } from '#model/traffic.ts';
import {
  ambient,
  ask,
  bare,
  destinationRule,
  istioObject,
  meshConfig,
  peerAuthentication,
  STRICT,
  service,
  sidecar,
} from './istio.test-support.ts';
import { istioEncryption, istioRewrites } from './istio.ts';
import { istioRoutes } from './routes.ts';

interface Case {
  readonly title: string;
  readonly given: readonly string[];
  readonly asked: readonly [from: string, to: string, port: number];
  readonly fact: Partial<Omit<EncryptionFact, 'hole'>> & {
    readonly hole?: { readonly kind: string; readonly close?: string };
  };
}

const WEB = sidecar('shop/web');
const API = sidecar('shop/api');
const API_HTTP = service('shop/api', 'http:80:8080');
const GATEWAY = sidecar('edge/gw', { labels: 'app: gw, istio: gw, gateway.networking.k8s.io/gateway-name: gw' });
const SERVER = istioObject(
  'Gateway',
  'edge/gw',
  'selector: {istio: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["shop/*.example.com"], tls: {mode: SIMPLE}}]',
);

const CASES: readonly Case[] = [
  {
    title: 'STRICT and a client that uses mutual TLS',
    given: [WEB, API, API_HTTP, STRICT],
    asked: ['shop/web', 'shop/api', 8080],
    fact: { encryption: 'mtls-required' },
  },
  {
    title: 'PERMISSIVE: this connection is, the port takes others',
    given: [WEB, API, API_HTTP, peerAuthentication('shop/a', 'mtls: {mode: PERMISSIVE}')],
    asked: ['shop/web', 'shop/api', 8080],
    fact: {
      encryption: 'mtls-opportunistic',
      hole: { kind: 'permissive', close: 'set `mtls.mode: STRICT` in a PeerAuthentication of shop/a' },
    },
  },
  {
    title: 'an excluded port of the server',
    given: [
      WEB,
      sidecar('shop/api', { annotations: 'traffic.sidecar.istio.io/excludeInboundPorts: "8080"' }),
      API_HTTP,
    ],
    asked: ['shop/web', 'shop/api', 8080],
    fact: { encryption: 'plaintext', hole: { kind: 'skipped-port' } },
  },
  {
    title: 'an excluded port of the client',
    given: [sidecar('shop/web', { annotations: 'traffic.sidecar.istio.io/excludeOutboundPorts: "80"' }), API, API_HTTP],
    asked: ['shop/web', 'shop/api', 8080],
    fact: { encryption: 'plaintext', hole: { kind: 'skipped-port' } },
  },
  {
    title: 'an address that no Service leads to',
    given: [WEB, API],
    asked: ['shop/web', 'shop/api', 8080],
    fact: { encryption: 'plaintext', hole: { kind: 'not-covered' } },
  },
  {
    title: 'a namespace that turns it off',
    given: [WEB, API, API_HTTP, peerAuthentication('shop/a', 'mtls: {mode: DISABLE}')],
    asked: ['shop/web', 'shop/api', 8080],
    fact: { encryption: 'plaintext', hole: { kind: 'disabled' } },
  },
  {
    title: 'a mesh that turns it off',
    given: [WEB, API, API_HTTP, meshConfig('{enableAutoMtls: false}')],
    asked: ['shop/web', 'shop/api', 8080],
    fact: { encryption: 'plaintext', hole: { kind: 'disabled' } },
  },
  {
    title: 'TLS with certificates of the user',
    given: [WEB, API, API_HTTP, destinationRule('shop/a', 'host: api, trafficPolicy: {tls: {mode: MUTUAL}}')],
    asked: ['shop/web', 'shop/api', 8080],
    fact: { encryption: 'tls-app' },
  },
  {
    title: 'HBONE between ambient pods, required only under STRICT',
    given: [ambient('a/x'), ambient('a/z')],
    asked: ['a/x', 'a/z', 80],
    fact: { encryption: 'mtls-opportunistic' },
  },
  {
    title: 'HBONE under STRICT',
    given: [ambient('a/x'), ambient('a/z'), STRICT],
    asked: ['a/x', 'a/z', 80],
    fact: { encryption: 'mtls-required' },
  },
  {
    title: 'a client outside of the mesh',
    given: [bare('shop/old'), API, API_HTTP],
    asked: ['shop/old', 'shop/api', 8080],
    fact: { encryption: 'plaintext', hole: { kind: 'outside-mesh' } },
  },
  {
    title: 'a gateway that takes TLS',
    given: [GATEWAY, SERVER],
    asked: ['203.0.113.9', 'edge/gw', 443],
    fact: { encryption: 'tls-app' },
  },
  {
    title: 'a membership that is not certain',
    given: [bare('a/x', { annotations: 'ambient.istio.io/redirection: pending' }), WEB],
    asked: ['shop/web', 'a/x', 80],
    fact: { encryption: 'unknown' },
  },
];

describe('how the mesh protects a connection', () => {
  test.each(CASES)('$title', ({ given, asked: [from, to, port], fact }) => {
    const { engine, points } = ask(given);
    const source = istioEncryption(engine.compiling, engine.snapshot);
    const found = source.between({ from: points(from)[0]!, to: points(to)[0]!, traffic: trafficPoint('TCP', port) });
    expect(found).toMatchObject(fact);
  });

  test('neither end in the mesh, or not TCP: nothing to say', () => {
    const { engine, points } = ask([bare('a/x'), bare('a/z'), WEB, API, API_HTTP]);
    const source = istioEncryption(engine.compiling, engine.snapshot);
    const [x, z, web, api] = ['a/x', 'a/z', 'shop/web', 'shop/api'].map((name) => points(name)[0]!);
    expect(source.between({ from: x!, to: z!, traffic: 80 })).toBeUndefined();
    expect(source.between({ from: web!, to: api!, traffic: trafficPoint('UDP', 53) })).toBeUndefined();
  });
});

describe('what the network sees', () => {
  test('HBONE between ambient pods, and nothing else', () => {
    const { engine } = ask([ambient('a/x'), ambient('a/z'), bare('a/o')]);
    const [rewrite, ...others] = istioRewrites(engine.compiling, engine.snapshot);
    expect(others).toEqual([]);
    expect(rewrite).toMatchObject({ as: trafficPoint('TCP', 15008), name: 'HBONE, TCP 15008' });
  });

  test('no ambient pods, no rewrite', () => {
    const { engine } = ask([WEB, API]);
    expect(istioRewrites(engine.compiling, engine.snapshot)).toEqual([]);
  });
});

test('routes of a Gateway lead to Services, by hosts that both have', () => {
  const routes = istioObject(
    'VirtualService',
    'shop/web',
    'hosts: [www.example.com], gateways: [edge/gw], http: [{route: [{destination: {host: api, port: {number: 80}}}, {destination: {host: api.other.example}}]}]',
  );
  const elsewhere = istioObject(
    'VirtualService',
    'edge/web',
    'hosts: [www.example.com], gateways: [gw], http: [{route: [{destination: {host: api}}]}]',
  );
  const { engine } = ask([API, API_HTTP, GATEWAY, SERVER, routes, elsewhere]);
  expect(istioRoutes(engine.snapshot)).toMatchObject([
    { hosts: ['www.example.com'], tls: 'SIMPLE', backend: 'shop/api', destination: { host: 'api', port: 80 } },
    { hosts: ['www.example.com'], tls: 'SIMPLE', destination: { host: 'api.other.example' } },
  ]);
});
