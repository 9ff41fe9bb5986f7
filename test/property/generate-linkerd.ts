import fc from 'fast-check';
import type { Manifest } from './manifests.ts';

/**
 * Small clusters in Linkerd, as manifests: pods with and without a proxy, Servers and every form of authorization over
 * tiny pools of names and ports, mixed with NetworkPolicy. Every object is one that Linkerd takes.
 */
export const LINKERD_PORTS = [80, 8080, 9090] as const;

const NAMESPACES = ['n0', 'n1'] as const;
const APPS = ['a', 'b'] as const;
const ACCOUNTS = ['default', 'web'] as const;
const GROUP = 'policy.linkerd.io';
const GATEWAYS = 'gateway.networking.k8s.io';
const CONFIG = 'config.linkerd.io';
const POLICIES = [
  'deny',
  'audit',
  'all-authenticated',
  'all-unauthenticated',
  'cluster-authenticated',
  'cluster-unauthenticated',
] as const;
const BLOCKS = ['10.0.0.0/30', '10.0.0.2/32', '0.0.0.0/0', '198.18.0.0/16'] as const;
const IDENTITIES = [
  '*',
  '*.n0.serviceaccount.identity.linkerd.cluster.local',
  'web.n0.serviceaccount.identity.linkerd.cluster.local',
  'default.n1.serviceaccount.identity.linkerd.cluster.local',
] as const;
/** Names are few, so that references find their objects and sometimes nothing. */
const NAMES = ['x', 'y'] as const;

export function linkerdClusters(): fc.Arbitrary<Manifest[]> {
  const some = (kind: fc.Arbitrary<Manifest>, most = 2) =>
    fc.uniqueArray(kind, { maxLength: most, selector: (manifest) => JSON.stringify(placeOf(manifest)) });
  const parts = fc.tuple(
    fc.tuple(...NAMESPACES.map(namespaces)),
    fc.array(podDrafts(), { minLength: 2, maxLength: 5 }),
    some(object('Server', 'v1beta3', servers()), 3),
    some(object('ServerAuthorization', 'v1beta1', serverAuthorizations())),
    some(object('AuthorizationPolicy', 'v1alpha1', authorizations()), 3),
    some(object('MeshTLSAuthentication', 'v1alpha1', identities())),
    some(object('NetworkAuthentication', 'v1alpha1', networks())),
    some(object('HTTPRoute', 'v1beta3', routes())),
    some(gatewayRoutes()),
    some(object('EgressNetwork', 'v1alpha1', egressNetworks(), [...NAMESPACES, 'linkerd-egress'])),
    fc.array(networkPolicies(), { maxLength: 2 }),
    fc.option(installations()),
  );
  return parts.map(
    ([spaces, pods, servers, old, policies, names, nets, routed, gateways, egress, network, config]): Manifest[] => [
      ...spaces,
      ...(config === null ? [] : [config]),
      ...pods.map(podManifest),
      ...[servers, old, policies, names, nets, routed, gateways, egress].flat(),
      ...network.map((manifest, index) => renamed(manifest, `p${index}`)),
    ],
  );
}

function placeOf({ metadata }: Manifest): unknown {
  const { name, namespace } = metadata as Manifest;
  return [name, namespace];
}

function renamed(manifest: Manifest, name: string): Manifest {
  return { ...manifest, metadata: { ...(manifest['metadata'] as Manifest), name } };
}

function object(
  kind: string,
  version: string,
  specs: fc.Arbitrary<Manifest>,
  places: readonly string[] = ['n0', ...NAMESPACES],
): fc.Arbitrary<Manifest> {
  const dates = fc.constantFrom('01', '02', '03', undefined);
  return fc
    .tuple(specs, fc.constantFrom(...places), fc.constantFrom(...NAMES), dates)
    .map(([spec, namespace, name, date]) => ({
      apiVersion: `${GROUP}/${version}`,
      kind,
      metadata: {
        name,
        namespace,
        labels: { name },
        ...(date !== undefined && { creationTimestamp: `2026-01-${date}T00:00:00Z` }),
      },
      spec,
    }));
}

// ---------------------------------------------------------------- routes of the Gateway API

