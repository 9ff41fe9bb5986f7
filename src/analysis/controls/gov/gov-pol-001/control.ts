import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessAddOn, fixAddOn } from './assess.ts';

export const govPol001: Control = {
  data: {
    id: 'GOV-POL-001',
    title: 'Azure Policy, or another policy engine, decides in the cluster',
    severity: 'medium',
    rationale:
      'What nobody checks at admission is as strict as its last author. The add-on brings what is assigned in Azure into the cluster, and tells Azure what does not comply.',
    evidence:
      'The Azure Policy add-on, its extension under Azure Arc, the pods of Gatekeeper, when compliance was last judged, and policies of other engines.',
    states: [
      { state: 'PASS', when: 'the add-on is on, or policies of another engine refuse' },
      {
        state: 'WARN',
        when: 'the add-on is on and its pods are not there or compliance was not judged for a day, or other policies only tell',
      },
      { state: 'FAIL', when: 'the add-on is off, and nothing else decides' },
      { state: 'UNKNOWN', when: 'neither the cluster in Azure nor policies are in the input' },
      { state: 'NA', when: 'the input has no cluster' },
    ],
    remedy:
      'Switch the Azure Policy add-on on, or enforce policies with Gatekeeper, Kyverno or ValidatingAdmissionPolicy.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.2.1'],
      'nist-800-190': ['4.3.2'],
      'nsa-cisa': ['pod-security-enforcement'],
      'owasp-top-ten': ['K04'],
      'owasp-cheat-sheet': ['implementing-centralized-policy-management'],
      mcsb: ['PV-2', 'AM-2'],
      'azure-policy': ['0a15ec92-a229-4763-bb14-0ea34a568f8d', '6b2122c1-8120-4ff5-801b-17625a355590'],
      'aks-network-baseline': ['L102', 'L104'],
      'securing-kubernetes-in-azure': ['L52', 'L53'],
    }),
  },
  assess: assessAddOn,
  fix: fixAddOn,
};
