import { plain } from '../../assessment.ts';
import { azId } from '../../az-command.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { withheldMaps } from '../../withheld.ts';
import { azureFloors } from './azure.ts';
import { clusterFloors, FLOOR, hasTlsEdge } from './cluster.ts';

export const tlsIng002: Control = {
  data: {
    id: 'TLS-ING-002',
    title: 'No edge takes TLS before version 1.2',
    severity: 'medium',
    rationale:
      'TLS 1.0 and 1.1 have been withdrawn (RFC 8996): connections with them can be read or changed by somebody on the way who makes both ends use them.',
    evidence:
      '`sslPolicy` of Application Gateways, `minimumTlsVersion` of Front Door domains, protocols of API Management, `ssl-protocols` of NGINX, `minProtocolVersion` of Istio Gateways, TLSOption of Traefik, ClientTrafficPolicy of Envoy Gateway',
    states: [
      { state: 'FAIL', when: 'TLS 1.0 or 1.1 is allowed' },
      { state: 'WARN', when: 'a predefined policy of 2015 or 2017 is used, or none is named' },
      { state: 'UNKNOWN', when: 'what ends TLS is not in the input' },
      { state: 'PASS', when: 'version 1.2 is the lowest' },
      { state: 'NA', when: 'nothing in the input ends TLS for clients outside' },
    ],
    remedy:
      'Name the policy `AppGwSslPolicy20220101S`, set the lowest version to TLS 1.2 at Front Door and in Istio (`TLSV1_2`), and take old versions out of `ssl-protocols`.',
    mappings: mappingsOf({
      'cis-kubernetes': ['1.2.29'],
      'cis-aks': ['5.4.5'],
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['encryption'],
      'owasp-top-ten': ['K07'],
      mcsb: ['DP-3', 'NS-8'],
      attack: ['T1557'],
      'kubernetes-network-practices': ['L31', 'L33', 'L35'],
      'securing-kubernetes-in-azure': ['L40'],
    }),
  },
  assess(context) {
    const places = [...azureFloors(context), ...clusterFloors(context)];
    const absent = hasTlsEdge(context)
      ? plain(
          'UNKNOWN',
          'the settings of what ends TLS for the ways in are not in the input: the ConfigMap of the controller would tell',
        )
      : plain('NA', 'nothing in the input ends TLS for clients outside');
    return assessed(places, absent, ['edge', 'edges']);
  },
  fix(context, { where, state, evidence }) {
    if (state !== 'FAIL' && state !== 'WARN') return undefined;
    const azure = /^microsoft\.(?:network\/applicationgateways|cdn\/profiles\/customdomains)$/i.exec(where.kind);
    if (azure !== null) {
      const resource = context.snapshot.azure.resources.get(where.id);
      if (resource === undefined) return undefined;
      const isGateway = /applicationgateways$/i.test(where.kind);
      return {
        summary: `take TLS from version 1.2 on at \`${where.name}\``,
        automatic: true,
        changes: [
          {
            kind: 'edit-azure',
            resource: resource.id,
            edits: isGateway
              ? [
                  {
                    op: 'set',
                    path: ['properties', 'sslPolicy'],
                    value: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101S' },
                  },
                ]
              : [{ op: 'set', path: ['properties', 'tlsSettings', 'minimumTlsVersion'], value: 'TLS12' }],
            ...(isGateway && {
              command: `network application-gateway ssl-policy set --policy-type Predefined --policy-name AppGwSslPolicy20220101S --ids ${azId(resource.id)}`,
            }),
          },
        ],
        steps: ['clients that speak TLS 1.1 or less no longer connect'],
      };
    }
    if (where.kind !== 'ConfigMap') return undefined;
    const object = context.objects.get({ group: '', kind: 'ConfigMap', namespace: where.namespace, name: where.name });
    return object === undefined || evidence.length === 0
      ? undefined
      : {
          summary: `take TLS from version 1.2 on at the controller of \`${where.namespace}/${where.name}\``,
          automatic: true,
          changes: [
            {
              kind: 'edit-object',
              object,
              edits: [{ op: 'set', path: ['data', FLOOR], value: 'TLSv1.2 TLSv1.3' }],
            },
          ],
          steps: ['clients that speak TLS 1.1 or less no longer connect'],
        };
  },
  readsValues: { of: (context) => withheldMaps(context, FLOOR), doubts: (_, own) => own !== undefined, adds: false },
};