/** Attached to Servers alone. */
function gatewayRoutes(): fc.Arbitrary<Manifest> {
  const parent = fc.constantFrom(...NAMES).map((name) => ({ group: GROUP, kind: 'Server', name }));
  const call = fc.constantFrom<Manifest[]>({}, { method: { service: 'a' } }, { method: { service: 'a', method: 'b' } });
  const route = fc.tuple(fc.constantFrom('HTTPRoute', 'GRPCRoute'), routes(), parent, call);
  const place = fc.tuple(fc.constantFrom('n0', ...NAMESPACES), fc.constantFrom(...NAMES), fc.constantFrom('01', '02'));
  return fc.tuple(route, place).map(([[kind, spec, ref, match], [namespace, name, date]]) => ({
    apiVersion: `${GATEWAYS}/v1`,
    kind,
    metadata: { name, namespace, creationTimestamp: `2026-02-${date}T00:00:00Z` },
    spec: { ...spec, parentRefs: [ref], ...(kind === 'GRPCRoute' && { rules: [{ matches: [match] }] }) },
  }));
}

// ---------------------------------------------------------------- the installation

function installations(): fc.Arbitrary<Manifest> {
  const values = fc.record(
    {
      policyController: fc.constantFrom(
        { probeNetworks: ['10.0.0.0/30'] },
        { probeNetworks: ['198.18.0.0/16', '10.0.0.2/32'] },
      ),
      clusterNetworks: fc.constantFrom('10.0.0.0/30', '10.0.0.0/8,198.18.0.0/16'),
      identityTrustDomain: fc.constantFrom('cluster.local', 'corp'),
      proxy: fc.constantFrom(...POLICIES).map((defaultInboundPolicy) => ({ defaultInboundPolicy })),
      proxyInit: fc.record(
        {
          ignoreInboundPorts: fc.constantFrom('80', '4567,9090'),
          ignoreOutboundPorts: fc.constantFrom('80', '4567,9090'),
          skipSubnets: fc.constantFrom('10.0.0.0/30', '198.18.0.0/16'),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  return values.map((given) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'linkerd-config', namespace: 'linkerd' },
    data: { values: JSON.stringify(given) },
  }));
}

// ---------------------------------------------------------------- pods

function namespaces(name: string): fc.Arbitrary<Manifest> {
  const annotations = fc.record(
    {
      'linkerd.io/inject': fc.constantFrom('enabled', 'disabled', 'ingress'),
      [`${CONFIG}/default-inbound-policy`]: fc.constantFrom(...POLICIES),
    },
    { requiredKeys: [] },
  );
  return annotations.map((given) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations: given } }));
}

interface PodDraft {
  readonly namespace: string;
  readonly app: string;
  readonly account: string;
  readonly mesh: 'meshed' | 'native' | 'none' | 'host' | 'template';
  readonly inject: string | undefined;
  readonly annotations: Manifest;
  readonly port: number;
  readonly probe: string | undefined;
}

function podDrafts(): fc.Arbitrary<PodDraft> {
  return fc.record({
    namespace: fc.constantFrom('n0', 'n0', 'n1'),
    app: fc.constantFrom(...APPS),
    account: fc.constantFrom(...ACCOUNTS),
    mesh: fc.constantFrom<PodDraft['mesh'][]>(
      'meshed',
      'meshed',
      'meshed',
      'native',
      'none',
      'none',
      'host',
      'template',
    ),
    inject: fc.constantFrom('enabled', 'disabled', undefined),
    annotations: settings(),
    port: fc.constantFrom(...LINKERD_PORTS),
    probe: fc.constantFrom('/a', '/healthz', undefined, undefined),
  });
}

function settings(): fc.Arbitrary<Manifest> {
  const ports = fc.constantFrom('80', '8000-8999', '80,9090');
  const record = fc.record(
    {
      [`${CONFIG}/default-inbound-policy`]: fc.constantFrom(...POLICIES),
      [`${CONFIG}/skip-inbound-ports`]: ports,
      [`${CONFIG}/skip-outbound-ports`]: ports,
      [`${CONFIG}/skip-subnets`]: fc.constantFrom('10.0.0.64/26', '198.18.0.0/16', '10.0.0.0/30', '10.0.0.2/32'),
      [`${CONFIG}/proxy-require-identity-inbound-ports`]: ports,
      [`${CONFIG}/opaque-ports`]: ports,
    },
    { requiredKeys: [] },
  );
  return fc.oneof(fc.constant<Manifest>({}), record);
}

