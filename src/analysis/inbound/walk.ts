import { type AddressRange, formatRange, isWithin, mergeRanges } from '#base/address.ts';
import { atomRange } from '#engine/atoms.ts';
import { grantBetween } from '#engine/reach.ts';
import type { HopEntry } from '#model/answers.ts';
import type { ReasonCode } from '#model/reason.ts';
import { portTraffic } from '#model/traffic.ts';
import type { PathVerdict, Trace, Verdict } from '#model/verdict.ts';
import { judgeArrival } from '../exposure/arrival.ts';
import { bitsOfPoints, type Judgement, judgeConnection, verdictOver } from '../exposure/judge.ts';
import { judgeTarget } from '../exposure/targets.ts';
import { branchesOf } from '../path/branches.ts';
import { hopsOf } from '../path/hops.ts';
import { trafficEntries, trafficText } from '../traffic-list.ts';
import { rowIn } from './classes.ts';
import type { Inbound } from './inbound.ts';
import { returnHops, returnOf } from './return.ts';
import type { Leg, Sender, Step, WayIn } from './way-in.ts';

/** What becomes of those of a way's clients that meet the same end. */
export interface Walk {
  /** The clients, as they were asked for, or by their blocks where others meet another end. */
  readonly from: string;
  readonly verdict: Verdict;
  readonly hops: readonly HopEntry[];
}

/** Every obstacle of a way, told also behind one that stops everything. Clients that meet different ends are told apart. */
export function walksOf(inbound: Inbound, way: WayIn, clients: Sender): Walk[] {
  const groups = new Map<Verdict, number[]>();
  const rest = way.legs
    .slice(1)
    .flatMap((leg) => (leg.from === undefined ? [] : [verdictOfLeg(inbound, leg, leg.from)]));
  for (const points of alike(inbound, way.legs[0]!, clients.points)) {
    const first = verdictAt(inbound, way.legs[0]!, { id: clients.id, points: [points[0]!] });
    const verdict = first === undefined ? undefined : worst([first, ...rest]);
    if (verdict !== undefined) groups.set(verdict, [...(groups.get(verdict) ?? []), ...points]);
  }
  const most = Math.max(...[...groups.values()].map((points) => points.length));
  return [...groups].map(([verdict, points]) => ({
    from: groups.size === 1 ? clients.id : partOf(inbound, clients, { points, isRest: points.length === most }),
    verdict,
    hops: way.legs.flatMap((leg, index) => {
      const from = index === 0 ? { ...clients, points } : leg.from;
      return from === undefined ? [] : hopsOfLeg(inbound, leg, from);
    }),
  }));
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('denied')) return 'denied';
  return verdicts.includes('unknown') ? 'unknown' : 'allowed';
}

/** Undefined where nobody of the sender's speaks the family of what stands there. */
function verdictAt(inbound: Inbound, { steps }: Leg, from: Sender): Verdict | undefined {
  const verdicts = steps.map((step) => verdictOfStep(inbound, step, from));
  return verdicts.some((verdict) => verdict === undefined)
    ? undefined
    : worst(verdicts.filter((each) => each !== undefined));
}

/** Of a sender whose address is one of several: what all of them would be told, else unknown. */
function verdictOfLeg(inbound: Inbound, leg: Leg, from: Sender): Verdict {
  if (from.points.length === 0) return 'unknown';
  const verdicts = new Set(
    alike(inbound, leg, from.points).flatMap(([point]) => verdictAt(inbound, leg, { ...from, points: [point!] }) ?? []),
  );
  const [only] = verdicts;
  return verdicts.size === 1 ? only! : 'unknown';
}

/** A part of a sender's addresses: the largest is the rest. */
function partOf(inbound: Inbound, { id }: Sender, part: { points: readonly number[]; isRest: boolean }): string {
  return part.isRest ? `the rest of ${id}` : `${id} (${blocksOf(inbound, part.points)})`;
}

function blocksOf({ engine: { world } }: Inbound, points: readonly number[]): string {
  const ranges = points.flatMap((point): AddressRange[] => {
    const { facet, atom } = world.points[point]!;
    return atom === undefined ? [] : [atomRange(world.atoms[facet], atom)];
  });
  const texts = mergeRanges(ranges).flatMap(formatRange);
  return texts.length > MOST
    ? `${texts.slice(0, MOST).join(', ')} and ${texts.length - MOST} more blocks`
    : texts.join(', ');
}

const MOST = 3;

/** Senders that nothing on a leg tells apart, together. */
function alike(inbound: Inbound, { steps }: Leg, points: readonly number[]): (readonly number[])[] {
  const { world } = inbound.engine;
  const groups = Map.groupBy(points, (point) => {
    const marks = steps.map((step) => markOf(inbound, step, point));
    return `${world.points[point]!.families} ${marks.join(' ')}`;
  });
  return [...groups.values()];
}

