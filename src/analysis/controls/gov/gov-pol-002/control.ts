import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessNamedPolicies } from './assess.ts';
import { fixNamedPolicy } from './fix.ts';

export const govPol002: Control = {
  data: {
    id: 'GOV-POL-002',
    title: 'The built-in network policies that baselines name are assigned and enforced',
    severity: 'medium',
    rationale:
      'Each of the five holds one thing off that opens a cluster: plain HTTP, surprising ports, stolen addresses, the network of a node, an API server for everybody. One that is assigned to audit only counts what it should refuse.',
    evidence:
      'Assignments of the five definitions and of initiatives with them: scope, effect, enforcement mode, exemptions; constraints of the add-on in the cluster; states of compliance; the definitions evaluated on the input, with what they do not see.',
    states: [
      { state: 'PASS', when: 'assigned with deny, or with audit and nothing violates it' },
      { state: 'WARN', when: 'assigned with audit and something violates it, or the cluster is exempt' },
      { state: 'FAIL', when: 'Azure was read and the definition is not assigned, or is disabled' },
      { state: 'UNKNOWN', when: 'assignments, or what they come to, are not in the input' },
      { state: 'NA', when: 'no cluster of Azure is in the input' },
    ],
    remedy: 'Assign the definitions with deny where they can, and give every exemption an end.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.2.1'],
      'nist-800-190': ['4.3.2'],
      'nsa-cisa': ['network-separation-and-hardening'],
      'owasp-top-ten': ['K04'],
      'owasp-cheat-sheet': ['implementing-centralized-policy-management'],
      mcsb: ['PV-2', 'NS-1'],
      'azure-policy': [
        '0e246bcf-5f6f-4f87-bc6f-775d4712c7ea',
        '1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d',
        '233a2a17-77ca-4fb1-9b6b-69223d272a44',
        'd46c275d-1680-448d-b2ec-e495a3b6cc89',
        '82985f06-dc18-4a48-bc1c-b9f4f0098cfe',
      ],
      attack: ['T1562.001'],
      'aks-network-baseline': ['L106', 'L108', 'L109', 'L110', 'L111', 'L112', 'L113'],
    }),
  },
  assess: assessNamedPolicies,
  fix: fixNamedPolicy,
};
