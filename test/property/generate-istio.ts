import fc from 'fast-check';
import type { Manifest } from './manifests.ts';

/**
 * Small clusters in Istio, as manifests: pods in every kind of mesh, Services in front of some, and all kinds of policy of
 * Istio over tiny pools of names and ports, mixed with NetworkPolicy. Every object is one that Istio takes.
 */
export interface IstioSize {
  /** Objects of each kind at most. Default 3. */
  readonly policies?: number;
  /** Whether objects tell when they were made. Default: some do. */
  readonly dated?: boolean;
}

export const PORTS = [80, 8080, 9090] as const;
const NAMESPACES = ['n0', 'n1'] as const;
const ROOT = 'istio-system';
const APPS = ['a', 'b'] as const;
const ACCOUNTS = ['default', 'web'] as const;
const MODES = ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'] as const;
const BLOCKS = ['10.0.0.0/30', '10.0.0.2', '0.0.0.0/0', '10.0.0.0/24', '198.18.0.0/16'] as const;
const TRAFFIC = 'traffic.sidecar.istio.io';

/** What sidecars do with ambient pods that they cannot choose among is not settled: such clusters have one or the other. */
export function istioClusters(size: IstioSize = {}): fc.Arbitrary<Manifest[]> {
  return fc.constantFrom(true, true, false).chain((ambient) => clusters(size, ambient));
}

function clusters(size: IstioSize, ambient: boolean): fc.Arbitrary<Manifest[]> {
  const { policies = 3 } = size;
  const dates = size.dated === true ? fc.constantFrom('01', '02', '03') : fc.constantFrom('01', '02', '03', undefined);
  const some = (kind: fc.Arbitrary<Manifest>) => fc.array(kind, { maxLength: policies });
  const parts = fc.tuple(
    fc.tuple(...NAMESPACES.map(namespaceManifests)),
    fc.array(podDrafts(ambient), { minLength: 2, maxLength: 5 }),
    fc.option(meshConfigs()),
    some(services(!ambient)),
    some(placed(peerAuthentications(), 'security.istio.io/v1', 'PeerAuthentication', dates)),
    some(placed(authorizations(), 'security.istio.io/v1', 'AuthorizationPolicy', dates)),
    some(placed(destinationRules(!ambient), 'networking.istio.io/v1', 'DestinationRule', dates)),
    fc.array(placed(sidecars(), 'networking.istio.io/v1', 'Sidecar', dates), { maxLength: 2 }),
    fc.array(networkPolicies(), { maxLength: 2 }),
    ambient ? fc.option(waypoints()) : fc.constant(null),
    fc.option(injectors(), { freq: 3 }),
  );
  return parts.map((given): Manifest[] => {
    const [namespaces, pods, mesh, lists, waypoint] = [given[0], given[1], given[2], given.slice(3, 9), given[9]];
    const others = [...(lists as Manifest[][]).flat(), ...(mesh === null ? [] : [mesh])];
    const all = [...namespaces, ...pods.map(podManifest), ...withoutRivals(others).map(named)];
    const made = given[10] === null ? all : [...all, given[10]];
    return waypoint === null ? made : withWaypoint(made, waypoint);
  });
}

/** Which of several DestinationRules for one workload and one host counts is not settled: one of a cluster is for some. */
function withoutRivals(manifests: readonly Manifest[]): Manifest[] {
  const first = manifests.find(isForSome);
  return manifests.map((manifest) => {
    if (manifest === first || !isForSome(manifest)) return manifest;
    const entries = Object.entries(manifest['spec'] as Manifest).filter(([key]) => key !== 'workloadSelector');
    return { ...manifest, spec: Object.fromEntries(entries) };
  });
}

function isForSome({ kind, spec }: Manifest): boolean {
  return kind === 'DestinationRule' && (spec as Manifest)['workloadSelector'] !== undefined;
}

function named(manifest: Manifest, index: number): Manifest {
  const metadata = manifest['metadata'] as Manifest;
  return { ...manifest, metadata: { name: `x${index}`, ...metadata } };
}

