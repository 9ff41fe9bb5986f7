import type { AddressRange } from '#base/address.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { AzureView } from './view.ts';

/** The published addresses of the services that a subnet has service endpoints for, as far as the input has them. */
export function serviceRanges(view: AzureView, subnet: Subnet): AddressRange[] {
  return subnet.serviceEndpoints.flatMap((name) => publishedOf(view, name) ?? []);
}

/** Services of a subnet's endpoints whose addresses the input does not have: `Microsoft.Storage`. */
export function openServices(view: AzureView, { serviceEndpoints }: Subnet): readonly string[] {
  return serviceEndpoints.filter((name) => publishedOf(view, name) === undefined);
}

/** Endpoints are named after providers, tags after services; most of them alike: `Microsoft.Storage` and `Storage`. */
const TAGS: ReadonlyMap<string, string> = new Map([
  ['keyvault', 'azurekeyvault'],
  ['containerregistry', 'azurecontainerregistry'],
  ['web', 'appservice'],
]);

function publishedOf({ estate }: AzureView, name: string): readonly AddressRange[] | undefined {
  const service = name.toLowerCase().replace(/^microsoft\./, '');
  return estate.serviceTags.get(TAGS.get(service) ?? service);
}
