import { parseAddress, parseCidr } from '#base/address.ts';
import { unite } from '#base/intervals.ts';
import type { HopEntry, PathAnswer, PathBranch, SmallestChange } from '#model/answers.ts';
import type { ReasonCode } from '#model/reason.ts';
import { isPortProtocol, NO_TRAFFIC } from '#model/traffic.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { type Analysis, withRequest, withWorld } from '../analysis.ts';
import { type InboundBranches, inboundBranches, preparedForInbound } from '../inbound/branches.ts';
import { PORT_SCOPE } from '../scope.ts';
import { serviceBookOf } from '../services/service-book.ts';
import { trafficList } from '../traffic-list.ts';
import { type Branch, branchesOf, grantsOf, reasonsOf, type Way } from './branches.ts';
import { smallestChanges } from './change.ts';
import { type NameProblem, preparedForNames, type Resolved, resolveName } from './names.ts';
import { type AskedTraffic, readPort } from './port.ts';
import { readRequest, requestText } from './request.ts';
import { waysThrough } from './service-ways.ts';

export interface PathQuestion {
  readonly from: string;
  readonly to: string;
  /** `5432`, `53/UDP`, `icmp`; absent: on any port. */
  readonly port?: string;
  /** One request on the connection, as `GET /orders`: see `readRequest`. */
  readonly request?: string;
  /** `none` leaves out the search for the smallest change, which takes most of the time of a question. */
  readonly changes?: 'none';
}

export type PathResult = { readonly kind: 'ok'; readonly answer: PathAnswer } | NameProblem;

/**
 * May `from` reach `to`, hop by hop. An analysis made with `worldForNames([from, to])` saves making its world again.
 * Problems are names that mean nothing or too much, and ports that are none.
 */
export function pathOf(given: Analysis, question: PathQuestion): PathResult {
  const request = question.request === undefined ? undefined : readRequest(question.request);
  if (question.request !== undefined && request === undefined) {
    const message = `\`${question.request}\` is not a request`;
    return {
      kind: 'problem',
      message,
      near: ['GET /orders', 'POST https://shop.example.com/cart', 'GET /; x-team: a'],
    };
  }
  const about = request === undefined ? given : withRequest(given, request);
  const named = preparedForNames(about, [question.from, question.to]);
  const analysis = isOutsideName(question.from) ? preparedForInbound(named) : named;
  const from = resolveName(analysis, question.from);
  if (from.kind === 'problem') return from;
  const to = resolveName(analysis, question.to);
  if (to.kind === 'problem') return to;
  if (from.service !== undefined)
    return {
      kind: 'problem',
      message: 'a Service sends nothing; name a workload',
      near: from.ends.map(({ id }) => id),
    };
  const traffic = question.port === undefined ? undefined : readPort(question.port);
  if (question.port !== undefined && traffic === undefined) {
    return {
      kind: 'problem',
      message: `\`${question.port}\` is not a port`,
      near: ['5432', '53/UDP', 'icmp', 'proto/47'],
    };
  }
  return answerOf(analysis, { names: question, from, to, traffic });
}

interface Asked {
  /** As they were asked. */
  readonly names: Pick<PathQuestion, 'from' | 'to' | 'changes'>;
  readonly from: Resolved;
  readonly to: Resolved;
  readonly traffic: AskedTraffic | undefined;
}

function answerOf(analysis: Analysis, asked: Asked): PathResult {
  const inbound = inboundBranches(analysis.engine, asked);
  if (inbound?.isOnly) return { kind: 'ok', answer: inboundAnswer(analysis, asked, inbound) };
  const found = waysOf(analysis, asked);
  if (found.kind === 'problem') return found;
  if (found.kind === 'stopped') return { kind: 'ok', answer: stoppedAnswer(analysis, asked, found.hop) };
  if (found.kind === 'domain') return answerForDomain(analysis, asked, found.domain);
  const branches = found.ways.flatMap((way) => branchesOf(analysis.engine, way));
  const reasons: ReasonCode[] = [...reasonsOf(branches), ...(found.unseen ? (['backends-unknown'] as const) : [])];
  if (reasons.includes('own-node') && analysis.options.world?.focus === undefined)
    return askedAgain(focused(analysis, asked), asked, asked.names);
  const answer = answerFrom(analysis, asked, { branches, reasons, ways: found.ways });
  return { kind: 'ok', answer: withBranches(answer, inbound?.branches ?? []) };
}

