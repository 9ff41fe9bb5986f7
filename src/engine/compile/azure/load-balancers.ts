import { type AddressRange, type Cidr, type Family, formatRange, parseAddress, parseCidr } from '#base/address.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { NetworkProtocol, SecurityRule } from '#model/azure/network.ts';
import type { Service } from '#model/exposure.ts';
import type { PortProtocol } from '#model/traffic.ts';

// What the cloud controller of Azure writes into the security group of the nodes for Services of type LoadBalancer, from
// the Services alone (kubernetes-sigs/cloud-provider-azure, accesscontrol.go). Which hash a rule has in its name is left
// out: nothing depends on it.

const PREFIX = 'service.beta.kubernetes.io/';
const AZURE = `${PREFIX}azure-`;

/** Whom a Service of type LoadBalancer lets in, as the controller reads its field and annotations. */
export interface LoadBalancerAccess {
  /**
   * `rules`: the controller writes rules. `none`: the annotation `azure-disable-load-balancer-nsg-rule` keeps it from
   * that. `refused`: the controller stops with an error, and what the group holds is what it held before.
   */
  readonly kind: 'rules' | 'none' | 'refused';
  readonly isInternal: boolean;
  /** Of `spec.loadBalancerSourceRanges`, which kube-proxy holds too. */
  readonly fieldRanges: readonly Cidr[];
  /** Of annotations, which only the security group holds. */
  readonly annotatedRanges: readonly Cidr[];
  /** Entries that are no CIDRs, or have bits after their length: with any of them everything else is denied. */
  readonly invalid: readonly string[];
  readonly tags: readonly string[];
  readonly fromInternet: boolean;
  readonly deniesRest: boolean;
  /** The security group sees the frontend's address and the Service's port, or (false) a node's address and the node port. */
  readonly floatingIp: boolean;
}

/** Undefined for what this controller does not serve. */
export function accessOf(service: Service): LoadBalancerAccess | undefined {
  if (service.type !== 'LoadBalancer' || service.loadBalancerClass !== undefined) return undefined;
  const { annotations } = service;
  const isInternal = isTrue(annotations.get(`${AZURE}load-balancer-internal`));
  const read = [`${AZURE}allowed-ip-ranges`, `${PREFIX}load-balancer-source-ranges`].flatMap((key) =>
    entriesOf(annotations.get(key)).map((text) => ({ text, cidr: maskedCidr(text) })),
  );
  const annotatedRanges = read.flatMap(({ cidr }) => cidr ?? []);
  const invalid = read.flatMap(({ text, cidr }) => (cidr === undefined ? [text] : []));
  const tags = entriesOf(annotations.get(`${AZURE}allowed-service-tags`));
  const fieldRanges = service.sourceRanges;
  const ranges = [...fieldRanges, ...annotatedRanges];
  const open =
    tags.length === 0 && invalid.length === 0 && (ranges.length === 0 || isEverything(fieldRanges, annotatedRanges));
  const deniesRest =
    isTrue(annotations.get(`${AZURE}deny-all-except-load-balancer-source-ranges`)) && ranges.length > 0;
  return {
    kind: kindOf(service, fieldRanges.length > 0 && annotatedRanges.length > 0),
    isInternal,
    fieldRanges,
    annotatedRanges,
    invalid,
    tags,
    fromInternet: open && (!isInternal || ranges.length > 0),
    deniesRest: deniesRest || invalid.length > 0,
    floatingIp: !isTrue(annotations.get(`${AZURE}disable-load-balancer-floating-ip`)),
  };
}

function kindOf({ annotations }: Service, isTwice: boolean): LoadBalancerAccess['kind'] {
  if (isTrue(annotations.get(`${AZURE}disable-load-balancer-nsg-rule`))) return 'none';
  return isTwice ? 'refused' : 'rules';
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}

function entriesOf(text: string | undefined): string[] {
  return text === undefined
    ? []
    : text
        .trim()
        .split(',')
        .map((entry) => entry.trim());
}

/** The controller takes no address without a length, and none with bits after it. */
function maskedCidr(text: string): Cidr | undefined {
  const reading = parseCidr(text);
  return reading === undefined || reading.oddities.length > 0 ? undefined : reading.cidr;
}

/** Each list that is there holds a block of everything. */
function isEverything(...lists: readonly (readonly Cidr[])[]): boolean {
  return lists.every((list) => list.length === 0 || list.some(({ length }) => length === 0));
}

/** Addresses of a Service's frontend, where they are known: given out, asked for, and added. */
export function frontendAddresses(service: Service): AddressRange[] {
  const { annotations, loadBalancerAddresses } = service;
  const asked = ['load-balancer-ipv4', 'load-balancer-ipv6'].flatMap((key) => annotations.get(AZURE + key) ?? []);
  const own = loadBalancerAddresses.length > 0 ? loadBalancerAddresses : asked;
  return [...own, ...entriesOf(annotations.get(`${AZURE}additional-public-ips`))].flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [{ family: address.family, lo: address.value, hi: address.value }];
  });
}

// ---------------------------------------------------------------- rules

/** One rule as the controller writes it; what it stands for is told by `services`. */
export interface ControllerRule {
  readonly rule: SecurityRule;
  readonly services: readonly Service[];
  readonly family: Family;
}

const ALLOWED_FROM = 500;
const DENIED_FROM = 4095;
const PROTOCOLS = { TCP: 'tcp', UDP: 'udp', SCTP: 'any' } as const satisfies Record<PortProtocol, NetworkProtocol>;

