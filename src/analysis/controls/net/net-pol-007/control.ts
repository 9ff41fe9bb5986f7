import { escapeControl } from '#base/escape.ts';
import { grantBetween } from '#engine/reach.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { answeredOr, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { defaultDenyFix } from '../default-deny-fix.ts';
import { opennessOf } from '../isolation.ts';
import { mapped } from '../mapped.ts';
import { netWorld } from '../net-world.ts';
import { type NetNamespace, namespacesIn } from '../places.ts';
import { type Grouping, groupingOf } from './groups.ts';

const ID = 'NET-POL-007';

export const netPol007: Control = {
  data: {
    id: ID,
    title: 'Workloads of different sensitivity or environment cannot reach each other by default',
    severity: 'high',
    rationale:
      'A test environment is watched less and patched later than what it shares a cluster with. Namespaces part names and not traffic: without policy a pod of one environment reaches every database of the other.',
    evidence:
      'groups of namespaces by the label that the configuration names, by labels of environments and sensitivity, or by environments in their names; and whether a new pod of one group reaches workloads of another on ports that no rule names',
    states: [
      { state: 'PASS', when: 'a new pod of another group reaches no workload by default' },
      { state: 'FAIL', when: 'a new pod of another group reaches workloads of the namespace' },
      { state: 'WARN', when: 'the same, where groups are only guessed from names' },
      { state: 'UNKNOWN', when: 'policy only perhaps parts them' },
      { state: 'MANUAL', when: 'nothing says which namespaces belong together' },
      { state: 'NA', when: 'the input has one namespace with workloads, or none' },
    ],
    remedy:
      'Name the label that groups namespaces under `controls.groupLabel`, deny ingress by default in each namespace, and write a rule for each connection between groups that is meant.',
    mappings: mapped({
      'cis-kubernetes': ['5.6.1'],
      'cis-aks': ['4.6.1'],
      'nist-800-190': ['4.3.3', '4.3.4'],
      'nsa-cisa': ['namespaces'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['code-that-uses-namespaces-to-isolate-kubernetes-resources'],
      mcsb: ['NS-1'],
      'azure-policy': ['9f061a12-e40d-4183-a00e-171812443373'],
      attack: ['T1046', 'T1613'],
      'azure-security-book': ['L16'],
      'kubernetes-network-practices': ['L15'],
      'securing-kubernetes-in-azure': ['L49'],
      'azure-security-book-2024': ['L21'],
    }),
    question: 'Are workloads of different sensitivity or environment kept from reaching each other in this cluster?',
  },
  assess,
  fix: (context, judged) => defaultDenyFix(context, judged, 'ingress'),
};

function assess(context: ControlContext): Assessment {
  const spaces = namespacesIn(context).filter(({ isSystem }) => !isSystem);
  if (spaces.length < 2) return plain('NA', 'the input has not two namespaces with workloads outside of the platform');
  const grouping = groupingOf(context);
  if (grouping === undefined)
    return answeredOr(context, ID, 'no label and no name says which namespaces belong together');
  const places = [...grouping.groups].flatMap(([group, own]) =>
    own.map((space) => judge(context, grouping, { group, space })),
  );
  return assessed(places, plain('NA', 'no namespace belongs to a group'), ['namespace', 'namespaces']);
}

interface Target {
  readonly group: string;
  readonly space: NetNamespace;
}

function judge(context: ControlContext, grouping: Grouping, { group, space }: Target): Judged {
  const found = [...grouping.groups]
    .filter(([other]) => other !== group)
    .flatMap(([, others]) => others.map((other) => reachOf(context, other, space)));
  const open = found.filter(({ openTo }) => openTo.length > 0);
  const base = {
    where: space.where,
    evidence: [
      {
        object: `Namespace ${space.name}`,
        field: grouping.by,
        value: group,
        origin: space.where.origin ?? space.workloads[0]!.owner.origin,
      },
    ],
  };
  if (open.length > 0) {
    const ids = [...new Set(open.flatMap(({ openTo }) => openTo))];
    const from = open
      .slice(0, 3)
      .map(({ from: name }) => `\`${escapeControl(name)}\``)
      .join(', ');
    const message = `pods of ${from} reach ${ids.length === 1 ? '1 workload' : `${ids.length} workloads`} of \`${escapeControl(space.name)}\`, which is another group by ${grouping.by}`;
    return { ...base, state: grouping.isInferred ? 'WARN' : 'FAIL', message, endpoints: ids };
  }
  if (found.some(({ isUnknown }) => isUnknown))
    return {
      ...base,
      state: 'UNKNOWN',
      message: `whether pods of other groups reach \`${escapeControl(space.name)}\` is not certain`,
    };
  return {
    ...base,
    state: 'PASS',
    message: `pods of other groups do not reach \`${escapeControl(space.name)}\` by default`,
  };
}

interface Reached {
  readonly from: string;
  /** Ids of workloads that are reached on ports that no rule names. */
  readonly openTo: readonly string[];
  readonly isUnknown: boolean;
}

/** By a pod about which only its namespace is known. */
function reachOf(context: ControlContext, from: NetNamespace, to: NetNamespace): Reached {
  const net = netWorld(context);
  const source = net.freshIn.get(from.name)!;
  const said = to.workloads.map(({ id, points }) => ({
    id,
    openness: points.map((point) => opennessOf(grantBetween(net.reach, source, point))),
  }));
  return {
    from: from.name,
    openTo: said
      .filter(({ openness }) => openness.some((each) => each === 'open' || each === 'some'))
      .map(({ id }) => id),
    isUnknown: said.some(({ openness }) => openness.includes('unknown')),
  };
}
