import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { edgesIn } from '../edges.ts';
import { meshSigns } from '../signs.ts';
import { authorizationPlaces } from './assess.ts';

export const meshAuthz001: Control = {
  data: {
    id: 'MESH-AUTHZ-001',
    title: 'The mesh says which identity may call which workload',
    severity: 'medium',
    rationale:
      'An identity that nothing asks for protects nothing: any workload of the mesh may call any other. Rules by identity still hold where addresses are reused and labels are set by others.',
    evidence:
      'of each workload in the mesh, which identities the policies of the mesh alone let in: AuthorizationPolicies of Istio and their waypoints, Servers and AuthorizationPolicies of Linkerd',
    states: [
      { state: 'FAIL', when: 'every identity of the mesh may call the workload' },
      { state: 'WARN', when: 'every identity of its own namespace may' },
      { state: 'UNKNOWN', when: 'an authorizer outside decides, or what decides is not in the input' },
      { state: 'PASS', when: 'only some identities may' },
      { state: 'NA', when: 'the input shows no mesh, or only one workload in it' },
    ],
    remedy:
      'Deny by default with an AuthorizationPolicy without rules in the root namespace, and allow the callers of each workload by their principals.',
    mappings: mappingsOf({
      'nist-800-190': ['4.3.2', '4.3.3'],
      'nsa-cisa': ['service-meshes'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['opa-for-service-mesh-authorization'],
      mcsb: ['NS-1', 'IM-4'],
      attack: ['T1210', 'T1046'],
      'kubernetes-network-practices': ['L63', 'L65'],
    }),
  },
  assess(context) {
    if (meshSigns(context).mesh === undefined) return plain('NA', 'the input shows no mesh');
    if (edgesIn(context).isCut) return plain('UNKNOWN', 'the input has more pairs of workloads than are looked at');
    return assessed(
      authorizationPlaces(context),
      plain('NA', 'fewer than two identities are in the mesh of the input'),
      ['workload', 'workloads'],
    );
  },
};
