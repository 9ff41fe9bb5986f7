import { formatAddress } from '#base/address.ts';
import { type Bits, bitsOf, difference, intersection, isEmpty, nextBit } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { atomRange } from '#engine/atoms.ts';
import { azureOf } from '#engine/compile/azure/context.ts';
import { applicationRulesOf, networkRulesOf } from '#engine/compile/azure/firewall.ts';
import { policyChain } from '#engine/compile/azure/firewall-rules.ts';
import { azureMentions } from '#engine/compile/azure/mentions.ts';
import { azureViewOf } from '#engine/compile/azure/view.ts';
import { compilingOf } from '#engine/compile/context.ts';
import { type Grant, type GrantTable, grantTable } from '#engine/grants.ts';
import type { Row } from '#engine/rows.ts';
import { buildWorld, type World } from '#engine/world.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { Firewall, FirewallRule } from '#model/azure/firewall.ts';
import { PROFILES } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import {
  ALL_TRAFFIC,
  isPortProtocol,
  linesOf,
  type Protocol,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';
import {
  applicationFate,
  type FirewallOutcomes,
  NETWORK_ROWS,
  networkFate,
  outcomesOf,
  type RulesIn,
} from './firewall-outcomes.ts';
import { witnessNames } from './witness-names.ts';

/** A firewall with the input that it stands in. */
export interface FirewallSide {
  readonly snapshot: Snapshot;
  readonly firewall: Firewall;
}

/** One connection that the two treat differently; every set of such connections that rules tell apart has one. */
export interface FirewallWitness {
  /** An address, or `namespace/pod` where a rule names groups of pods. */
  readonly source: string;
  readonly destination: string;
  /** What the client asks for there, where that decides. */
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port?: number;
  readonly before: 'allowed' | 'denied';
  readonly after: 'allowed' | 'denied';
}

export interface FirewallComparison {
  /** Whether every connection has the same end for certain. */
  readonly equal: boolean;
  /** At most `MOST_WITNESSES`. */
  readonly witnesses: readonly FirewallWitness[];
  /** Sets of connections of which it is not known on one side, or on both, what becomes of them. */
  readonly unknown: number;
}

export const MOST_WITNESSES = 100;

/**
 * What two firewalls do differently with connections over IPv4, exactly: over all sources, addresses, names and traffic that
 * their rules tell apart. Undefined where an input has no cluster, or several. Of URLs only the host is compared; where what
 * they say of paths differs, that is one more unknown.
 */
export function compareFirewalls(before: FirewallSide, after: FirewallSide): FirewallComparison | undefined {
  if (azureViewOf(before.snapshot) === undefined || azureViewOf(after.snapshot) === undefined) return undefined;
  const said = textOf(before);
  if (said !== undefined && said === textOf(after)) return { equal: true, witnesses: [], unknown: 0 };
  const worlds = worldsOf(before, after);
  const grants = grantTable();
  const sides = [outcomesIn(worlds, before, grants), outcomesIn(worlds, after, grants)] as const;
  const found: Found = { witnesses: [], unknown: pathsOf(before) === pathsOf(after) ? 0 : 1 };
  for (const source of sourcesOf(worlds.places, sides)) compareFrom({ ...worlds, grants, sides, found }, source);
  const { witnesses, unknown } = found;
  return { equal: witnesses.length === 0 && unknown === 0, witnesses, unknown };
}

// ---------------------------------------------------------------- one world for both

function rulesOf({ snapshot, firewall }: FirewallSide): FirewallRule[] {
  const view = azureViewOf(snapshot);
  return view === undefined ? [] : policyChain(view, firewall).collections.flatMap(({ rules }) => rules);
}

/**
 * Network rules are asked about addresses, and about names that they mean themselves; application rules about every name.
 * With a world for each nobody asks thousands of rules by address about thousands of names. Points of both worlds have
 * the same numbers, those of the names that only `names` has excepted: they come last.
 */
interface Worlds {
  readonly places: World;
  readonly names: World;
}

function worldsOf(before: FirewallSide, after: FirewallSide): Worlds {
  const [own, other] = [azureMentions(before.snapshot), azureMentions(after.snapshot)];
  const mentions = { ...own, labelKeys: new Set([...own.labelKeys, ...other.labelKeys]) };
  const rules = [...rulesOf(before), ...rulesOf(after)];
  const inNetwork = new Set(
    rules.flatMap((rule) => (rule.kind === 'network' ? rule.destinations : [])).flatMap(nameOf),
  );
  const build = (domains: Iterable<string>) =>
    buildWorld(before.snapshot, mentions, { cuts: other.ranges, domains: [...domains] });
  return { places: build(inNetwork), names: build(new Set([...inNetwork, ...witnessNames(rules)])) };
}

function nameOf(item: AddressItem): string[] {
  return item.kind === 'name' ? [item.name] : [];
}

/** All that has a say, as text without origins; undefined where something is missing. Equal texts mean the same. */
function textOf({ snapshot, firewall }: FirewallSide): string | undefined {
  const view = azureViewOf(snapshot);
  if (view === undefined) return undefined;
  const chain = policyChain(view, firewall);
  if (chain.unsettled) return undefined;
  const { ipGroups, podGroups, serviceTags } = view.estate;
  const policies = chain.policies.map(({ dnsProxy, inspectsTls }) => [dnsProxy, inspectsTls]);
  const networks = [...view.own].map((key) => view.networks.get(key));
  return JSON.stringify(
    [
      chain.collections,
      policies,
      ipGroups,
      podGroups,
      [...serviceTags],
      networks,
      firewall.privateAddress,
      view.cluster,
    ],
    (key, value: unknown) => (UNSAID.has(key) ? undefined : typeof value === 'bigint' ? `${value}` : value),
  );
}

/** Where something was written. */
const UNSAID: ReadonlySet<string> = new Set(['origin', 'path']);

/** What URLs say beyond their hosts. */
function pathsOf(side: FirewallSide): string {
  const urls = rulesOf(side).flatMap((rule) => (rule.kind === 'application' ? rule.urls : []));
  return urls.flatMap((item) => (item.kind === 'name' ? [item.name] : [])).join(' ');
}

function outcomesIn({ places, names }: Worlds, side: FirewallSide, grants: GrantTable): FirewallOutcomes {
  const compiled = (world: World, rulesOfKind: typeof networkRulesOf): RulesIn => {
    const azure = azureOf(compilingOf(world, PROFILES.upstream), side.snapshot);
    return { world, rules: azure === undefined ? [] : rulesOfKind(azure, side.firewall, world.everything) };
  };
  return outcomesOf(grants, {
    network: compiled(places, networkRulesOf),
    application: compiled(names, applicationRulesOf),
  });
}

/** One source of each set that no rule tells apart: addresses, and pods where rules name groups of them. */
function sourcesOf(world: World, sides: Sides): number[] {
  const bySignature = new Map<string, number>();
  for (const [source, point] of world.points.entries()) {
    if (point.kind === 'domain' || point.kind === 'node' || (point.families & IPV4) === 0) continue;
    const signature = sides.map((side) => side.signatureOf(source)).join(' ');
    const known = bySignature.get(signature);
    if (known === undefined || (point.kind === 'external' && world.points[known]!.kind === 'pod'))
      bySignature.set(signature, source);
  }
  return [...bySignature.values()];
}

/** `Point.families` of those that speak IPv4. */
const IPV4 = 1;

// ---------------------------------------------------------------- what both do

type Sides = readonly [FirewallOutcomes, FirewallOutcomes];

interface Found {
  readonly witnesses: FirewallWitness[];
  unknown: number;
}

interface Comparing extends Worlds {
  readonly grants: GrantTable;
  readonly sides: Sides;
  readonly found: Found;
}

/** Peers that no row tells apart, with what each row grants them. */
interface Part {
  readonly peers: Bits;
  readonly grants: readonly Grant[];
}

/**
 * The end of a connection hangs on an address and on a name: every part of the addresses meets every part of the names.
 * Names that network rules mean are asked about as themselves too, because there the firewall knows their addresses.
 */
function compareFrom(comparing: Comparing, source: number): void {
  const { places, names: asked, sides } = comparing;
  const networkRows = sides.flatMap((side) => side.networkRows(source));
  const nameRows = sides.map((side) => side.applicationRow(source));
  const names = partsOf(comparing, namesIn(asked), nameRows);
  for (const place of partsOf(comparing, intersection(places.externals, places.speaks[4]), networkRows)) {
    const traffic = askedOf(place);
    compareAt(comparing, { source, place, name: names[0]!, traffic: subtract(ALL_TRAFFIC, traffic) });
    for (const name of names) compareAt(comparing, { source, place, name, traffic });
  }
  for (const { peers, grants } of partsOf(comparing, namesIn(places), [...networkRows, ...nameRows])) {
    const place = { peers, grants: grants.slice(0, networkRows.length) };
    const name = { peers, grants: grants.slice(networkRows.length) };
    compareAt(comparing, { source, place, name, traffic: ALL_TRAFFIC });
  }
}

function namesIn(world: World): Bits {
  return intersection(bitsOf(world.size, [...world.domains.values()].flat()), world.speaks[4]);
}

/** Traffic about which application rules are asked on one side at least. */
function askedOf({ grants }: Part): TrafficSet {
  const sides = [grants.slice(0, NETWORK_ROWS), grants.slice(NETWORK_ROWS)];
  const [before, after] = sides.map((own) => meet(networkFate(own).none, protocolTraffic('TCP')));
  return unite(before!, after!);
}

function partsOf({ grants }: Comparing, all: Bits, rows: readonly Row[]): Part[] {
  let parts: Part[] = isEmpty(all) ? [] : [{ peers: all, grants: [] }];
  for (const row of rows) parts = parts.flatMap((part) => split(part, row, grants));
  return parts;
}

function split({ peers, grants }: Part, row: Row, table: GrantTable): Part[] {
  const out: Part[] = [];
  let rest = peers;
  for (const entry of row) {
    const common = intersection(rest, entry.peers);
    if (isEmpty(common)) continue;
    out.push({ peers: common, grants: [...grants, entry.grant] });
    rest = difference(rest, common);
  }
  if (!isEmpty(rest)) out.push({ peers: rest, grants: [...grants, table.none] });
  return out;
}

interface Meeting {
  readonly source: number;
  readonly place: Part;
  readonly name: Part;
  /** What is compared. */
  readonly traffic: TrafficSet;
}

function compareAt({ names: world, found }: Comparing, meeting: Meeting): void {
  const [before, after] = [endsOf(meeting, 0), endsOf(meeting, 1)];
  const closed = meet(before.allowed, after.denied);
  const opened = meet(before.denied, after.allowed);
  if (closed.length > 0) tell(found, { ...witnessOf(world, meeting, closed), before: 'allowed', after: 'denied' });
  if (opened.length > 0) tell(found, { ...witnessOf(world, meeting, opened), before: 'denied', after: 'allowed' });
  if (before.open.length + after.open.length > 0) found.unknown++;
}

interface Ends {
  readonly allowed: TrafficSet;
  readonly denied: TrafficSet;
  readonly open: TrafficSet;
}

/** Application rules have their say where no network rule matches. */
function endsOf({ place, name, traffic }: Meeting, side: 0 | 1): Ends {
  const network = networkFate(place.grants.slice(side * NETWORK_ROWS, (side + 1) * NETWORK_ROWS));
  const application = applicationFate(name.grants[side]!);
  const allow = meet(traffic, unite(network.allow, meet(network.none, application.allow)));
  const deny = meet(traffic, unite(network.deny, meet(network.none, application.deny)));
  return { allowed: subtract(allow, deny), denied: subtract(deny, allow), open: meet(allow, deny) };
}

// ---------------------------------------------------------------- witnesses

function tell({ witnesses }: Found, witness: FirewallWitness): void {
  if (witnesses.length < MOST_WITNESSES) witnesses.push(witness);
}

function witnessOf(world: World, meeting: Meeting, different: TrafficSet): Omit<FirewallWitness, 'before' | 'after'> {
  const { source, place, name } = meeting;
  const [line] = linesOf(different);
  const { protocol, ranges } = line!;
  const port = isPortProtocol(protocol) ? ranges[0]?.[0] : undefined;
  const isAsked = meet(askedOf(place), different).length > 0;
  return {
    source: textOfPoint(world, source),
    destination: textOfPoint(world, nextBit(place.peers, 0)),
    ...(isAsked && { name: textOfPoint(world, nextBit(name.peers, 0)) }),
    protocol,
    ...(port !== undefined && { port }),
  };
}

function textOfPoint(world: World, index: number): string {
  const { kind, facet, atom, units } = world.points[index]!;
  if (kind === 'external') {
    const { lo } = atomRange(world.atoms[facet], atom!);
    return formatAddress({ family: facet, value: lo });
  }
  if (kind === 'domain') return [...world.domains].find(([, points]) => points.includes(index))![0];
  const { namespace, name } = world.owners[world.units[units[0]!]!.owner]!;
  return `${namespace}/${name}`;
}