function placed(
  specs: fc.Arbitrary<Manifest>,
  apiVersion: string,
  kind: string,
  dates: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<Manifest> {
  const place = fc.constantFrom(...NAMESPACES, 'n0', ROOT);
  return fc.tuple(specs, place, dates).map(([{ annotations, ...spec }, namespace, date]) => ({
    apiVersion,
    kind,
    metadata: {
      namespace,
      ...(annotations !== undefined && { annotations }),
      ...(date !== undefined && { creationTimestamp: `2026-01-${date}T00:00:00Z` }),
    },
    spec,
  }));
}

// ---------------------------------------------------------------- pods and Services

function namespaceManifests(name: string): fc.Arbitrary<Manifest> {
  const labels = fc.constantFrom<Manifest[]>(
    {},
    { 'istio-injection': 'enabled' },
    { 'istio.io/dataplane-mode': 'ambient' },
  );
  return labels.map((given) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: given } }));
}

interface PodDraft {
  readonly namespace: string;
  readonly app: string;
  readonly account: string;
  readonly mesh: 'sidecar' | 'native' | 'silent' | 'ambient' | 'none' | 'host' | 'template';
  readonly annotations: Manifest;
  readonly port: number;
}

function podDrafts(ambient: boolean): fc.Arbitrary<PodDraft> {
  return fc.record({
    namespace: fc.constantFrom('n0', 'n0', 'n1'),
    app: fc.constantFrom(...APPS),
    account: fc.constantFrom(...ACCOUNTS),
    mesh: fc.constantFrom<PodDraft['mesh'][]>(
      'sidecar',
      'sidecar',
      'sidecar',
      'native',
      'silent',
      ...(ambient ? (['ambient', 'ambient', 'ambient'] as const) : []),
      'none',
      'none',
      'host',
      'template',
    ),
    annotations: captures(),
    port: fc.constantFrom(...PORTS),
  });
}

function captures(): fc.Arbitrary<Manifest> {
  const ports = fc.constantFrom('80', '8080', '9090,80', '');
  const ranges = fc.constantFrom('10.0.0.0/30', '10.96.0.0/16', '*', '');
  const record = fc.record(
    {
      [`${TRAFFIC}/excludeInboundPorts`]: ports,
      [`${TRAFFIC}/includeInboundPorts`]: fc.oneof(ports, fc.constant('*')),
      [`${TRAFFIC}/excludeOutboundPorts`]: ports,
      [`${TRAFFIC}/includeOutboundPorts`]: ports,
      [`${TRAFFIC}/excludeOutboundIPRanges`]: fc.constantFrom('10.0.0.0/30', '10.96.0.0/16'),
      [`${TRAFFIC}/includeOutboundIPRanges`]: ranges,
    },
    { requiredKeys: [] },
  );
  return fc.oneof({ weight: 3, arbitrary: fc.constant<Manifest>({}) }, { weight: 1, arbitrary: record });
}

