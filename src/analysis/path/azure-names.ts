import type { AddressRange } from '#base/address.ts';
import { atomsWithin } from '#engine/atoms.ts';
import { apiServerName, serviceNamesOf } from '#engine/compile/azure/names.ts';
import { externalPoint } from '#engine/world.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Analysis } from '../analysis.ts';
import { nearest } from '../nearest.ts';
import { type End, ends, type Named, problem } from './named.ts';

/** The names that the world must have for `azure:NAME` and `apiserver`. */
export function domainsOfAzure(azure: AzureEstate, name: string): string[] {
  const [cluster, ...others] = azure.clusters;
  const api = cluster === undefined || others.length > 0 ? [] : [apiServerName(cluster)];
  if (name === 'apiserver') return api;
  const own = nameAfter(name);
  if (own === undefined) return [];
  if (azure.clusters.some((each) => each.name.toLowerCase() === own)) return api;
  return serviceNamesOf(azure)
    .filter(({ service }) => service.name.toLowerCase() === own)
    .map(({ domain }) => domain);
}

/** The addresses that the world must tell apart for `azure:NAME`. */
export function cutsOfAzure(azure: AzureEstate, name: string): readonly AddressRange[] {
  const own = nameAfter(name);
  return own === undefined ? [] : addressesOf(azure, own);
}

function nameAfter(name: string): string | undefined {
  return name.startsWith('azure:') ? name.slice('azure:'.length).toLowerCase() : undefined;
}

/** A service by its names; what has private addresses (interfaces, load balancers, firewalls) by them. */
export function azureNamed(analysis: Analysis, name: string): Named {
  const { azure } = analysis.snapshot;
  const { world } = analysis.engine;
  const wanted = name.toLowerCase();
  const api = azure.clusters.some((each) => each.name.toLowerCase() === wanted) ? azureApiServer(analysis) : undefined;
  if (api !== undefined) return api;
  const services = serviceNamesOf(azure).filter(({ service }) => service.name.toLowerCase() === wanted);
  if (services.length > 0) {
    const list = services.map(({ domain }): End => ({ id: domain, points: world.domains.get(domain) ?? [] }));
    return ends(`azure:${name}`, list);
  }
  const addresses = addressesOf(azure, wanted);
  if (addresses.length > 0)
    return ends(`azure:${name}`, [
      { id: `azure:${name}`, points: addresses.flatMap((range) => pointsAt(analysis, range)) },
    ]);
  const known = namesOf(azure);
  return problem(
    azure.resources.size === 0
      ? `\`azure:${name}\` is a cloud resource, and the input has none: name them with --azure`
      : `no cloud resource \`${name}\` with an address or a name of its own in the input`,
    nearest(name, known).map((near) => `azure:${near}`),
  );
}

/** The API server of a managed cluster; undefined where the input has none, or several. */
export function azureApiServer({ snapshot, engine }: Analysis): Named | undefined {
  const [cluster, ...others] = snapshot.azure.clusters;
  if (cluster === undefined || others.length > 0) return undefined;
  const domain = apiServerName(cluster);
  return ends('apiserver', [{ id: 'apiserver', points: engine.world.domains.get(domain) ?? [] }]);
}

function namesOf(azure: AzureEstate): string[] {
  const { services, clusters, firewalls, loadBalancers, interfaces, privateEndpoints } = azure;
  return [services, clusters, firewalls, loadBalancers, interfaces, privateEndpoints].flat().map(({ name }) => name);
}

function addressesOf(azure: AzureEstate, name: string): AddressRange[] {
  const isIt = (each: { readonly name: string }) => each.name.toLowerCase() === name;
  const items: (AddressItem | undefined)[] = [
    ...azure.firewalls.filter(isIt).map(({ privateAddress }) => privateAddress),
    ...azure.loadBalancers.filter(isIt).flatMap(({ frontends }) => frontends.map((front) => front.privateAddress)),
    ...azure.interfaces.filter(isIt).flatMap(({ configurations }) => configurations.map((each) => each.privateAddress)),
    ...azure.privateEndpoints.filter(isIt).flatMap(({ addresses }) => addresses),
    ...azure.publicIps.filter(isIt).map(({ address }) => address),
  ];
  return items.flatMap((item) => (item?.kind === 'range' ? [item.range] : []));
}

function pointsAt({ engine: { world } }: Analysis, range: AddressRange): number[] {
  const found = atomsWithin(world.atoms[range.family], range);
  if (found === undefined) return [externalPoint(world, { family: range.family, value: range.lo })];
  const base = world.firstExternal[range.family];
  return Array.from({ length: found[1] - found[0] }, (_, index) => base + found[0] + index);
}
