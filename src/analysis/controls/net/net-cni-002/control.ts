import type { Fix, Judged } from '#model/control.ts';
import { azTarget } from '../../az-command.ts';
import { managedClustersOf, placeOfResource, settingAt, wordOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mapped } from '../mapped.ts';
import { assess } from './assess.ts';

export const netCni002: Control = {
  data: {
    id: 'NET-CNI-002',
    title: 'Network plugin and policy engine are in support, not on a retirement path',
    severity: 'medium',
    rationale:
      'A plug-in that is retired gets no fixes, and one day no nodes. Moving to another changes addresses and gives every node a new image: it has to be planned before the date, and not on it.',
    evidence:
      'plug-in, policy engine and systems of pools in the network profile of the cluster, agents on its nodes, and the dates that Azure announced',
    states: [
      { state: 'PASS', when: 'neither plug-in nor engine is announced to end' },
      { state: 'WARN', when: 'one of them ends in more than a year' },
      {
        state: 'FAIL',
        when: 'one of them ends within a year or has ended, or the cluster is larger than its engine serves',
      },
      { state: 'MANUAL', when: 'the engine is installed apart, and its support is for its vendor to say' },
      { state: 'UNKNOWN', when: 'the settings are expressions, or not in the input' },
      { state: 'NA', when: 'the cluster is not one of AKS, and no agent of an engine is in the input' },
    ],
    remedy:
      'Move from kubenet to Azure CNI overlay, and then to the dataplane of Cilium: in this order, each with new images for all nodes.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.1'],
      'cis-aks': ['4.4.1'],
      'nist-800-190': ['4.4.1'],
      'nsa-cisa': ['upgrading-and-application-security-practices'],
      'owasp-top-ten': ['K07'],
      'owasp-cheat-sheet': ['updating-kubernetes'],
      mcsb: ['PV-1', 'NS-7'],
      'azure-policy': ['46238e2f-3f6f-4589-9f3f-77bed4116e67'],
      attack: ['T1190'],
      'azure-security-book': ['L6'],
      'aks-network-baseline': ['L31', 'L33', 'L35', 'L57', 'L58'],
    }),
    question:
      'Is the version of the network plug-in and of the policy engine in this cluster in support by its vendor?',
  },
  assess,
  fix,
};

/** The next step of the move: overlay before Cilium. */
function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const written = managedClustersOf(context).find(({ resource }) => placeOfResource(resource).id === judged.where.id);
  if (written === undefined) return undefined;
  const { cluster, resource } = written;
  const at = (name: string) => wordOf(settingAt(resource, 'properties', 'networkProfile', name), '');
  const path = (name: string) => ['properties', 'networkProfile', name];
  const group = azTarget(cluster.id);
  const hasWindows = cluster.pools.some(({ os }) => typeof os === 'string' && /^windows$/i.test(os));
  const steps = ['every node gets a new image: plan it as an upgrade, and try it on another cluster first'];
  if (at('networkPlugin') === 'kubenet')
    return {
      summary: `move ${cluster.name} to Azure CNI overlay`,
      automatic: at('networkPolicy') !== 'azure',
      changes: [
        {
          kind: 'edit-azure',
          resource: resource.id,
          edits: [
            { op: 'set', path: path('networkPlugin'), value: 'azure' },
            { op: 'set', path: path('networkPluginMode'), value: 'overlay' },
          ],
          command: `aks update ${group} --network-plugin azure --network-plugin-mode overlay`,
        },
      ],
      steps: [...steps, 'routes of kubenet in a route table of your own are no longer needed afterwards'],
    };
  if (hasWindows)
    return {
      summary: `move ${cluster.name} to Calico`,
      automatic: true,
      changes: [
        {
          kind: 'edit-azure',
          resource: resource.id,
          edits: [{ op: 'set', path: path('networkPolicy'), value: 'calico' }],
          command: `aks update ${group} --network-policy calico`,
        },
      ],
      steps,
    };
  return {
    summary: `move ${cluster.name} to the dataplane of Cilium`,
    automatic: true,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [
          { op: 'set', path: path('networkDataplane'), value: 'cilium' },
          { op: 'set', path: path('networkPolicy'), value: 'cilium' },
        ],
        command: `aks update ${group} --network-dataplane cilium`,
      },
    ],
    steps: [...steps, 'policies with ipBlock mean other things to Cilium: compare with `ringfence diff --engine`'],
  };
}
