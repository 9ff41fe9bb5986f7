import { type Cidr, cidrOf, parseAddress, parseCidr } from '#base/address.ts';
import { addBit, type Bits, emptyBits } from '#base/bits.ts';
import { unite } from '#base/intervals.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { NO_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import type { LinkerdValues } from '#parse/linkerd/mesh-values.ts';
import type { PointSpan } from '../../form.ts';
import type { Point, World } from '../../world.ts';

const PROXY = 'linkerd-proxy';
const INJECT = 'linkerd.io/inject';
const CONFIG = 'config.linkerd.io/';
/** The proxy's own ports, control and admin: the injector leaves them alone whatever else it is told. */
const OWN_PORTS = unite(portTraffic('TCP', 4190), portTraffic('TCP', 4191));

/** One group of pods that the mesh treats alike. */
export interface Member {
  readonly meshed: 'yes' | 'no' | 'perhaps';
  /** Ports whose traffic does not pass the proxy, in each direction. */
  readonly skippedInbound: TrafficSet;
  readonly skippedOutbound: TrafficSet;
  /**
   * Addresses from which connections go past the proxy. What the pod sends there does not: proxy-init compares them with
   * the source of what comes in, and with nothing else (linkerd2#10726; linkerd2-proxy-init `makeIgnoreSubnet`).
   */
  readonly skippedSubnets: readonly Cidr[];
  /** Ports on which the proxy looks for no requests. */
  readonly opaque: TrafficSet;
  /** Ports that take only clients with an identity, whatever the default says. */
  readonly requireIdentity: TrafficSet;
  /**
   * Who may come to a port without a Server. Two, where a namespace says something and it is not known whether the running
   * proxy was injected before or after.
   */
  readonly defaultPolicies: readonly string[];
}

export interface Membership {
  readonly of: readonly Member[];
  /** Pods with a proxy. */
  readonly meshed: PointSpan;
}

/** Who has a proxy, by the pod itself where it runs, else by what the injector would do (linkerd.io/inject). */
export function membershipOf(world: World, { namespaces }: Snapshot, values: LinkerdValues): Membership {
  const spaces: Spaces = {
    annotations: new Map(namespaces.map(({ name, annotations }) => [name, annotations])),
    values,
  };
  const must = emptyBits(world.size);
  const may = emptyBits(world.size);
  const of = world.points.map((point, index) => {
    const member = memberOf(world, point, spaces);
    if (member.meshed !== 'no') addBit(may, index);
    if (member.meshed === 'yes') addBit(must, index);
    return member;
  });
  return { of, meshed: spanOf(must, may) };
}

function spanOf(must: Bits, may: Bits): PointSpan {
  return { must, may, doubts: [{ reason: 'mesh-membership' }] };
}

const OUTSIDE: Member = {
  meshed: 'no',
  skippedInbound: NO_TRAFFIC,
  skippedOutbound: NO_TRAFFIC,
  skippedSubnets: [],
  opaque: NO_TRAFFIC,
  requireIdentity: NO_TRAFFIC,
  defaultPolicies: [],
};

interface Spaces {
  readonly annotations: ReadonlyMap<string, Labels>;
  /** Of the installation. */
  readonly values: LinkerdValues;
}

function memberOf(world: World, point: Point, spaces: Spaces): Member {
  const sample = point.units.length > 0 ? world.units[point.units[0]!] : undefined;
  if (point.kind !== 'pod' || point.hostNetwork || sample === undefined) return OUTSIDE;
  const { values } = spaces;
  const { containers, annotations } = sample.shape;
  const runs = containers.some(({ name }) => name === PROXY);
  const space = spaces.annotations.get(point.namespace) ?? NONE;
  const meshed = runs ? 'yes' : injected(annotations, space, sample.pod !== undefined);
  if (meshed === 'no') return OUTSIDE;
  const setting = (name: string) =>
    annotations.get(`${CONFIG}${name}`) ?? (runs ? undefined : space.get(`${CONFIG}${name}`));
  return {
    meshed,
    skippedInbound: unite(OWN_PORTS, portsOf(setting('skip-inbound-ports') ?? values.skippedInbound)),
    skippedOutbound: portsOf(setting('skip-outbound-ports') ?? values.skippedOutbound),
    skippedSubnets: subnetsOf(setting('skip-subnets') ?? values.skippedSubnets),
    opaque: portsOf(setting('opaque-ports') ?? values.opaquePorts),
    requireIdentity: portsOf(setting('proxy-require-identity-inbound-ports') ?? ''),
    defaultPolicies: defaultsOf(annotations, space, { runs, fallback: values.defaultPolicy }),
  };
}

/** The injector looks at the pod, then at its namespace; a pod that runs without a proxy has none. */
function injected(annotations: Labels, space: Labels, runs: boolean): 'yes' | 'no' {
  if (runs) return 'no';
  const word = annotations.get(INJECT) ?? space.get(INJECT);
  return word === 'enabled' || word === 'ingress' ? 'yes' : 'no';
}

/** The namespace's word is copied at injection: of a running proxy it is not known whether it came before or after. */
function defaultsOf(
  annotations: Labels,
  space: Labels,
  { runs, fallback }: { readonly runs: boolean; readonly fallback: string },
): string[] {
  const own = annotations.get(`${CONFIG}default-inbound-policy`);
  if (own !== undefined) return [own];
  const word = space.get(`${CONFIG}default-inbound-policy`) ?? fallback;
  return runs && word !== fallback ? [word, fallback] : [word];
}

const NONE: Labels = new Map();

/** `10.0.0.0/8,192.0.2.1` */
export function subnetsOf(text: string): Cidr[] {
  return text.split(',').flatMap((part) => {
    const address = parseAddress(part.trim());
    if (address !== undefined) return [cidrOf(address, address.family === 4 ? 32 : 128)];
    return parseCidr(part.trim())?.cidr ?? [];
  });
}

/** `25,587,4000-4100` */
export function portsOf(text: string): TrafficSet {
  let traffic = NO_TRAFFIC;
  for (const part of text.split(',')) {
    const range = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
    if (range !== null) traffic = unite(traffic, portTraffic('TCP', Number(range[1]), Number(range[2] ?? range[1])));
  }
  return traffic;
}
