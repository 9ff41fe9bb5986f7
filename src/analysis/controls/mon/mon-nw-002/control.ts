import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessFlowLogs, fixFlowLogs } from './assess.ts';

export const monNw002: Control = {
  data: {
    id: 'MON-NW-002',
    title: 'Flow logs of the virtual networks are on, analysed and kept',
    severity: 'medium',
    rationale:
      'Without flow logs nobody can tell afterwards which connections an intruder made, or that a rule let through more than was meant. Flow logs of security groups can no longer be made and end soon.',
    evidence:
      'Flow logs of Network Watcher: their target, whether they are on, how many days they are kept, and traffic analytics.',
    states: [
      {
        state: 'PASS',
        when: 'the network, or each subnet of the cluster in it, has a flow log that is on, kept for 90 days or longer, with traffic analytics',
      },
      {
        state: 'WARN',
        when: 'there is one that is kept for less, is not analysed, or is one of a security group, which end',
      },
      { state: 'FAIL', when: 'Azure was read and there is none, or those that there are, are off' },
      { state: 'UNKNOWN', when: 'the input is a template without flow logs: they may be made elsewhere' },
      { state: 'NA', when: 'the input has no virtual network' },
    ],
    remedy: 'Make a flow log of the virtual network with traffic analytics, kept for 90 days.',
    mappings: mappingsOf({
      'nsa-cisa': ['logging'],
      'owasp-top-ten': ['K10'],
      'owasp-cheat-sheet': ['monitor-network-traffic-to-limit-unnecessary-or-insecure-communication'],
      mcsb: ['LT-4', 'LT-6'],
      'azure-policy': [
        '4c3c6c5f-0d47-4402-99b8-aa543dd8bcee',
        '27960feb-a23c-4577-8d36-ef8b5f35e0be',
        '2f080164-9f4d-497e-9db6-416dc9f7b48a',
        '3e9965dc-cc13-47ca-8259-a4252fd0cf7b',
      ],
      attack: ['T1562.008'],
      'aks-network-baseline': ['L94', 'L96', 'L98', 'L100'],
      'kubernetes-network-practices': ['L45'],
    }),
  },
  assess: assessFlowLogs,
  fix: fixFlowLogs,
};