function podManifest(draft: PodDraft, index: number): Manifest {
  const { namespace, app, account, mesh, port } = draft;
  const name = `pod${index}`;
  const isSidecar = mesh === 'sidecar' || mesh === 'native' || mesh === 'silent';
  const labels = {
    app,
    pod: name,
    ...(isSidecar && mesh !== 'silent' && { 'security.istio.io/tlsMode': 'istio' }),
  };
  const annotations = {
    ...(isSidecar && draft.annotations),
    ...(mesh === 'ambient' && { 'ambient.istio.io/redirection': 'enabled' }),
  };
  const main = { name: 'main', image: 'x', ports: [{ name: 'main', containerPort: port }] };
  const proxy = { name: 'istio-proxy', image: 'proxy' };
  const spec = {
    serviceAccountName: account,
    ...(mesh === 'host' && { hostNetwork: true }),
    ...(mesh === 'native' && { initContainers: [{ ...proxy, restartPolicy: 'Always' }] }),
    containers: isSidecar && mesh !== 'native' ? [main, proxy] : [main],
  };
  const metadata = { labels, annotations };
  if (mesh === 'template') {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: { selector: { matchLabels: { pod: name } }, template: { metadata, spec } },
    };
  }
  const ip = `10.0.0.${index + 1}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...metadata },
    spec,
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  };
}

function services(headless: boolean): fc.Arbitrary<Manifest> {
  const port = fc.record({
    targetPort: fc.constantFrom<(number | string)[]>(...PORTS, 'main'),
    port: fc.constantFrom(80, 443, 8080),
    protocol: fc.constantFrom('http', 'tcp', 'grpc-x', 'https', '', 'app'),
  });
  const draft = fc.record({
    namespace: fc.constantFrom(...NAMESPACES, 'n0'),
    app: fc.constantFrom(...APPS),
    headless: fc.constantFrom(false, false, headless),
    ports: fc.uniqueArray(port, { minLength: 1, maxLength: 2, selector: (each) => each.port }),
    ip: fc.nat({ max: 9 }),
  });
  return draft.map(({ namespace, app, headless, ports, ip }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace },
    spec: {
      selector: { app },
      clusterIP: headless ? 'None' : `10.96.0.${ip + 1}`,
      // Clients of a headless Service dial the pods themselves: only its own number leads there.
      ports: (headless ? ports.slice(0, 1) : ports).map(({ targetPort, port: number, protocol }, index) => ({
        port: number,
        targetPort: headless ? number : targetPort,
        name: protocol === '' || protocol === 'app' ? `p${index}` : `${protocol}-${index}`,
        ...(protocol === 'app' && { appProtocol: 'http' }),
      })),
    },
  }));
}

// ---------------------------------------------------------------- Istio's kinds

function selectors(key: string, inner: string): fc.Arbitrary<Manifest> {
  const labels = fc.constantFrom<Manifest[]>({ app: 'a' }, { app: 'b' }, { pod: 'pod0' });
  return fc.oneof(
    fc.constant({}),
    labels.map((given) => ({ [key]: { [inner]: given } })),
  );
}

function peerAuthentications(): fc.Arbitrary<Manifest> {
  const ports = fc.dictionary(fc.constantFrom(...PORTS.map(String)), fc.constantFrom(...MODES), { maxKeys: 2 });
  const mode = fc.constantFrom(...MODES, 'STRICT', undefined);
  return fc.tuple(selectors('selector', 'matchLabels'), mode, ports).map(([selector, given, map]) => {
    const isSelecting = 'selector' in selector && Object.keys(map).length > 0;
    const portLevelMtls = Object.fromEntries(Object.entries(map).map(([port, each]) => [port, { mode: each }]));
    return {
      ...selector,
      ...(given !== undefined && { mtls: { mode: given } }),
      ...(isSelecting && { portLevelMtls }),
    };
  });
}

function destinationRules(passthroughs: boolean): fc.Arbitrary<Manifest> {
  const tls = fc.record(
    { tls: fc.constantFrom('DISABLE', 'SIMPLE', 'ISTIO_MUTUAL', 'ISTIO_MUTUAL').map((mode) => ({ mode })) },
    { requiredKeys: [] },
  );
  const entry = fc
    .tuple(tls, fc.constantFrom(80, 443, 8080))
    .map(([given, number]) => ({ port: { number }, ...given }));
  const traffic = fc
    .tuple(
      tls,
      fc.uniqueArray(entry, { maxLength: 2, selector: ({ port }) => port.number }),
      fc.constantFrom(false, false, passthroughs),
    )
    .map(([given, entries, passthrough]) => ({
      ...given,
      ...(entries.length > 0 && { portLevelSettings: entries }),
      ...(passthrough && { loadBalancer: { simple: 'PASSTHROUGH' } }),
    }));
  const host = fc.constantFrom(
    '*.local',
    '*',
    '*.n0.svc.cluster.local',
    '*.n1.svc.cluster.local',
    'x0',
    'x1.n0.svc.cluster.local',
    'x2.n0.svc.cluster.local',
  );
  const exportTo = fc.constantFrom<Manifest[]>({}, {}, { exportTo: ['.'] }, { exportTo: ['*'] }, { exportTo: ['n1'] });
  return fc
    .tuple(host, exportTo, selectors('workloadSelector', 'matchLabels'), fc.option(traffic, { freq: 5 }))
    .map(([name, exported, selector, trafficPolicy]) => ({
      host: name,
      ...exported,
      ...selector,
      ...(trafficPolicy !== null && { trafficPolicy }),
    }));
}

function sidecars(): fc.Arbitrary<Manifest> {
  const hosts = fc.uniqueArray(fc.constantFrom('./*', '*/*', 'n1/*', '~/*', '*/x1.n0.svc.cluster.local'), {
    minLength: 1,
    maxLength: 2,
  });
  const listener = fc.tuple(hosts, fc.constantFrom(undefined, undefined, 80)).map(([list, number]) => ({
    hosts: list,
    ...(number !== undefined && { port: { number, name: 'p', protocol: 'TCP' } }),
  }));
  const mode = fc.constantFrom('REGISTRY_ONLY', 'ALLOW_ANY', undefined);
  return fc
    .tuple(selectors('workloadSelector', 'labels'), fc.array(listener, { maxLength: 2 }), mode)
    .map(([selector, egress, given]) => ({
      ...selector,
      ...(egress.length > 0 && { egress }),
      ...(given !== undefined && { outboundTrafficPolicy: { mode: given } }),
    }));
}

function authorizations(): fc.Arbitrary<Manifest> {
  return fc.constantFrom('ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT', 'CUSTOM', undefined).chain((action) =>
    fc
      .tuple(
        selectors('selector', 'matchLabels'),
        fc.array(rules(action === 'CUSTOM'), { minLength: action === 'CUSTOM' ? 1 : 0, maxLength: 2 }),
        fc.nat({ max: 9 }),
      )
      .map(([selector, list, dry]) => ({
        ...selector,
        ...(action !== undefined && { action }),
        ...(action === 'CUSTOM' && { provider: { name: dry % 2 === 0 ? 'ask' : 'web' } }),
        ...((list.length > 0 || action === 'DENY') && { rules: list }),
        ...(dry === 9 && { annotations: { 'istio.io/dry-run': 'true' } }),
      })),
  );
}

function rules(isCustom: boolean): fc.Arbitrary<Manifest> {
  const from = fc.array(
    sources(isCustom).map((source) => ({ source })),
    { minLength: 1, maxLength: 2 },
  );
  const to = fc.array(
    operations().map((operation) => ({ operation })),
    { minLength: 1, maxLength: 2 },
  );
  const when = fc.array(conditions(isCustom), { minLength: 1, maxLength: 2 });
  return fc.record({ from, to, when }, { requiredKeys: [] }).map((rule) => ({ ...rule }));
}

/** One or two fields, each positive, negative or both. */
function fieldsOf(pools: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Manifest> {
  const field = fc.constantFrom(...Object.keys(pools)).chain((name) => {
    const values = fc.uniqueArray(fc.constantFrom(...pools[name]!), { minLength: 1, maxLength: 2 });
    const negative = `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return fc.tuple(values, values, fc.constantFrom('is', 'is', 'is', 'not', 'both')).map(([is, not, form]) => ({
      ...(form !== 'not' && { [name]: is }),
      ...(form !== 'is' && { [negative]: not }),
    }));
  });
  return fc.array(field, { minLength: 1, maxLength: 2 }).map((list): Manifest => Object.assign({}, ...list));
}

