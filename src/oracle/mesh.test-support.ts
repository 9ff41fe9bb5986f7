import type { Gateway, Service } from '#model/exposure.ts';
import type {
  DestinationRule,
  IstioAuthorization,
  IstioCondition,
  IstioMatch,
  IstioRule,
  MtlsMode,
  OperationField,
  PeerAuthentication,
  SourceField,
} from '#model/istio.ts';
import type { LinkerdAuthorization, LinkerdRef, LinkerdServer } from '#model/linkerd.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Pod, PodShape } from '#model/resource.ts';
import {
  address,
  type LabelSpec,
  labels,
  resource,
  type SelectorSpec,
  type ShapeSpec,
  selector,
  shape,
} from './build.test-support.ts';
import type { PodParty } from './connection.ts';

/** Objects of the meshes from short specs, for tests. Names are `namespace/name`. */
export type MeshKind = 'sidecar' | 'ambient' | 'linkerd' | 'none';

export interface MeshPodSpec extends ShapeSpec {
  readonly account?: string;
  readonly annotations?: LabelSpec;
}

/** A pod that runs, with the proxy of a mesh. Its label `app` is its name unless `labels` says otherwise. */
export function meshPod(place: string, at: string, mesh: MeshKind, spec: MeshPodSpec = {}): PodParty {
  const [namespace = '', name = ''] = place.split('/');
  const { account = 'default', annotations = {}, ...rest } = spec;
  const base = shape({ ...rest, labels: { app: name, ...MESH_LABELS[mesh], ...rest.labels } });
  const made: PodShape = {
    ...base,
    serviceAccount: account,
    annotations: labels({ ...MESH_ANNOTATIONS[mesh], ...annotations }),
    containers: MESH_CONTAINERS[mesh].map((container) => ({ name: container, image: 'x', role: 'container' })),
  };
  const own = address(at);
  return { kind: 'pod', namespace, shape: made, address: own, family: own.family };
}

const MESH_LABELS: Readonly<Record<MeshKind, LabelSpec>> = {
  sidecar: { 'security.istio.io/tlsMode': 'istio' },
  ambient: {},
  linkerd: {},
  none: {},
};
const MESH_ANNOTATIONS: Readonly<Record<MeshKind, LabelSpec>> = {
  sidecar: {},
  ambient: { 'ambient.istio.io/redirection': 'enabled' },
  linkerd: {},
  none: {},
};
const MESH_CONTAINERS: Readonly<Record<MeshKind, readonly string[]>> = {
  sidecar: ['main', 'istio-proxy'],
  ambient: ['main'],
  linkerd: ['main', 'linkerd-proxy'],
  none: ['main'],
};

/** `http=80:8080`: the name of the port, its number, and where it leads. */
export function service(place: string, app: string, ...ports: readonly string[]): Service {
  return {
    ...resource('v1', 'Service', place),
    kind: 'Service',
    type: 'ClusterIP',
    ports: ports.map((text) => {
      const [, name = '', port = '', target = port] = /^(\w[\w-]*)=(\d+)(?::(\d+))?$/.exec(text) ?? [];
      return { name, protocol: 'TCP', port: Number(port), targetPort: Number(target), origin: NO_ORIGIN };
    }),
    selector: selector({ app }),
    headless: false,
    clusterIPs: ['10.96.0.1'],
    externalIPs: [],
    ipFamilies: ['IPv4'],
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    allocateLoadBalancerNodePorts: true,
    sourceRanges: [],
    publishNotReadyAddresses: false,
    loadBalancerAddresses: [],
  };
}

/** A waypoint, and its one pod. */
export function waypoint(place: string, at: string, forKind?: string): { gateway: Gateway; pod: Pod } {
  const [namespace = '', name = ''] = place.split('/');
  const base = resource('gateway.networking.k8s.io/v1', 'Gateway', place);
  const gateway: Gateway = {
    ...base,
    kind: 'Gateway',
    labels: labels(forKind === undefined ? {} : { 'istio.io/waypoint-for': forKind }),
    className: 'istio-waypoint',
    listeners: [],
    addresses: [],
    statusAddresses: [],
    allowedListenerNamespaces: 'None',
  };
  const own = {
    'gateway.networking.k8s.io/gateway-name': name,
    'gateway.istio.io/managed': 'istio.io-mesh-controller',
  };
  const spec = { account: name, labels: own };
  const { shape: made } = meshPod(place, at, 'sidecar', spec);
  const pod: Pod = {
    ...resource('v1', 'Pod', `${namespace}/${name}-1`),
    kind: 'Pod',
    shape: made,
    addresses: [at],
    phase: 'Running',
  };
  return { gateway, pod };
}

