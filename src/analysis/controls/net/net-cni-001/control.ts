import type { Fix, Judged } from '#model/control.ts';
import { azTarget } from '../../az-command.ts';
import { managedClustersOf, placeOfResource, settingAt, wordOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mapped } from '../mapped.ts';
import { assess } from './assess.ts';

export const netCni001: Control = {
  data: {
    id: 'NET-CNI-001',
    title: 'A network policy engine is installed and actually enforces',
    severity: 'critical',
    rationale:
      'The API server takes every network policy, whether or not anything enforces it. Without an engine all policies of a cluster are text, and nothing says so.',
    evidence:
      'the network profile of the cluster in Azure, the agents of known engines and on how many nodes they are ready, and the policies that depend on them',
    states: [
      { state: 'PASS', when: 'the cluster was made with an engine, or the agent of one is ready on every node' },
      { state: 'WARN', when: 'an agent is installed and runs on no node' },
      { state: 'FAIL', when: 'the cluster has no engine, or its agent is missing on some nodes' },
      { state: 'UNKNOWN', when: 'manifests alone do not say, or the cluster brings a network plug-in of its own' },
      { state: 'MANUAL', when: 'a live cluster has no agent that is known' },
    ],
    remedy:
      'Set a policy engine on the cluster, Cilium where its nodes are Linux; elsewhere install Calico or Cilium. Existing clusters of AKS take one by an update, which gives all pools new images.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.1'],
      'cis-aks': ['5.4.4', '4.4.1'],
      'nist-800-190': ['4.3.3', '4.4.2'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['use-kubernetes-network-policies-to-control-traffic-between-pods-and-clusters'],
      mcsb: ['NS-1'],
      'azure-policy': ['46238e2f-3f6f-4589-9f3f-77bed4116e67'],
      attack: ['T1046', 'T1613'],
      'azure-security-book': ['L6'],
      'aks-network-baseline': ['L53', 'L55', 'L57', 'L58', 'L60'],
      'kubernetes-network-practices': ['L15', 'L63'],
      'securing-kubernetes-in-azure': ['L6', 'L7'],
      'azure-security-book-2024': ['L7', 'L10'],
    }),
    question: 'Does the network plug-in of this cluster enforce network policies on every node?',
  },
  assess,
  fix,
};

function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const written = managedClustersOf(context).find(({ resource }) => placeOfResource(resource).id === judged.where.id);
  if (written === undefined)
    return {
      summary: 'bring the agent up on every node',
      automatic: false,
      changes: [],
      steps: ['look at the pods of the agent that are not ready, and at what keeps them from starting'],
    };
  const { cluster, resource } = written;
  const plugin = wordOf(settingAt(resource, 'properties', 'networkProfile', 'networkPlugin'), '');
  const hasWindows = cluster.pools.some(({ os }) => typeof os === 'string' && /^windows$/i.test(os));
  const path = (name: string) => ['properties', 'networkProfile', name];
  const group = azTarget(cluster.id);
  const isCilium = plugin === 'azure' && !hasWindows;
  return {
    summary: `give ${cluster.name} the policy engine ${isCilium ? 'Cilium' : 'Calico'}`,
    automatic: true,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: isCilium
          ? [
              { op: 'set', path: path('networkDataplane'), value: 'cilium' },
              { op: 'set', path: path('networkPolicy'), value: 'cilium' },
            ]
          : [{ op: 'set', path: path('networkPolicy'), value: 'calico' }],
        command: isCilium
          ? `aks update ${group} --network-dataplane cilium`
          : `aks update ${group} --network-policy calico`,
      },
    ],
    steps: [
      'every node gets a new image: plan it as an upgrade',
      'policies that are in the cluster already begin to count: look at them with `ringfence diff` first',
    ],
  };
}
