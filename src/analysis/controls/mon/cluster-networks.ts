import { azureViewOf } from '#engine/compile/azure/view.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import { clusterSubnets, resourcesOfType } from '../azure-facts.ts';
import type { ControlContext } from '../context.ts';

/** The virtual networks that nodes and pods of the cluster are in; all of the input where no cluster says which. */
export function clusterNetworks(context: ControlContext): readonly AzureResource[] {
  const all = resourcesOfType(context, 'Microsoft.Network/virtualNetworks');
  const own = azureViewOf(context.snapshot)?.own ?? new Set<string>();
  const found = all.filter(({ id }) => own.has(azureKey(id)));
  return found.length > 0 ? found : all;
}

/** Keys of the cluster's subnets in one network. */
export function subnetsIn(context: ControlContext, network: AzureResource): readonly string[] {
  const key = azureKey(network.id);
  return clusterSubnets(context)
    .filter((subnet) => subnet.network === key)
    .map((subnet) => subnet.key);
}

/** Keys of the security groups of these subnets. */
export function securityGroupsOf(context: ControlContext, network: AzureResource): ReadonlySet<string> {
  const key = azureKey(network.id);
  return new Set(
    clusterSubnets(context).flatMap((subnet) =>
      subnet.network === key && typeof subnet.securityGroup === 'string' ? [subnet.securityGroup] : [],
    ),
  );
}
