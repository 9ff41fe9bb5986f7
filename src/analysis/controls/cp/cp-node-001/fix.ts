import { escapeControl } from '#base/escape.ts';
import type { Fix, Judged } from '#model/control.ts';
import { azGroup, azTarget, azWord } from '../../az-command.ts';
import { managedClustersOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';

/** The channel is an edit; other systems and newer images are an upgrade of nodes, one after the other. */
export function fixNodeSystem(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  const clusters = managedClustersOf(context);
  const cluster = clusters.find(({ resource }) => where.id.startsWith(resource.id.toLowerCase()));
  if (cluster === undefined) return undefined;
  const { name } = cluster.resource;
  if (detail === 'channel') {
    return {
      summary: `have node images of \`${escapeControl(name)}\` upgraded by themselves`,
      automatic: true,
      changes: [
        {
          kind: 'edit-azure',
          resource: cluster.resource.id,
          edits: [
            { op: 'set', path: ['properties', 'autoUpgradeProfile', 'nodeOSUpgradeChannel'], value: 'NodeImage' },
          ],
          command: `aks update ${azTarget(cluster.resource.id)} --node-os-upgrade-channel NodeImage`,
        },
      ],
      steps: [
        'plan a window for it with `az aks maintenanceconfiguration add`, as nodes are replaced one after the other',
      ],
    };
  }
  const pool = `--resource-group ${azGroup(cluster.resource.id)} --cluster-name ${azWord(name)} --name ${azWord(where.name)}`;
  const upgrade =
    detail === 'image'
      ? `\`az aks nodepool upgrade ${pool} --node-image-only\` replaces its nodes one after the other`
      : `\`az aks nodepool update ${pool} --os-sku Ubuntu2404\` (or \`AzureLinux3\`) replaces its nodes one after the other; pools of Windows are made anew`;
  return {
    summary: `upgrade the nodes of pool \`${escapeControl(where.name)}\``,
    automatic: false,
    changes: [],
    steps: [upgrade],
  };
}
