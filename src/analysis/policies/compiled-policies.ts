import { type Bits, intersection, isEmpty } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import type { Policy, Rule } from '#engine/form.ts';
import { uniteTraffic } from '#engine/grants.ts';
import { unionOf } from '#engine/spans.ts';
import type { PolicyEntry, PolicyProblem } from '#model/answers.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { trafficList, trafficText } from '../traffic-list.ts';
import { type Effect, effectOf, targetOf } from './effect.ts';
import { type Field, keyOfPolicy } from './ground.ts';
import { problem } from './judge.ts';
import type { Naming } from './naming.ts';
import { peersOfRule } from './sheet.ts';

/** A policy as it was compiled, in one direction of one layer. */
interface Compiled {
  readonly policy: Policy;
  readonly field: Field;
}

export interface CompiledContext {
  readonly naming: Naming;
  readonly exists: Bits;
  /** Keys of policies that are told otherwise. */
  readonly told: ReadonlySet<string>;
}

/**
 * The policies that are known by what they were compiled to: those of engines and meshes with a language of their own.
 * What stands in no document is left out. In the order in which they are asked.
 */
export function compiledPolicies(fields: readonly Field[], context: CompiledContext): PolicyEntry[] {
  const byKey = new Map<string, Compiled[]>();
  for (const field of fields) {
    for (const { policy } of field.side.policies.places) {
      const key = keyOfPolicy(policy.ref);
      if (policy.ref.origin === NO_ORIGIN || context.told.has(key)) continue;
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [{ policy, field }]);
      else list.push({ policy, field });
    }
  }
  return [...byKey.values()].map((parts) => entryOf(parts, context));
}

function entryOf(parts: readonly Compiled[], context: CompiledContext): PolicyEntry {
  const { kind, namespace, name, origin } = parts[0]!.policy.ref;
  const selected = unionOf(parts.map(({ policy }) => policy.subject));
  const isolates = new Set(
    parts.filter(({ policy }) => policy.isolates && !isEmpty(selected.may)).map(({ field }) => field.direction),
  );
  const nobody = isEmpty(intersection(selected.may, context.exists));
  return {
    kind,
    namespace,
    name,
    origin,
    selects: context.naming.namesOf(selected),
    isolates: [...isolates],
    rules: parts.flatMap((part) =>
      part.policy.rules.map((rule) =>
        compiledRuleEntry({ policy: part.policy, direction: part.field.direction }, rule, context.naming),
      ),
    ),
    problems: nobody
      ? [problem('selects-nothing', { path: '', origin }, { why: 'selects no endpoint of this input' })]
      : parts.flatMap((part) => part.policy.rules.flatMap((rule) => problemsOf(part, rule))),
  };
}

/** One rule in the words of what it was compiled to. */
export function compiledRuleEntry(
  { policy, direction }: { readonly policy: Policy; readonly direction: Direction },
  rule: Rule,
  naming: Naming,
): PolicyEntry['rules'][number] {
  const boxes = [...rule.boxes, ...(rule.except ?? [])];
  const peers = naming.namesOf(peersOfRule({ ...rule, boxes }, policy.subject.may));
  return {
    rule: rule.path,
    action: rule.action,
    says: escapeControl(saysOf(rule, direction)),
    peers,
    origin: rule.origin,
  };
}

/** `on TCP 80,443 for GET /orders/*`; whom it names stands beside it as endpoints. */
function saysOf(rule: Rule, direction: Direction): string {
  const boxes = [...rule.boxes, ...(rule.except ?? [])];
  if (boxes.length === 0) return 'matches nothing';
  const traffic: TrafficSet = uniteTraffic(boxes.map((box) => box.traffic.may));
  const requests = new Set(boxes.flatMap(({ request }) => (request === undefined ? [] : [request.text])));
  const text = trafficText(trafficList(traffic, ALL_TRAFFIC));
  const from = direction === 'ingress' ? 'from' : 'to';
  return [`${from} the endpoints named, on ${text === 'all' ? 'any traffic' : text}`, [...requests].join('; or ')]
    .filter((part) => part !== '')
    .join(' for ');
}

const SAYS: Partial<Record<Effect, readonly [PolicyProblem['problem'], string]>> = {
  nothing: ['dead', 'matches nothing in this input'],
  decided: ['shadowed', 'all that it matches is decided before it'],
  same: ['redundant', 'what it decides would be decided alike without it'],
};

/** A rule that looks into requests decides about some of them, which connections do not show. */
function problemsOf({ policy, field }: Compiled, rule: Rule): PolicyProblem[] {
  const looksInside = rule.except !== undefined || rule.boxes.some(({ request }) => request !== undefined);
  if (rule.action === 'log' || looksInside || rule.origin === NO_ORIGIN) return [];
  const said = SAYS[effectOf(field, targetOf(policy, rule))];
  return said === undefined ? [] : [problem(said[0], rule, { why: said[1] })];
}
