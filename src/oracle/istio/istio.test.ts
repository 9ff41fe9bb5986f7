import { describe, expect, test } from 'vitest';
import type { MeshConfig } from '#model/istio.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { PROFILES } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { trafficPoint } from '#model/traffic.ts';
import { labels, networkPolicy, outside, snapshot } from '../build.test-support.ts';
import { oracleOf, type Party } from '../connection.ts';
import { encryptionOf } from '../encryption.ts';
import {
  authorization,
  destinationRule,
  meshPod,
  peerAuthentication,
  service,
  waypoint,
} from '../mesh.test-support.ts';
import { DEFAULT_MESH } from './settings.ts';

const profile = PROFILES['azure-npm-linux'];
const client = meshPod('shop/web', '10.0.0.1', 'sidecar', { account: 'web' });
const plain = meshPod('shop/old', '10.0.0.2', 'none');
const far = meshPod('lab/web', '10.0.0.3', 'sidecar', { account: 'web' });
const api = meshPod('shop/api', '10.0.1.1', 'sidecar');
const quiet = meshPod('shop/quiet', '10.0.1.2', 'none');
const ambientClient = meshPod('shop/web', '10.0.0.4', 'ambient', { account: 'web' });
const ambient = meshPod('shop/api', '10.0.1.3', 'ambient');
const internet = outside('203.0.113.7');
const httpApi = [service('shop/api', 'api', 'http=80')];
const tcpApi = [service('shop/api', 'api', 'tcp=80')];
const strict = peerAuthentication('shop/default', { mode: 'STRICT' });

interface Case {
  readonly from: Party;
  readonly to?: Party;
  readonly port?: number;
  readonly request?: AskedRequest;
  readonly mesh?: MeshConfig;
}

function ask(parts: Partial<Snapshot>, { from, to = api, port = 80, ...rest }: Case): string {
  const oracle = oracleOf({ snapshot: snapshot(parts), profile, ...rest });
  return oracle({ from, to, traffic: trafficPoint('TCP', port) }).verdict;
}

function get(path: string): AskedRequest {
  return { kind: 'http', method: 'GET', path, host: 'api', headers: new Map() };
}

type Row = readonly [title: string, parts: Partial<Snapshot>, asked: Case, verdict: string];

