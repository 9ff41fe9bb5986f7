import { type Family, wholeFamily } from '#base/address.ts';
import { addBit, type Bits, difference, emptyBits, fullBits, members, union } from '#base/bits.ts';
import { type Intervals, includes, intervalsOf } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import {
  type AddressReader,
  addressReaderOf,
  PLATFORM_ADDRESSES,
  PRIVATE,
} from '#engine/compile/azure/address-items.ts';
import { exactRanges, perhapsRanges, type RangeSpan, withoutRanges } from '#engine/compile/azure/ranges.ts';
import { tagItem } from '#engine/compile/azure/tag-item.ts';
import { ruleTraffic } from '#engine/compile/azure/traffic.ts';
import type { AzureView } from '#engine/compile/azure/view.ts';
import { type AddressItem, isUnsettled, type PortItem } from '#model/azure/entity.ts';
import type { SecurityGroup, SecurityRule, Subnet } from '#model/azure/network.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC, isPortProtocol, linesOf, type Protocol, type TrafficSet } from '#model/traffic.ts';
import { type Cells, cellsOf, keyOf, type NamedRanges } from './group-cells.ts';

/** One packet that the two groups treat differently. */
export interface GroupWitness {
  readonly direction: Direction;
  /** An address; with `in`, one that is taken to be in these, of which the input does not say. */
  readonly source: string;
  readonly destination: string;
  readonly protocol: Protocol;
  readonly port?: number;
  /** Where that decides. */
  readonly sourcePort?: number;
  readonly before: 'allowed' | 'denied';
  readonly after: 'allowed' | 'denied';
}

export interface GroupComparison {
  /** Whether every packet has the same end for certain. */
  readonly equal: boolean;
  /** At most `MOST_GROUP_WITNESSES`, one for each set of packets that rules tell apart. */
  readonly witnesses: readonly GroupWitness[];
  /** Parts of either group that could not be read, so that they may mean anything. */
  readonly unknown: number;
}

export const MOST_GROUP_WITNESSES = 100;

/** Where the groups stand: settles what `VirtualNetwork` and other tags mean. */
export interface GroupView {
  readonly view: AzureView;
  readonly subnet?: Subnet;
}

/**
 * What two security groups do differently, exactly: over all sources, destinations and traffic that their rules tell apart,
 * with the rules that Azure adds. Things of which the input does not say which addresses they hold are the same thing in
 * both groups where both name it; they are taken to hold one address or another each by itself, so that where they do so
 * together or not at all a witness may be of a case that cannot be. What is called equal always is.
 */
export function compareGroups(before: SecurityGroup, after: SecurityGroup, at?: GroupView): GroupComparison {
  const unread = [...unreadIn(before), ...unreadIn(after)];
  if (unread.length > 0 && textOf(before) === textOf(after)) return { equal: true, witnesses: [], unknown: 0 };
  const found: Found = { witnesses: [], unknown: unread.length };
  for (const direction of ['ingress', 'egress'] as const) {
    const lists = [listOf(before, direction), listOf(after, direction)] as const;
    for (const family of [4, 6] as const) compareLists(lists, { direction, family, at, found });
  }
  const { witnesses, unknown } = found;
  return { equal: witnesses.length === 0 && unknown === 0, witnesses, unknown };
}

interface Found {
  readonly witnesses: GroupWitness[];
  unknown: number;
}

/** Rules without their place, direction, action or traffic, and lists that are not known. */
function unreadIn({ rules, unsettled }: SecurityGroup): unknown[] {
  return [...rules.filter((rule) => !isRead(rule)), ...unsettled];
}

function isRead({ direction, access, priority, protocol, destinationPorts, sourcePorts }: SecurityRule): boolean {
  const isOpen = [direction, access, priority, protocol].some(isUnsettled);
  return !isOpen && ![...destinationPorts, ...sourcePorts].some(({ kind }) => kind === 'unsettled');
}

function textOf({ rules, unsettled }: SecurityGroup): string {
  const isSaid = (key: string) => key !== 'origin' && key !== 'path' && key !== 'id';
  const plain = (key: string, value: unknown) =>
    isSaid(key) ? (typeof value === 'bigint' ? `${value}` : value) : undefined;
  return JSON.stringify([rules, unsettled.map(({ value }) => value.expression)], plain);
}

// ---------------------------------------------------------------- rules in order