/**
 * Every rule for these Services: what allows from 500 upward, what denies from 4095 downward. Services with one protocol,
 * the same sources and the same ports share a rule. The controller takes Services as they come; here they come by name.
 */
export function controllerRules(services: readonly Service[]): ControllerRule[] {
  const drafts = new Map<string, Draft>();
  for (const service of [...services].sort(byName)) {
    const access = accessOf(service);
    if (access?.kind !== 'rules') continue;
    for (const draft of [...allowDrafts(service, access), ...denyDrafts(service, access)]) {
      const known = drafts.get(draft.key);
      drafts.set(draft.key, known === undefined ? draft : merged(known, draft));
    }
  }
  const list = [...drafts.values()];
  return [
    ...list.filter(({ access }) => access === 'allow').map((draft, index) => written(draft, ALLOWED_FROM + index)),
    ...list.filter(({ access }) => access === 'deny').map((draft, index) => written(draft, DENIED_FROM - index)),
  ];
}

interface Draft {
  /** Drafts with one key are one rule. */
  readonly key: string;
  readonly access: 'allow' | 'deny';
  readonly family: Family;
  readonly protocol: NetworkProtocol;
  readonly sources: readonly AddressItem[];
  /** Empty: every port. */
  readonly ports: readonly (number | undefined)[];
  readonly destinations: readonly AddressItem[];
  readonly services: readonly Service[];
}

function byName(a: Service, b: Service): number {
  const [left, right] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

function merged(one: Draft, other: Draft): Draft {
  return {
    ...one,
    destinations: [...one.destinations, ...other.destinations],
    services: [...one.services, ...other.services],
  };
}

function allowDrafts(service: Service, access: LoadBalancerAccess): Draft[] {
  const ranges = [...access.fieldRanges, ...access.annotatedRanges];
  const tags = access.fromInternet ? [...access.tags, 'Internet'] : access.tags;
  const protocols = new Set(service.ports.map(({ protocol }) => PROTOCOLS[protocol]));
  return familiesOf(service).flatMap((family) =>
    [...protocols].flatMap((protocol): Draft[] => {
      const own = ranges.filter((range) => range.family === family);
      const sources = [
        ...tags.map((tag): AddressItem[] => [{ kind: 'tag', tag, origin: service.origin }]),
        ...(own.length === 0 ? [] : [own.map((range) => rangeItem(range, service))]),
      ];
      return sources.map((items) => allowDraft(service, access, { family, protocol, items }));
    }),
  );
}

interface Allowed {
  readonly family: Family;
  readonly protocol: NetworkProtocol;
  readonly items: readonly AddressItem[];
}

function allowDraft(service: Service, access: LoadBalancerAccess, { family, protocol, items }: Allowed): Draft {
  const ports = service.ports
    .filter((port) => PROTOCOLS[port.protocol] === protocol)
    .map((port) => (access.floatingIp ? port.port : port.nodePort));
  const texts = items.map((item) => (item.kind === 'range' ? item.text : item.kind === 'tag' ? item.tag : '')).sort();
  // A node port that is not chosen yet makes a rule of its own.
  const unchosen = ports.includes(undefined) ? `${service.namespace}/${service.name}` : '';
  const numbers = [...ports].sort((a, b) => (a ?? 0) - (b ?? 0)).join(',');
  const key = `allow ${family} ${protocol} ${access.floatingIp} ${texts.join(',')} ${numbers} ${unchosen}`;
  const destinations = destinationsOf(service, access, family);
  return { key, access: 'allow', family, protocol, sources: items, ports, destinations, services: [service] };
}

function denyDrafts(service: Service, access: LoadBalancerAccess): Draft[] {
  if (!access.deniesRest) return [];
  return familiesOf(service).map((family) => ({
    key: `deny ${family}`,
    access: 'deny',
    family,
    protocol: 'any',
    sources: [{ kind: 'any', origin: service.origin }],
    ports: [],
    destinations: destinationsOf(service, access, family),
    services: [service],
  }));
}

export function familiesOf({ ipFamilies, ipFamilyPolicy }: Service): readonly Family[] {
  const named = ipFamilies.map((family): Family => (family === 'IPv6' ? 6 : 4));
  if (named.length > 0) return named;
  return ipFamilyPolicy === 'RequireDualStack' ? [4, 6] : [4];
}

/** Frontends by their addresses; none where they are not known, or where the nodes stand in for them. */
function destinationsOf(service: Service, { floatingIp }: LoadBalancerAccess, family: Family): AddressItem[] {
  if (!floatingIp) return [];
  return frontendAddresses(service)
    .filter((range) => range.family === family)
    .map((range) => rangeItem(range, service));
}

function rangeItem(range: AddressRange, { origin }: Service): AddressItem {
  return { kind: 'range', range, text: formatRange(range).join(','), origin };
}

function written(
  { access, family, protocol, sources, ports, destinations, services }: Draft,
  priority: number,
): ControllerRule {
  const [first] = services;
  const name = `k8s-azure-lb_${access === 'allow' ? 'allow' : 'deny-all'}_IPv${family}`;
  const rule: SecurityRule = {
    name,
    id: name,
    direction: 'ingress',
    access,
    priority,
    protocol,
    sources,
    sourcePorts: [],
    destinations,
    destinationPorts: ports.map((port) =>
      port === undefined
        ? { kind: 'range', from: NODE_PORTS.from, to: NODE_PORTS.to }
        : { kind: 'range', from: port, to: port },
    ),
    path: name,
    origin: first!.origin,
  };
  return { rule, services, family };
}

/** The API server's default. A node port that is not chosen yet is one of these. */
export const NODE_PORTS = { from: 30_000, to: 32_767 } as const;
