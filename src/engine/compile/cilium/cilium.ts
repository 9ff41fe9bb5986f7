import { type Bits, difference, intersection, isEmpty, union } from '#base/bits.ts';
import type { CiliumPolicy, CiliumRule, CiliumSpec } from '#model/cilium.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Direction, NetworkPolicy } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { ALL_TRAFFIC, NO_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import {
  type Box,
  exactly,
  exactTraffic,
  type Layer,
  type Level,
  type PointSpan,
  type Policy,
  type Rule,
  type Stack,
} from '../../form.ts';
import { perhaps, unionOf } from '../../spans.ts';
import type { Compiling } from '../context.ts';
import { clusterTiers } from './cluster-policies.ts';
import { type Cilium, ciliumOf } from './context.ts';
import { asSpec } from './network-policy.ts';
import { redirectTier } from './path-facts.ts';
import { hostSubjectOf, type Learners, subjectOf } from './peers.ts';
import { matchesName } from './requests.ts';
import { type CompiledRule, compileEntry, type RulePlace } from './rules.ts';
import { refusalOf } from './validity.ts';

/**
 * The endpoint's own policy under Cilium: rules between identities. CiliumNetworkPolicy, its clusterwide kind and
 * NetworkPolicy have one precedence: a denial of any of them wins, then what any allows; a pod's own host comes in after
 * that, and whom a rule isolates gets nothing else (pkg/policy repository.go, mapstate.go).
 */
export function ciliumPodLayer(compiling: Compiling, snapshot: Snapshot): Layer {
  const cilium = ciliumOf(compiling, snapshot);
  const { mode } = cilium;
  if (mode.enforcement === 'never' || mode.audit) return { name: 'pod', ingress: [], egress: [] };
  const units = unitsOf(cilium);
  const learners = learnersOf(cilium, units);
  const egress = stackOf(cilium, units, { direction: 'egress', learners });
  const ingress = stackOf(cilium, units, { direction: 'ingress', learners });
  const redirected = redirectTier(cilium, { out: selectedBy(cilium, egress), into: selectedBy(cilium, ingress) });
  return { name: 'pod', ingress, egress: redirected === undefined ? egress : [redirected, ...egress] };
}

/** Whom a policy of the input selects. */
function selectedBy({ world }: Cilium, stack: Stack): Bits {
  const policies = stack.flatMap(({ levels }) => levels.flat()).filter(({ ref }) => ref.kind !== 'Node');
  return policies.length === 0 ? world.nothing : unionOf(policies.map(({ subject }) => subject)).may;
}

/** One rule set with whom it is for. */
interface Unit {
  readonly spec: CiliumSpec;
  readonly ref: PolicyRef;
  readonly namespace: string;
  readonly subject: PointSpan;
}

function unitsOf(cilium: Cilium): Unit[] {
  const { snapshot } = cilium;
  const own = snapshot.ciliumPolicies.flatMap((policy) => unitsOfPolicy(cilium, policy));
  const kubernetes = snapshot.networkPolicies.map((policy) => unitOf(cilium, policy, asSpec(policy)));
  return [...own, ...kubernetes].filter((unit) => !isEmpty(unit.subject.may));
}

function unitsOfPolicy(cilium: Cilium, policy: CiliumPolicy): Unit[] {
  const refusal = refusalOf(cilium.mode, policy);
  if (refusal?.isCertain === true) return [];
  const units = policy.specs.map((spec) => unitOf(cilium, policy, spec));
  if (refusal === undefined) return units;
  return units.map((unit) => ({ ...unit, subject: perhaps(unit.subject.may, 'version-dependent') }));
}

function unitOf(cilium: Cilium, policy: CiliumPolicy | NetworkPolicy, spec: CiliumSpec): Unit {
  const { kind, namespace, name, origin } = policy;
  const gap = spec.gaps[0];
  const subject = gap === undefined ? subjectFor(cilium, spec, namespace) : perhaps(cilium.world.pods, gap.reason);
  return { spec, ref: { kind, namespace, name, origin }, namespace, subject };
}