/** A rule as far as packets see it. */
interface Flow {
  readonly sources: readonly AddressItem[];
  readonly destinations: readonly AddressItem[];
  readonly sourcePorts: Intervals;
  readonly traffic: TrafficSet;
  /** `open`: it may do anything, or nothing. */
  readonly action: 'allow' | 'deny' | 'open';
}

/** What could not be read stands before all else: where it may match nothing is said. */
function listOf({ rules, unsettled }: SecurityGroup, direction: Direction): Flow[] {
  const isHere = (rule: SecurityRule) => isUnsettled(rule.direction) || rule.direction === direction;
  const own = rules.filter((rule) => isHere(rule) && isRead(rule));
  own.sort((a, b) => Number(a.priority) - Number(b.priority));
  const open = rules.filter((rule) => isHere(rule) && !isRead(rule)).map((rule) => flowOf(rule, 'open'));
  if (unsettled.length > 0) open.push(anything('open'));
  return [
    ...open,
    ...own.map((rule) => flowOf(rule, rule.access === 'allow' ? 'allow' : 'deny')),
    ...defaultsOf(direction),
  ];
}

function flowOf(rule: SecurityRule, action: Flow['action']): Flow {
  const { must, may } = ruleTraffic(rule.protocol, rule.destinationPorts);
  return {
    sources: rule.sources,
    destinations: rule.destinations,
    sourcePorts: action === 'open' ? EVERY_PORT : portsOf(rule.sourcePorts),
    traffic: action === 'open' ? may : must,
    action,
  };
}

const EVERY_PORT: Intervals = [0, 65_535];

function portsOf(ports: readonly PortItem[]): Intervals {
  if (ports.length === 0) return EVERY_PORT;
  const all = intervalsOf(ports.flatMap((port) => (port.kind === 'range' ? [[port.from, port.to] as const] : [])));
  return all[0] !== undefined && all[0] <= 1 && all[1] === EVERY_PORT[1] ? EVERY_PORT : all;
}

const ANY: AddressItem = { kind: 'any', origin: tagItem('').origin };

function anything(action: Flow['action'], from: AddressItem = ANY, to: AddressItem = ANY): Flow {
  return { sources: [from], destinations: [to], sourcePorts: EVERY_PORT, traffic: ALL_TRAFFIC, action };
}

function defaultsOf(direction: Direction): Flow[] {
  const inside = tagItem('VirtualNetwork');
  const second =
    direction === 'ingress'
      ? anything('allow', tagItem('AzureLoadBalancer'))
      : anything('allow', ANY, tagItem('Internet'));
  return [anything('allow', inside, inside), second, anything('deny')];
}

// ---------------------------------------------------------------- what items mean

type Meaning = (item: AddressItem) => NamedRanges;

function meaningOf(at: GroupView | undefined): Meaning {
  const reader = at === undefined ? undefined : addressReaderOf(at.view);
  const known = new Map<string, NamedRanges>();
  return (item) => {
    const key = keyOf(item);
    const found = known.get(key) ?? { key, span: spanOf(item, reader, at?.subnet) };
    known.set(key, found);
    return found;
  };
}

function spanOf(item: AddressItem, reader: AddressReader | undefined, subnet: Subnet | undefined): RangeSpan {
  if (reader !== undefined) return reader.ranges([item], subnet);
  switch (item.kind) {
    case 'any':
      return exactRanges(WHOLE);
    case 'range':
      return exactRanges([item.range]);
    case 'tag':
      return tagSpan(item.tag.toLowerCase());
    case 'asg':
    case 'unsettled':
      return perhapsRanges(WHOLE, 'cloud-group');
    default:
      return exactRanges([]);
  }
}

const WHOLE = [wholeFamily(4), wholeFamily(6)];

/** Without a network around: `VirtualNetwork` may hold anything, `Internet` and published tags what is public. */
function tagSpan(tag: string): RangeSpan {
  const [host, metadata] = PLATFORM_ADDRESSES;
  switch (tag) {
    case 'azureloadbalancer':
    case 'azureplatformdns':
      return exactRanges([host!]);
    case 'azureplatformimds':
      return exactRanges([metadata!]);
    case 'virtualnetwork':
      return { must: exactRanges([host!]).must, may: exactRanges(WHOLE).must, reasons: ['cloud-group'] };
    default:
      return perhapsRanges(withoutRanges(WHOLE, [...PRIVATE, ...PLATFORM_ADDRESSES]), 'service-tag');
  }
}