function markOf(inbound: Inbound, step: Step, point: number): string {
  switch (step.kind) {
    case 'told':
      return '';
    case 'sources':
      return listVerdict(inbound, step, point);
    case 'return':
      return returnOf(inbound, step, point).verdict;
    case 'security': {
      const front = frontPoint(inbound, step, point);
      return front === undefined ? '' : `${rowIn(inbound.engine.reach, front, point)}`;
    }
    case 'arrival':
      return step.to.points.map((to) => rowIn(inbound.exposing.engine.reach, to, point)).join(',');
    case 'connection':
      return `${point}`;
  }
}

// ---------------------------------------------------------------- verdicts

function verdictOfStep(inbound: Inbound, step: Step, from: Sender): Verdict | undefined {
  const [point] = from.points;
  if (point === undefined) return 'unknown';
  switch (step.kind) {
    case 'told':
      return step.entry.verdict;
    case 'sources':
      return listVerdict(inbound, step, point);
    case 'security': {
      const front = frontPoint(inbound, step, point);
      if (front === undefined) return undefined;
      const verdict = settled(verdictOver(grantBetween(inbound.engine.reach, point, front), step.traffic));
      return verdict === 'unknown' && tagSettles(inbound, step, { front, from }) ? 'allowed' : verdict;
    }
    case 'return':
      return returnOf(inbound, step, point).verdict;
    case 'arrival':
      return settled(arrivalAt(inbound, step, point).verdict);
    case 'connection':
      return settled(connectionFrom(inbound, step, from.points).verdict);
  }
}

/** Allowed for a part only is not known for one. */
function settled(verdict: PathVerdict): Verdict {
  return verdict === 'mixed' ? 'unknown' : verdict;
}

type Security = Extract<Step, { kind: 'security' }>;
type Arriving = Extract<Step, { kind: 'arrival' }>;
type Connecting = Extract<Step, { kind: 'connection' }>;
type Listed = Extract<Step, { kind: 'sources' }>;

function frontPoint({ engine: { world } }: Inbound, { domain }: Security, point: number): number | undefined {
  const { families } = world.points[point]!;
  return world.domains.get(domain)?.find((each) => (world.points[each]!.families & families) !== 0);
}

function listVerdict({ engine: { world } }: Inbound, { must, may }: Listed, point: number): Verdict {
  const { facet, atom } = world.points[point]!;
  if (atom === undefined) return 'unknown';
  const own = atomRange(world.atoms[facet], atom);
  if (must.some((range) => isWithin(own, range))) return 'allowed';
  return may.some((range) => isWithin(own, range)) ? 'unknown' : 'denied';
}

function arrivalAt({ exposing }: Inbound, { to, protocol, seenAs }: Arriving, point: number): Judgement {
  const clients = bitsOfPoints(exposing.engine.world, [point]);
  return judgeTarget(to, protocol, (traffic) =>
    judgeArrival(exposing, { clients, seenAs }, { to: to.points, traffic }),
  );
}

function connectionFrom({ engine }: Inbound, { to, protocol }: Connecting, points: readonly number[]): Judgement {
  return judgeTarget(to, protocol, (traffic) => judgeConnection(engine.reach, points, { to: to.points, traffic }));
}

/**
 * Without the list of a tag's addresses a rule that names it matches perhaps. Of a sender that is known to belong to it,
 * it matches for certain: where it is the first that may, and allows, that settles it.
 */
function tagSettles(inbound: Inbound, step: Security, { front, from }: { front: number; from: Sender }): boolean {
  const { tag, points } = from;
  if (tag === undefined) return false;
  const { engine } = inbound;
  const told = hopsOf({
    engine,
    direction: 'ingress',
    subject: { id: '', point: front },
    peer: { id: '', point: points[0]! },
    traffic: step.traffic[0]!,
    trafficText: '',
  });
  return told.every(({ trace }) => trace.verdict === 'allowed' || namesFirst(inbound, trace, tag));
}

/** In each group that is asked the first rule that may match allows, and names the tag. */
function namesFirst({ azure: { fronts, view } }: Inbound, { steps }: Trace, tag: string): boolean {
  const groups = [
    ...view.estate.securityGroups,
    ...[...fronts.values()].flatMap(({ cluster }) => cluster?.group ?? []),
  ];
  const byPolicy = Map.groupBy(steps, ({ rule }) => rule.policy.name);
  return [...byPolicy].every(([name, own]) => {
    const first = own.find(({ matches }) => matches !== 'no');
    if (first === undefined || first.rule.action === 'deny') return false;
    if (first.matches === 'yes') return true;
    const rules = groups.filter((group) => group.name === name).flatMap(({ rules: all }) => all);
    const rule = rules.find((each) => first.rule.path === `${each.name} (${each.priority})`);
    return rule?.sources.some((item) => item.kind === 'tag' && item.tag.toLowerCase() === tag.toLowerCase()) ?? false;
  });
}

// ---------------------------------------------------------------- hops