/** Policies of nodes count only where the host firewall is on. */
function subjectFor(cilium: Cilium, { endpointSelector, nodeSelector }: CiliumSpec, namespace: string): PointSpan {
  if (endpointSelector !== undefined) return subjectOf(cilium, endpointSelector, namespace);
  if (nodeSelector === undefined || !cilium.mode.hostFirewall) return exactly(cilium.world.nothing);
  return hostSubjectOf(cilium, nodeSelector);
}

/** Endpoints with a rule that sends their questions to DNS through the proxy. */
function learnersOf({ world }: Cilium, units: readonly Unit[]): Learners {
  const asking = units.flatMap(({ spec, subject }) => {
    const rules = spec.egress.flatMap(({ ports }) =>
      (ports ?? []).flatMap(({ dns }) => (dns === undefined ? [] : [dns])),
    );
    return rules.length === 0 ? [] : [{ rules, subject }];
  });
  const subjects = (some: typeof asking) =>
    some.length === 0 ? exactly(world.nothing) : unionOf(some.map(({ subject }) => subject));
  return {
    any: exactly(asking.length === 0 ? world.nothing : world.everything),
    asking: (name) =>
      subjects(
        asking.filter(({ rules }) =>
          rules.some((names) => names.length === 0 || names.some((each) => matchesName(each, name))),
        ),
      ),
  };
}

/** For whom requirements stand in a direction: they narrow entries of other policies too, until 1.18. */
function narrowedBy({ world, mode }: Cilium, units: readonly Unit[], list: keyof Lists): PointSpan {
  if (mode.minor !== undefined && mode.minor >= 19) return exactly(world.nothing);
  const requiring = units.filter(({ spec }) => spec[list].some(({ requires }) => requires));
  return requiring.length === 0 ? exactly(world.nothing) : unionOf(requiring.map(({ subject }) => subject));
}

type Lists = Pick<CiliumSpec, 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny'>;

interface Way {
  readonly direction: Direction;
  readonly learners: Learners;
}

function stackOf(cilium: Cilium, units: readonly Unit[], way: Way): Stack {
  const { direction } = way;
  const allows: Policy[] = [];
  const denies: Policy[] = [];
  const proxies: Policy[] = [];
  const narrowed = narrowedBy(cilium, units, direction);
  const narrowedDeny = narrowedBy(cilium, units, `${direction}Deny`);
  for (const unit of units) {
    const place: RulePlace = { ...way, namespace: unit.namespace, deny: false, narrowed };
    const denying: RulePlace = { ...place, deny: true, narrowed: narrowedDeny };
    const compiled = entriesBy(unit.spec[direction], (rule) => compileEntry(cilium, rule, place));
    const denied = entriesBy(unit.spec[`${direction}Deny`], (rule) => compileEntry(cilium, rule, denying));
    const isolates = isolatesIn(cilium, unit, direction);
    if (compiled.length > 0 || isolates)
      allows.push({ ...shell(unit), isolates, rules: compiled.map(({ rule, boxes }) => ruleOf(rule, 'allow', boxes)) });
    if (denied.length > 0)
      denies.push({
        ...shell(unit),
        isolates: false,
        rules: denied.map(({ rule, boxes }) => ruleOf(rule, 'deny', boxes)),
      });
    const proxied = compiled.filter((each) => each.proxied.length > 0);
    if (proxied.length > 0)
      proxies.push({
        ...shell(unit),
        isolates: false,
        rules: proxied.map((each) => ruleOf(each.rule, 'deny', each.proxied)),
      });
  }
  const always = alwaysIsolated(cilium);
  if (always !== undefined) allows.push(always);
  const host = direction === 'ingress' ? hostEnters(cilium, allows) : undefined;
  // The own host goes past the proxy's rules too (pkg/policy rule.go, hostWildcardL7).
  const levels: readonly Level[] = [denies, allows, host === undefined ? [] : [host], proxies];
  return clusterTiers(
    cilium,
    levels.filter((level) => level.length > 0),
    direction,
  );
}