// ---------------------------------------------------------------- Istio

export interface PeerSpec {
  readonly mode?: MtlsMode;
  readonly select?: SelectorSpec;
  readonly ports?: Readonly<Record<number, MtlsMode>>;
  readonly created?: string;
}

export function peerAuthentication(place: string, spec: PeerSpec): PeerAuthentication {
  return {
    ...resource('security.istio.io/v1', 'PeerAuthentication', place),
    kind: 'PeerAuthentication',
    ...(spec.created !== undefined && { created: spec.created }),
    ...(spec.select !== undefined && { selector: selector(spec.select) }),
    mode: spec.mode ?? 'UNSET',
    ports: new Map(Object.entries(spec.ports ?? {}).map(([port, mode]) => [Number(port), mode])),
    gaps: [],
  };
}

type Fields<Name extends string> = Readonly<Partial<Record<Name | `not ${Name}`, readonly string[]>>>;

export interface RuleSpec {
  readonly from?: readonly Fields<SourceField>[];
  readonly to?: readonly Fields<OperationField>[];
  /** By attribute. */
  readonly when?: Readonly<Record<string, readonly string[]>>;
}

export function authorization(
  place: string,
  action: IstioAuthorization['action'],
  rules: readonly RuleSpec[],
  rest: Partial<IstioAuthorization> = {},
): IstioAuthorization {
  return {
    ...resource('security.istio.io/v1', 'AuthorizationPolicy', place),
    kind: 'AuthorizationPolicy',
    targetRefs: [],
    action,
    rules: rules.map(istioRule),
    dryRun: false,
    gaps: [],
    ...rest,
  };
}

function istioRule({ from = [], to = [], when = {} }: RuleSpec, index: number): IstioRule {
  const at = { path: `spec.rules[${index}]`, origin: NO_ORIGIN };
  return {
    sources: from.map((fields) => ({ ...at, fields: matches<SourceField>(fields) })),
    operations: to.map((fields) => ({ ...at, fields: matches<OperationField>(fields) })),
    conditions: Object.entries(when).map(([key, values]): IstioCondition => ({ ...at, key, values, not: [] })),
    ...at,
    gaps: [],
  };
}

function matches<Name extends string>(fields: Fields<Name>): ReadonlyMap<Name, IstioMatch> {
  const out = new Map<Name, IstioMatch>();
  for (const [key, values] of Object.entries(fields) as [Name | `not ${Name}`, readonly string[]][]) {
    const isNot = key.startsWith('not ');
    const name = (isNot ? key.slice(4) : key) as Name;
    const known = out.get(name) ?? { values: [], not: [] };
    out.set(name, isNot ? { ...known, not: values } : { ...known, values });
  }
  return out;
}

export function destinationRule(
  place: string,
  host: string,
  traffic: Partial<DestinationRule['traffic']>,
): DestinationRule {
  return {
    ...resource('networking.istio.io/v1', 'DestinationRule', place),
    kind: 'DestinationRule',
    host,
    exportTo: [],
    traffic: { ports: [], passthrough: false, origin: NO_ORIGIN, ...traffic },
    subsets: [],
    gaps: [],
  };
}

// ---------------------------------------------------------------- Linkerd

export function server(place: string, port: number | string, rest: Partial<LinkerdServer> = {}): LinkerdServer {
  return {
    ...resource('policy.linkerd.io/v1beta3', 'Server', place),
    kind: 'Server',
    podSelector: selector({}),
    port,
    protocol: 'unknown',
    accessPolicy: 'deny',
    gaps: [],
    ...rest,
  };
}

/** References as `Kind/name`. */
export function linkerdAuthorization(place: string, target: string, required: readonly string[]): LinkerdAuthorization {
  return {
    ...resource('policy.linkerd.io/v1alpha1', 'AuthorizationPolicy', place),
    kind: 'AuthorizationPolicy',
    target: ref(target),
    required: required.map(ref),
    gaps: [],
  };
}

function ref(text: string): LinkerdRef {
  const [kind = '', name = ''] = text.split('/');
  return { group: '', kind, name, namespace: '' };
}
