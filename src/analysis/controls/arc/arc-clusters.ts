import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment } from '#model/control.ts';
import { plain } from '../assessment.ts';
import { resourcesOfType } from '../azure-facts.ts';
import { isAksCluster } from '../azure-signs.ts';
import type { ControlContext } from '../context.ts';

/** Clusters that Azure Arc connects, those of Azure Local among them. */
export function connectedClusters(context: ControlContext): readonly AzureResource[] {
  return resourcesOfType(context, 'Microsoft.Kubernetes/connectedClusters');
}

/** What a control about connected clusters says without one in the input. */
export function withoutArc(context: ControlContext, what: string): Assessment {
  const signs = isAksCluster(context);
  if (signs.state !== 'arc') return plain('NA', 'no cluster that Azure Arc connects is in the input', signs.evidence);
  return plain(
    'UNKNOWN',
    `Azure Arc connects the cluster, and ${what} is not in the input: give the Azure resources with --azure`,
    signs.evidence,
  );
}