function podManifest(draft: PodDraft, index: number): Manifest {
  const { namespace, app, account, mesh, inject, port } = draft;
  const name = `pod${index}`;
  const isMeshed = mesh === 'meshed' || mesh === 'native';
  const labels = { app, pod: name };
  const annotations = {
    ...(mesh !== 'none' && draft.annotations),
    ...(mesh === 'template' && inject !== undefined && { 'linkerd.io/inject': inject }),
  };
  const main = {
    name: 'main',
    image: 'x',
    ports: [{ name: 'main', containerPort: port }],
    ...(draft.probe !== undefined && { readinessProbe: { httpGet: { path: draft.probe, port: 'main' } } }),
  };
  const proxy = { name: 'linkerd-proxy', image: 'proxy' };
  const spec = {
    serviceAccountName: account,
    ...(mesh === 'host' && { hostNetwork: true }),
    ...(mesh === 'native' && { initContainers: [{ ...proxy, restartPolicy: 'Always' }] }),
    containers: isMeshed && mesh !== 'native' ? [main, proxy] : [main],
  };
  if (mesh === 'template') {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        selector: { matchLabels: { pod: name } },
        template: { metadata: { labels, annotations }, spec },
      },
    };
  }
  const ip = `10.0.0.${index + 1}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, annotations },
    spec,
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  };
}

// ---------------------------------------------------------------- Linkerd's kinds

function selectors(): fc.Arbitrary<Manifest> {
  return fc.constantFrom<Manifest[]>(
    {},
    { matchLabels: { app: 'a' } },
    { matchLabels: { app: 'b' } },
    { matchExpressions: [{ key: 'pod', operator: 'NotIn', values: ['pod0'] }] },
  );
}

function servers(): fc.Arbitrary<Manifest> {
  return fc
    .tuple(
      selectors(),
      fc.constantFrom<(number | string)[]>(...LINKERD_PORTS, 'main'),
      fc.option(fc.constantFrom(...POLICIES)),
      fc.constantFrom(undefined, undefined, 'HTTP/1', 'gRPC', 'opaque'),
    )
    .map(([podSelector, port, accessPolicy, proxyProtocol]) => ({
      podSelector,
      port,
      ...(proxyProtocol !== undefined && { proxyProtocol }),
      ...(accessPolicy !== null && { accessPolicy }),
    }));
}

function blocks(): fc.Arbitrary<Manifest[]> {
  const block = fc.tuple(fc.constantFrom(...BLOCKS), fc.boolean()).map(([cidr, hole]) => ({
    cidr,
    ...(hole && cidr !== '10.0.0.2/32' && { except: [cidr === '198.18.0.0/16' ? '198.18.0.7/32' : '10.0.0.1/32'] }),
  }));
  return fc.array(block, { minLength: 1, maxLength: 2 });
}

function serverAuthorizations(): fc.Arbitrary<Manifest> {
  const server = fc.oneof(
    fc.constantFrom(...NAMES).map((name) => ({ name })),
    fc.constantFrom<Manifest[]>({ selector: {} }, { selector: { matchLabels: { name: 'x' } } }),
  );
  const meshTLS = fc.oneof(
    fc.constant({ unauthenticatedTLS: true }),
    fc.subarray([...IDENTITIES], { minLength: 1, maxLength: 2 }).map((list) => ({ identities: list })),
    fc.constantFrom(...ACCOUNTS).map((name) => ({ serviceAccounts: [{ name }, { name: 'default', namespace: 'n1' }] })),
  );
  const who = fc.oneof(
    fc.constant({ unauthenticated: true }),
    meshTLS.map((tls) => ({ meshTLS: tls })),
  );
  return fc.tuple(server, who, fc.option(blocks())).map(([target, given, list]) => ({
    server: target,
    client: { ...given, ...(list !== null && { networks: list }) },
  }));
}

function authorizations(): fc.Arbitrary<Manifest> {
  const name = fc.constantFrom(...NAMES);
  const target = fc.oneof(
    name.map((given) => ({ group: GROUP, kind: 'Server', name: given })),
    name.map((given) => ({ group: GROUP, kind: 'HTTPRoute', name: given })),
    fc
      .tuple(fc.constantFrom('HTTPRoute', 'GRPCRoute'), name)
      .map(([kind, given]) => ({ group: GATEWAYS, kind, name: given })),
    fc.constantFrom(...NAMESPACES).map((given) => ({ kind: 'Namespace', name: given })),
  );
  const identity = fc.oneof(
    fc.tuple(name, fc.constantFrom(undefined, 'n1')).map(([given, namespace]) => ({
      group: GROUP,
      kind: 'MeshTLSAuthentication',
      name: given,
      ...(namespace !== undefined && { namespace }),
    })),
    fc.constantFrom(...ACCOUNTS).map((given) => ({ kind: 'ServiceAccount', name: given })),
  );
  const network = name.map((given) => ({ group: GROUP, kind: 'NetworkAuthentication', name: given }));
  const required = fc.tuple(fc.option(identity, { freq: 2 }), fc.option(network, { freq: 1 }));
  return fc.tuple(target, required).map(([targetRef, refs]) => ({
    targetRef,
    requiredAuthenticationRefs: refs.filter((ref) => ref !== null),
  }));
}

function identities(): fc.Arbitrary<Manifest> {
  const refs = fc.constantFrom<Manifest[]>(
    { kind: 'ServiceAccount', name: 'web' },
    { kind: 'ServiceAccount', name: 'default', namespace: 'n1' },
    { kind: 'Namespace', name: 'n0' },
  );
  return fc.oneof(
    fc.subarray([...IDENTITIES], { minLength: 1, maxLength: 2 }).map((list) => ({ identities: list })),
    fc.array(refs, { minLength: 1, maxLength: 2 }).map((list) => ({ identityRefs: list })),
  );
}

function networks(): fc.Arbitrary<Manifest> {
  return blocks().map((list) => ({ networks: list }));
}

function routes(): fc.Arbitrary<Manifest> {
  const parent = fc
    .tuple(fc.constantFrom('Server', 'Server', 'EgressNetwork'), fc.constantFrom(...NAMES))
    .map(([kind, name]) => ({
      group: GROUP,
      kind,
      name,
    }));
  const match = fc.record(
    {
      method: fc.constantFrom('GET', 'DELETE'),
      path: fc
        .tuple(fc.constantFrom('Exact', 'PathPrefix'), fc.constantFrom('/', '/a', '/a/b'))
        .map(([type, value]) => ({ type, value })),
      headers: fc.constantFrom([{ name: 'X-Team', value: 'red' }], [{ name: 'x-team', value: 'blue' }]),
    },
    { requiredKeys: [] },
  );
  const rule = fc.array(match, { maxLength: 2 }).map((matches) => (matches.length === 0 ? {} : { matches }));
  const hostnames = fc.constantFrom<Manifest[]>(
    {},
    {},
    { hostnames: ['shop.example.com'] },
    { hostnames: ['*.example.com'] },
  );
  return fc.tuple(parent, hostnames, fc.array(rule, { minLength: 1, maxLength: 2 })).map(([ref, hosts, rules]) => ({
    parentRefs: [ref],
    ...hosts,
    rules,
  }));
}

/** Blocks of different sizes: whether a block with holes is smaller than one without is not settled. */
function egressNetworks(): fc.Arbitrary<Manifest> {
  const networks = fc.subarray(['198.18.0.0/16', '198.0.0.0/8', '198.18.0.7/32', '10.0.0.0/24'], { minLength: 1 });
  return fc.tuple(fc.constantFrom('Allow', 'Deny', 'Deny'), fc.option(networks)).map(([trafficPolicy, list]) => ({
    trafficPolicy,
    ...(list !== null && { networks: list.map((cidr) => ({ cidr })) }),
  }));
}

function networkPolicies(): fc.Arbitrary<Manifest> {
  const ports = fc
    .subarray([80, 8080, 4143], { minLength: 1 })
    .map((list) => ({ ports: list.map((port) => ({ port })) }));
  const rule = fc.option(ports).map((given) => ({ ...given }));
  return fc
    .tuple(selectors(), fc.array(rule, { maxLength: 2 }), fc.constantFrom(...NAMESPACES, 'n0'), fc.boolean())
    .map(([podSelector, list, namespace, isEgress]) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace },
      spec: { podSelector, policyTypes: [isEgress ? 'Egress' : 'Ingress'], [isEgress ? 'egress' : 'ingress']: list },
    }));
}
