import { describe, expect, test } from 'vitest';
import type { CiliumRule } from '#model/cilium.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { snapshotOf } from '../snapshot.ts';

function read(kind: string, spec: string, meta = 'namespace: shop, '): Snapshot {
  const text = `{apiVersion: cilium.io/v2, kind: ${kind}, metadata: {${meta}name: p}, spec: {${spec}}}`;
  return snapshotOf([{ file: 'a.yaml', text }]);
}

const policy = (spec: string) => read('CiliumNetworkPolicy', spec);
const ALL = 'endpointSelector: {}';
const http = (port: string, rule: string) =>
  `toPorts: [{ports: [{port: "${port}", protocol: TCP}], rules: {http: [${rule}]}}]`;
const dns = (rest: string) => `toPorts: [{${rest}rules: {dns: [{matchPattern: "*"}]}}]`;

function entry(spec: string): CiliumRule {
  const { ciliumPolicies, diagnostics } = policy(`${ALL}, egress: [{${spec}}]`);
  expect(diagnostics).toEqual([]);
  return ciliumPolicies[0]!.specs[0]!.egress[0]!;
}

describe('what an entry means', () => {
  test.each<[string, string, Partial<CiliumRule>]>([
    ['no peers', '', {}],
    ['no endpoints', 'toEndpoints: []', { peers: { kind: 'entities', names: [] } }],
    [
      'no endpoints, whatever is beside',
      'toEndpoints: [], toCIDR: [10.0.0.0/8]',
      { peers: { kind: 'entities', names: [] } },
    ],
    ['entities', 'toEntities: [world]', { peers: { kind: 'entities', names: ['world'] } }],
    ['names', 'toFQDNs: [{matchName: A.B.}]', { peers: { kind: 'names', names: [{ name: 'a.b' }] } }],
    ['every port', 'toPorts: [{ports: [{port: "0"}]}]', { ports: [{ ports: [{ protocol: 'ANY' }], serverNames: [] }] }],
    [
      'a port by name',
      'toPorts: [{ports: [{port: HTTP, protocol: TCP}]}]',
      { ports: [{ ports: [{ port: 'http', protocol: 'TCP' }], serverNames: [] }] },
    ],
    [
      'a number as Go reads it',
      'toPorts: [{ports: [{port: "010"}]}]',
      { ports: [{ ports: [{ port: 8, protocol: 'ANY' }], serverNames: [] }] },
    ],
    [
      'types of ICMP',
      'icmps: [{fields: [{type: EchoRequest, family: IPv6}]}]',
      { icmps: [{ family: 'ICMPv6', type: 128 }] },
    ],
    [
      'headers',
      http('80', '{headers: ["X-A: b c"], headerMatches: [{name: X-B, mismatch: ADD, value: z}]}'),
      {
        ports: [
          {
            ports: [{ port: 80, protocol: 'TCP' }],
            http: [
              {
                headers: [
                  { name: 'x-a', value: 'b c', open: false },
                  { name: 'x-b', value: 'z', open: true },
                ],
              },
            ],
            serverNames: [],
          },
        ],
      },
    ],
    ['requirements', 'toRequires: [{}]', { requires: true }],
  ])('%s', (_, spec, expected) => {
    const { path: _path, origin: _origin, gaps, ...rest } = entry(spec);
    expect(gaps).toEqual([]);
    expect(rest).toEqual({ requires: false, ...expected });
  });

  test('an empty list that versions read in two ways is a gap', () => {
    expect(entry('toFQDNs: []').gaps.map(({ reason }) => reason)).toEqual(['version-dependent']);
  });

  test('the subject of a namespace is of it, whatever its labels say', () => {
    const said = 'endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": other, app: a}}, ingress: [{}]';
    const { ciliumPolicies } = policy(said);
    expect(ciliumPolicies[0]!.specs[0]!.endpointSelector!.requirements.map(({ key }) => key)).toEqual(['app']);
  });
});

