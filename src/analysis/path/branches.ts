import type { Family } from '#base/address.ts';
import { includes, meet } from '#base/intervals.ts';
import type { EncryptedPair } from '#engine/encryption.ts';
import type { Engine } from '#engine/engine.ts';
import type { LayerName } from '#engine/form.ts';
import { type Grant, verdictOf } from '#engine/grants.ts';
import { grantBetween, type Side } from '#engine/reach.ts';
import type { HopEntry, NearMiss, PathBranch } from '#model/answers.ts';
import type { ReasonCode } from '#model/reason.ts';
import { ALL_PORTS, isPortProtocol, linesOf, type TrafficSet } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';
import { translationHop } from '../azure/translation.ts';
import { encryptionOf } from '../encryption/book.ts';
import { type Hop, hopsOf } from './hops.ts';
import type { End } from './names.ts';
import { type AskedTraffic, askedText, pointOf } from './port.ts';

/** One way that a connection may take: from one end to one place, by one port there. */
export interface Way {
  readonly from: End;
  readonly to: End;
  /** Absent: any port; the way then speaks for the best one. */
  readonly asked?: AskedTraffic;
  /** What comes before: Service translation. */
  readonly before: readonly HopEntry[];
}

/** A branch with what decided it, for the search of changes. */
export interface Branch {
  readonly answer: PathBranch;
  readonly from: number;
  readonly to: number;
  readonly traffic: number;
  readonly hops: readonly Hop[];
}

/** A pair of points of a way, and what may pass between them. */
interface Pair {
  readonly from: number;
  readonly to: number;
  readonly grant: Grant;
  readonly family: Family;
}

/** The branches of a way: one where every pair of points agrees, else one for each verdict and address family. */
export function branchesOf(engine: Engine, way: Way): Branch[] {
  const pairs = pairsOf(engine, way);
  const byVerdict = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = verdictOfPair(pair, way.asked);
    byVerdict.set(key, [...(byVerdict.get(key) ?? []), pair]);
  }
  if (byVerdict.size === 1) return [branchOf(engine, way, { pair: pairs[0]!, family: 'any' })];
  return [...byVerdict.values()].map(([pair]) =>
    branchOf(engine, way, { pair: pair!, family: pair!.family === 4 ? 'IPv4' : 'IPv6' }),
  );
}

/** What a way lets pass over all its pairs: everything that any lets, for questions without a port. */
export function grantsOf(engine: Engine, way: Way): Grant[] {
  return pairsOf(engine, way).map(({ grant }) => grant);
}

function pairsOf({ world, reach }: Engine, { from, to }: Way): Pair[] {
  const pairs: Pair[] = [];
  for (const a of from.points) {
    for (const b of to.points) {
      const shared = world.points[a]!.families & world.points[b]!.families;
      if (shared !== 0)
        pairs.push({ from: a, to: b, grant: grantBetween(reach, a, b), family: (shared & 1) !== 0 ? 4 : 6 });
    }
  }
  return pairs;
}

function verdictOfPair({ grant, family }: Pair, asked: AskedTraffic | undefined): Verdict {
  if (asked !== undefined) return verdictOf(grant, pointOf(asked, family));
  if (meet(grant.allowed, ALL_PORTS).length > 0) return 'allowed';
  return meet(grant.possible, ALL_PORTS).length > 0 ? 'unknown' : 'denied';
}

interface Chosen {
  readonly pair: Pair;
  readonly family: PathBranch['family'];
}