describe('the surprises of Istio, by number', () => {
  const allowLab = authorization('shop/x', 'ALLOW', [{ from: [{ namespaces: ['lab'] }] }]);
  const denyDelete = authorization('shop/x', 'DENY', [{ to: [{ methods: ['DELETE'] }] }]);
  const denyDeleteAt80 = authorization('shop/x', 'DENY', [{ to: [{ methods: ['DELETE'], ports: ['80'] }] }]);
  const strictFor = (port: number) =>
    peerAuthentication('shop/w', { select: { app: 'api' }, mode: 'PERMISSIVE', ports: { [port]: 'STRICT' } });

  test.each<Row>([
    ['1 an ALLOW closes what it does not name', { istioAuthorizations: [allowLab] }, { from: client }, 'denied'],
    [
      '1 one of the root namespace closes everything',
      { istioAuthorizations: [authorization('istio-system/x', 'ALLOW', [{ from: [{ namespaces: ['lab'] }] }])] },
      { from: client },
      'denied',
    ],
    [
      '2 ALLOW without rules',
      { istioAuthorizations: [authorization('shop/x', 'ALLOW', [])] },
      { from: client },
      'denied',
    ],
    [
      '2 ALLOW with an empty rule',
      { istioAuthorizations: [authorization('shop/x', 'ALLOW', [{}])] },
      { from: client },
      'allowed',
    ],
    [
      '2 DENY without rules',
      { istioAuthorizations: [authorization('shop/x', 'DENY', [])] },
      { from: client },
      'allowed',
    ],
    [
      '2 DENY with an empty rule',
      { istioAuthorizations: [authorization('shop/x', 'DENY', [{}])] },
      { from: client },
      'denied',
    ],
    [
      '3 STRICT lets every pod of the mesh in',
      { services: httpApi, peerAuthentications: [strict] },
      { from: far },
      'allowed',
    ],
    ['3 STRICT keeps a plain pod out', { services: httpApi, peerAuthentications: [strict] }, { from: plain }, 'denied'],
    [
      '4 PERMISSIVE, and an ALLOW asks who it is',
      { services: httpApi, istioAuthorizations: [allowLab] },
      { from: plain },
      'denied',
    ],
    ['4 … of the mesh', { services: httpApi, istioAuthorizations: [allowLab] }, { from: far }, 'allowed'],
    [
      '5 DENY of all others catches who shows nothing',
      { istioAuthorizations: [authorization('shop/x', 'DENY', [{ from: [{ 'not namespaces': ['shop'] }] }])] },
      { from: plain },
      'denied',
    ],
    [
      '7 DENY of a method: TCP port',
      { services: tcpApi, istioAuthorizations: [denyDelete] },
      { from: client },
      'denied',
    ],
    [
      '7 DENY of a method: HTTP port',
      { services: httpApi, istioAuthorizations: [denyDelete] },
      { from: client },
      'allowed',
    ],
    [
      '7 DENY of a method: ztunnel',
      { services: httpApi, istioAuthorizations: [denyDelete] },
      { from: ambientClient, to: ambient },
      'allowed',
    ],
    [
      '7 DENY of a method and a port: ztunnel',
      { services: httpApi, istioAuthorizations: [denyDeleteAt80] },
      { from: ambientClient, to: ambient },
      'denied',
    ],
    [
      '8 a selector in the root namespace is for nobody',
      {
        services: httpApi,
        peerAuthentications: [peerAuthentication('istio-system/x', { select: { app: 'api' }, mode: 'STRICT' })],
      },
      { from: plain },
      'allowed',
    ],
    [
      '8 … of an AuthorizationPolicy for all',
      { istioAuthorizations: [authorization('istio-system/x', 'DENY', [{}])] },
      { from: plain },
      'denied',
    ],
    [
      '9 the oldest of two for one workload',
      {
        peerAuthentications: [
          peerAuthentication('shop/a', { select: { app: 'api' }, mode: 'STRICT', created: '2026-01-02T00:00:00Z' }),
          peerAuthentication('shop/b', { select: { app: 'api' }, mode: 'PERMISSIVE', created: '2026-01-01T00:00:00Z' }),
        ],
      },
      { from: plain },
      'allowed',
    ],
    [
      '9 nobody knows the age of manifests',
      {
        peerAuthentications: [
          peerAuthentication('shop/a', { select: { app: 'api' }, mode: 'STRICT' }),
          peerAuthentication('shop/b', { select: { app: 'api' }, mode: 'PERMISSIVE' }),
        ],
      },
      { from: plain },
      'unknown',
    ],
    [
      '10 ports are those of the pod',
      { services: [service('shop/api', 'api', 'http=80:8080')], peerAuthentications: [strictFor(8080)] },
      { from: plain, port: 8080 },
      'denied',
    ],
    [
      '10 … and not those of the Service',
      { services: [service('shop/api', 'api', 'http=80:8080')], peerAuthentications: [strictFor(80)] },
      { from: plain, port: 8080 },
      'allowed',
    ],
    [
      '11 UNSET leaves the parent in force',
      {
        peerAuthentications: [
          peerAuthentication('istio-system/x', { mode: 'STRICT' }),
          peerAuthentication('shop/x', { mode: 'UNSET' }),
        ],
      },
      { from: plain },
      'denied',
    ],
    [
      '12 DISABLE at the client of a strict server',
      {
        services: httpApi,
        peerAuthentications: [strict],
        destinationRules: [destinationRule('shop/x', 'api', { tls: 'DISABLE' })],
      },
      { from: client },
      'denied',
    ],
    [
      '12 DISABLE of the namespace, STRICT of the workload',
      {
        services: httpApi,
        peerAuthentications: [
          peerAuthentication('shop/x', { mode: 'DISABLE' }),
          peerAuthentication('shop/w', { select: { app: 'api' }, mode: 'STRICT' }),
        ],
      },
      { from: client },
      'denied',
    ],
    [
      '13 a rule without tls leaves it to the mesh',
      { services: httpApi, peerAuthentications: [strict], destinationRules: [destinationRule('shop/x', 'api', {})] },
      { from: client },
      'allowed',
    ],
    [
      '13 an entry for the port drops the outer tls',
      {
        services: httpApi,
        peerAuthentications: [strict],
        destinationRules: [
          destinationRule('shop/x', 'api', { tls: 'DISABLE', ports: [{ port: 80, origin: NO_ORIGIN }] }),
        ],
      },
      { from: client },
      'allowed',
    ],
    [
      '14 an excluded port is hidden from all of it',
      { peerAuthentications: [strict], istioAuthorizations: [authorization('shop/x', 'DENY', [{}])] },
      {
        from: plain,
        to: meshPod('shop/api', '10.0.1.1', 'sidecar', {
          annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '80' },
        }),
      },
      'allowed',
    ],
    [
      '19 another name of the trust domain',
      {
        services: httpApi,
        istioAuthorizations: [authorization('shop/x', 'ALLOW', [{ from: [{ principals: ['old/ns/shop/sa/web'] }] }])],
      },
      { from: client, mesh: { ...DEFAULT_MESH, trustDomain: 'new', trustDomainAliases: ['old'] } },
      'allowed',
    ],
    [
      '20 AUDIT has no say',
      { istioAuthorizations: [authorization('shop/x', 'AUDIT', [{}])] },
      { from: client },
      'allowed',
    ],
    [
      '20 CUSTOM: only its provider knows',
      { istioAuthorizations: [authorization('shop/x', 'CUSTOM', [{}], { provider: 'ask' })] },
      { from: client, mesh: { ...DEFAULT_MESH, authorizers: new Map([['ask', 'grpc']]) } },
      'unknown',
    ],
    [
      '20 CUSTOM of a provider that is not there',
      { istioAuthorizations: [authorization('shop/x', 'CUSTOM', [{}], { provider: 'gone' })] },
      { from: client, mesh: { ...DEFAULT_MESH, given: true } },
      'denied',
    ],
    [
      '21 an attribute that is no TCP one: ALLOW',
      {
        services: tcpApi,
        istioAuthorizations: [authorization('shop/x', 'ALLOW', [{ when: { 'request.headers[x]': ['y'] } }])],
      },
      { from: client },
      'denied',
    ],
    [
      '25 a pod without a proxy has no policy',
      { istioAuthorizations: [authorization('shop/x', 'DENY', [{}])] },
      { from: client, to: quiet },
      'allowed',
    ],
  ])('%s', (_title, parts, asked, verdict) => expect(ask(parts, asked)).toBe(verdict));
});

