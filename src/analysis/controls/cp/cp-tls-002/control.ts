import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { checksOf, componentValues, SHOWN_BY } from '../components/components.ts';
import { fixOfCheck } from '../components/fix.ts';
import { assessServer } from '../server-control.ts';
import { isolationPlaces } from './isolation.ts';

export const cpTls002: Control = {
  data: {
    id: 'CP-TLS-002',
    title: 'etcd takes only clients with a certificate of its own CA, and few can reach it',
    severity: 'critical',
    rationale:
      'etcd holds every secret and every object, and knows no roles: whoever may talk to it is the administrator of the cluster.',
    evidence:
      'Flags of etcd for certificates of clients and members, the CA that it trusts beside that of the API server, the addresses that it listens on, and whether pods or the internet reach its ports.',
    states: [
      {
        state: 'PASS',
        when: 'clients and members prove themselves by a CA of etcd’s own, and its ports are closed to pods',
      },
      { state: 'FAIL', when: 'a certificate is not asked for, or the internet reaches its ports' },
      { state: 'WARN', when: 'pods reach its ports, and only certificates hold them back' },
      { state: 'NA-PROVIDER', when: 'a provider runs the control plane' },
      { state: 'UNKNOWN', when: 'no etcd is in the input' },
    ],
    remedy:
      'Have etcd ask for client certificates of a CA of its own, let it listen on the addresses of the control plane only, and close ports 2379 and 2380 to everything else.',
    mappings: mappingsOf({
      'cis-kubernetes': ['2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7'],
      'nist-800-190': ['4.3.5'],
      'nsa-cisa': ['etcd'],
      'owasp-top-ten': ['K06'],
      'owasp-cheat-sheet': ['restricting-access-to-etcd-important'],
      mcsb: ['DP-3'],
      attack: ['T1040', 'T1552.007'],
      'azure-security-book': ['L8', 'L17'],
      'kubernetes-network-practices': ['L31'],
    }),
  },
  assess: (context) =>
    assessServer(context, {
      checks: checksOf('CP-TLS-002'),
      subject: 'etcd',
      shownBy: SHOWN_BY.etcd,
      more: isolationPlaces,
    }),
  fix: fixOfCheck,
  readsValues: componentValues('CP-TLS-002'),
};
