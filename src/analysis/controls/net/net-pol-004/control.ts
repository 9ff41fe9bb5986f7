import type { Control } from '../../control.ts';
import { mapped } from '../mapped.ts';
import { assess } from './assess.ts';
import { fix } from './fix.ts';

export const netPol004: Control = {
  data: {
    id: 'NET-POL-004',
    title: 'Policy rules are least-privilege',
    severity: 'high',
    rationale:
      'A rule for everybody on every port is a policy that only looks like one. Rules that name their peers and ports keep a stolen pod from reaching what it never had to reach.',
    evidence:
      'every allow rule of every policy, as the engine understands it: whether it holds for a pod of a namespace that nobody knows, for addresses of the internet that no rule names and for whole private networks, and on how many ports',
    states: [
      { state: 'PASS', when: 'each rule names its peers, or few ports on which clients cannot be known' },
      { state: 'WARN', when: 'a rule is wide' },
      { state: 'FAIL', when: 'a rule for anybody on every port is for a data store or for what the internet reaches' },
      { state: 'NA', when: 'the input has no policy' },
    ],
    remedy:
      'Write in the rule who is meant and on which ports, and split it where different clients need different things.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.2'],
      'cis-aks': ['5.4.4'],
      'nist-800-190': ['4.4.2', '4.3.3'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['use-kubernetes-network-policies-to-control-traffic-between-pods-and-clusters'],
      mcsb: ['NS-1', 'NS-3'],
      attack: ['T1046', 'T1048'],
      'azure-security-book': ['L14'],
      'kubernetes-network-practices': ['L21'],
      'azure-security-book-2024': ['L18'],
    }),
  },
  assess,
  fix,
};
