import type { Fix, Judged } from '#model/control.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import { listAt } from '#model/plain.ts';
import type { Direction } from '#model/resource.ts';
import type { ControlContext } from '../../context.ts';
import { dnsRules, egressRules, ingressRules } from '../allow-rules.ts';
import { netWorld } from '../net-world.ts';
import { workloadsIn } from '../places.ts';
import { selectedOwners, type WideRule, wideRules } from './wide-rules.ts';

/**
 * All wide rules of a NetworkPolicy in the direction, in place of them what its workloads are shown to need. Where clients
 * cannot be told from the input, or nothing is shown, a person has to say.
 */
export function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const { kind, namespace, name } = judged.where;
  const object = context.objects.get({ group: 'networking.k8s.io', kind, namespace, name });
  const direction: Direction = judged.detail?.startsWith('spec.egress') === true ? 'egress' : 'ingress';
  const summary = `narrow ${direction} of ${kind} ${name} to what its workloads are shown to need`;
  if (object === undefined || kind !== 'NetworkPolicy')
    return { summary, automatic: false, changes: [], steps: ['name the peers and the ports that the rule is for'] };
  const net = netWorld(context);
  const wide = wideRules(net).filter(
    ({ policy, direction: own }) =>
      own === direction && policy.ref.kind === kind && policy.ref.namespace === namespace && policy.ref.name === name,
  );
  const { rules, vague } = replacements(context, wide, direction);
  const steps =
    vague.length > 0
      ? vague
      : ['look at what the workloads do for a while: what is in no manifest is not in the rules'];
  if (rules.length === 0)
    return {
      summary,
      automatic: false,
      changes: [],
      steps: ['nothing in the input shows who needs the connection: name the peers and the ports', ...vague],
    };
  const paths = new Set(wide.map(({ rule }) => rule.path));
  const kept = listAt(object.value, 'spec', direction).filter((_, index) => !paths.has(`spec.${direction}[${index}]`));
  const value: readonly PlainValue[] = [...kept, ...rules];
  return {
    summary,
    automatic: vague.length === 0,
    changes: [{ kind: 'edit-object', object, edits: [{ op: 'set', path: ['spec', direction], value }] }],
    steps,
  };
}

interface Replacements {
  readonly rules: readonly PlainObject[];
  /** What could not be told. */
  readonly vague: readonly string[];
}

function replacements(context: ControlContext, wide: readonly WideRule[], direction: Direction): Replacements {
  const net = netWorld(context);
  const ids = new Set(
    wide.flatMap(({ policy }) =>
      selectedOwners(net, policy.subject.must).map((owner) => net.engine.world.owners[owner]!.id),
    ),
  );
  const parts = workloadsIn(context)
    .filter(({ id }) => ids.has(id))
    .map((workload) => (direction === 'ingress' ? ingressRules(context, workload) : egressRules(context, workload)));
  const own = parts.flatMap(({ rules }) => rules);
  const rules = direction === 'egress' ? [...dnsRules(context).rules, ...own] : own;
  const cilium = parts.some((part) => part.cilium.length > 0)
    ? ['some destinations are names, which a NetworkPolicy cannot name: write a CiliumNetworkPolicy for them']
    : [];
  return {
    rules: [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()],
    vague: [...parts.flatMap((part) => part.wide), ...cilium],
  };
}
