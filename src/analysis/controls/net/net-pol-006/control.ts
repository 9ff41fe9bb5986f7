import type { Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { egressRules } from '../allow-rules.ts';
import { coverOfWorkload } from '../coverage.ts';
import { fixOfWorkload } from '../default-deny-fix.ts';
import { mapped } from '../mapped.ts';
import { netWorld } from '../net-world.ts';
import { workloadAt } from '../places.ts';
import { assess, isAroundNarrow } from './assess.ts';

export const netPol006: Control = {
  data: {
    id: 'NET-POL-006',
    title: 'In-cluster egress to external destinations is limited to named needs',
    severity: 'high',
    rationale:
      'Whoever runs code in a pod first fetches tools, then calls home, then carries data out. Where policy and the network around the cluster each name what may leave, one mistake in one of them opens nothing.',
    evidence:
      'for each workload what its policies and mesh let pass to an address of the internet that no rule names, and with the Azure network what security groups, routes and the firewall let pass there',
    states: [
      { state: 'PASS', when: 'only what is named can be reached' },
      {
        state: 'WARN',
        when: 'one layer alone limits it, or any address can be reached on some ports, or policy leaves it open and the network around is not in the input',
      },
      { state: 'FAIL', when: 'neither policy nor the network around the cluster limits it' },
      { state: 'UNKNOWN', when: 'policy or the network around only perhaps limits it' },
      { state: 'NA', when: 'the cluster has no way out, or the input has no workloads' },
    ],
    remedy:
      'Name the hosts that a workload needs: by names where the engine knows them, else by addresses, and let the firewall name the same.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.2'],
      'cis-aks': ['5.4.4'],
      'nist-800-190': ['4.4.2'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['monitor-network-traffic-to-limit-unnecessary-or-insecure-communication'],
      mcsb: ['NS-2', 'NS-3'],
      attack: ['T1048', 'T1041', 'T1567', 'T1071.004'],
      'azure-security-book': ['L14'],
      'aks-network-baseline': ['L43', 'L45'],
      'kubernetes-network-practices': ['L53', 'L55'],
    }),
  },
  assess,
  fix,
};

/** The policy that NET-POL-003 would write for egress; it is enough by itself where it names every host. */
function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const workload = workloadAt(context, judged);
  if (workload?.written === undefined) return undefined;
  const summary = `limit egress of ${workload.owner.name} to named hosts`;
  if (coverOfWorkload(netWorld(context), workload, 'egress') !== 'open') {
    const steps = [
      ...judged.evidence.flatMap(({ object, field }) =>
        field === undefined ? [] : [`narrow \`${field}\` of ${object}`],
      ),
    ];
    return {
      summary,
      automatic: false,
      changes: [],
      steps: steps.length > 0 ? steps : ['narrow the rules of the firewall to named hosts'],
    };
  }
  const fixed = fixOfWorkload(context, workload, ['egress']);
  const isNarrow = egressRules(context, workload).wide.length === 0 && isAroundNarrow(context, workload);
  return { ...fixed, automatic: fixed.automatic && isNarrow };
}