describe('what is refused', () => {
  test.each([
    ['no entry at all', `${ALL}, ingress: []`, 'RF2016'],
    ['nobody it is for', 'ingress: [{}]', 'RF2016'],
    ['two whom it is for', `${ALL}, nodeSelector: {}, ingress: [{}]`, 'RF2016'],
    ['nodes in a namespace', 'nodeSelector: {}, ingress: [{}]', 'RF2016'],
    ['two kinds of peers', `${ALL}, ingress: [{fromEndpoints: [{}], fromEntities: [world]}]`, 'RF2016'],
    ['CIDRs in two lists', `${ALL}, ingress: [{fromCIDR: [10.0.0.0/8], fromCIDRSet: [{cidr: 10.0.0.0/8}]}]`, 'RF2016'],
    [
      'ports and ICMP',
      `${ALL}, ingress: [{toPorts: [{ports: [{port: "1"}]}], icmps: [{fields: [{type: 8}]}]}]`,
      'RF2016',
    ],
    ['an unknown entity', `${ALL}, ingress: [{fromEntities: [moon]}]`, 'RF2016'],
    ['an exception outside', `${ALL}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/8]}]}]`, 'RF2010'],
    ['a block without a length', `${ALL}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.1}]}]`, 'RF2016'],
    ['a block and a group', `${ALL}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, cidrGroupRef: g}]}]`, 'RF2016'],
    ['requests in a denial', `${ALL}, ingressDeny: [{${http('80', '{}')}}]`, 'RF2016'],
    ['names in a denial', `${ALL}, egressDeny: [{toFQDNs: [{matchName: a.b}]}]`, 'RF2016'],
    ['authentication in a denial', `${ALL}, ingressDeny: [{authentication: {mode: required}}]`, 'RF2016'],
    ['requests on any protocol', `${ALL}, ingress: [{${http('80', '{}').replace(', protocol: TCP', '')}}]`, 'RF2016'],
    ['requests on every port', `${ALL}, ingress: [{${http('0', '{}')}}]`, 'RF2016'],
    ['a pattern that is none', `${ALL}, ingress: [{${http('80', '{path: "("}')}}]`, 'RF2016'],
    ['DNS on the way in', `${ALL}, ingress: [{${dns('ports: [{port: "53"}], ')}}]`, 'RF2016'],
    ['DNS without a port', `${ALL}, egress: [{${dns('')}}]`, 'RF2016'],
    ['DNS on a range', `${ALL}, egress: [{${dns('ports: [{port: "53", endPort: 60}], ')}}]`, 'RF2016'],
    [
      'server names beside requests',
      `${ALL}, egress: [{${http('443', '{}').replace('rules:', 'serverNames: [a], rules:')}}]`,
      'RF2016',
    ],
    [
      'a listener on the way in',
      `${ALL}, ingress: [{toPorts: [{ports: [{port: "80"}], listener: {name: l}}]}]`,
      'RF2016',
    ],
    ['a port that is a number', `${ALL}, ingress: [{toPorts: [{ports: [{port: 80}]}]}]`, 'RF2002'],
    ['no port', `${ALL}, ingress: [{toPorts: [{ports: [{protocol: TCP}]}]}]`, 'RF2003'],
    ['a port too large', `${ALL}, ingress: [{toPorts: [{ports: [{port: "70000"}]}]}]`, 'RF2008'],
    ['a name too long', `${ALL}, ingress: [{toPorts: [{ports: [{port: abcdefghijklmnop}]}]}]`, 'RF2008'],
    [
      'a range that ends before it starts',
      `${ALL}, ingress: [{toPorts: [{ports: [{port: "90", endPort: 80}]}]}]`,
      'RF2016',
    ],
    ['a protocol without ports', `${ALL}, ingress: [{toPorts: [{ports: [{port: "1", protocol: ICMP}]}]}]`, 'RF2004'],
    ['a type that is none', `${ALL}, ingress: [{icmps: [{fields: [{type: Hello}]}]}]`, 'RF2016'],
    [
      'values for Exists',
      `endpointSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}, ingress: [{}]`,
      'RF2005',
    ],
  ])('%s', (_, spec, code) => {
    const { ciliumPolicies, diagnostics } = policy(spec);
    expect(ciliumPolicies).toEqual([]);
    expect(diagnostics.map((each) => each.code)).toContain(code);
  });

  test('too many ports', () => {
    const ports = Array.from({ length: 41 }, (_, index) => `{port: "${index + 1}"}`).join(', ');
    const { diagnostics } = policy(`${ALL}, ingress: [{toPorts: [{ports: [${ports}]}]}]`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['RF2016']);
  });

  test('requests in a policy of nodes', () => {
    const spec = `nodeSelector: {}, ingress: [{${http('80', '{}')}}]`;
    const { diagnostics } = read('CiliumClusterwideNetworkPolicy', spec, '');
    expect(diagnostics.map(({ code }) => code)).toEqual(['RF2016']);
  });
});

describe('the other kinds', () => {
  test('a field that is not known is a gap of its entry', () => {
    const { ciliumPolicies, diagnostics } = policy(`${ALL}, ingress: [{fromMoon: [a]}]`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['RF2013']);
    expect(ciliumPolicies[0]!.specs[0]!.ingress[0]!.gaps).toHaveLength(1);
  });

  test('a group of CIDRs, in both versions', () => {
    const text = (version: string) =>
      `{apiVersion: cilium.io/${version}, kind: CiliumCIDRGroup, metadata: {name: ${version}}, spec: {externalCIDRs: [10.0.0.0/8]}}`;
    const files = ['v2', 'v2alpha1'].map((version) => ({ file: `${version}.yaml`, text: text(version) }));
    expect(snapshotOf(files).ciliumCidrGroups.map(({ name, cidrs }) => [name, cidrs.length])).toEqual([
      ['v2', 1],
      ['v2alpha1', 1],
    ]);
  });

  test('a redirect', () => {
    const spec =
      'redirectFrontend: {addressMatcher: {ip: 169.254.169.254, toPorts: [{port: "80", protocol: TCP}]}}, redirectBackend: {localEndpointSelector: {matchLabels: {app: a}}, toPorts: [{port: "8181", protocol: TCP}]}, skipRedirectFromBackend: true';
    expect(read('CiliumLocalRedirectPolicy', spec).ciliumRedirects[0]).toMatchObject({
      address: '169.254.169.254',
      ports: [{ port: 80, protocol: 'TCP' }],
      backendPorts: [{ port: 8181, protocol: 'TCP' }],
      skipsBackends: true,
    });
  });

  test('a redirect of a Service of another namespace is refused', () => {
    const spec =
      'redirectFrontend: {serviceMatcher: {serviceName: s, namespace: other}}, redirectBackend: {localEndpointSelector: {}, toPorts: [{port: "1", protocol: TCP}]}';
    const { ciliumRedirects, diagnostics } = read('CiliumLocalRedirectPolicy', spec);
    expect(ciliumRedirects).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['RF2016']);
  });

  test('an egress gateway', () => {
    const spec =
      'selectors: [{podSelector: {}, namespaceSelector: {}}], destinationCIDRs: [0.0.0.0/0], excludedCIDRs: [10.0.0.0/8], egressGateway: {nodeSelector: {}, egressIP: 192.0.2.1}';
    const { ciliumEgressGateways } = read('CiliumEgressGatewayPolicy', spec, '');
    expect(ciliumEgressGateways[0]).toMatchObject({ egressIp: '192.0.2.1' });
    expect(ciliumEgressGateways[0]!.excluded).toHaveLength(1);
  });
});
