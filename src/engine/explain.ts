import { emptyBits, fullBits, hasBit } from '#base/bits.ts';
import { includes } from '#base/intervals.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import type { PolicyRef, RuleRef, RuleStep, Trace, Verdict } from '#model/verdict.ts';
import { type FoldWatch, fold, isolationOf, type Outcome, type Probe } from './fold.ts';
import { type Box, LAYER_NAMES, type LayerName, type PointSpan, type Rewrite } from './form.ts';
import type { Program, ProgramBox, ProgramPolicy, ProgramRule } from './program.ts';
import { programAt, type Reach } from './reach.ts';
import { rewritesOf } from './rewrites.ts';

/** One point asked about in one direction. `traffic` is a point of the traffic axis. */
export interface Question {
  readonly direction: Direction;
  readonly subject: number;
  readonly peer: number;
  readonly traffic: number;
}

/** Sets of one peer: the one that is asked about. */
const ONE = fullBits(1);
const NONE = emptyBits(1);

/** One layer's word on a connection, or on the leg of one. */
export interface LayerTrace {
  readonly layer: LayerName;
  /** What was judged: the question itself, or a leg of the way that the layer sees in its place. */
  readonly asked: Question;
  readonly trace: Trace;
}

/** The same fold that computes rows, over a single peer and with a watch on it: what the pod layer says. */
export function explain(reach: Reach, question: Question): Trace {
  const traces = explainLayer(reach, 0, question).map(({ trace }) => trace);
  return worstOf(traces, ({ verdict }) => verdict);
}

/**
 * Every layer that has a say about the subject, the pod layer always where it is a pod, in the order in which the connection meets them:
 * a proxy stands inside the pod, the node outside. A leg that ends at a point on the way has a word of that point too.
 */
export function explainEach(reach: Reach, question: Question): LayerTrace[] {
  const said = reach.layers.flatMap((_, index) =>
    explainLayer(reach, index, question).filter((each) => hasSay(each, index)),
  );
  const leaving = said.filter(({ asked }) => asked.direction === 'egress');
  const arriving = said.filter(({ asked }) => asked.direction === 'ingress');
  return [...inOrder(leaving), ...inOrder(arriving).reverse()];

  function hasSay({ layer, asked: { direction, subject } }: LayerTrace, index: number): boolean {
    const isPod = layer === 'pod' && reach.world.points[subject]!.kind === 'pod';
    return isPod || reach[direction].parts[index]!.selected[subject]!.length > 0;
  }
}

function inOrder(said: readonly LayerTrace[]): LayerTrace[] {
  return said.toSorted((a, b) => LAYER_NAMES.indexOf(a.layer) - LAYER_NAMES.indexOf(b.layer));
}

function explainLayer(reach: Reach, index: number, question: Question): LayerTrace[] {
  const { direction, subject, peer, traffic } = question;
  const { layer } = reach[direction].parts[index]!;
  const ends = direction === 'egress' ? { from: subject, to: peer, traffic } : { from: peer, to: subject, traffic };
  const under = rewritesOf(layer.rewrites ?? [], ends);
  const ways = under.map(({ rewrite }) => explainRewritten(reach, index, { question, rewrite }));
  const certain = under.at(-1)?.certain === true;
  if (!certain) ways.push([explainAsked(reach, index, question)]);
  const last = ways.at(-1)!;
  const verdict = verdictOfAll(last);
  if (ways.every((way) => verdictOfAll(way) === verdict)) return last;
  const doubts = under.filter((each) => !each.certain).map(({ rewrite }) => rewrite.reason);
  return doubted(last, [...doubts, ...ways.flat().flatMap(({ trace }) => trace.reasons)]);
}

function explainAsked(reach: Reach, index: number, asked: Question): LayerTrace {
  const part = reach[asked.direction].parts[index]!;
  return { layer: part.layer.name, asked, trace: explainProgram(programAt(part, asked.subject), asked) };
}

