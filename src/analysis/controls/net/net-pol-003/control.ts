import { escapeControl } from '#base/escape.ts';
import type { Assessment, Evidence, Judged, Together } from '#model/control.ts';
import type { Direction } from '#model/resource.ts';
import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import type { Control } from '../../control.ts';
import { type Cover, coverOfWorkload } from '../coverage.ts';
import { workloadFix } from '../default-deny-fix.ts';
import { mapped } from '../mapped.ts';
import { netWorld } from '../net-world.ts';
import { type NetWorkload, workloadsIn } from '../places.ts';

export const netPol003: Control = {
  data: {
    id: 'NET-POL-003',
    title: 'Every pod is covered by policy in each direction, including pods created later',
    severity: 'high',
    rationale:
      'One workload that was left out is the door to all that it can reach. A workload is covered where some policy decides on its connections in a direction, whatever label or template its next pods come from.',
    evidence:
      'every pod template and pod on the pod network, and whether the engine finds any policy, tier or mesh rule that speaks about connections that nobody named, for ingress and for egress',
    states: [
      { state: 'PASS', when: 'policy has a word in both directions' },
      { state: 'FAIL', when: 'in a direction no policy has a word' },
      { state: 'WARN', when: 'the same, in a namespace of the platform' },
      { state: 'UNKNOWN', when: 'whether a policy selects its pods is not certain' },
      { state: 'NA', when: 'the input has no workload on the pod network' },
    ],
    remedy:
      'Write a policy that selects the workload by labels of its template, with the directions that are missing and rules for what it is known to need.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.2'],
      'cis-aks': ['4.4.2'],
      'nist-800-190': ['4.3.3', '4.4.5'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['use-kubernetes-network-policies-to-control-traffic-between-pods-and-clusters'],
      mcsb: ['NS-1'],
      attack: ['T1610', 'T1046'],
      'azure-security-book': ['L6'],
      'aks-network-baseline': ['L51'],
      'kubernetes-network-practices': ['L21'],
      'azure-security-book-2024': ['L10', 'L11'],
    }),
  },
  assess,
  fix: workloadFix,
};

function assess(context: ControlContext): Assessment {
  const places = workloadsIn(context)
    .filter(({ hostNetwork }) => !hostNetwork)
    .map((workload) => judge(context, workload));
  return assessed(places, plain('NA', 'the input has no workload on the pod network'), ['workload', 'workloads']);
}

function judge(context: ControlContext, workload: NetWorkload): Judged {
  const net = netWorld(context);
  const ingress = coverOfWorkload(net, workload, 'ingress');
  const egress = coverOfWorkload(net, workload, 'egress');
  const base = { where: workload.where, endpoints: [workload.id], evidence: [evidenceOf(workload)] };
  const name = `\`${escapeControl(workload.owner.name)}\``;
  const open = directionsWith({ ingress, egress }, 'open');
  if (open.length > 0) {
    const before = `no policy covers ${open.join(' or ')} of`;
    const together: Together = {
      key: `open ${open.join(' and ')}`,
      before,
      after: '',
      fix: [`limit ${open.join(' and ')} of`, ' to what they are shown to need'],
    };
    const told = { ...base, message: `${before} ${name}`, together };
    if (workload.isSystem) return { ...told, state: 'WARN', severity: 'low' };
    return { ...told, state: 'FAIL', severity: open.length === 1 ? 'medium' : 'high' };
  }
  const unsure = directionsWith({ ingress, egress }, 'unknown');
  if (unsure.length > 0)
    return {
      ...base,
      state: 'UNKNOWN',
      message: `whether policy covers ${unsure.join(' and ')} of ${name} is not certain`,
    };
  return { ...base, state: 'PASS', message: `policy covers ingress and egress of ${name}` };
}

function directionsWith(covers: Readonly<Record<Direction, Cover>>, cover: Cover): readonly Direction[] {
  return (['ingress', 'egress'] as const).filter((direction) => covers[direction] === cover);
}

/** The labels by which a policy could select it. */
function evidenceOf({ owner, written }: NetWorkload): Evidence {
  if (written === undefined) return { object: titleOf(owner), origin: owner.origin };
  const path = [...written.path, 'metadata', 'labels'];
  const labels = written.metadata.labels;
  return {
    object: titleOf(owner),
    field: path.join('.'),
    ...(labels !== undefined && { value: labels }),
    origin: written.object.originAt(path),
  };
}
