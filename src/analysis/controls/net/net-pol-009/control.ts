import { escapeControl } from '#base/escape.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { answeredOr, CLUSTER, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import type { Control } from '../../control.ts';
import { type Withheld, withheldWorkloads } from '../../withheld.ts';
import { neededOutOf } from '../context-needs.ts';
import { coverOfWorkload } from '../coverage.ts';
import { mapped } from '../mapped.ts';
import { netWorld } from '../net-world.ts';
import { type NetWorkload, workloadsIn } from '../places.ts';
import { deniedNeeds, lacksDns } from './denied-needs.ts';
import { fix } from './fix.ts';

const ID = 'NET-POL-009';
const ASK = 'whether rules are held against the flows that are seen, and reviewed, is in no manifest';

export const netPol009: Control = {
  data: {
    id: ID,
    title: 'Policies are kept in step with real traffic and reviewed',
    severity: 'medium',
    rationale:
      'Applications change and policies stay. A rule that nobody uses is a way in, and a connection that an application is set up to make and policy denies is an outage that somebody will mend by switching policy off.',
    evidence:
      'connections between workloads that the input shows to be needed (variables, arguments, configuration files, routes, metrics) and whether policy denies them; reviews and observed flows by the answer of a person',
    states: [
      { state: 'PASS', when: 'no connection that is needed is denied, and a person says that policies are reviewed' },
      {
        state: 'FAIL',
        when: 'policy denies a connection that a workload is configured to make, or the DNS that it needs for it',
      },
      { state: 'WARN', when: 'policy denies a connection of a route or of metrics' },
      { state: 'MANUAL', when: 'no person has said whether policies are reviewed' },
      { state: 'NA', when: 'no policy covers any workload' },
    ],
    remedy:
      'Allow what is needed or remove what asks for it; hold rules against flow logs each quarter, and remove those that nothing used.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.2'],
      'cis-aks': ['5.4.4'],
      'nist-800-190': ['4.4.2'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['monitor-network-traffic-to-limit-unnecessary-or-insecure-communication'],
      mcsb: ['NS-7', 'LT-4'],
      attack: ['T1046'],
      'azure-security-book': ['L14'],
      'kubernetes-network-practices': ['L21', 'L25'],
      'securing-kubernetes-in-azure': ['L55'],
    }),
    question: 'Were network policies held against observed flows and reviewed within the last 90 days?',
  },
  assess,
  fix,
  readsValues: {
    of: (context) => (isCovered(context) ? withheldAsking(context) : []),
    doubts: ({ state }, own) => own !== undefined && state !== 'FAIL',
    adds: true,
  },
};

function assess(context: ControlContext): Assessment {
  if (!isCovered(context)) return plain('NA', 'no policy covers any workload of the input');
  const places = asking(context).flatMap((workload) => judge(context, workload));
  return assessed([...places, review(context)], plain('NA', ASK), ['place', 'places']);
}

/** Workloads that policy can keep from anything. */
function asking(context: ControlContext): readonly NetWorkload[] {
  return workloadsIn(context).filter(({ hostNetwork }) => !hostNetwork);
}

function isCovered(context: ControlContext): boolean {
  const net = netWorld(context);
  return asking(context).some((workload) =>
    (['ingress', 'egress'] as const).some((direction) => coverOfWorkload(net, workload, direction) !== 'open'),
  );
}

function withheldAsking(context: ControlContext): readonly Withheld[] {
  const ids = new Set(asking(context).map(({ id }) => id));
  return withheldWorkloads(context).filter(({ endpoint }) => endpoint !== undefined && ids.has(endpoint));
}

function review(context: ControlContext): Judged {
  const { state, why, evidence } = answeredOr(context, ID, ASK);
  return {
    where: CLUSTER,
    state: state === 'PASS' || state === 'FAIL' ? state : 'MANUAL',
    message: why,
    evidence,
    detail: 'review',
  };
}

/** One place for each connection that is denied; one for a workload whose needs are all met. */
function judge(context: ControlContext, workload: NetWorkload): Judged[] {
  if (neededOutOf(context, workload.id).length === 0) return [];
  const name = `\`${escapeControl(workload.owner.name)}\``;
  const denied = deniedNeeds(context, workload).map(({ edge, to, by }): Judged => {
    const ports = edge.ports.map(({ protocol, port }) => `${protocol} ${port}`).join(', ');
    return {
      where: workload.where,
      state: edge.cause === 'configuration' ? 'FAIL' : 'WARN',
      message: `${by.join(' and ')} policy denies what ${name} needs of \`${escapeControl(to.id)}\` on ${ports}`,
      evidence: [{ object: titleOf(workload.owner), why: edge.why, origin: edge.origin }],
      detail: `to ${to.id}`,
      endpoints: [workload.id, to.id],
    };
  });
  const named = lacksDns(context, workload);
  const dns: Judged[] =
    named === undefined
      ? []
      : [
          {
            where: workload.where,
            state: 'FAIL',
            message: `policy keeps ${name} from DNS, and it is configured with names`,
            evidence: [{ object: titleOf(workload.owner), why: named.why, origin: named.origin }],
            detail: 'dns',
            endpoints: [workload.id],
          },
        ];
  const all = [...denied, ...dns];
  if (all.length > 0) return all;
  const evidence = [{ object: titleOf(workload.owner), origin: workload.owner.origin }];
  return [
    { where: workload.where, state: 'PASS', message: `policy denies nothing that ${name} is shown to need`, evidence },
  ];
}