describe('requests', () => {
  const onlyA = authorization('shop/x', 'ALLOW', [{ to: [{ paths: ['/a/*'] }] }]);
  test.each<Row>([
    [
      'none asked about: some may pass',
      { services: httpApi, istioAuthorizations: [onlyA] },
      { from: client },
      'allowed',
    ],
    [
      'one that it means',
      { services: httpApi, istioAuthorizations: [onlyA] },
      { from: client, request: get('/a/b') },
      'allowed',
    ],
    [
      'one that it does not',
      { services: httpApi, istioAuthorizations: [onlyA] },
      { from: client, request: get('/b') },
      'denied',
    ],
    [
      'on a port that is not HTTP',
      { services: tcpApi, istioAuthorizations: [onlyA] },
      { from: client, request: get('/a/b') },
      'denied',
    ],
    [
      'a star means all',
      { services: httpApi, istioAuthorizations: [authorization('shop/x', 'DENY', [{ to: [{ paths: ['*'] }] }])] },
      { from: client },
      'denied',
    ],
  ])('%s', (_title, parts, asked, verdict) => expect(ask(parts, asked)).toBe(verdict));
});

describe('what pod policy sees', () => {
  const allow = (port: string) => [
    networkPolicy('shop/x', { select: { app: 'api' }, ingress: [{ ports: [`TCP/${port}`] }] }),
  ];
  test.each<Row>([
    [
      '17 ambient: the port of the application is not seen',
      { networkPolicies: allow('80') },
      { from: ambientClient, to: ambient },
      'denied',
    ],
    ['17 ambient: the tunnel is', { networkPolicies: allow('15008') }, { from: ambientClient, to: ambient }, 'allowed'],
    [
      '17 ambient: from a pod outside of the mesh it is seen',
      { networkPolicies: allow('80') },
      { from: plain, to: ambient },
      'allowed',
    ],
    ['18 sidecars: it is seen', { services: httpApi, networkPolicies: allow('80') }, { from: client }, 'allowed'],
    [
      'a sidecar to ambient: perhaps a tunnel',
      { services: httpApi, networkPolicies: allow('80') },
      { from: client, to: ambient },
      'unknown',
    ],
  ])('%s', (_title, parts, asked, verdict) => expect(ask(parts, asked)).toBe(verdict));
});

