import type { Control } from '../../control.ts';
import { mapped } from '../mapped.ts';
import { assess } from './assess.ts';
import { fix } from './fix.ts';

export const netPol005: Control = {
  data: {
    id: 'NET-POL-005',
    title: 'Policies have effect: no dangling, shadowed, contradictory or unsupported rules',
    severity: 'medium',
    rationale:
      'A policy that selects nobody, or that the engine does not understand, protects nobody, and everybody believes it does. Rules that change nothing hide those that matter.',
    evidence:
      'what each policy and each rule changes in the answers of the engine, and which other rules take its place',
    states: [
      { state: 'PASS', when: 'every rule changes something' },
      { state: 'WARN', when: 'a rule matches nobody, or changes nothing' },
      { state: 'FAIL', when: 'a policy selects no pod, or has parts that the engine does not enforce' },
      { state: 'UNKNOWN', when: 'what the rule means may be in parts of the cluster that the input does not have' },
      { state: 'NA', when: 'the input has no policy' },
    ],
    remedy: 'Correct the selector, the port or the kind; remove what changes nothing.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.2'],
      'cis-aks': ['5.4.4'],
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      mcsb: ['NS-7'],
      'azure-security-book': ['L6'],
      'kubernetes-network-practices': ['L21'],
      'azure-security-book-2024': ['L7'],
    }),
  },
  assess,
  fix,
};
