import { parseAddress } from '#base/address.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import { textAt } from '#model/plain.ts';
import type { NeedEnd, NeededEdge, NeededPort, PodsEnd } from '../../needs/needs.ts';
import { meshOf } from '../../needs/platform.ts';
import type { ControlContext } from '../context.ts';
import { neededInto, neededOutOf, unnamedIn } from './context-needs.ts';
import { isDeniedNow } from './denied-edges.ts';
import { NODE_DNS } from './net-world.ts';
import { type NetWorkload, workloadNamed } from './places.ts';
import { type Labelled, labelledAs } from './selecting.ts';

/** Rules of a NetworkPolicy, and of what only Cilium's own kind can say. */
export interface AllowRules {
  readonly rules: readonly PlainObject[];
  readonly cilium: readonly PlainObject[];
  /** What a rule had to leave wide, for people. */
  readonly wide: readonly string[];
}

// ---------------------------------------------------------------- ingress

/** What a workload is shown to take, as rules; what the other side denies today stays denied. */
export function ingressRules(context: ControlContext, workload: NetWorkload): AllowRules {
  const edges = neededInto(context, workload.id).filter((edge) => !isDeniedNow(context, edge));
  const rules = [...byPorts(edges)].map(([, group]): PlainObject => {
    const peers = group.map(({ from }) => podPeerOf(context, from, workload.namespace));
    const isAnyone = peers.some((peer) => peer === undefined);
    const from = distinct(peers.flatMap((peer) => peer ?? []));
    return {
      ...(!isAnyone && { from }),
      ...portsOf([...group[0]!.ports, ...tunnelPorts(context, workload, group[0]!)]),
    };
  });
  const anyone = edges.filter(({ from }) => podPeerOf(context, from, workload.namespace) === undefined);
  return {
    rules,
    cilium: [],
    wide: [
      ...anyone.map(
        ({ why }) => `${why}: who its clients are is not in the input, so the rule lets everybody in: narrow it`,
      ),
      ...edges
        .filter(({ cause }) => cause === 'service')
        .map(({ why }) => `${why}: the rule lets its own namespace in; name its clients, or add those of others`),
    ],
  };
}

/** Traffic of a mesh comes to a port of its own as far as the network sees. */
function tunnelPorts(
  context: ControlContext,
  { written, namespace }: NetWorkload,
  { ports }: NeededEdge,
): readonly NeededPort[] {
  if (ports.length === 0 || written === undefined) return [];
  const space = context.objects.get({ group: '', kind: 'Namespace', namespace: '', name: namespace });
  const isAmbient = textAt(space?.value, 'metadata', 'labels', 'istio.io/dataplane-mode') === 'ambient';
  const isLinkerd = meshOf(context, written) === 'linkerd';
  return [
    ...(isAmbient ? [{ protocol: 'TCP', port: 15008 } as const] : []),
    ...(isLinkerd ? [{ protocol: 'TCP', port: 4143 } as const] : []),
  ];
}

// ---------------------------------------------------------------- egress

/** What a workload is shown to ask for, as rules; without DNS. */
export function egressRules(context: ControlContext, workload: NetWorkload): AllowRules {
  const isCilium = context.analysis.profile.model === 'cilium';
  const named = neededOutOf(context, workload.id).filter((edge) => !isDeniedNow(context, edge));
  const unnamed = unnamedIn(context, workload.namespace).filter(
    ({ to }) => to.kind !== 'workload' || to.id !== workload.id,
  );
  const edges = [...named, ...unnamed];
  const found: AllowRules[] = edges.map((edge) => {
    switch (edge.to.kind) {
      case 'workload':
      case 'pods':
      case 'anyone':
        return toPods(context, workload, edge);
      case 'address':
        return plainRule({ to: [{ ipBlock: { cidr: edge.to.cidr } }], ...portsOf(edge.ports) });
      case 'host':
        return isCilium
          ? ciliumHost(edge.to.name, edge)
          : anyAddress(edge, `${edge.why}; the API knows no names, so any address is allowed on that port`);
      case 'api-server':
        return isCilium ? ciliumApi() : toApi(context, edge);
    }
  });
  return {
    rules: distinct(found.flatMap(({ rules }) => rules)),
    cilium: distinct(found.flatMap(({ cilium }) => cilium)),
    wide: [...new Set(found.flatMap(({ wide }) => wide))],
  };
}

function plainRule(rule: PlainObject): AllowRules {
  return { rules: [rule], cilium: [], wide: [] };
}

function toPods(context: ControlContext, workload: NetWorkload, edge: NeededEdge): AllowRules {
  const peer = podPeerOf(context, edge.to, workload.namespace);
  const tunnel =
    edge.to.kind === 'workload' ? tunnelPorts(context, workloadNamed(context, edge.to.id) ?? workload, edge) : [];
  const ports = portsOf([...edge.ports, ...tunnel]);
  if (peer !== undefined) return plainRule({ to: peer, ...ports });
  return {
    ...plainRule(ports),
    wide: [`${edge.why}, which is on the network of its node: policy names nodes by address only`],
  };
}