describe('23 waypoints', () => {
  const { gateway, pod } = waypoint('shop/wp', '10.0.2.1');
  const bound = { ...httpApi[0]!, labels: labels({ 'istio.io/use-waypoint': 'wp' }) };
  const through = { services: [bound], gateways: [gateway], pods: [pod] };
  const target = { targetRefs: [{ group: '', kind: 'Service', name: 'api', path: '', origin: NO_ORIGIN }] };
  const from = ambientClient;
  const to = ambient;
  const only = (account: string) => authorization('shop/x', 'ALLOW', [{ from: [{ serviceAccounts: [account] }] }]);
  const comingFrom = (app: string) => [
    networkPolicy('shop/x', { select: { app: 'api' }, ingress: [{ peers: [{ pods: { app } }] }] }),
  ];
  const denied = authorization('shop/x', 'DENY', [{ to: [{ methods: ['GET'] }] }], target);

  test.each<Row>([
    ['nothing said', through, { from, to }, 'allowed'],
    [
      'a policy of the Service',
      { ...through, istioAuthorizations: [denied] },
      { from, to, request: get('/') },
      'denied',
    ],
    [
      '… is nothing to who passes the waypoint by',
      { ...through, istioAuthorizations: [denied] },
      { from: client, to, request: get('/'), mesh: { ...DEFAULT_MESH, sidecarsSpeakHbone: false } },
      'allowed',
    ],
    [
      '… and nothing without a waypoint',
      { services: [bound], istioAuthorizations: [denied] },
      { from, to, request: get('/') },
      'allowed',
    ],
    ['the destination sees the waypoint', { ...through, istioAuthorizations: [only('wp')] }, { from, to }, 'allowed'],
    ['… and not the client', { ...through, istioAuthorizations: [only('web')] }, { from, to }, 'denied'],
    [
      'pod policy sees the waypoint as well',
      { ...through, networkPolicies: comingFrom('wp') },
      { from, to },
      'allowed',
    ],
    ['… and not the client', { ...through, networkPolicies: comingFrom('web') }, { from, to }, 'denied'],
    [
      'pod policy of the waypoint',
      { ...through, networkPolicies: [networkPolicy('shop/x', { select: { app: 'wp' } })] },
      { from, to },
      'denied',
    ],
    ['one without a pod in the input', { ...through, pods: [] }, { from, to }, 'allowed'],
    [
      '… where there is pod policy',
      { ...through, pods: [], networkPolicies: comingFrom('wp') },
      { from, to },
      'unknown',
    ],
    [
      'one for pods',
      { ...through, gateways: [waypoint('shop/wp', '10.0.2.1', 'workload').gateway], istioAuthorizations: [denied] },
      { from, to, request: get('/') },
      'allowed',
    ],
  ])('%s', (_title, parts, asked, verdict) => expect(ask(parts, asked)).toBe(verdict));
});

describe('encryption', () => {
  const openPort = peerAuthentication('shop/w', {
    select: { app: 'api' },
    mode: 'STRICT',
    ports: { 80: 'PERMISSIVE' },
  });
  test.each<readonly [title: string, parts: Partial<Snapshot>, from: Party, to: Party, encryption: string]>([
    ['sidecars, strict', { services: httpApi, peerAuthentications: [strict] }, client, api, 'mtls-required'],
    ['sidecars, permissive', { services: httpApi }, client, api, 'mtls-opportunistic'],
    [
      'sidecars, the port alone permissive',
      { services: httpApi, peerAuthentications: [openPort] },
      client,
      api,
      'mtls-opportunistic',
    ],
    ['no Service leads there', {}, client, api, 'plaintext'],
    [
      'a rule switches it off',
      { services: httpApi, destinationRules: [destinationRule('shop/x', 'api', { tls: 'DISABLE' })] },
      client,
      api,
      'plaintext',
    ],
    [
      'a rule has TLS of its own',
      { services: httpApi, destinationRules: [destinationRule('shop/x', 'api', { tls: 'SIMPLE' })] },
      client,
      api,
      'tls-app',
    ],
    ['ambient', {}, ambientClient, ambient, 'mtls-opportunistic'],
    ['ambient, strict', { peerAuthentications: [strict] }, ambientClient, ambient, 'mtls-required'],
    ['out of the mesh', { services: httpApi }, client, quiet, 'plaintext'],
    ['from outside', { services: httpApi }, internet, api, 'plaintext'],
  ])('%s', (_title, parts, from, to, encryption) => {
    const oracle = encryptionOf({ snapshot: snapshot(parts), profile });
    expect(oracle({ from, to, traffic: trafficPoint('TCP', 80) })).toBe(encryption);
  });
});