function sources(isCustom: boolean): fc.Arbitrary<Manifest> {
  const ipBlocks = [...BLOCKS];
  if (isCustom) return fieldsOf({ ipBlocks });
  const identity = {
    principals: ['cluster.local/ns/n0/sa/web', 'cluster.local/ns/n1/*', '*/sa/default', '*', 'other/ns/n0/sa/web'],
    namespaces: ['n0', 'n1', 'n*', '*0', '*'],
    ipBlocks,
    requestPrincipals: ['*'],
  };
  return fc.oneof(
    { weight: 4, arbitrary: fieldsOf(identity) },
    { weight: 1, arbitrary: fieldsOf({ serviceAccounts: ['web', 'n0/web', 'n1/default'], ipBlocks }) },
  );
}

function operations(): fc.Arbitrary<Manifest> {
  const l4 = { ports: PORTS.map(String) };
  const l7 = {
    methods: ['GET', 'DELETE', '*'],
    paths: ['/a', '/a/*', '*/z', '/a/{*}/c', '/{**}'],
    hosts: ['shop.example.com', '*.example.com', 'x0.n0.svc.cluster.local'],
  };
  return fc.oneof({ weight: 2, arbitrary: fieldsOf(l4) }, { weight: 2, arbitrary: fieldsOf({ ...l4, ...l7 }) });
}

