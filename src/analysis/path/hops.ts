import type { Engine } from '#engine/engine.ts';
import { explainEach, type LayerTrace, type Question } from '#engine/explain.ts';
import type { LayerName } from '#engine/form.ts';
import type { HopEntry, NearMiss, RuleEntry } from '#model/answers.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { REASONS } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import type { PolicyRef, RuleStep, Trace } from '#model/verdict.ts';
import { trafficEntries, trafficText } from '../traffic-list.ts';
import { type Asked, missWords, ruleOf } from './miss.ts';

/** One enforcement point on the way. */
export interface HopQuestion {
  readonly engine: Engine;
  readonly direction: Direction;
  readonly subject: { readonly id: string; readonly point: number };
  readonly peer: { readonly id: string; readonly point: number };
  readonly traffic: number;
  /** `TCP 5432` */
  readonly trafficText: string;
}

/** What the policies at one endpoint say, with every rule that selected it. */
export interface Hop {
  readonly entry: HopEntry;
  readonly nearMisses: readonly NearMiss[];
  readonly trace: Trace;
  readonly layer: LayerName;
}

/** Every enforcement point that has a say at the subject or at a point on its way, in the order in which they are met. */
export function hopsOf(question: HopQuestion): Hop[] {
  const { engine, direction, subject, peer, traffic } = question;
  return explainEach(engine.reach, { direction, subject: subject.point, peer: peer.point, traffic }).map((said) =>
    hopOf(legOf(question, said.asked), said),
  );
}

/** The question as the enforcement point was asked it: a leg of the way, or what carries the connection. */
function legOf(question: HopQuestion, { direction, subject, peer, traffic }: Question): HopQuestion {
  const named = (point: number) =>
    [question.subject, question.peer].find((end) => end.point === point) ?? {
      id: nameOf(question.engine, point),
      point,
    };
  const trafficTextThere =
    traffic === question.traffic ? question.trafficText : trafficText(trafficEntries([traffic, traffic]));
  return { ...question, direction, subject: named(subject), peer: named(peer), traffic, trafficText: trafficTextThere };
}

function nameOf({ world }: Engine, point: number): string {
  const [unit] = world.points[point]!.units;
  return unit === undefined ? world.points[point]!.namespace : world.owners[world.units[unit]!.owner]!.id;
}

function askedOf({ engine, peer, trafficText: text }: HopQuestion): Asked {
  const { snapshot, world } = engine;
  return { snapshot, world, peer: world.points[peer.point]!, peerId: peer.id, traffic: text };
}

function hopOf(question: HopQuestion, { layer, trace }: LayerTrace): Hop {
  const asked = askedOf(question);
  const { conditions, exceptions, seenAs } = trace;
  const entry: HopEntry = {
    layer: `${layer}-${question.direction}`,
    at: question.subject.id,
    verdict: trace.verdict,
    rules: trace.steps
      .filter((step) => isWorthTelling(step, layer))
      .map((step) => ({
        ...ruleEntry(step, asked),
        ...(layer === 'network-security' && { stage: step.tier }),
      })),
    why: whyOf(question, trace),
    reasons: trace.reasons,
    ...(conditions.length > 0 && { conditions }),
    ...(exceptions.length > 0 && { exceptions }),
    ...(seenAs !== undefined && { seenAs }),
  };
  return { entry, trace, layer, nearMisses: trace.verdict === 'denied' ? nearMissesOf(trace, asked) : [] };
}

/** Route tables and front doors are lists of which one entry is for a connection; the others say nothing about it. */
const SYSTEM_LAYERS: ReadonlySet<LayerName> = new Set(['route', 'firewall', 'service']);

/** What stands in no document is told only where it matters. */
function isWorthTelling({ rule, matches }: RuleStep, layer: LayerName): boolean {
  if (matches === 'no' && SYSTEM_LAYERS.has(layer)) return false;
  return matches !== 'no' || (rule.path !== 'spec' && rule.origin !== NO_ORIGIN);
}

function ruleEntry(step: RuleStep, asked: Asked): RuleEntry {
  const { policy, path, action, origin } = step.rule;
  const { kind, namespace, name } = policy;
  return {
    kind,
    namespace,
    name,
    rule: path,
    action,
    decides: step.decides,
    matches: step.matches,
    ...(step.request !== undefined && { request: step.request }),
    why: stepWords(step, asked),
    origin,
  };
}

function stepWords(step: RuleStep, asked: Asked): string {
  if (step.matches === 'no') return missWords(step, asked);
  if (step.tooLate) return 'matches, after the answer was decided';
  if (step.matches === 'perhaps') return step.reason === undefined ? 'matches perhaps' : REASONS[step.reason];
  return `matches ${asked.peerId} on ${asked.traffic}`;
}

function whyOf({ subject, peer, direction, trafficText: text }: HopQuestion, trace: Trace): string {
  if (trace.verdict === 'unknown') return trace.reasons.map((reason) => REASONS[reason]).join('; ');
  const decider = trace.steps.find((step) => step.decides && step.matches === 'yes');
  if (decider !== undefined) return `${trace.verdict} by ${policyWords(decider.rule.policy)} ${decider.rule.path}`;
  if (trace.verdict === 'allowed') return `no policy isolates ${subject.id} for ${direction}`;
  const by = trace.isolatedBy.map(policyWords).join(', ');
  const verb = direction === 'ingress' ? 'admits' : 'lets it reach';
  return `isolated by ${by}; no rule ${verb} ${peer.id} on ${text}`;
}

export function policyWords({ kind, namespace, name }: PolicyRef): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Rules that would have allowed it but for one thing. */
function nearMissesOf(trace: Trace, asked: Asked): NearMiss[] {
  return trace.steps
    .filter(
      ({ miss, rule }) =>
        rule.action === 'allow' &&
        miss !== undefined &&
        miss.peer !== miss.traffic &&
        ruleOf(asked.snapshot, rule) !== undefined,
    )
    .map((step) => ({
      rule: `${policyWords(step.rule.policy)} ${step.rule.path}`,
      why: missWords(step, asked),
      origin: step.rule.origin,
    }));
}