// ---------------------------------------------------------------- comparing

interface Asked {
  readonly direction: Direction;
  readonly family: Family;
  readonly at: GroupView | undefined;
  readonly found: Found;
}

/** A rule over the cells of sources, and over classes of destinations. */
interface Compiled extends Omit<Flow, 'sources' | 'destinations'> {
  readonly from: Bits;
  readonly to: Bits;
}

function compareLists(lists: readonly [readonly Flow[], readonly Flow[]], asked: Asked): void {
  const { direction, family, at, found } = asked;
  const meaning = meaningOf(at);
  const named = lists.flat().flatMap(({ sources, destinations }) => [...sources, ...destinations].map(meaning));
  const cells = cellsOf(family, named);
  if (!cells.isExact) found.unknown++;
  const [before, after] = lists.map((list) => list.map((flow) => compile(cells, meaning, { flow, direction })));
  const targets = classesOf(
    cells.size,
    [...before!, ...after!].map(({ to }) => to),
  );
  const places: Places = { cells, targets };
  const all = [...before!, ...after!].map((rule) => ({ ...rule, to: narrowed(rule.to, targets) }));
  for (const { sample, rules } of classesOf(
    cells.size,
    all.map(({ from }) => from),
  ).classes) {
    if (found.witnesses.length >= MOST_GROUP_WITNESSES) return;
    const own = rules.filter((index) => index < before!.length).map((index) => all[index]!);
    const other = rules.filter((index) => index >= before!.length).map((index) => all[index]!);
    compareFrom({ ...asked, ...places, source: sample }, own, other);
  }
}

function compile(
  cells: Cells,
  meaning: Meaning,
  { flow, direction }: { readonly flow: Flow; readonly direction: Direction },
): Compiled {
  const { sources, destinations, ...rest } = flow;
  const to = cells.in(destinations.map(meaning));
  const platform = cells.in(destinations.filter(isPlatform).map(meaning));
  const isOutward = direction === 'egress';
  return {
    ...rest,
    from: cells.in(sources.map(meaning)),
    to: isOutward ? union(difference(to, cells.platform), intersectionOf(platform, cells.platform)) : to,
  };
}

function isPlatform(item: AddressItem): boolean {
  return item.kind === 'unsettled' || (item.kind === 'tag' && item.tag.toLowerCase().startsWith('azureplatform'));
}

function intersectionOf(a: Bits, b: Bits): Bits {
  return a.map((word, index) => word & b[index]!) as Bits;
}

/** Cells that all rules treat alike. */
interface Classes {
  readonly classes: readonly { readonly sample: number; readonly rules: readonly number[] }[];
  readonly classOf: readonly number[];
}

function classesOf(size: number, sets: readonly Bits[]): Classes {
  const holders = new Map<Bits, number[]>();
  for (const [rule, set] of sets.entries()) remembered(holders, set, () => []).push(rule);
  const distinct: number[][] = Array.from({ length: size }, () => []);
  for (const [index, set] of [...holders.keys()].entries())
    for (const cell of members(set)) distinct[cell]!.push(index);
  const rulesOf = [...holders.values()];
  const known = new Map<string, number>();
  const classes: { sample: number; rules: number[] }[] = [];
  const classOf = distinct.map((own, cell) => {
    const key = own.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const rules = own.flatMap((index) => rulesOf[index]!).sort((a, b) => a - b);
    const index = classes.push({ sample: cell, rules }) - 1;
    known.set(key, index);
    return index;
  });
  return { classes, classOf };
}

function narrowed(to: Bits, { classes, classOf }: Classes): Bits {
  const out = emptyBits(classes.length);
  for (const cell of members(to)) addBit(out, classOf[cell]!);
  return out;
}

interface Places {
  readonly cells: Cells;
  readonly targets: Classes;
}

interface From extends Asked, Places {
  readonly source: number;
}

