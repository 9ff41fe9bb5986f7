import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { checksOf, componentValues, SHOWN_BY } from '../components/components.ts';
import { fixOfCheck } from '../components/fix.ts';
import { assessServer } from '../server-control.ts';

export const cpTls001: Control = {
  data: {
    id: 'CP-TLS-001',
    title: 'The API server speaks TLS, and proves itself, with everything that it talks to',
    severity: 'high',
    rationale:
      'Whoever sits between the API server and kubelets, etcd or users reads secrets and gives orders, unless both ends prove who they are by certificates and the cipher holds.',
    evidence:
      'Flags of kube-apiserver: its serving certificate, the CA of clients, what it shows to kubelets and etcd and how it checks them, cipher suites. From its pod, its static manifest, or the configuration of kubeadm.',
    states: [
      { state: 'PASS', when: 'every flag is set as the CIS benchmark asks' },
      { state: 'FAIL', when: 'a certificate or a CA is not set' },
      { state: 'WARN', when: 'cipher suites are left to their defaults' },
      { state: 'NA-PROVIDER', when: 'a provider runs the control plane' },
      { state: 'UNKNOWN', when: 'no API server is in the input' },
    ],
    remedy:
      'Set the flags in the manifest of the API server on each node of the control plane; with kubeadm, in `apiServer.extraArgs` too, so that they stay after an upgrade.',
    mappings: mappingsOf({
      'cis-kubernetes': ['1.2.4', '1.2.5', '1.2.23', '1.2.24', '1.2.25', '1.2.26', '1.2.29'],
      'nist-800-190': ['4.3.5'],
      'nsa-cisa': ['encryption'],
      'owasp-top-ten': ['K07'],
      'owasp-cheat-sheet': ['controlling-network-access-to-sensitive-ports'],
      mcsb: ['DP-3', 'NS-8'],
      attack: ['T1040', 'T1557'],
      'azure-security-book': ['L8'],
      'kubernetes-network-practices': ['L13', 'L31'],
      'securing-kubernetes-in-azure': ['L40'],
    }),
  },
  assess: (context) =>
    assessServer(context, {
      checks: checksOf('CP-TLS-001'),
      subject: 'kube-apiserver',
      shownBy: SHOWN_BY['kube-apiserver'],
    }),
  fix: fixOfCheck,
  readsValues: componentValues('CP-TLS-001'),
};
