import type { AzureResource } from '#model/azure/resource.ts';
import type { EditedAzure, FieldEdit, Judged } from '#model/control.ts';
import { azTarget } from '../az-command.ts';
import { isOn, placeOfResource, resourceOf, type Setting, settingAt, wordOf } from '../azure-facts.ts';
import type { ControlContext } from '../context.ts';

/** AKS Automatic sets what Base leaves to the user, and lets nobody take it back. */
export function isAutomatic(cluster: AzureResource): boolean {
  return wordOf(settingAt(cluster, 'sku', 'name'), 'base') === 'automatic';
}

/** A switch of a cluster: on, off, or not known. Absent is what its SKU has. */
export function switchOf(cluster: AzureResource, ...path: readonly string[]): boolean | 'unsettled' {
  return isOn(settingAt(cluster, ...path), isAutomatic(cluster));
}

/** The first of the settings that is an expression. */
export function openOf(settings: readonly Setting[]): (Setting & { readonly state: 'unsettled' }) | undefined {
  for (const setting of settings) if (setting.state === 'unsettled') return setting;
  return undefined;
}

/** Edits of a cluster, and the flags of `az` that do the same. */
export interface ClusterEdit {
  readonly edits: readonly FieldEdit[];
  readonly flags: string;
}

/** The change of the cluster that a place is. */
export function editCluster(
  context: ControlContext,
  { where }: Judged,
  { edits, flags }: ClusterEdit,
): readonly EditedAzure[] {
  const resource = resourceOf(context, where.id);
  if (resource === undefined) return [];
  const verb = /connectedClusters$/i.test(resource.type) ? 'connectedk8s' : 'aks';
  const command = `${verb} update ${azTarget(resource.id)} ${flags}`;
  return [{ kind: 'edit-azure', resource: resource.id, edits, command }];
}

/** Where a resource of Azure is judged, in a state. */
export function judgedResource(resource: AzureResource, judged: Omit<Judged, 'where'>): Judged {
  return { where: placeOfResource(resource), ...judged };
}
