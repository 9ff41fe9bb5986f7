import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessAlerts, fixAlerts } from './assess.ts';

export const monAct002: Control = {
  data: {
    id: 'MON-ACT-002',
    title: 'Somebody is told when critical network resources change',
    severity: 'medium',
    rationale:
      'Who opens a security group, takes a route off the firewall or deletes a network policy undoes every other control in a minute. An alert is what makes that minute visible.',
    evidence:
      'Alerts on the activity log: whether they are on, their scopes, the operations they are about, and who is told; alerts by query on the audit log of the cluster.',
    states: [
      { state: 'PASS', when: 'every critical operation raises an alert that reaches somebody' },
      { state: 'WARN', when: 'alerts reach nobody, or none looks at network policies in the audit log' },
      { state: 'FAIL', when: 'Azure was read, and an operation raises none' },
      { state: 'UNKNOWN', when: 'the input is a template that has not all of them' },
      { state: 'NA', when: 'no cluster is in Azure' },
    ],
    remedy:
      'Make alerts on the activity log for the operations that are named, with an action group that reaches somebody, and one by query for writes to network policies.',
    mappings: mappingsOf({
      'nsa-cisa': ['threat-detection'],
      'owasp-top-ten': ['K10'],
      mcsb: ['LT-3', 'LT-1'],
      'azure-policy': ['b954148f-4c11-4c38-8221-be76711e194a', 'c5447c04-a4d7-4ba8-a263-c9ee321a6858'],
      attack: ['T1562.007', 'T1562.008'],
      'aks-network-baseline': ['L117'],
    }),
  },
  assess: assessAlerts,
  fix: fixAlerts,
};
