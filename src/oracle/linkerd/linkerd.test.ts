import { describe, expect, test } from 'vitest';
import type { LinkerdIdentity, LinkerdNetwork, LinkerdRoute, LinkerdServerAuthorization } from '#model/linkerd.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { PROFILES } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { trafficPoint } from '#model/traffic.ts';
import { cidr, labels, networkPolicy, outside, resource, selector, snapshot } from '../build.test-support.ts';
import { oracleOf, type Party } from '../connection.ts';
import { encryptionOf } from '../encryption.ts';
import { linkerdAuthorization, meshPod, server } from '../mesh.test-support.ts';

const profile = PROFILES['azure-npm-linux'];
const client = meshPod('shop/web', '10.0.0.1', 'linkerd', { account: 'web' });
const plain = meshPod('shop/old', '10.0.0.2', 'none');
const api = meshPod('shop/api', '10.0.1.1', 'linkerd', { ports: ['http=TCP/80'] });
const internet = outside('203.0.113.7');
const serverAt80 = server('shop/http', 80);

function ask(parts: Partial<Snapshot>, from: Party, rest: { to?: Party; request?: AskedRequest } = {}): string {
  const { to = api, request } = rest;
  const oracle = oracleOf({ snapshot: snapshot(parts), profile, ...(request !== undefined && { request }) });
  return oracle({ from, to, traffic: trafficPoint('TCP', 80) }).verdict;
}

function settled(annotations: Readonly<Record<string, string>>): Party {
  const named = Object.entries(annotations).map(([key, value]) => [`config.linkerd.io/${key}`, value] as const);
  return meshPod('shop/api', '10.0.1.1', 'linkerd', { annotations: Object.fromEntries(named) });
}

function identity(place: string, ...identities: string[]): LinkerdIdentity {
  const base = resource('policy.linkerd.io/v1alpha1', 'MeshTLSAuthentication', place);
  return { ...base, kind: 'MeshTLSAuthentication', identities, refs: [], gaps: [] };
}

function network(place: string, block: string): LinkerdNetwork {
  const base = resource('policy.linkerd.io/v1alpha1', 'NetworkAuthentication', place);
  return { ...base, kind: 'NetworkAuthentication', networks: [{ cidr: cidr(block), except: [] }], gaps: [] };
}

function openTo(place: string, networks?: readonly string[]): LinkerdServerAuthorization {
  return {
    ...resource('policy.linkerd.io/v1beta1', 'ServerAuthorization', place),
    kind: 'ServerAuthorization',
    server: { selector: selector({}) },
    client: {
      unauthenticated: true,
      unauthenticatedTls: false,
      identities: [],
      accounts: [],
      ...(networks !== undefined && { networks: networks.map((text) => ({ cidr: cidr(text), except: [] })) }),
    },
    gaps: [],
  };
}

function route(place: string, path: string): LinkerdRoute {
  return {
    ...resource('policy.linkerd.io/v1beta3', 'HTTPRoute', place),
    kind: 'HTTPRoute',
    parents: [{ group: '', kind: 'Server', name: 'http', namespace: '' }],
    hostnames: [],
    matches: [{ path: { type: 'PathPrefix', value: path }, headers: [], queryParams: false, origin: NO_ORIGIN }],
    gaps: [],
  };
}

function get(path: string): AskedRequest {
  return { kind: 'http', method: 'GET', path, host: 'api', headers: labels() };
}

type Row = readonly [title: string, parts: Partial<Snapshot>, from: Party, to: Party, verdict: string];

