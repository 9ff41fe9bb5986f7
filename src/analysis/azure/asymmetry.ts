import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { AzureFact } from '#model/azure/fact.ts';
import type { Service } from '#model/exposure.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { nodeSubnets } from './aks-flows.ts';
import { applianceRoute } from './bypasses.ts';
import { evidenceOf, factsOf } from './evidence.ts';

const fact = factsOf(
  'load-balancer-answers-through-firewall',
  'high',
  'AKS docs: limit egress with Azure Firewall, asymmetric routing',
);

/**
 * "Packets arrive through the load balancer's public address and answers leave through the firewall, which drops them": a
 * public Service beside a default route to an appliance works only where it is asked for through the firewall, with a
 * route for the firewall's own public address to the internet.
 */
export function asymmetryFacts(view: AzureView, { services }: Snapshot): AzureFact[] {
  const published = services.filter(isPublic);
  if (published.length === 0) return [];
  return nodeSubnets(view).flatMap((subnet): AzureFact[] => {
    const route = applianceRoute(view, subnet);
    if (route === undefined || returnsDirectly(view, subnet.routeTable)) return [];
    const names = published.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
    return [
      fact(
        'FAIL',
        `answers of public Services (${names}) leave ${subnet.name} by the firewall of route ${route.name}, which knows nothing of the connection`,
        [
          { resource: route.id, field: route.path, origin: route.origin },
          ...published.map(({ namespace, name, origin }) => ({ resource: `Service ${namespace}/${name}`, origin })),
          evidenceOf(subnet),
        ],
      ),
    ];
  });
}

const INTERNAL = 'service.beta.kubernetes.io/azure-load-balancer-internal';

function isPublic({ type, annotations }: Service): boolean {
  return type === 'LoadBalancer' && annotations.get(INTERNAL)?.toLowerCase() !== 'true';
}

/** Whether single addresses are routed to the internet: those of the firewall, for what comes in through it. */
function returnsDirectly({ routeTables }: AzureView, routeTable: unknown): boolean {
  const table = typeof routeTable === 'string' && isKey(routeTable) ? routeTables.get(routeTable) : undefined;
  return (table?.routes ?? []).some(
    ({ prefix, nextHop }) => nextHop === 'internet' && prefix.kind === 'range' && prefix.range.lo === prefix.range.hi,
  );
}