interface Rewritten {
  readonly question: Question;
  readonly rewrite: Rewrite;
}

function explainRewritten(reach: Reach, index: number, { question, rewrite }: Rewritten): LayerTrace[] {
  const { via, as, name } = rewrite;
  if (via !== undefined) return explainLegs(reach, index, { question, rewrite });
  return [seenAs(explainAsked(reach, index, { ...question, traffic: as }), name)];
}

function seenAs(said: LayerTrace, name: string): LayerTrace {
  return { ...said, trace: { ...said.trace, seenAs: name } };
}

/**
 * The leg between the subject and a point on the way, at both its ends. Of several points the one that lets least
 * through speaks; where others let more through, what it says is not certain.
 */
function explainLegs(reach: Reach, index: number, { question, rewrite }: Rewritten): LayerTrace[] {
  const { points } = reach.world;
  const { name, via } = rewrite;
  const { families } = points[question.subject]!;
  const ways = (via?.points ?? [])
    .filter((point) => (points[point]!.families & families) !== 0)
    .map((point) => explainLeg(reach, index, { question: { ...question, peer: point }, rewrite }));
  const reason: ReasonCode = via?.reason ?? rewrite.reason;
  if (ways.length === 0) {
    return [seenAs({ ...explainAsked(reach, index, question), trace: { ...NOTHING_SAID, reasons: [reason] } }, name)];
  }
  const worst = worstOf(ways, verdictOfAll);
  const differs = ways.some((way) => verdictOfAll(way) !== 'denied');
  return verdictOfAll(worst) === 'denied' && differs ? doubted(worst, [reason]) : worst;
}

const NOTHING_SAID: Trace = {
  verdict: 'unknown',
  steps: [],
  isolatedBy: [],
  reasons: [],
  conditions: [],
  exceptions: [],
};

function explainLeg(reach: Reach, index: number, { question, rewrite }: Rewritten): LayerTrace[] {
  const { as, name, via } = rewrite;
  const { direction, subject, peer, traffic } = question;
  const atEnds = (seen: number): LayerTrace[] => {
    const near: Question = { direction, subject, peer, traffic: seen };
    const opposite = direction === 'egress' ? 'ingress' : 'egress';
    const far: Question = { direction: opposite, subject: peer, peer: subject, traffic: seen };
    return [near, far].map((asked) => seenAs(explainAsked(reach, index, asked), name));
  };
  if (direction === 'egress') return atEnds(as);
  if (via?.onward === undefined) return atEnds(traffic);
  const carried = atEnds(via.onward);
  if (via.onwardDoubt === undefined) return carried;
  const plain = atEnds(traffic);
  if (verdictOfAll(plain) === verdictOfAll(carried)) return carried;
  return doubted(carried, [via.onwardDoubt]);
}

function verdictOfAll(said: readonly LayerTrace[]): Verdict {
  return worstOf(said, ({ trace }) => trace.verdict).trace.verdict;
}

const FROM_WORST: readonly Verdict[] = ['denied', 'unknown', 'allowed'];

function worstOf<T>(list: readonly T[], verdictOf: (each: T) => Verdict): T {
  return FROM_WORST.map((verdict) => list.find((each) => verdictOf(each) === verdict)).find(
    (each) => each !== undefined,
  )!;
}

/** What would be said if it were certain, as a word that is not. */
function doubted(said: readonly LayerTrace[], reasons: readonly ReasonCode[]): LayerTrace[] {
  const worst = worstOf(said, ({ trace }) => trace.verdict);
  return said.map((each) => {
    if (each !== worst && each.trace.verdict !== 'denied') return each;
    const own = [...new Set([...reasons, ...each.trace.reasons])];
    return { ...each, trace: { ...each.trace, verdict: 'unknown', reasons: own } };
  });
}