function compareFrom(from: From, before: readonly Compiled[], after: readonly Compiled[]): void {
  if (isSame(before, after)) return;
  const all = [...before, ...after];
  const ports = samplesOf(
    all.map(({ sourcePorts }) => sourcePorts),
    EVERY_PORT,
  );
  const kinds = samplesOf(
    all.map(({ traffic }) => traffic),
    ALL_TRAFFIC,
  );
  for (const sourcePort of ports) {
    const isPort = ({ sourcePorts }: Compiled) => includes(sourcePorts, sourcePort);
    for (const traffic of kinds) {
      const matching = (rules: readonly Compiled[]) =>
        rules.filter((rule) => includes(rule.traffic, traffic) && isPort(rule));
      const told = { traffic, ...(ports.length > 1 && { sourcePort }) };
      tell(from, told, outcomeOf(from, matching(before)), outcomeOf(from, matching(after)));
    }
  }
}

function isSame(before: readonly Compiled[], after: readonly Compiled[]): boolean {
  return (
    before.length === after.length &&
    before.every((rule, index) => {
      const other = after[index]!;
      return (
        rule.action === other.action &&
        equal(rule.to, other.to) &&
        equal(rule.traffic, other.traffic) &&
        equal(rule.sourcePorts, other.sourcePorts)
      );
    })
  );
}

function equal(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** One value of each part into which sets cut a whole, of parts that the same sets hold only one. */
function samplesOf(sets: readonly Intervals[], whole: Intervals): number[] {
  const distinct = [...new Set(sets)];
  const starts = new Set<number>(whole.filter((_, index) => index % 2 === 0));
  for (const set of distinct)
    for (const [index, bound] of set.entries()) starts.add(index % 2 === 0 ? bound : bound + 1);
  const bySets = new Map<string, number>();
  for (const start of [...starts].sort((a, b) => a - b)) {
    if (!includes(whole, start)) continue;
    const key = distinct.flatMap((set, index) => (includes(set, start) ? [index] : [])).join();
    if (!bySets.has(key)) bySets.set(key, start);
  }
  return [...bySets.values()];
}

/** What a list does with each class of destinations. */
interface Outcome {
  readonly allowed: Bits;
  readonly open: Bits;
}

/** First match, over all classes of destinations at once. */
function outcomeOf({ targets, direction, family }: From, rules: readonly Compiled[]): Outcome {
  const size = targets.classes.length;
  const allowed = emptyBits(size);
  const open = emptyBits(size);
  const left = fullBits(size);
  for (const { to, action } of rules) {
    let rest = 0;
    for (let i = 0; i < left.length; i++) {
      const hit = left[i]! & to[i]!;
      if (action === 'allow') allowed[i]! |= hit;
      else if (action === 'open') open[i]! |= hit;
      left[i]! &= ~hit;
      rest |= left[i]!;
    }
    if (rest === 0) return { allowed, open };
  }
  // What is left on the way out are addresses of the platform, which the last rule is not about.
  return { allowed: direction === 'egress' && family === 4 ? union(allowed, left) : allowed, open };
}

interface Told {
  readonly traffic: number;
  readonly sourcePort?: number;
}

// biome-ignore lint/complexity/useMaxParams: two answers to one question
function tell(from: From, told: Told, before: Outcome, after: Outcome): void {
  const { found, cells, targets, source } = from;
  const open = union(before.open, after.open);
  const first = (a: Bits, b: Bits) =>
    members(difference(difference(a, b), open)).find(
      (target) => !cells.excludes(source, targets.classes[target]!.sample),
    );
  const closed = first(before.allowed, after.allowed);
  const opened = first(after.allowed, before.allowed);
  if (closed !== undefined) push(found, { ...witnessOf(from, told, closed), before: 'allowed', after: 'denied' });
  if (opened !== undefined) push(found, { ...witnessOf(from, told, opened), before: 'denied', after: 'allowed' });
}

function push({ witnesses }: Found, witness: GroupWitness): void {
  if (witnesses.length < MOST_GROUP_WITNESSES) witnesses.push(witness);
}

function witnessOf(
  { direction, cells, targets, source }: From,
  { traffic, sourcePort }: Told,
  target: number,
): Omit<GroupWitness, 'before' | 'after'> {
  const [line] = linesOf([traffic, traffic]);
  const { protocol, ranges } = line!;
  const port = isPortProtocol(protocol) ? ranges[0]?.[0] : undefined;
  return {
    direction,
    source: cells.text(source, 'first'),
    destination: cells.text(targets.classes[target]!.sample, 'last'),
    protocol,
    ...(port !== undefined && { port }),
    ...(sourcePort !== undefined && { sourcePort }),
  };
}