describe('the surprises of Linkerd, by number', () => {
  const everyone = linkerdAuthorization('shop/all', 'Server/http', []);
  test.each<Row>([
    ['nothing said: everybody', {}, internet, api, 'allowed'],
    ['1 a Server closes its port', { linkerdServers: [serverAt80] }, client, api, 'denied'],
    ['1 … and no other', { linkerdServers: [server('shop/x', 81)] }, client, api, 'allowed'],
    [
      '2 an annotation of the namespace is for pods that were made since',
      {
        namespaces: [
          {
            ...resource('v1', 'Namespace', 'shop'),
            kind: 'Namespace',
            annotations: labels({ 'config.linkerd.io/default-inbound-policy': 'deny' }),
          },
        ],
      },
      client,
      api,
      'unknown',
    ],
    [
      '3 of two Servers the oldest',
      {
        linkerdServers: [
          server('shop/a', 80, { created: '2026-01-02T00:00:00Z' }),
          server('shop/b', 80, { created: '2026-01-01T00:00:00Z', accessPolicy: 'all-unauthenticated' }),
        ],
      },
      plain,
      api,
      'allowed',
    ],
    [
      '4 an authorization of the namespace without a Server',
      { linkerdAuthorizations: [linkerdAuthorization('shop/x', 'Namespace/shop', ['ServiceAccount/web'])] },
      plain,
      api,
      'allowed',
    ],
    [
      '4 … and with one',
      {
        linkerdServers: [serverAt80],
        linkerdAuthorizations: [linkerdAuthorization('shop/x', 'Namespace/shop', ['ServiceAccount/web'])],
      },
      client,
      api,
      'allowed',
    ],
    [
      '5 a reference to nothing admits nobody',
      {
        linkerdServers: [serverAt80],
        linkerdAuthorizations: [linkerdAuthorization('shop/x', 'Server/http', ['MeshTLSAuthentication/gone'])],
      },
      client,
      api,
      'denied',
    ],
    [
      '6 nothing required admits everybody',
      { linkerdServers: [serverAt80], linkerdAuthorizations: [everyone] },
      internet,
      api,
      'allowed',
    ],
    [
      '7 without networks it is for the cluster',
      { linkerdServers: [serverAt80], linkerdServerAuthorizations: [openTo('shop/x')] },
      internet,
      api,
      'denied',
    ],
    [
      '7 … with them for those',
      { linkerdServers: [serverAt80], linkerdServerAuthorizations: [openTo('shop/x', ['0.0.0.0/0'])] },
      internet,
      api,
      'allowed',
    ],
    ['8 a port by its name', { linkerdServers: [server('shop/x', 'http')] }, client, api, 'denied'],
    ['8 … that no container has', { linkerdServers: [server('shop/x', 'web')] }, client, api, 'allowed'],
    [
      '9 a skipped port has no policy',
      { linkerdServers: [serverAt80] },
      client,
      settled({ 'skip-inbound-ports': '80' }),
      'allowed',
    ],
    ['9 an opaque one has', { linkerdServers: [serverAt80] }, client, settled({ 'opaque-ports': '80' }), 'denied'],
    ['11 a pod without a proxy has no policy', { linkerdServers: [serverAt80] }, client, plain, 'allowed'],
    ['12 audit admits', { linkerdServers: [server('shop/x', 80, { accessPolicy: 'audit' })] }, plain, api, 'allowed'],
    [
      'who shows nothing is not authenticated',
      {},
      plain,
      settled({ 'default-inbound-policy': 'all-authenticated' }),
      'denied',
    ],
    ['some ports ask who it is', {}, plain, settled({ 'proxy-require-identity-inbound-ports': '80' }), 'denied'],
    ['… and are told', {}, client, settled({ 'proxy-require-identity-inbound-ports': '80' }), 'allowed'],
    [
      'identity and network together',
      {
        linkerdServers: [serverAt80],
        linkerdAuthorizations: [
          linkerdAuthorization('shop/x', 'Server/http', ['MeshTLSAuthentication/who', 'NetworkAuthentication/where']),
        ],
        linkerdIdentities: [identity('shop/who', '*.shop.serviceaccount.identity.linkerd.cluster.local')],
        linkerdNetworks: [network('shop/where', '10.0.9.0/24')],
      },
      client,
      api,
      'denied',
    ],
  ])('%s', (_title, parts, from, to, verdict) => expect(ask(parts, from, { to })).toBe(verdict));
});

describe('10 routes', () => {
  const parts = {
    linkerdServers: [serverAt80],
    linkerdRoutes: [route('shop/a', '/a'), route('shop/b', '/b')],
    linkerdAuthorizations: [linkerdAuthorization('shop/x', 'HTTPRoute/a', ['ServiceAccount/web'])],
  };
  test.each<readonly [path: string | undefined, verdict: string]>([
    [undefined, 'allowed'],
    ['/a/1', 'allowed'],
    ['/b', 'denied'],
    ['/none', 'denied'],
  ])('%s', (path, verdict) => {
    expect(ask(parts, client, path === undefined ? {} : { request: get(path) })).toBe(verdict);
  });

  test('one that fits none is lost, whoever may come to the Server', () => {
    const open = { ...parts, linkerdAuthorizations: [linkerdAuthorization('shop/x', 'Server/http', [])] };
    expect(ask(open, client, { request: get('/none') })).toBe('denied');
    expect(ask(open, client, { request: get('/b') })).toBe('allowed');
  });
});

describe('the wire', () => {
  test.each<readonly [title: string, parts: Partial<Snapshot>, from: Party, to: Party, encryption: string]>([
    ['both meshed', {}, client, api, 'mtls-opportunistic'],
    [
      'only who shows an identity',
      {},
      client,
      settled({ 'default-inbound-policy': 'all-authenticated' }),
      'mtls-required',
    ],
    ['one without a proxy', {}, plain, api, 'plaintext'],
    ['a skipped port', {}, client, settled({ 'skip-inbound-ports': '80' }), 'plaintext'],
    [
      'an authorization by identity',
      {
        linkerdServers: [serverAt80],
        linkerdAuthorizations: [linkerdAuthorization('shop/x', 'Server/http', ['ServiceAccount/web'])],
      },
      client,
      api,
      'mtls-required',
    ],
  ])('%s', (_title, parts, from, to, encryption) => {
    const oracle = encryptionOf({ snapshot: snapshot(parts), profile });
    expect(oracle({ from, to, traffic: trafficPoint('TCP', 80) })).toBe(encryption);
  });

  test('pod policy may see the port of the proxy in place of the application', () => {
    const parts = {
      networkPolicies: [networkPolicy('shop/x', { select: { app: 'api' }, ingress: [{ ports: ['TCP/80'] }] })],
    };
    expect(ask(parts, client)).toBe('unknown');
    expect(ask(parts, plain)).toBe('allowed');
  });
});