export function explainProgram(program: Program, question: Question): Trace {
  const steps: RuleStep[] = [];
  const exceptions: string[] = [];
  let end: Trace['end'];
  const watch: FoldWatch = {
    rule({ tier, policy, rule, live: peers }) {
      const live = hasBit(peers, 0);
      steps.push(stepOf({ tier: tier.tier.name, policy, rule, live }, question));
      if (live) exceptions.push(...requestsIn(rule.rule.except ?? [], question));
    },
    tierEnd({ tier, live: peers }) {
      if (hasBit(peers, 0)) end ??= { kind: 'isolated', tier: tier.tier.name };
    },
    stackEnd(peers) {
      if (hasBit(peers, 0)) end ??= { kind: 'default', tier: '' };
    },
  };
  const verdict = verdictOf(fold(program, ONE, probeOf(question), { watch }));
  const trace: Trace = {
    verdict,
    steps,
    isolatedBy: isolatedBy(program),
    reasons: reasonsOf(program, question, verdict),
    conditions: verdict === 'denied' ? [] : conditionsOf(program, question),
    exceptions: verdict === 'denied' ? [] : [...new Set(exceptions)],
  };
  return end === undefined ? trace : { ...trace, end };
}

/**
 * The requests that let it through, where a request that no rule means would not get through. What matches for some
 * requests decides about none of the others, so it ends no search here.
 */
function conditionsOf(program: Program, question: Question): string[] {
  const probe = probeOf(question);
  const texts = new Set<string>();
  const watch: FoldWatch = {
    rule({ rule, live }) {
      const request = hasBit(live, 0) && rule.rule.action === 'allow' ? requestOf(rule, probe) : undefined;
      if (request !== undefined) texts.add(request);
    },
    tierEnd() {},
    stackEnd() {},
  };
  const unconditional = (entry: ProgramBox) => entry.box.request === undefined;
  const must: Probe['must'] = (entry) => (unconditional(entry) ? probe.must(entry) : undefined);
  fold(program, ONE, { must, may: probe.may }, { watch });
  if (texts.size === 0) return [];
  const may: Probe['may'] = (entry) => (unconditional(entry) ? probe.may(entry) : undefined);
  return verdictOf(fold(program, ONE, { must, may })) === 'allowed' ? [] : [...texts];
}

/** What boxes that match the connection say of its requests. */
function requestsIn(boxes: readonly Box[], { subject, peer, traffic }: Question): string[] {
  return boxes.flatMap(({ on, peers, traffic: span, request }) => {
    const matches =
      includes(span.may, traffic) && hasBit(peers.may, peer) && (on === undefined || hasBit(on.may, subject));
    return matches && request !== undefined ? [request.text] : [];
  });
}

function verdictOf({ allow, deny }: Outcome): Verdict {
  if (!hasBit(deny, 0)) return 'allowed';
  return hasBit(allow, 0) ? 'unknown' : 'denied';
}

function probeOf({ peer, traffic }: Question): Probe {
  return {
    must: ({ box }) => (includes(box.traffic.must, traffic) && hasBit(box.peers.must, peer) ? ONE : NONE),
    may: ({ box }) => (includes(box.traffic.may, traffic) && hasBit(box.peers.may, peer) ? ONE : NONE),
  };
}

interface Step {
  readonly tier: string;
  readonly policy: ProgramPolicy;
  readonly rule: ProgramRule;
  /** Whether nothing before it decided for certain. */
  readonly live: boolean;
}

function stepOf({ tier, policy, rule, live }: Step, question: Question): RuleStep {
  const probe = probeOf(question);
  const may = rule.boxes.some((box) => probe.may(box) === ONE);
  const must = policy.certain && rule.boxes.some((box) => box.certain && probe.must(box) === ONE);
  const matches = must ? 'yes' : may ? 'perhaps' : 'no';
  const decides = live && may && rule.rule.action !== 'log';
  const step = { rule: refOf(policy, rule), tier, matches, decides, tooLate: !live } as const;
  if (matches === 'no') {
    const [request] = requestsIn(rule.rule.otherRequests ?? [], question);
    if (request !== undefined) return { ...step, miss: { peer: false, traffic: false, request } };
    return { ...step, miss: missOf(rule.boxes, question) };
  }
  const reason = matches === 'perhaps' ? doubtsAbout(policy, rule, question)[0] : undefined;
  const request = requestOf(rule, probe);
  return { ...step, ...(reason !== undefined && { reason }), ...(request !== undefined && { request }) };
}