function conditions(isCustom: boolean): fc.Arbitrary<Manifest> {
  const pools: [string, readonly string[]][] = [
    ['source.ip', BLOCKS],
    ['destination.ip', BLOCKS],
    ['destination.port', PORTS.map(String)],
    ['request.headers[X-Team]', ['red', 'r*', '*']],
    ...(isCustom
      ? []
      : ([
          ['source.namespace', ['n0', 'n*']],
          ['source.principal', ['cluster.local/ns/n0/sa/web', '*']],
        ] as [string, readonly string[]][])),
  ];
  return fc.constantFrom(...pools).chain(([key, pool]) => {
    const values = fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1, maxLength: 2 });
    return fc
      .tuple(values, fc.boolean())
      .map(([list, negative]) => ({ key, [negative ? 'notValues' : 'values']: list }));
  });
}

// ---------------------------------------------------------------- waypoints

interface WaypointDraft {
  readonly takes: 'service' | 'workload' | 'all' | undefined;
  /** How many pods of it there are. */
  readonly pods: number;
  /** Which objects use it: Services and pods by number, or the whole namespace. */
  readonly users: readonly number[];
  readonly isForNamespace: boolean;
  readonly policies: readonly Manifest[];
}

const WAYPOINT = 'wp';
const GROUP = 'gateway.networking.k8s.io';

function waypoints(): fc.Arbitrary<WaypointDraft> {
  const target = fc.constantFrom(
    { kind: 'Gateway', group: GROUP, name: WAYPOINT },
    { kind: 'GatewayClass', group: GROUP, name: 'istio-waypoint' },
    { kind: 'Service', group: '', name: 'x0' },
    { kind: 'Service', group: '', name: 'x1' },
  );
  const attached = fc
    .tuple(target, fc.constantFrom('ALLOW', 'ALLOW', 'DENY'), fc.array(rules(false), { maxLength: 2 }))
    .map(([ref, action, list]) => ({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { namespace: ref.kind === 'GatewayClass' ? ROOT : 'n0' },
      spec: { targetRefs: [ref], action, ...((list.length > 0 || action === 'DENY') && { rules: list }) },
    }));
  return fc.record({
    takes: fc.constantFrom('service', 'workload', 'all', undefined),
    pods: fc.constantFrom(0, 1, 1, 1, 2),
    users: fc.subarray([0, 1, 2, 3]),
    isForNamespace: fc.boolean(),
    policies: fc.array(attached, { maxLength: 2 }),
  });
}

/** A waypoint in `n0`, as Istio makes it, and those who use it. */
function withWaypoint(manifests: readonly Manifest[], draft: WaypointDraft): Manifest[] {
  const { takes, pods, users, isForNamespace, policies } = draft;
  const gateway = {
    apiVersion: `${GROUP}/v1`,
    kind: 'Gateway',
    metadata: {
      name: WAYPOINT,
      namespace: 'n0',
      ...(takes !== undefined && { labels: { 'istio.io/waypoint-for': takes } }),
    },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
  };
  let user = 0;
  const using = manifests.map((manifest) => {
    const metadata = manifest['metadata'] as Manifest;
    const isUser = ['Service', 'Pod'].includes(String(manifest['kind'])) && users.includes(user++);
    const isNamespace = manifest['kind'] === 'Namespace' && metadata['name'] === 'n0' && isForNamespace;
    if (!(isUser && metadata['namespace'] === 'n0') && !isNamespace) return manifest;
    const labels = { ...(metadata['labels'] as Manifest), 'istio.io/use-waypoint': WAYPOINT };
    return { ...manifest, metadata: { ...metadata, labels } };
  });
  const own = Array.from({ length: pods }, (_, index) => waypointPod(index));
  return [...using, gateway, ...own, ...policies.map((policy, index) => named(policy, 100 + index))];
}