/** Who is on the internet comes by an entrance, or not at all. */
function inboundAnswer(analysis: Analysis, asked: Asked, { branches, allowed, stop }: InboundBranches): PathAnswer {
  if (stop !== undefined) {
    const answer = stoppedAnswer(analysis, asked, stop);
    return asked.traffic === undefined ? { ...answer, allowed: [] } : answer;
  }
  const shown = branches.find(({ verdict }) => verdict !== 'allowed') ?? branches[0]!;
  const base = baseAnswer(analysis, asked, { verdict: shown.verdict, reasons: [], changes: [] });
  const answer = withBranches({ ...base, hops: shown.hops }, branches);
  return asked.traffic === undefined ? { ...answer, allowed: trafficList(allowed, PORT_SCOPE.traffic) } : answer;
}

/** An answer with more branches, which tell their own verdicts. */
function withBranches(answer: PathAnswer, more: readonly PathBranch[]): PathAnswer {
  if (more.length === 0) return answer;
  const branches = [...answer.branches, ...more];
  const verdicts = new Set<PathVerdict>([answer.verdict, ...more.map(({ verdict }) => verdict)]);
  const reasons = more.flatMap(({ hops }) => hops.flatMap((hop) => hop.reasons));
  return {
    ...answer,
    verdict: verdicts.size === 1 ? answer.verdict : 'mixed',
    reasons: [...new Set([...answer.reasons, ...reasons])],
    branches,
  };
}

function isOutsideName(text: string): boolean {
  return text === 'internet' || parseAddress(text) !== undefined || parseCidr(text) !== undefined;
}

/** Each pod of both ends a point of its own, so that it is known which pods share a node. */
function focused(analysis: Analysis, { from, to }: Asked): Analysis {
  const { owners, points, units } = analysis.engine.world;
  const ends = [...from.ends, ...to.ends].flatMap((end) => end.points);
  const focus = new Set(ends.flatMap((point) => points[point]!.units.map((unit) => owners[units[unit]!.owner]!.id)));
  const world = { ...analysis.options.world, focus };
  return withWorld({ ...analysis, options: { ...analysis.options, world } }, world);
}

/** The names again in a world of other points. */
function askedAgain(
  analysis: Analysis,
  asked: Asked,
  names: { readonly from: string; readonly to: string },
): PathResult {
  const from = resolveName(analysis, names.from);
  const to = resolveName(analysis, names.to);
  if (from.kind === 'problem') return from;
  return to.kind === 'problem' ? to : answerOf(analysis, { ...asked, from, to });
}

function waysOf({ engine }: Analysis, { from, to, traffic }: Asked): ReturnType<typeof waysThrough> {
  const service = to.service ?? serviceAt(engine, to.label, traffic);
  if (service !== undefined)
    return waysThrough(engine, from.ends, traffic === undefined ? { service } : { service, traffic });
  const ways: Way[] = [];
  for (const a of from.ends) {
    for (const b of to.ends)
      ways.push(
        traffic === undefined ? { from: a, to: b, before: [] } : { from: a, to: b, asked: traffic, before: [] },
      );
  }
  return { kind: 'ways', ways, unseen: false };
}

/** The Service that an address is a front of, where it is one. */
function serviceAt(engine: Analysis['engine'], text: string, traffic: AskedTraffic | undefined) {
  if (parseAddress(text) === undefined || traffic?.port === undefined || !isPortProtocol(traffic.protocol))
    return undefined;
  const { port, protocol } = traffic;
  return serviceBookOf(engine).resolveServiceAddress({ address: text, port, protocol })[0]?.service;
}

