import { escapeControl } from '#base/escape.ts';
import type { InvariantResult, InvariantState, TestAnswer } from '#model/answers.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Invariant, IsolatedInvariant } from '#model/invariant.ts';
import { ALL_PORTS } from '#model/traffic.ts';
import type { Analysis } from '../analysis.ts';
import type { End } from '../path/names.ts';
import { trafficList } from '../traffic-list.ts';
import { type Target, type Targets, targetsOf, type Unresolved } from './ends.ts';
import { entrancesOf } from './entrances.ts';
import { othersThan } from './others.ts';
import { type Asked, type Breach, closedPairs, openPairs } from './pairs.ts';
import { preparedFor, strangerIn } from './prepared.ts';
import { whyOf } from './why.ts';

/** How many connections that break an invariant are shown; `why` says how many there are. */
const MOST_WITNESSES = 5;

/**
 * Whether invariants hold. Three values: what may be possible, and may not, leaves an invariant `unknown`. A name that
 * is not in the input makes it `invalid`, and is a diagnostic (RF5001); what could not be read is so already, and its
 * diagnostics are those of `readInvariants`.
 */
export function testOf(given: Analysis, invariants: readonly Invariant[]): TestAnswer {
  const analysis = preparedFor(given, invariants);
  const diagnostics: Diagnostic[] = [];
  const asked: Asked = { engine: analysis.engine, entrances: entrancesOf(analysis.engine) };
  const results = invariants.map((invariant) => {
    const finding = judge({ analysis, asked }, invariant);
    if (invariant.kind !== 'invalid' && finding.state === 'invalid') diagnostics.push(invalidName(invariant, finding));
    return resultOf(invariant, finding);
  });
  return {
    schema: 'ringfence.dev/test/v1',
    engine: given.entry,
    invariants: results,
    assumptions: given.assumptions,
    diagnostics: [...given.diagnostics, ...diagnostics],
  };
}

interface Finding {
  readonly state: InvariantState;
  readonly why: string;
  readonly breaches: readonly Breach[];
  readonly near: readonly string[];
}

interface Judging {
  readonly analysis: Analysis;
  readonly asked: Asked;
}

function judge(judging: Judging, invariant: Invariant): Finding {
  const { analysis, asked } = judging;
  switch (invariant.kind) {
    case 'invalid':
      return { state: 'invalid', why: invariant.why, breaches: [], near: [] };
    case 'never':
      return withEnds(analysis, invariant, (from, to) => findingOf(analysis, invariant, openPairs(asked, from, to)));
    case 'always':
      return withEnds(analysis, invariant, (from, to) => findingOf(analysis, invariant, closedPairs(asked, from, to)));
    case 'onlyThese':
      return withEnds(analysis, invariant, (from, to) =>
        findingOf(analysis, invariant, openPairs(asked, othersThan(analysis, from, invariant), to)),
      );
    case 'isolated':
      return judgeIsolated(judging, invariant);
  }
}

type PairInvariant = Exclude<Invariant, { kind: 'isolated' | 'invalid' }>;

function withEnds(
  analysis: Analysis,
  { from, to, traffic }: PairInvariant,
  decide: (from: readonly End[], to: readonly Target[]) => Finding,
): Finding {
  const sources = targetsOf(analysis, from, undefined);
  if (sources.kind !== 'ok') return unresolved(sources);
  const targets: Targets = targetsOf(analysis, to, traffic);
  return targets.kind === 'ok' ? decide(sources.list, targets.list) : unresolved(targets);
}

function unresolved({ kind, why, near }: Unresolved): Finding {
  return { state: kind, why, near, breaches: [] };
}

function judgeIsolated({ analysis, asked }: Judging, invariant: IsolatedInvariant): Finding {
  const ends = targetsOf(analysis, invariant.endpoints, undefined);
  if (ends.kind !== 'ok') return unresolved(ends);
  const { engine } = analysis;
  const other = ends.list.find(({ points }) => points.some((point) => engine.world.points[point]!.kind !== 'pod'));
  if (other !== undefined)
    return unresolved({ kind: 'invalid', why: `\`${other.id}\` is no pod, and only pods can be isolated`, near: [] });
  const stranger: Target = { id: 'any new pod', points: [strangerIn(engine.world)!], traffic: ALL_PORTS };
  const breaches = invariant.directions.flatMap((direction) =>
    direction === 'ingress' ? openPairs(asked, [stranger], ends.list) : openPairs(asked, ends.list, [stranger]),
  );
  return findingOf(analysis, invariant, breaches);
}

/** One certain breach breaks; without one, one that is possible leaves it open. */
function findingOf(analysis: Analysis, invariant: Invariant, breaches: readonly Breach[]): Finding {
  const certain = breaches.filter(({ verdict }) => verdict !== 'unknown');
  const state: InvariantState = certain.length > 0 ? 'broken' : breaches.length > 0 ? 'unknown' : 'holds';
  const told = certain.length > 0 ? certain : breaches;
  return { state, breaches: told, near: [], why: whyOf(analysis, invariant, told) };
}

function resultOf({ name, kind, origin }: Invariant, { state, why, breaches }: Finding): InvariantResult {
  const witnesses = breaches.slice(0, MOST_WITNESSES).map(({ from, to, traffic, verdict }) => ({
    from: from.id,
    to: to.id,
    traffic: trafficList(traffic, ALL_PORTS),
    verdict,
  }));
  return { name, kind, state, why, witnesses, origin };
}

function invalidName({ name, origin }: Invariant, { why, near }: Finding): Diagnostic {
  const help = near.length === 0 ? CODES.RF5001.fix : `did you mean ${near.map((each) => `\`${each}\``).join(' or ')}?`;
  return { code: 'RF5001', severity: 'error', message: escapeControl(`invariant \`${name}\`: ${why}`), help, origin };
}
