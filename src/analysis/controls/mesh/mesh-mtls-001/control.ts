import { plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessEncryption } from './assess.ts';

export const meshMtls001: Control = {
  data: {
    id: 'MESH-MTLS-001',
    title: 'Connections between pods are encrypted, without anybody asking for it',
    severity: 'high',
    rationale:
      'Whoever gets onto a node or into the network around it reads and changes what pods send each other, unless it is encrypted. Applications that each do it themselves leave some out.',
    evidence:
      'every connection between workloads that policy allows, and how it is protected: mutual TLS of Istio or Linkerd, WireGuard or IPsec of the network engine, transit encryption and mesh of the cluster in Azure',
    states: [
      { state: 'FAIL', when: 'a workload takes plain connections on the wire; or nothing that encrypts is there' },
      {
        state: 'WARN',
        when: 'connections are encrypted where both ends have a proxy and plain ones are taken too, or the virtual network alone encrypts',
      },
      { state: 'UNKNOWN', when: 'the input shows neither a mesh nor the settings of the network' },
      {
        state: 'PASS',
        when: 'mutual TLS is required everywhere, or the network encrypts between nodes (which proves no identity)',
      },
      { state: 'NA', when: 'the input has no workloads' },
    ],
    remedy:
      'Turn on the Istio add-on and require mutual TLS (PeerAuthentication STRICT in the root namespace), or WireGuard: `az aks update --enable-acns --acns-transit-encryption-type WireGuard`.',
    mappings: mappingsOf({
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['service-meshes'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['providing-extra-security-with-a-service-mesh'],
      mcsb: ['DP-3', 'IM-4'],
      attack: ['T1557', 'T1040'],
      'kubernetes-network-practices': ['L13', 'L39', 'L41', 'L43', 'L45', 'L47'],
    }),
  },
  assess(context) {
    if (context.podOwners.length === 0) return plain('NA', 'the input has no workloads');
    return assessEncryption(context);
  },
  fix(context, { where }) {
    if (!/managedclusters$/i.test(where.kind)) return undefined;
    const cluster = context.snapshot.azure.clusters.find(({ key }) => key === where.id);
    if (cluster === undefined) return undefined;
    const isCilium = typeof cluster.dataplane === 'string' && /^cilium$/i.test(cluster.dataplane);
    const security = ['properties', 'networkProfile', 'advancedNetworking'];
    return {
      summary: `encrypt between the nodes of \`${where.name}\``,
      automatic: isCilium,
      changes: isCilium
        ? [
            {
              kind: 'edit-azure',
              resource: cluster.id,
              edits: [
                { op: 'set', path: [...security, 'enabled'], value: true },
                { op: 'set', path: [...security, 'security', 'enabled'], value: true },
                { op: 'set', path: [...security, 'security', 'transitEncryption', 'type'], value: 'WireGuard' },
              ],
              command: `aks update ${azTarget(cluster.id)} --enable-acns --acns-transit-encryption-type wireguard`,
            },
          ]
        : [],
      steps: isCilium
        ? ['it encrypts between nodes and proves no identity: a mesh does both']
        : [
            'turn on the Istio add-on (`az aks mesh enable`), label the namespaces and require mutual TLS',
            'or move to Azure CNI powered by Cilium first, whose WireGuard needs no proxies',
          ],
    };
  },
};