function branchOf(engine: Engine, way: Way, { pair, family }: Chosen): Branch {
  const asked = way.asked ?? exampleTraffic(engine, pair);
  const traffic = pointOf(asked, pair.family);
  const hops = policyHops(engine, way, { pair, traffic, text: askedText(asked) });
  const nearMisses: NearMiss[] = hops.flatMap((hop) => hop.nearMisses);
  const verdict = verdictOfPair(pair, way.asked);
  const entry = {
    from: way.from.id,
    to: way.to.id,
    family,
    protocol: asked.protocol,
    verdict,
    hops: [...way.before, ...withTranslation(engine, hops, { source: way.from.id, pair })],
    nearMisses,
  };
  const answer: PathBranch = {
    ...entry,
    ...(way.asked?.port !== undefined && { port: way.asked.port }),
    ...(verdict !== 'denied' && protection(engine, { from: pair.from, to: pair.to, traffic })),
  };
  return { answer, from: pair.from, to: pair.to, traffic, hops };
}

/** The hops as they are told, with the change of address before the first that stands outside of the cluster. */
function withTranslation(
  engine: Engine,
  hops: readonly Hop[],
  { source, pair }: { source: string; pair: Pair },
): HopEntry[] {
  const entries = hops.map((hop) => hop.entry);
  const change = translationHop(engine, { id: source, point: pair.from }, pair.to);
  if (change === undefined) return entries;
  const first = hops.findIndex(({ layer }) => OUTSIDE.has(layer));
  return first < 0 ? entries : entries.toSpliced(first, 0, change);
}

const OUTSIDE: ReadonlySet<LayerName> = new Set(['network-security', 'route', 'firewall', 'service']);

/** Told where anything in the input protects connections; silence about the rest. */
function protection(engine: Engine, pair: EncryptedPair): Pick<PathBranch, 'encryption'> {
  const { encryption, why, hole } = encryptionOf(engine).factOf(pair);
  if (encryption === 'plaintext' && hole === undefined) return {};
  return { encryption: { encryption, why, ...(hole !== undefined && { close: hole.close }) } };
}

interface At {
  readonly pair: Pair;
  readonly traffic: number;
  readonly text: string;
}

/** Policy has a say at pods, and at nodes that a policy selects; others are hops without rules and are left out. */
function policyHops(engine: Engine, { from, to }: Way, { pair, traffic, text }: At): Hop[] {
  const source = { id: from.id, point: pair.from };
  const target = { id: to.id, point: pair.to };
  const hops: Hop[] = [];
  const common = { engine, traffic, trafficText: text };
  if (isGoverned(engine.reach.egress, pair.from, engine))
    hops.push(...hopsOf({ ...common, direction: 'egress', subject: source, peer: target }));
  if (isGoverned(engine.reach.ingress, pair.to, engine))
    hops.push(...hopsOf({ ...common, direction: 'ingress', subject: target, peer: source }));
  return hops;
}

function isGoverned({ parts }: Side, point: number, { world }: Engine): boolean {
  return world.points[point]!.kind === 'pod' || parts.some(({ selected }) => selected[point]!.length > 0);
}

/** For a question without a port: one that shows the answer, a declared container port where possible. */
function exampleTraffic({ world }: Engine, { to, grant }: Pair): AskedTraffic {
  const declared = world.points[to]!.units.flatMap((unit) => world.units[unit]!.shape.ports);
  const wanted = grant.allowed.length > 0 ? grant.allowed : grant.possible;
  const fitting = declared.find(
    ({ protocol, port }) => wanted.length === 0 || includes(wanted, pointOf({ protocol, port }, 4)),
  );
  if (fitting !== undefined) return { protocol: fitting.protocol, port: fitting.port };
  return firstPort(meet(wanted, ALL_PORTS)) ?? { protocol: 'TCP', port: 80 };
}

function firstPort(traffic: TrafficSet): AskedTraffic | undefined {
  const line = linesOf(traffic)[0];
  return line !== undefined && isPortProtocol(line.protocol)
    ? { protocol: line.protocol, port: line.ranges[0]![0] }
    : undefined;
}

export function reasonsOf(branches: readonly Branch[]): ReasonCode[] {
  return [...new Set(branches.flatMap(({ answer }) => answer.hops.flatMap(({ reasons }) => reasons)))];
}
