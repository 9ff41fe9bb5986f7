import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot.ts';
import { meshConfigOf } from './mesh-config.ts';

function read(text: string) {
  return snapshotOf([{ file: 'istio.yaml', text }]);
}

function policy(spec: string, kind = 'AuthorizationPolicy', apiVersion = 'security.istio.io/v1'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a, namespace: shop}\nspec: {${spec}}`;
}

/** A spec and the codes that it gets; what an API server or istiod refuses is not in the snapshot. */
interface Case {
  readonly spec: string;
  readonly codes: readonly string[];
  readonly kind?: string;
  readonly taken: boolean;
}

const AUTHORIZATIONS: readonly Case[] = [
  { spec: '', codes: [], taken: true },
  { spec: 'rules: [{}]', codes: [], taken: true },
  { spec: 'action: DENY', codes: ['RF3010'], taken: true },
  { spec: 'action: BLOCK', codes: ['RF2004'], taken: false },
  { spec: 'rules: [{from: []}]', codes: ['RF2014'], taken: false },
  { spec: 'rules: [{from: [{source: {}}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{to: [{operation: {}}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{from: [{source: {principals: [""]}}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{from: [{source: {ipBlocks: [10.0.0.0/33]}}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{from: [{source: {ipBlocks: [10.0.0.1/8, "fd00::1"]}}]}]', codes: [], taken: true },
  { spec: 'rules: [{from: [{source: {serviceAccounts: [a/b/c]}}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{from: [{source: {serviceAccounts: [a], namespaces: [b]}}]}]', codes: ['RF2009'], taken: false },
  { spec: 'rules: [{to: [{operation: {ports: [http]}}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{to: [{operation: {paths: ["/a/{*}/b/{**}"]}}]}]', codes: [], taken: true },
  { spec: 'rules: [{to: [{operation: {paths: ["/a/{**}/{*}"]}}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{to: [{operation: {paths: ["/a/{x}"]}}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{when: [{key: source.ip}]}]', codes: ['RF2016'], taken: false },
  { spec: 'rules: [{when: [{key: source.colour, values: [red]}]}]', codes: ['RF2013'], taken: true },
  { spec: 'rules: [{from: [{source: {principal: [a]}}]}]', codes: ['RF2013'], taken: true },
  { spec: 'action: CUSTOM, rules: [{}]', codes: ['RF2016'], taken: false },
  { spec: 'action: CUSTOM, provider: {name: x}', codes: ['RF2016'], taken: false },
  {
    spec: 'action: CUSTOM, provider: {name: x}, rules: [{from: [{source: {namespaces: [a]}}]}]',
    codes: ['RF2016'],
    taken: false,
  },
  { spec: 'provider: {name: x}', codes: ['RF2016'], taken: false },
  { spec: 'selector: {matchLabels: {a: b}}, targetRef: {kind: Service, name: x}', codes: ['RF2009'], taken: false },
  { spec: 'targetRef: {kind: Service, name: x, namespace: other}', codes: ['RF2009'], taken: false },
];

const PEERS: readonly Case[] = [
  { spec: 'mtls: {mode: STRICT}', codes: [], taken: true },
  { spec: 'mtls: {mode: ON}', codes: ['RF1009', 'RF2002'], taken: false },
  { spec: 'mtls: {mode: HARD}', codes: ['RF2004'], taken: false },
  { spec: 'portLevelMtls: {80: {mode: STRICT}}', codes: ['RF2009'], taken: false },
  { spec: 'selector: {matchLabels: {}}, portLevelMtls: {80: {mode: STRICT}}', codes: ['RF2009'], taken: false },
  { spec: 'selector: {matchLabels: {a: b}}, portLevelMtls: {80: {mode: STRICT}}', codes: [], taken: true },
  { spec: 'selector: {matchLabels: {a: b}}, portLevelMtls: {http: {mode: STRICT}}', codes: ['RF2008'], taken: false },
];

describe('AuthorizationPolicy', () => {
  test.each(AUTHORIZATIONS)('$spec', ({ spec, codes, taken }) => {
    const snapshot = read(policy(spec));
    expect(snapshot.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(snapshot.istioAuthorizations).toHaveLength(taken ? 1 : 0);
  });

  test('is read as the server would store it', () => {
    const [found] = read(
      policy(
        'rules: [{from: [{source: {principals: [a], notNamespaces: [b]}}], to: [{operation: {ports: ["80"]}}], when: [{key: source.ip, notValues: [10.0.0.0/8]}]}]',
      ),
    ).istioAuthorizations;
    expect(found).toMatchObject({ action: 'ALLOW', targetRefs: [], dryRun: false, gaps: [] });
    const [rule] = found!.rules;
    expect(rule).toMatchObject({ path: 'spec.rules[0]', gaps: [] });
    expect([...rule!.sources[0]!.fields]).toEqual([
      ['principals', { values: ['a'], not: [] }],
      ['namespaces', { values: [], not: ['b'] }],
    ]);
    expect(rule!.conditions[0]).toMatchObject({ key: 'source.ip', values: [], not: ['10.0.0.0/8'] });
  });
});

describe('PeerAuthentication', () => {
  test.each(PEERS)('$spec', ({ spec, codes, taken }) => {
    const snapshot = read(policy(spec, 'PeerAuthentication'));
    expect(snapshot.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(snapshot.peerAuthentications).toHaveLength(taken ? 1 : 0);
  });
});

describe('networking.istio.io', () => {
  test('a DestinationRule: tls without a mode is DISABLE, none is none', () => {
    const spec =
      'host: web, trafficPolicy: {tls: {}, loadBalancer: {simple: PASSTHROUGH}, portLevelSettings: [{port: {number: 80}}]}, subsets: [{name: v1, labels: {v: "1"}}]';
    const [rule] = read(policy(spec, 'DestinationRule', 'networking.istio.io/v1alpha3')).destinationRules;
    expect(rule?.traffic).toMatchObject({ tls: 'DISABLE', passthrough: true, ports: [{ port: 80 }] });
    expect(rule?.traffic?.ports[0]?.tls).toBeUndefined();
    expect(rule?.subsets[0]?.traffic).toBeUndefined();
  });

  test('a Sidecar: a policy without a mode is REGISTRY_ONLY', () => {
    const spec =
      'egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {}, ingress: [{port: {number: 80, protocol: HTTP, name: h}}]';
    const [found] = read(policy(spec, 'Sidecar', 'networking.istio.io/v1')).istioSidecars;
    expect(found).toMatchObject({ outboundMode: 'REGISTRY_ONLY', ingress: [{ port: 80, protocol: 'HTTP' }] });
  });

  test('a Sidecar host needs a namespace', () => {
    const { diagnostics } = read(policy('egress: [{hosts: ["web"]}]', 'Sidecar', 'networking.istio.io/v1'));
    expect(diagnostics.map(({ code }) => code)).toEqual(['RF2016']);
  });

  test('a ServiceEntry: addresses and CIDRs, ports, endpoints', () => {
    const spec =
      'hosts: [A.example], addresses: [192.0.2.1, 10.0.0.0/8], ports: [{number: 443, name: tls, protocol: tls}], endpoints: [{address: 192.0.2.2, ports: {tls: 8443}}], resolution: STATIC';
    const [entry] = read(policy(spec, 'ServiceEntry', 'networking.istio.io/v1beta1')).serviceEntries;
    expect(entry).toMatchObject({ hosts: ['a.example'], location: 'MESH_EXTERNAL', resolution: 'STATIC' });
    expect(entry?.addresses.map(({ length }) => length)).toEqual([32, 8]);
    expect(entry?.ports).toMatchObject([{ number: 443, targetPort: 443, protocol: 'TLS' }]);
    expect(entry?.endpoints[0]?.ports.get('tls')).toBe(8443);
  });

  test('a VirtualService: destinations, mirrors and what is matched', () => {
    const spec =
      'hosts: [web], http: [{match: [{uri: {prefix: /a}, method: {exact: GET}}], route: [{destination: {host: web, subset: v1, port: {number: 80}}, weight: 90}], mirror: {host: shadow}}]';
    const [service] = read(policy(spec, 'VirtualService', 'networking.istio.io/v1')).virtualServices;
    expect(service?.routes[0]).toMatchObject({
      protocol: 'http',
      matches: ['/a* method GET'],
      destinations: [
        { host: 'web', subset: 'v1', port: 80, weight: 90, mirror: false },
        { host: 'shadow', mirror: true },
      ],
    });
  });

  test('a Gateway is not the one of the Kubernetes API', () => {
    const spec =
      'selector: {istio: ingressgateway}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: c}}]';
    const snapshot = read(policy(spec, 'Gateway', 'networking.istio.io/v1'));
    expect(snapshot.gateways).toHaveLength(0);
    expect(snapshot.istioGateways[0]?.servers).toMatchObject([{ port: 443, protocol: 'HTTPS', tls: 'SIMPLE' }]);
  });
});

function configMap(name: string, mesh: string, namespace = 'istio-system'): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata:\n  mesh: |\n    ${mesh}`;
}

