import { type Bits, intersects } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import type { Engine } from '#engine/engine.ts';
import { type Box, LAYER_NAMES, type LayerName, type Policy, type Rule, type Tier } from '#engine/form.ts';
import { uniteTraffic } from '#engine/grants.ts';
import type { SidePart } from '#engine/reach.ts';
import type { PoliciesAnswer, PolicyEntry, PolicyProblem } from '#model/answers.ts';
import type { Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import type { RulebookPolicy, RulebookRule, RuleLane, SomeNames, UnaskedPolicy } from '#model/rulebook.ts';
import type { Finding } from '#model/scan.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { Analysis } from '../analysis.ts';
import { compiledRuleEntry } from '../policies/compiled-policies.ts';
import { keyOfPolicy } from '../policies/ground.ts';
import { type Naming, namingOf } from '../policies/naming.ts';
import { trafficList } from '../traffic-list.ts';
import { type Risks, risksOf } from './risks.ts';

export interface RulebookMaterial {
  /** What `policiesOf` says of the same analysis: the words of rules, and what is wrong with them. */
  readonly policies: PoliciesAnswer;
  readonly findings: readonly Finding[];
}

/** Who a stack is for: points of the world. Absent: everybody. */
export interface RulebookScope {
  readonly points: Bits;
}

export interface Rulebook {
  readonly lanes: readonly RuleLane[];
  readonly policies: readonly RulebookPolicy[];
  readonly unasked: readonly UnaskedPolicy[];
}

/**
 * Every rule that something enforces, in the order in which a connection meets them: out of the pod through mesh, pod
 * policy, node, security groups, routes and firewall, and back in the other way round. The order is that of the stacks
 * that the engine folds; nothing of it is known here.
 */
export function rulebookOf(
  { engine, profile }: Analysis,
  { policies, findings }: RulebookMaterial,
  scope?: RulebookScope,
): Rulebook {
  const told = new Map(policies.policies.map((entry) => [keyOfPolicy(entry), entry]));
  const context: Context = { told, risks: risksOf(findings), naming: namingOf(engine) };
  const stacks = sidesOf(engine).flatMap((side) => tiersOf(side, scope));
  const asked = new Set(stacks.flatMap(({ places }) => places.map(({ policy }) => keyOfPolicy(policy.ref))));
  const unasked = scope === undefined ? policies.policies.filter((entry) => !asked.has(keyOfPolicy(entry))) : [];
  return {
    lanes: stacks.map(laneOf),
    policies: stacks.flatMap((stack, lane) =>
      stack.places.map((placed) => policyOf(context, { ...placed, stack, lane })),
    ),
    unasked: unasked.map((entry) => unaskedOf(entry, profile.id)),
  };
}

interface Context {
  readonly told: ReadonlyMap<string, PolicyEntry>;
  readonly risks: Risks;
  readonly naming: Naming;
}

interface Side {
  readonly direction: Direction;
  readonly part: SidePart;
}

/** From the inside of the sender outward, then from the outside of the receiver inward. */
function sidesOf({ reach }: Engine): readonly Side[] {
  const inOrder = (direction: Direction) =>
    reach[direction].parts
      .map((part): Side => ({ direction, part }))
      .sort((a, b) => LAYER_NAMES.indexOf(a.part.layer.name) - LAYER_NAMES.indexOf(b.part.layer.name));
  return [...inOrder('egress'), ...inOrder('ingress').reverse()];
}

interface Placed {
  readonly policy: Policy;
  readonly level: number;
}

interface TierStack {
  readonly direction: Direction;
  readonly layer: LayerName;
  readonly tier: Tier;
  readonly places: readonly Placed[];
}

/** Tiers with what is in them for the scope; one that has nothing to say there is left out. */
function tiersOf({ direction, part: { layer } }: Side, scope: RulebookScope | undefined): readonly TierStack[] {
  const isFor = ({ subject }: Policy) => scope === undefined || intersects(subject.may, scope.points);
  return layer[direction].flatMap((tier): TierStack[] => {
    const places = tier.levels.flatMap((level, index) =>
      level.filter(isFor).map((policy) => ({ policy, level: index + 1 })),
    );
    return places.length === 0 ? [] : [{ direction, layer: layer.name, tier, places }];
  });
}

function laneOf({ direction, layer, tier, places }: TierStack): RuleLane {
  return {
    direction,
    layer,
    tier: escapeControl(tier.name),
    onEnd: tier.onEnd,
    asked: tier.levels.length === 1 ? 'together' : 'in-order',
    policies: places.length,
    rules: places.reduce((sum, { policy }) => sum + policy.rules.length, 0),
  };
}

interface Position extends Placed {
  readonly stack: TierStack;
  readonly lane: number;
}

function policyOf(context: Context, { policy, level, stack, lane }: Position): RulebookPolicy {
  const { kind, namespace, name, origin } = policy.ref;
  const entry = context.told.get(keyOfPolicy(policy.ref));
  return {
    lane,
    level,
    kind,
    namespace: escapeControl(namespace),
    name: escapeControl(name),
    origin,
    selects: someOf(context.naming.namesOf(policy.subject)),
    isolates: policy.isolates,
    rules: policy.rules.map((rule) => ruleOf(context, { policy, rule, direction: stack.direction, entry })),
    problems: (entry?.problems ?? []).filter(({ rule }) => rule === ''),
    risks: context.risks.ofPolicy(policy.ref),
  };
}

interface RuleAt {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly direction: Direction;
  readonly entry: PolicyEntry | undefined;
}

function ruleOf({ naming, risks }: Context, { policy, rule, direction, entry }: RuleAt): RulebookRule {
  const known = entry?.rules.find((each) => each.rule === rule.path && isSamePlace(each.origin, rule.origin));
  const isLeftOpen = known === undefined && rule.path === UNSAID;
  const words = known ?? compiledRuleEntry({ policy, direction }, rule, naming);
  const boxes = [...rule.boxes, ...(rule.except ?? [])];
  const isGiven = isLeftOpen || isSamePlace(rule.origin, policy.ref.origin);
  return {
    rule: isLeftOpen ? '' : escapeControl(rule.path),
    action: rule.action,
    says: isLeftOpen ? 'protocols without ports, of which the API does not say whether they pass' : words.says,
    peers: someOf(words.peers),
    traffic: isLeftOpen ? [] : trafficList(uniteTraffic(boxes.map((box) => box.traffic.may)), ALL_TRAFFIC),
    ...(isGiven && { given: true }),
    doubts: doubtsOf(boxes),
    origin: rule.origin,
    problems: isGiven ? [] : problemsAt(entry, policy, rule),
    risks: isGiven ? [] : risks.ofRule(policy.ref, rule),
  };
}

/** What a policy means for traffic about which its API says nothing stands at this path. */
const UNSAID = 'spec';

function doubtsOf(boxes: readonly Box[]): readonly ReasonCode[] {
  const reasons = boxes.flatMap(({ peers, trafficDoubt }) => [
    ...peers.doubts.map(({ reason }) => reason),
    ...(trafficDoubt === undefined ? [] : [trafficDoubt]),
  ]);
  return [...new Set(reasons)];
}

/** Some rules of Azure become several: what is wrong is told where it is wrong with all of them alike. */
function problemsAt(entry: PolicyEntry | undefined, policy: Policy, { path, origin }: Rule): readonly PolicyProblem[] {
  const isHere = (at: { readonly origin: Origin }, itsPath: string) =>
    itsPath === path && isSamePlace(at.origin, origin);
  const found = (entry?.problems ?? []).filter((each) => path !== '' && each.rule === path);
  if (entry?.rules.some((each) => isHere(each, each.rule)) !== true) return [];
  const twins = policy.rules.filter((each) => isHere(each, each.path)).length;
  if (twins < 2) return found;
  const kinds = new Set(found.map(({ problem }) => problem));
  return kinds.size === 1 && found.length >= twins ? found.slice(0, 1) : [];
}

function isSamePlace(a: Origin, b: Origin): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** A list of every address and pod is nothing to read: who wants all of them asks `policies`. */
const MOST_NAMES = 24;

function someOf(names: readonly string[]): SomeNames {
  return { names: names.slice(0, MOST_NAMES).map(escapeControl), total: names.length };
}

function unaskedOf({ kind, namespace, name, origin, problems }: PolicyEntry, profile: string): UnaskedPolicy {
  const why =
    problems.find(({ rule }) => rule === '')?.why ?? `no enforcement point of the profile \`${profile}\` asks it`;
  return { kind, namespace, name, origin, why };
}
