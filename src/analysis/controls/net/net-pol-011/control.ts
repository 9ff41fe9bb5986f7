import type { Change, Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { withheldWorkloads } from '../../withheld.ts';
import { egressRules } from '../allow-rules.ts';
import { coverOfWorkload } from '../coverage.ts';
import { fixOfWorkload } from '../default-deny-fix.ts';
import { mapped } from '../mapped.ts';
import { netWorld } from '../net-world.ts';
import { type NetWorkload, workloadAt } from '../places.ts';
import { assess } from './assess.ts';

export const netPol011: Control = {
  data: {
    id: 'NET-POL-011',
    title: 'Workloads that do not need the Kubernetes API cannot reach it (management and data traffic separated)',
    severity: 'medium',
    rationale:
      'A token of a service account in a pod that never uses it is a gift to whoever breaks in, and the API server is what they ask first. Few workloads manage the cluster; all others carry data.',
    evidence:
      'for each workload: bindings of its service account and configuration that names the API server, whether its token is put into the pod, and whether policy lets it reach the API server',
    states: [
      {
        state: 'PASS',
        when: 'the workload needs the API by its bindings or configuration, or policy keeps it from it',
      },
      { state: 'WARN', when: 'it has no token and still reaches the API server' },
      { state: 'FAIL', when: 'it has a token, reaches the API server, and nothing shows that it needs to' },
      {
        state: 'UNKNOWN',
        when: 'policy lets some addresses pass, and which one is the API server is not in the input',
      },
      { state: 'NA', when: 'the input has no workload outside of the platform' },
    ],
    remedy:
      'Set `automountServiceAccountToken: false`, and let egress policy name what the workload needs, without the API server.',
    mappings: mapped({
      'cis-kubernetes': ['5.1.6', '5.1.5'],
      'cis-aks': ['4.1.6'],
      'nist-800-190': ['4.3.3', '4.3.1'],
      'nsa-cisa': ['control-plane-hardening'],
      'owasp-top-ten': ['K06'],
      'owasp-cheat-sheet': ['controlling-access-to-the-kubernetes-api'],
      mcsb: ['NS-1'],
      'azure-policy': ['423dd1ba-798e-40e4-9c4d-b6902674b423'],
      attack: ['T1552.007', 'T1528', 'T1613'],
      'azure-security-book': ['L13'],
      'azure-security-book-2024': ['L16'],
    }),
  },
  assess,
  fix,
  // What it is told may be why it is let there: nothing but a policy that keeps it away is sure.
  readsValues: {
    of: (context) => withheldWorkloads(context),
    doubts: ({ state }, own) => own !== undefined && state !== 'PASS',
    adds: false,
  },
};

/** No token, and a policy for egress where nothing has a word on it yet. */
function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const workload = workloadAt(context, judged);
  if (workload?.written === undefined) return undefined;
  const summary = `keep ${workload.owner.name} from the Kubernetes API`;
  const token = tokenChange(workload);
  const isOpen = !workload.hostNetwork && coverOfWorkload(netWorld(context), workload, 'egress') === 'open';
  if (!isOpen)
    return {
      summary,
      automatic: false,
      changes: [token],
      steps: ['take the address of the API server out of what its egress rules allow'],
    };
  const policy = fixOfWorkload(context, workload, ['egress']);
  if (policy.refused !== undefined) return { ...policy, summary };
  const isNarrow = egressRules(context, workload).wide.length === 0;
  return {
    summary,
    automatic: policy.automatic && isNarrow,
    changes: [token, ...policy.changes],
    steps: [
      ...policy.steps,
      'give back the token where the program asks the API: `automountServiceAccountToken: true`, with a role of its own',
    ],
  };
}

function tokenChange({ written }: NetWorkload): Change {
  const path = [...written!.path, 'spec', 'automountServiceAccountToken'];
  return { kind: 'edit-object', object: written!.object, edits: [{ op: 'set', path, value: false }] };
}