function hopsOfLeg(inbound: Inbound, { steps }: Leg, from: Sender): HopEntry[] {
  return steps.flatMap((step) => hopsOfStep(inbound, step, from));
}

function hopsOfStep(inbound: Inbound, step: Step, from: Sender): HopEntry[] {
  switch (step.kind) {
    case 'told':
      return [step.entry];
    case 'sources':
      return [listHop(inbound, step, from)];
    case 'security':
      return securityHops(inbound, step, from);
    case 'return':
      return returnHops(inbound, step, from);
    case 'arrival':
      return arrivalHops(inbound, step, from);
    case 'connection':
      return connectionHops(inbound, step, from);
  }
}

function listHop(inbound: Inbound, step: Listed, from: Sender): HopEntry {
  const verdict = verdictOfStep(inbound, step, from) ?? 'unknown';
  const word = { allowed: 'lets', denied: 'does not let', unknown: 'may or may not let' }[verdict];
  return {
    layer: step.layer,
    at: step.at,
    verdict,
    rules: [],
    why: `${step.list} ${word} ${from.id} in`,
    reasons: verdict === 'unknown' ? ['cloud-expression'] : [],
  };
}

function securityHops(inbound: Inbound, step: Security, from: Sender): HopEntry[] {
  const { engine } = inbound;
  const [point] = from.points;
  const front = point === undefined ? undefined : frontPoint(inbound, step, point);
  if (point === undefined || front === undefined) return [];
  const traffic = step.traffic[0]!;
  const hops = hopsOf({
    engine,
    direction: 'ingress',
    subject: { id: step.id, point: front },
    peer: { id: from.id, point },
    traffic,
    trafficText: trafficText(trafficEntries(step.traffic)),
  }).map(({ entry }) => entry);
  const verdict = verdictOfLeg(inbound, { steps: [step] }, from);
  if (hops.length > 0)
    return hops.map((hop) => (hop.verdict === verdict || verdict === 'denied' ? hop : judged(hop, verdict, from)));
  const why = 'no security group stands before it';
  return [{ layer: 'network-security-ingress', at: step.id, verdict: 'allowed', rules: [], why, reasons: [] }];
}

function judged(hop: HopEntry, verdict: Verdict, { tag, id }: Sender): HopEntry {
  if (verdict === 'allowed')
    return { ...hop, verdict, why: `allowed by the rule that names ${tag ?? id}`, reasons: [] };
  const reasons: readonly ReasonCode[] = hop.reasons.length > 0 ? hop.reasons : ['source-translation'];
  return { ...hop, verdict, why: `some addresses of ${id} get through, and others do not`, reasons };
}

function arrivalHops(inbound: Inbound, step: Arriving, from: Sender): HopEntry[] {
  const [point] = from.points;
  if (point === undefined) return [];
  const { to } = step;
  const { verdict, notes, reasons } = arrivalAt(inbound, step, point);
  const { engine } = inbound.exposing;
  const shared = to.points.find(
    (each) => (engine.world.points[each]!.families & engine.world.points[point]!.families) !== 0,
  );
  const traffic = portTraffic(step.protocol, to.port);
  const own =
    shared === undefined || to.kind !== 'pod'
      ? []
      : hopsOf({
          engine,
          direction: 'ingress',
          subject: { id: to.to, point: shared },
          peer: { id: from.id, point },
          traffic: traffic[0]!,
          trafficText: `${step.protocol} ${to.port}`,
        }).map(({ entry }) => entry);
  if (
    own.length > 0 &&
    own.every((hop) => hop.verdict === verdict || hop.verdict === 'allowed') &&
    worst(own.map((hop) => hop.verdict)) === verdict
  )
    return own;
  return [
    {
      layer: 'pod-ingress',
      at: to.to,
      verdict: settled(verdict),
      rules: own.flatMap(({ rules }) => rules),
      why: notes.join('; '),
      reasons,
    },
  ];
}

/** With which of its addresses the sender comes is not known: one that shows the verdict of all. */
function connectionHops(inbound: Inbound, step: Connecting, from: Sender): HopEntry[] {
  const { to, protocol } = step;
  const judgement = connectionFrom(inbound, step, from.points);
  const way = { from, to: { id: to.to, points: to.points }, asked: { protocol, port: to.port }, before: [] };
  const branches = to.kind === 'pod' && from.points.length > 0 ? branchesOf(inbound.engine, way) : [];
  const shown = branches.find(({ answer }) => answer.verdict === judgement.verdict);
  if (shown !== undefined) return [...shown.answer.hops];
  const { verdict, notes, reasons } = judgement;
  const known: readonly ReasonCode[] = reasons.length > 0 || verdict !== 'mixed' ? reasons : ['source-translation'];
  const why = notes.length > 0 ? notes.join('; ') : `policy tells apart what ${from.id} may send from`;
  return [{ layer: 'pod-ingress', at: to.to, verdict: settled(verdict), rules: [], why, reasons: known }];
}
