import { isUnsettled } from '#model/azure/entity.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import { itemsAt, settingOf } from '../controls/azure-facts.ts';
import type { ControlContext } from '../controls/context.ts';

/** Whether an assignment is about a cluster. `perhaps`: by a management group, which may be another subscription's. */
export type Coverage = 'yes' | 'no' | 'perhaps';

export function coverage({ snapshot }: ControlContext, assignment: AzureResource, cluster: AzureResource): Coverage {
  const scope = scopeOf(assignment);
  const excluded = itemsAt(assignment, 'properties', 'notScopes');
  if (isUnsettled(excluded)) return 'perhaps';
  const isOut = excluded.some((item) => {
    const setting = settingOf(item);
    return setting.state === 'value' && holds(azureKey(String(setting.value)), cluster);
  });
  if (isOut) return 'no';
  if (!/^\/providers\/microsoft\.management\/managementgroups\//.test(scope))
    return holds(scope, cluster) ? 'yes' : 'no';
  // A read of one subscription gives what is assigned above it, and nothing else.
  const subscriptions = new Set(
    [...snapshot.azure.resources.keys()].flatMap((key) => /^\/subscriptions\/([^/]+)/.exec(key)?.[1] ?? []),
  );
  return subscriptions.size === 1 ? 'yes' : 'perhaps';
}

/** What stands before the assignment, or the exemption, in its id. */
export function scopeOf({ id }: AzureResource): string {
  return azureKey(id).replace(/\/providers\/microsoft\.authorization\/[^/]+\/[^/]+$/, '');
}

/** Whether a resource is in a scope: the scope itself, or below it. */
export function holds(scope: string, { id }: AzureResource): boolean {
  return `${azureKey(id)}/`.startsWith(`${scope}/`);
}
