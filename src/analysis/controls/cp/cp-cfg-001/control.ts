import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { checksOf, componentValues, SHOWN_BY } from '../components/components.ts';
import { fixOfCheck } from '../components/fix.ts';
import { assessServer } from '../server-control.ts';

const CHECKS = checksOf('CP-CFG-001');

export const cpCfg001: Control = {
  data: {
    id: 'CP-CFG-001',
    title: 'API server, controller manager and scheduler are set up as section 1 of the CIS benchmark asks',
    severity: 'medium',
    rationale:
      'What the control plane admits, authorizes and serves by default is more than a cluster needs. Each of these settings closes a way that has been used, or keeps what others must not read to root.',
    evidence:
      'Flags of the three components from their pods, their static manifests or the configuration of kubeadm; modes and owners of their files from what a node collector wrote.',
    states: [
      { state: 'PASS', when: 'every item of sections 1.1 to 1.4 that is a part of it is met' },
      { state: 'FAIL', when: 'one that the benchmark scores is not' },
      { state: 'WARN', when: 'one that the benchmark leaves to judgement is not' },
      { state: 'NA-PROVIDER', when: 'a provider runs the control plane' },
      { state: 'UNKNOWN', when: 'no component of the control plane is in the input, or none of its files' },
    ],
    remedy:
      'Set the flags in the manifests of the control plane, and in the configuration of kubeadm so that they stay; give files to root with the modes that are asked for. `DenyServiceExternalIPs` is to be on: older benchmarks asked for the contrary.',
    mappings: mappingsOf({
      'cis-kubernetes': CHECKS.flatMap(({ kubernetes }) => (kubernetes === undefined ? [] : [kubernetes])),
      'nist-800-190': ['4.3.1', '4.3.2'],
      'nsa-cisa': ['control-plane-hardening'],
      'owasp-top-ten': ['K07'],
      'owasp-cheat-sheet': ['securing-kubernetes-components'],
      mcsb: ['PV-1'],
      attack: ['T1078', 'T1609'],
      'azure-security-book': ['L8', 'L17'],
      'azure-security-book-2024': ['L22'],
    }),
  },
  assess: (context) =>
    assessServer(context, {
      checks: CHECKS,
      subject: 'the control plane',
      shownBy: SHOWN_BY['kube-apiserver']
        .replace('its pod', 'the pods of its components')
        .replace('manifest', 'manifests'),
    }),
  fix: fixOfCheck,
  readsValues: componentValues('CP-CFG-001'),
};