/** The requests that a rule means; undefined where one of its boxes that match means all. */
function requestOf({ boxes }: ProgramRule, probe: Probe): string | undefined {
  const matching = boxes.filter((box) => probe.may(box) === ONE).map(({ box }) => box.request);
  const texts = matching.flatMap((request) => (request === undefined ? [] : [request.text]));
  return texts.length === 0 || texts.length < matching.length ? undefined : [...new Set(texts)].join(', or ');
}

/** What keeps a rule from matching: of its boxes, the nearest one speaks. */
function missOf(boxes: readonly ProgramBox[], { peer, traffic }: Question): { peer: boolean; traffic: boolean } {
  const peerFits = boxes.some(({ box }) => hasBit(box.peers.may, peer));
  const trafficFits = boxes.some(({ box }) => includes(box.traffic.may, traffic));
  return { peer: !peerFits, traffic: !trafficFits || peerFits };
}

export function refOf({ policy }: ProgramPolicy, { rule }: ProgramRule): RuleRef {
  return { policy: policy.ref, path: rule.path, action: rule.action, origin: rule.origin };
}

function isolatedBy(program: Program): PolicyRef[] {
  return program.tiers
    .filter((tier) => isolationOf(tier) !== 'no')
    .flatMap((tier) => tier.levels.flat())
    .filter(({ policy }) => policy.isolates)
    .map(({ policy }) => policy.ref);
}

/** Why an answer is unknown: the doubts of every rule that matches only perhaps, and disagreement among equals. */
function reasonsOf(program: Program, question: Question, verdict: Verdict): ReasonCode[] {
  if (verdict !== 'unknown') return [];
  const reasons = new Set<ReasonCode>();
  for (const policy of program.tiers.flatMap((tier) => tier.levels.flat())) {
    if (!policy.certain) for (const reason of doubtsIn(policy.policy.subject, question.subject)) reasons.add(reason);
    for (const rule of policy.rules) for (const reason of doubtsAbout(policy, rule, question)) reasons.add(reason);
  }
  return reasons.size > 0 ? [...reasons] : openOrders(program);
}

/** Nothing else is open: policies of one level disagree. */
function openOrders({ tiers }: Program): ReasonCode[] {
  const open = tiers.filter(({ levels }) => levels.some((level) => level.length > 1));
  return [...new Set(open.map(({ tier }) => tier.openOrder ?? 'equal-priority'))];
}

function doubtsAbout(policy: ProgramPolicy, rule: ProgramRule, question: Question): ReasonCode[] {
  const { subject, peer, traffic } = question;
  const reasons: ReasonCode[] = policy.certain ? [] : doubtsIn(policy.policy.subject, subject);
  for (const { box, certain } of rule.boxes) {
    if (!hasBit(box.peers.may, peer) || !includes(box.traffic.may, traffic)) continue;
    if (!certain && box.on !== undefined) reasons.push(...doubtsIn(box.on, subject));
    if (!hasBit(box.peers.must, peer)) reasons.push(...doubtsIn(box.peers, peer));
    if (!includes(box.traffic.must, traffic)) reasons.push(...doubtsOfTraffic(box));
  }
  return reasons;
}

function doubtsIn(span: PointSpan, point: number): ReasonCode[] {
  return span.doubts.filter(({ points }) => points === undefined || hasBit(points, point)).map(({ reason }) => reason);
}

function doubtsOfTraffic(box: Box): ReasonCode[] {
  return box.trafficDoubt === undefined ? [] : [box.trafficDoubt];
}
