import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { componentValues } from '../components/components.ts';
import { fixOfCheck } from '../components/fix.ts';
import { assessKubelets } from './assess.ts';

export const cpTls003: Control = {
  data: {
    id: 'CP-TLS-003',
    title: 'Kubelets take only requests that prove who sends them and are allowed, and rotate their certificates',
    severity: 'high',
    rationale:
      'A kubelet runs commands in every container of its node. One that takes anonymous requests, or authorizes all, gives that to whoever reaches port 10250.',
    evidence:
      'The configuration of each kubelet: what it answers at `/configz`, `KubeletConfiguration` objects, the ConfigMap of kubeadm, or what a node collector wrote. Defaults are applied.',
    states: [
      { state: 'PASS', when: 'every setting is as the CIS benchmark asks, on every kubelet that is seen' },
      {
        state: 'FAIL',
        when: 'anonymous requests, requests without authorization or the read-only port are on, or certificates do not rotate',
      },
      { state: 'WARN', when: 'certificates are the kubelet’s own, or cipher suites are left to their defaults' },
      { state: 'UNKNOWN', when: 'no configuration of a kubelet is in the input' },
    ],
    remedy:
      'Set the fields in the configuration file of the kubelets and restart them; on AKS, upgrade the node image and have certificates of the cluster’s CA rotated.',
    mappings: mappingsOf({
      'cis-kubernetes': [
        '4.2.1',
        '4.2.2',
        '4.2.3',
        '4.2.4',
        '4.2.5',
        '4.2.6',
        '4.2.7',
        '4.2.8',
        '4.2.9',
        '4.2.10',
        '4.2.11',
        '4.2.12',
      ],
      'cis-aks': ['3.2.1', '3.2.2', '3.2.3', '3.2.4', '3.2.5', '3.2.6', '3.2.7', '3.2.8', '3.2.9'],
      'nist-800-190': ['4.3.5', '4.5.1'],
      'nsa-cisa': ['authentication'],
      'owasp-top-ten': ['K06'],
      'owasp-cheat-sheet': ['limiting-access-to-the-kubelets'],
      mcsb: ['NS-8', 'IM-4'],
      attack: ['T1609', 'T1613'],
      'azure-security-book': ['L8'],
      'kubernetes-network-practices': ['L31', 'L33'],
    }),
  },
  assess: assessKubelets,
  fix: fixOfCheck,
  readsValues: componentValues('CP-TLS-003'),
};
