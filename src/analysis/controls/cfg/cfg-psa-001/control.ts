import type { Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessAdmission, effectiveVersion, namespacesIn, violationsOf } from './assess.ts';
import { LABEL } from './enforcement.ts';

export const cfgPsa001: Control = {
  data: {
    id: 'CFG-PSA-001',
    title: 'Pods that ask for too much are refused at admission',
    severity: 'high',
    rationale:
      'A careful pod template protects nobody from the next one. Whoever may make pods in a namespace where nothing is refused can take the node: by a privileged container, a folder of the host, or its network, where no network policy holds.',
    evidence:
      'labels of namespaces for Pod Security Admission and the defaults of the API server, deployment safeguards of AKS, assignments of the two Azure Policy initiatives, rules of Kyverno, constraints of Gatekeeper, admission policies in CEL, and what each workload asks for',
    states: [
      { state: 'PASS', when: 'a mechanism refuses pods beyond baseline or restricted, and every workload keeps to it' },
      {
        state: 'WARN',
        when: 'pods are only told of, some fields only are limited, or a workload that runs would be refused now',
      },
      {
        state: 'FAIL',
        when: 'nothing in the input refuses anything in the namespace, or it is left to PodSecurityPolicy',
      },
      { state: 'UNKNOWN', when: 'the namespace of a workload is not in the input' },
      { state: 'NA', when: 'no workload is outside of the namespaces of the platform' },
    ],
    remedy:
      'Label each namespace with the strictest level that its workloads keep to, first as a warning; on AKS set the level in the deployment safeguards. Move what needs more into a namespace of its own.',
    mappings: mappingsOf({
      'cis-kubernetes': [
        '5.2.1',
        '5.2.2',
        '5.2.3',
        '5.2.4',
        '5.2.5',
        '5.2.6',
        '5.2.7',
        '5.2.8',
        '5.2.9',
        '5.2.10',
        '5.2.11',
        '5.2.12',
      ],
      'cis-aks': ['4.2.1', '4.2.2', '4.2.3', '4.2.4', '4.2.5'],
      'nist-800-190': ['4.4.3'],
      'nsa-cisa': ['pod-security-enforcement'],
      'owasp-top-ten': ['K04'],
      'owasp-cheat-sheet': [
        'utilize-pod-security-standards-and-the-built-in-pod-security-admission-controller-to-enforce-container-privilege-levels',
      ],
      mcsb: ['PV-2'],
      'azure-policy': ['95edb821-ddaf-4404-9732-666045e056b4', '1c6e92c9-99f0-4e55-9cf2-0c234dc48f99'],
      pss: [
        'hostprocess',
        'host-namespaces',
        'privileged-containers',
        'capabilities',
        'hostpath-volumes',
        'host-ports',
        'host-probes-lifecycle-hooks',
        'apparmor',
        'selinux',
        'proc-mount-type',
        'seccomp',
        'sysctls',
      ],
      attack: ['T1610', 'T1611'],
      'securing-kubernetes-in-azure': ['L20', 'L21', 'L49', 'L50'],
    }),
  },
  assess: assessAdmission,
  fix: fixAdmission,
};

/** Labels of the strictest level that nothing in the namespace breaks; else what would have to move is told. */
function fixAdmission(context: ControlContext, { where }: Judged): Fix | undefined {
  if (where.kind === 'PodSecurityPolicy') return LEFTOVER;
  const namespace = namespacesIn(context).find(({ name }) => name === where.name);
  if (namespace?.object === undefined) return undefined;
  const version = effectiveVersion(context, 'latest');
  const keeps = (level: 'baseline' | 'restricted') =>
    namespace.owners.every((owner) => violationsOf(owner, level, version).length === 0);
  const level = keeps('restricted') ? 'restricted' : 'baseline';
  const isSafe = keeps(level);
  const labels = isSafe ? { enforce: level, warn: 'restricted' } : { warn: level, audit: level };
  const beyond = namespace.owners.filter((owner) => violationsOf(owner, level, version).length > 0);
  return {
    summary: isSafe
      ? `refuse pods beyond ${level} in namespace \`${where.name}\``
      : `tell of pods beyond ${level} in namespace \`${where.name}\``,
    automatic: isSafe,
    changes: [
      {
        kind: 'edit-object',
        object: namespace.object,
        edits: Object.entries(labels).map(([mode, value]) => ({
          op: 'set' as const,
          path: ['metadata', 'labels', `${LABEL}/${mode}`],
          value,
        })),
      },
    ],
    steps: isSafe
      ? ['pods that other teams make in the namespace are judged too: look at the warnings of a dry run first']
      : [
          `move ${beyond.map(({ object }) => `\`${object.name}\``).join(', ')} to a namespace of its own, or take away what goes beyond ${level}`,
          `then set \`${LABEL}/enforce: ${level}\``,
        ],
  };
}

const LEFTOVER: Fix = {
  summary: 'label namespaces in place of PodSecurityPolicy',
  automatic: false,
  changes: [],
  steps: [
    'find the level that is closest to what the policy allowed, and label the namespaces that it was used in',
    'delete the policy, and the roles that gave its use',
  ],
};