describe('the mesh configuration', () => {
  test('defaults', () => {
    expect(meshConfigOf(read(''))).toMatchObject({
      rootNamespace: 'istio-system',
      outboundMode: 'ALLOW_ANY',
      autoMtls: true,
      trustDomain: 'cluster.local',
      pathNormalization: 'BASE',
      given: false,
      sidecarsSpeakHbone: undefined,
    });
  });

  test('what it says', () => {
    const config = meshConfigOf(
      read(
        configMap(
          'istio',
          '{rootNamespace: mesh, enableAutoMtls: false, trustDomain: td, trustDomainAliases: [old], outboundTrafficPolicy: {mode: REGISTRY_ONLY}, pathNormalization: {normalization: MERGE_SLASHES}, extensionProviders: [{name: opa, envoyExtAuthzGrpc: {}}, {name: p, envoyExtAuthzHttp: {}}, {name: zipkin, zipkin: {}}]}',
        ),
      ),
    );
    expect(config).toMatchObject({
      rootNamespace: 'mesh',
      autoMtls: false,
      trustDomain: 'td',
      trustDomainAliases: ['old'],
      outboundMode: 'REGISTRY_ONLY',
      pathNormalization: 'MERGE_SLASHES',
      given: true,
      problems: [],
    });
    expect([...config.authorizers]).toEqual([
      ['opa', 'grpc'],
      ['p', 'http'],
    ]);
  });

  test('the add-on of AKS: its root namespace, and what users share below its own', () => {
    const shared = configMap(
      'istio-shared-configmap-asm-1-25',
      '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, trustDomain: mine}',
      'aks-istio-system',
    );
    const own = configMap('istio-asm-1-25', '{trustDomain: theirs}', 'aks-istio-system');
    expect(meshConfigOf(read(`${shared}\n---\n${own}`))).toMatchObject({
      rootNamespace: 'aks-istio-system',
      trustDomain: 'theirs',
      outboundMode: 'REGISTRY_ONLY',
    });
  });

  test('what cannot be read is told', () => {
    expect(meshConfigOf(read(configMap('istio', '[')))).toMatchObject({
      problems: [expect.stringContaining('cannot be read')],
    });
  });
});