function waypointPod(index: number): Manifest {
  const ip = `10.0.0.${index + 20}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${WAYPOINT}-${index}`,
      namespace: 'n0',
      labels: {
        app: index === 0 ? 'a' : 'wp',
        [`${GROUP}/gateway-name`]: WAYPOINT,
        'gateway.istio.io/managed': 'istio.io-mesh-controller',
        'istio.io/dataplane-mode': 'none',
        'sidecar.istio.io/inject': 'false',
      },
      annotations: {},
    },
    spec: { serviceAccountName: WAYPOINT, containers: [{ name: 'istio-proxy', image: 'proxy' }] },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  };
}

// ---------------------------------------------------------------- the rest

function networkPolicies(): fc.Arbitrary<Manifest> {
  const ports = fc
    .subarray([80, 8080, 15008], { minLength: 1 })
    .map((list) => ({ ports: list.map((port) => ({ port })) }));
  const peers = fc.constantFrom<Manifest[]>(
    { podSelector: { matchLabels: { app: 'a' } } },
    { namespaceSelector: {} },
    { ipBlock: { cidr: '10.0.0.0/30' } },
  );
  const rule = fc
    .tuple(fc.option(ports), fc.option(peers), fc.constantFrom('from', 'to'))
    .map(([list, peer, side]) => ({ list, peer, side }));
  const policy = fc.tuple(
    selectors('podSelector', 'matchLabels'),
    fc.array(rule, { maxLength: 2 }),
    fc.constantFrom(...NAMESPACES, 'n0'),
    fc.boolean(),
  );
  return policy.map(([selector, list, namespace, isEgress]) => {
    const direction = isEgress ? 'egress' : 'ingress';
    const written = list.map(({ list: given, peer }) => ({
      ...given,
      ...(peer !== null && { [isEgress ? 'to' : 'from']: [peer] }),
    }));
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace },
      spec: { podSelector: {}, ...selector, policyTypes: [isEgress ? 'Egress' : 'Ingress'], [direction]: written },
    };
  });
}

function injectors(): fc.Arbitrary<Manifest> {
  const selectors = fc.subarray<Manifest>([
    { matchLabels: { app: 'a' } },
    { matchExpressions: [{ key: 'pod', operator: 'NotIn', values: ['pod0', 'pod1'] }] },
    {},
  ]);
  const config = fc.record(
    {
      policy: fc.constantFrom('enabled', 'enabled', 'disabled'),
      neverInjectSelector: selectors,
      alwaysInjectSelector: selectors,
    },
    { requiredKeys: [] },
  );
  return config.map((given) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-sidecar-injector', namespace: ROOT },
    data: { config: JSON.stringify(given) },
  }));
}

function meshConfigs(): fc.Arbitrary<Manifest> {
  const mesh = fc.record(
    {
      outboundTrafficPolicy: fc.constantFrom('REGISTRY_ONLY', 'ALLOW_ANY').map((mode) => ({ mode })),
      enableAutoMtls: fc.constantFrom(true, true, true, false),
      trustDomain: fc.constantFrom('cluster.local', 'corp'),
      defaultConfig: fc
        .constantFrom('true', 'false')
        .map((hbone) => ({ proxyMetadata: { ISTIO_META_ENABLE_HBONE: hbone } })),
      extensionProviders: fc.constant([
        { name: 'ask', envoyExtAuthzGrpc: {} },
        { name: 'web', envoyExtAuthzHttp: {} },
      ]),
    },
    { requiredKeys: [] },
  );
  return mesh.map((given) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: ROOT },
    data: { mesh: JSON.stringify(given) },
  }));
}
