import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { checksOf, componentValues } from '../components/components.ts';
import { fixOfCheck } from '../components/fix.ts';
import { assessNodes } from './assess.ts';

const CHECKS = checksOf('CP-CFG-002');

export const cpCfg002: Control = {
  data: {
    id: 'CP-CFG-002',
    title: 'Files of nodes are root’s alone, and kube-proxy serves metrics to its own host only',
    severity: 'medium',
    rationale:
      'Credentials of a node are those of everything that runs on it. Metrics of kube-proxy tell whoever asks which services there are, and need no proof.',
    evidence:
      'Modes and owners of the files of kubelet and kube-proxy from what a node collector wrote; where kube-proxy serves metrics from its ConfigMap, its configuration or its command.',
    states: [
      {
        state: 'PASS',
        when: 'files are as section 4.1 of the CIS benchmark asks (on AKS, 3.1), and metrics are served to the host only',
      },
      { state: 'FAIL', when: 'others may read or write a file, or pods reach the metrics' },
      { state: 'WARN', when: 'it is the provider who set it so, or a policy alone keeps pods from the metrics' },
      { state: 'NA', when: 'there is no kube-proxy, and no node to look at' },
      { state: 'UNKNOWN', when: 'no file of a node is in the input' },
    ],
    remedy:
      'Give files to root with mode 600 (644 on AKS), and set `metricsBindAddress` of kube-proxy to `127.0.0.1:10249`. On AKS the provider makes these files: upgrade the node image, or report it.',
    mappings: mappingsOf({
      'cis-kubernetes': CHECKS.flatMap(({ kubernetes }) => (kubernetes === undefined ? [] : [kubernetes])),
      'cis-aks': CHECKS.flatMap(({ aks }) => (aks === undefined ? [] : [aks])),
      'nist-800-190': ['4.5.1', '4.5.4', '4.5.5'],
      'nsa-cisa': ['kubeconfig-files'],
      'owasp-top-ten': ['K07'],
      'owasp-cheat-sheet': ['securing-kubernetes-hosts'],
      mcsb: ['PV-3'],
      attack: ['T1552.001'],
      'azure-security-book': ['L8', 'L9'],
    }),
  },
  assess: assessNodes,
  fix: fixOfCheck,
  readsValues: componentValues('CP-CFG-002'),
};
