import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import { managedClustersOf, resourcesOfType, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';

/** The backup instance of one of the input's clusters, and the agent that it needs where the input shows it. */
export function azureBackupOf(context: ControlContext): readonly AzureResource[] | undefined {
  const clusters = new Set(managedClustersOf(context).map(({ cluster }) => cluster.key));
  const instance = resourcesOfType(context, 'Microsoft.DataProtection/backupVaults/backupInstances').find((each) => {
    const id = textOf(each, 'properties', 'dataSourceInfo', 'resourceID');
    const type = textOf(each, 'properties', 'dataSourceInfo', 'datasourceType').toLowerCase();
    return id === '' ? type === 'microsoft.containerservice/managedclusters' : clusters.has(azureKey(id));
  });
  if (instance === undefined) return undefined;
  const extension = resourcesOfType(context, 'Microsoft.KubernetesConfiguration/extensions').find(
    (each) => textOf(each, 'properties', 'extensionType').toLowerCase() === 'microsoft.dataprotection.kubernetes',
  );
  return extension === undefined ? [instance] : [instance, extension];
}

function textOf(resource: AzureResource, ...path: readonly string[]): string {
  const setting = settingAt(resource, ...path);
  return setting.state === 'value' ? String(setting.value) : '';
}
