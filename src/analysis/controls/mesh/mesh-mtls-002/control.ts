import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { edgesIn } from '../edges.ts';
import { meshSigns } from '../signs.ts';
import { strictFix } from './fix.ts';
import { holePlaces, optOutPlaces } from './holes.ts';

export const meshMtls002: Control = {
  data: {
    id: 'MESH-MTLS-002',
    title: 'Workloads in the mesh take nothing but mutual TLS',
    severity: 'high',
    rationale:
      'A mesh that also takes plain connections keeps honest clients safe and stops nobody else: who has no identity is let in without one. Ports that the proxies leave alone have none of what the mesh promises.',
    evidence:
      'of every connection that policy allows to a workload in the mesh, why it is not required to be mutual TLS: PERMISSIVE or DISABLE in PeerAuthentications and DestinationRules, ports left out of the proxy, opt-outs of pods',
    states: [
      { state: 'FAIL', when: 'a workload in the mesh takes plain connections on a port' },
      { state: 'WARN', when: 'a pod of a job is taken out of the mesh of its namespace' },
      { state: 'UNKNOWN', when: 'whether both ends are in the mesh is not in the input' },
      { state: 'PASS', when: 'mutual TLS is required of every connection to workloads in the mesh' },
      { state: 'NA', when: 'the input shows no mesh' },
    ],
    remedy:
      'Set `mtls.mode: STRICT` for the mesh once every client is in it, take port exclusions out, and give what has to stay plain a PeerAuthentication for its port alone.',
    mappings: mappingsOf({
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['service-meshes'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['providing-extra-security-with-a-service-mesh'],
      mcsb: ['DP-3'],
      attack: ['T1557'],
      'kubernetes-network-practices': ['L43'],
    }),
  },
  assess(context) {
    if (meshSigns(context).mesh === undefined) return plain('NA', 'the input shows no mesh');
    if (edgesIn(context).isCut) return plain('UNKNOWN', 'the input has more pairs of workloads than are looked at');
    return assessed(
      [...holePlaces(context), ...optOutPlaces(context)],
      plain('NA', 'no workload of the user is in the mesh'),
      ['place', 'places'],
    );
  },
  fix: strictFix,
};