function answerForDomain(analysis: Analysis, asked: Asked, domain: string): PathResult {
  const world = { ...analysis.options.world, domains: [...(analysis.options.world?.domains ?? []), domain] };
  const wider = withWorld({ ...analysis, options: { ...analysis.options, world } }, world);
  const to = resolveName(wider, `dns:${domain}`);
  const from = resolveName(wider, asked.names.from);
  if (to.kind === 'problem') return to;
  if (from.kind === 'problem') return from;
  return answerOf(wider, { ...asked, from, to: { ...to, label: `${asked.to.label} (dns:${domain})` } });
}

interface Found {
  readonly branches: readonly Branch[];
  readonly reasons: readonly ReasonCode[];
  readonly ways: readonly Way[];
}

function answerFrom(analysis: Analysis, asked: Asked, { branches, reasons, ways }: Found): PathAnswer {
  const verdicts = new Set(branches.map(({ answer }) => answer.verdict));
  // What policy says of a backend that is not in the input is not known.
  if (reasons.includes('backends-unknown')) verdicts.add('unknown');
  const verdict: PathVerdict = verdicts.size === 0 ? 'denied' : verdicts.size === 1 ? [...verdicts][0]! : 'mixed';
  const shown = branches.find(({ answer }) => answer.verdict !== 'allowed') ?? branches[0];
  const isSearched = shown !== undefined && asked.names.changes !== 'none';
  const changes = isSearched ? smallestChanges(analysis.engine, shown) : [];
  const answer = baseAnswer(analysis, asked, { verdict, reasons, changes });
  const hops = shown?.answer.hops ?? [noFamily(asked)];
  const body = {
    ...answer,
    ...requestsOf(branches),
    hops,
    nearMisses: shown?.answer.nearMisses ?? [],
    branches: branches.map((branch) => branch.answer),
  };
  if (asked.traffic !== undefined) return body;
  const grants = ways.flatMap((way) => grantsOf(analysis.engine, way));
  const allowed = grants.reduce((all, grant) => unite(all, grant.allowed), NO_TRAFFIC);
  return { ...body, allowed: trafficList(allowed, PORT_SCOPE.traffic) };
}

/** What hops say of requests, once. */
function requestsOf(branches: readonly Branch[]): Pick<PathAnswer, 'conditions' | 'exceptions'> {
  const hops = branches.flatMap(({ answer }) => (answer.verdict === 'denied' ? [] : answer.hops));
  const conditions = [...new Set(hops.flatMap((hop) => hop.conditions ?? []))];
  const exceptions = [...new Set(hops.flatMap((hop) => hop.exceptions ?? []))];
  return { ...(conditions.length > 0 && { conditions }), ...(exceptions.length > 0 && { exceptions }) };
}

function noFamily({ from, to }: Asked): HopEntry {
  const why = `${from.label} and ${to.label} have no address family in common, or nothing stands behind the name`;
  return { layer: 'address', at: from.label, verdict: 'denied', rules: [], why, reasons: [] };
}

function stoppedAnswer(analysis: Analysis, asked: Asked, hop: HopEntry): PathAnswer {
  const { verdict, reasons } = hop;
  return { ...baseAnswer(analysis, asked, { verdict, reasons, changes: [] }), hops: [hop] };
}

interface Outcome {
  readonly verdict: PathVerdict;
  readonly reasons: readonly ReasonCode[];
  readonly changes: readonly SmallestChange[];
}

function baseAnswer(
  analysis: Analysis,
  { from, to, traffic }: Asked,
  { verdict, reasons, changes }: Outcome,
): PathAnswer {
  const answer: PathAnswer = {
    schema: 'ringfence.dev/path/v1',
    engine: analysis.entry,
    from: from.label,
    to: to.label,
    protocol: traffic?.protocol ?? 'any',
    verdict,
    reasons,
    hops: [],
    nearMisses: [],
    branches: [],
    changes,
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
  const { request } = analysis.options;
  return {
    ...answer,
    ...(traffic?.port !== undefined && { port: traffic.port }),
    ...(request !== undefined && { request: requestText(request) }),
  };
}