/** Entries of one written rule are one rule: a NetworkPolicy's peers of several kinds are several entries here. */
function entriesBy(rules: readonly CiliumRule[], compile: (rule: CiliumRule) => CompiledRule): Compiled[] {
  return [...Map.groupBy(rules, ({ path }) => path).values()].map((entries) => {
    const parts = entries.map(compile);
    return {
      rule: entries[0]!,
      boxes: parts.flatMap(({ boxes }) => boxes),
      proxied: parts.flatMap(({ proxied }) => proxied),
    };
  });
}

interface Compiled extends CompiledRule {
  readonly rule: CiliumRule;
}

function shell({ ref, subject }: Unit): Pick<Policy, 'ref' | 'subject'> {
  return { ref, subject };
}

function ruleOf({ path, origin }: CiliumRule, action: Rule['action'], boxes: readonly Box[]): Rule {
  return { action, boxes, path, origin };
}

/** By `enableDefaultDeny`, which means nothing where there is no entry; else by whether there are entries. */
function isolatesIn({ mode }: Cilium, { spec, ref }: Unit, direction: Direction): boolean {
  const own = spec.defaultDeny[direction];
  // A NetworkPolicy isolates without any entry too; Cilium's own kinds never do.
  if (ref.kind === 'NetworkPolicy') return own === true;
  const entries = spec[direction].length + spec[`${direction}Deny`].length > 0;
  return entries && (own === undefined || !mode.nonDefaultDeny ? true : own);
}

/** With enforcement `always` every pod is isolated, whether or not a rule selects it. */
function alwaysIsolated({ mode, world, snapshot }: Cilium): Policy | undefined {
  if (mode.enforcement !== 'always') return undefined;
  const config = snapshot.configMaps.find(({ name }) => name === 'cilium-config');
  const ref = {
    kind: 'ConfigMap',
    namespace: 'kube-system',
    name: 'cilium-config',
    origin: config?.origin ?? NO_ORIGIN,
  };
  const subject = exactly(mode.hostFirewall ? union(world.pods, world.hosts) : world.pods);
  return { ref, subject, isolates: true, rules: [] };
}

/**
 * A pod's own host may always enter, after everything else, unless `allow-localhost` says otherwise. With enforcement
 * `always`, versions differ on whether that holds for pods that no rule selects.
 */
function hostEnters({ mode, world, ownNode, snapshot }: Cilium, allows: readonly Policy[]): Policy | undefined {
  if (!mode.hostAlwaysEnters || ownNode.length === 0) return undefined;
  const config = snapshot.configMaps.find(({ name }) => name === 'cilium-config');
  const selected = allows.filter(({ ref }) => ref.kind !== 'ConfigMap').map(({ subject }) => subject);
  const certain = selected.length === 0 ? world.nothing : unionOf(selected).must;
  const rest = mode.enforcement === 'always' ? difference(world.pods, certain) : world.nothing;
  const boxes = ownNode.map(({ on, hosts }): Box => ({ on, peers: hosts, traffic: exactTraffic(ALL_TRAFFIC) }));
  const open = isEmpty(rest) ? [] : boxes.map((box) => unsure(box, rest));
  const sure = isEmpty(rest) ? boxes : boxes.map((box) => ({ ...box, on: only(box.on, certain) }));
  const rule = {
    action: 'allow' as const,
    boxes: [...sure, ...open],
    path: 'allow-localhost',
    origin: config?.origin ?? NO_ORIGIN,
  };
  const ref = { kind: 'Node', namespace: '', name: 'own host', origin: NO_ORIGIN };
  return { ref, subject: exactly(world.pods), isolates: false, rules: [rule] };
}

function only(span: PointSpan | undefined, points: PointSpan['must']): PointSpan {
  if (span === undefined) return exactly(points);
  return { must: intersection(span.must, points), may: intersection(span.may, points), doubts: span.doubts };
}

function unsure({ on, peers }: Box, points: PointSpan['must']): Box {
  return {
    on: only(on, points),
    peers,
    traffic: { must: NO_TRAFFIC, may: ALL_TRAFFIC },
    trafficDoubt: 'version-dependent',
  };
}
