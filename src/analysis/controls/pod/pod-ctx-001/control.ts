import type { Control } from '../../control.ts';
import { componentValues } from '../../cp/components/components.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessContexts } from './assess.ts';
import { fixContext } from './fix.ts';
import { stateForField } from './state-for.ts';

export const podCtx001: Control = {
  data: {
    id: 'POD-CTX-001',
    title: 'Security contexts hold pods and containers to what they need',
    severity: 'medium',
    rationale:
      'A program that is taken over can do what its container may. As root, with the capabilities that a runtime gives by default, it may forge packets to its neighbours; privileged, or with folders of the host, it is the node.',
    evidence:
      'the template of every workload outside of the namespaces of the platform, held against the level restricted of the version of Kubernetes that runs; capabilities and kernel parameters of the network apart; whether files of images can be written',
    states: [
      { state: 'FAIL', when: 'a template goes beyond restricted; or asks for powers over the network' },
      { state: 'WARN', when: 'a template keeps to restricted, and a container may write to the files of its image' },
      { state: 'PASS', when: 'every template keeps to restricted, with read-only files' },
      { state: 'NA', when: 'no workload is outside of the namespaces of the platform' },
    ],
    remedy:
      'Run as a user other than root, drop all capabilities, forbid the gain of privileges, use the seccomp profile of the runtime and mount the root filesystem read-only.',
    mappings: mappingsOf({
      'cis-kubernetes': ['4.2.14', '5.6.2', '5.6.3', '5.2.7', '5.2.8', '5.2.9'],
      'cis-aks': ['4.6.2'],
      'nist-800-190': ['4.4.3'],
      'nsa-cisa': ['hardening-container-environments'],
      'owasp-top-ten': ['K01'],
      'owasp-cheat-sheet': ['apply-security-context-to-your-pods-and-containers'],
      mcsb: ['PV-2'],
      'azure-policy': [
        'c26596ff-4d70-4e6a-9a30-c2506bd2f80c',
        'df49d893-a74c-421d-bc95-c663042e5b80',
        '975ce327-682c-4f2e-aa46-b9598289b86c',
      ],
      pss: [
        'volume-types',
        'privilege-escalation',
        'running-as-non-root',
        'running-as-non-root-user',
        'restricted-seccomp',
        'restricted-capabilities',
      ],
      attack: ['T1611', 'T1068'],
      'securing-kubernetes-in-azure': ['L49', 'L50'],
    }),
  },
  assess: assessContexts,
  fix: fixContext,
  stateFor: stateForField,
  readsValues: componentValues('POD-CTX-001'),
};
