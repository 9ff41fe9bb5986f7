import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessFlows, fixFlows } from './assess.ts';

export const monFlow001: Control = {
  data: {
    id: 'MON-FLOW-001',
    title: 'Flows between pods, and what policies drop, can be seen',
    severity: 'medium',
    rationale:
      'Flow logs of the network around the cluster know addresses of nodes. Only a source inside knows which pod spoke to which, and which connection a policy stopped: the first sign of somebody who is looking around.',
    evidence:
      'Observability of Advanced Container Networking Services, Hubble, Retina, flow logs of Calico, access logs of Istio, and flow logs of the virtual network.',
    states: [
      { state: 'PASS', when: 'one source tells pods and dropped connections' },
      { state: 'WARN', when: 'what there is knows nodes only, or only what a mesh lets through' },
      { state: 'FAIL', when: 'nothing tells flows: the cluster says that it is off, and nothing else does it' },
      { state: 'UNKNOWN', when: 'the input is a part of a cluster and shows no source' },
      { state: 'NA', when: 'the input has no cluster' },
    ],
    remedy: 'Switch on Advanced Container Networking Services, or run Hubble, Retina or the flow logs of Calico.',
    mappings: mappingsOf({
      'nist-800-190': ['4.4.2'],
      'nsa-cisa': ['threat-detection'],
      'owasp-top-ten': ['K10'],
      'owasp-cheat-sheet': ['monitor-network-traffic-to-limit-unnecessary-or-insecure-communication'],
      mcsb: ['LT-4', 'LT-1'],
      attack: ['T1046', 'T1041'],
      'aks-network-baseline': ['L96'],
      'kubernetes-network-practices': ['L45', 'L65'],
    }),
  },
  assess: assessFlows,
  fix: fixFlows,
};