/** All addresses but those that give away the identity of a node. */
const ANY_ADDRESS: PlainObject = { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32', '168.63.129.16/32'] } };

function anyAddress({ ports }: Pick<NeededEdge, 'ports'>, why: string): AllowRules {
  return { rules: [{ to: [ANY_ADDRESS], ...portsOf(ports) }], cilium: [], wide: [why] };
}

function ciliumHost(name: string, { ports }: NeededEdge): AllowRules {
  const rule = {
    toFQDNs: [name.startsWith('*.') ? { matchPattern: name } : { matchName: name }],
    ...(ports.length > 0 && {
      toPorts: [{ ports: ports.map(({ protocol, port }) => ({ port: String(port), protocol })) }],
    }),
  };
  return { rules: [], cilium: [rule], wide: [] };
}

function ciliumApi(): AllowRules {
  return { rules: [], cilium: [{ toEntities: ['kube-apiserver'] }], wide: [] };
}

/** By its addresses, where the input has them. */
function toApi({ snapshot }: ControlContext, { why }: NeededEdge): AllowRules {
  const slices = snapshot.endpointSlices.filter(
    ({ namespace, service }) => namespace === 'default' && service === 'kubernetes',
  );
  const addresses = slices
    .flatMap(({ endpoints }) => endpoints.map(({ address }) => address))
    .filter((text) => parseAddress(text) !== undefined);
  if (addresses.length > 0) {
    const to = addresses.map((address) => ({ ipBlock: { cidr: `${address}/${address.includes(':') ? 128 : 32}` } }));
    return plainRule({
      to,
      ...portsOf(slices.flatMap(({ ports }) => ports.map(({ protocol, port }) => ({ protocol, port })))),
    });
  }
  const ports: readonly NeededPort[] = [443, 6443].map((port) => ({ protocol: 'TCP', port }));
  return anyAddress(
    { ports },
    `${why}; the address of the API server is not in the input, so any address is allowed on TCP 443 and 6443`,
  );
}

/** Asking for names: of the pods of DNS, and of the cache on the node where there is one. */
export function dnsRules(context: ControlContext): AllowRules {
  const ports = portsOf([
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ]);
  const name = 'kubernetes.io/metadata.name';
  const cluster = {
    namespaceSelector: { matchLabels: { [name]: 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };
  const cache = hasNodeCache(context)
    ? [{ to: NODE_DNS.map((address) => ({ ipBlock: { cidr: `${address}/32` } })), ...ports }]
    : [];
  const openShift = context.objects.inNamespace('openshift-dns').length > 0;
  const other = { namespaceSelector: { matchLabels: { [name]: 'openshift-dns' } } };
  const otherPorts = portsOf([
    { protocol: 'UDP', port: 5353 },
    { protocol: 'TCP', port: 5353 },
  ]);
  return {
    rules: [{ to: [cluster], ...ports }, ...cache, ...(openShift ? [{ to: [other], ...otherPorts }] : [])],
    cilium: [],
    wide: [],
  };
}

function hasNodeCache({ objects }: ControlContext): boolean {
  return objects.of('apps', 'DaemonSet').some(({ name }) => /^(?:node-local-dns|localdns)/.test(name));
}

/** Cilium learns the addresses of names from the answers that it sees. */
export const CILIUM_DNS: PlainObject = {
  toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
  toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
};

// ---------------------------------------------------------------- peers and ports

/** Undefined: it cannot be named by labels. */
function podPeerOf(context: ControlContext, end: NeedEnd, home: string): readonly PlainObject[] | undefined {
  if (end.kind === 'pods') return [peerOfPods(end)];
  if (end.kind !== 'workload') return undefined;
  const target = workloadNamed(context, end.id);
  if (target === undefined || target.hostNetwork) return undefined;
  const { labels }: Labelled = labelledAs(target);
  const podSelector = { matchLabels: labels };
  if (target.namespace === home) return [{ podSelector }];
  return [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': target.namespace } }, podSelector }];
}

function peerOfPods({ namespace, labels }: PodsEnd): PlainObject {
  const own = Object.keys(labels).length === 0 ? {} : { podSelector: { matchLabels: labels } };
  if (namespace === undefined) return { namespaceSelector: {}, ...own };
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, ...own };
}

function byPorts(edges: readonly NeededEdge[]): ReadonlyMap<string, readonly NeededEdge[]> {
  return Map.groupBy(edges, ({ ports }) => JSON.stringify(ports));
}

function portsOf(ports: readonly NeededPort[]): { readonly ports?: readonly PlainObject[] } {
  return ports.length === 0 ? {} : { ports: distinct(ports.map(({ protocol, port }) => ({ protocol, port }))) };
}

function distinct<T extends PlainValue>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
