import type { Assessment, Judged } from '#model/control.ts';
import { assessmentOf, CLUSTER, plain } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { checksOf, hasEvidenceFor, placesOfChecks, SHOWN_BY, seenComponents } from '../components/components.ts';
import { wordsFor } from '../server-control.ts';

export function assessKubelets(context: ControlContext): Assessment {
  const checks = checksOf('CP-TLS-003');
  if (!hasEvidenceFor(context, checks)) {
    const evidence = [{ object: 'the input', why: 'has no configuration of a kubelet' }];
    return plain(
      'UNKNOWN',
      `no configuration of a kubelet is in the input: ${SHOWN_BY.kubelet} would show it`,
      evidence,
    );
  }
  const places = [...placesOfChecks(context, checks).filter(isWorthTelling), ...unseenNodes(context)];
  return assessmentOf(places, plain('NA', 'there are no kubelets'), wordsFor(places));
}

/** Its name on the host is a flag alone: files never say, and it matters least. */
function isWorthTelling({ state, detail }: Judged): boolean {
  return state !== 'UNKNOWN' || detail !== 'CIS 4.2.7';
}

/** Nodes whose kubelets did not answer: a kubelet says nothing about others, unless it is the file that all were given. */
function unseenNodes(context: ControlContext): readonly Judged[] {
  const nodes = context.objects.of('', 'Node').length;
  const kubelets = seenComponents(context).views.filter(
    ({ component, partial }) => component === 'kubelet' && partial !== true,
  );
  if (kubelets.length >= nodes || kubelets.some(({ where }) => where.kind !== 'kubelet' && where.kind !== 'NodeInfo'))
    return [];
  return [
    {
      where: CLUSTER,
      state: 'UNKNOWN',
      message: `the kubelets of ${nodes - kubelets.length} of ${nodes} nodes are not in the input`,
      evidence: [
        { object: 'the input', why: `has ${nodes} nodes and the configuration of ${kubelets.length} kubelets` },
      ],
      detail: 'nodes',
    },
  ];
}
