import type { AddressRange } from '#base/address.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { FirewallRule } from '#model/azure/firewall.ts';
import type { NetworkInterface, RouteTable, SecurityGroup, Subnet } from '#model/azure/network.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Mentions } from '../../world.ts';
import {
  type AddressReader,
  addressReaderOf,
  keyOfItem,
  PLATFORM_ADDRESSES,
  PRIVATE,
  virtualNetworkRanges,
} from './address-items.ts';
import { policyChain } from './firewall-rules.ts';
import { type Front, frontsOf } from './fronts.ts';
import { serviceRanges } from './service-endpoints.ts';
import { rangesOf, subnetsNear } from './siting.ts';
import { type AzureView, azureViewOf, isAround, isKey } from './view.ts';

const NONE: Mentions = { labelKeys: new Set(), nodeLabelKeys: new Set(), ranges: [] };
/** The labels by which pods of a firewall's groups are found. */
const NODE_KEYS = ['kubernetes.azure.com/agentpool', 'agentpool'];

/** Every address by which something in the network around the cluster could tell connections of the cluster apart. */
export function azureMentions(snapshot: Snapshot): Mentions {
  const view = azureViewOf(snapshot);
  if (view === undefined) return NONE;
  const reader = addressReaderOf(view);
  const fronts = frontsOf(view, snapshot);
  const places = fronts.flatMap(({ subnets }) => subnets.flatMap((key) => view.subnets.get(key) ?? []));
  const near = [...new Set([...subnetsNear(view), ...places])];
  const ranges = [
    ...PRIVATE,
    ...PLATFORM_ADDRESSES,
    ...near.flatMap(({ prefixes }) => rangesOf(prefixes)),
    ...[...view.networks.values()]
      .filter(({ key }) => view.around?.has(key) ?? true)
      .flatMap(({ prefixes }) => rangesOf(prefixes)),
    ...near.flatMap((subnet) => rangesAtSubnet(view, reader, subnet)),
    ...fronts.flatMap((front) => frontRanges(view, reader, front)),
    ...[...view.interfaces.values()].flatMap((nic) => rangesAtInterface(view, reader, nic)),
    ...view.estate.localNetworks.flatMap(({ prefixes }) => rangesOf(prefixes)),
    ...near.flatMap((subnet) => serviceRanges(view, subnet)),
    ...view.estate.peerings.flatMap(({ remotePrefixes }) => rangesOf(remotePrefixes)),
    ...adminRanges(view, reader),
    ...firewallRanges(view, reader),
    ...privateRanges(view),
    ...rangesOf([...view.cluster.podCidrs, ...view.cluster.api.authorizedRanges]),
  ];
  return { labelKeys: podLabels(view), nodeLabelKeys: new Set(NODE_KEYS), ranges };
}

function rangesAtSubnet(view: AzureView, reader: AddressReader, subnet: Subnet): AddressRange[] {
  const { securityGroup, routeTable } = subnet;
  const group = isKey(securityGroup) ? view.securityGroups.get(securityGroup) : undefined;
  const table = isKey(routeTable) ? view.routeTables.get(routeTable) : undefined;
  const inside = virtualNetworkRanges(view, subnet);
  return [
    ...inside.must,
    ...inside.may,
    ...(group === undefined ? [] : groupRanges(group, reader, subnet)),
    ...(table === undefined ? [] : tableRanges(table, reader, subnet)),
  ];
}

/** An interface may stand in a subnet that is not around the cluster, and its group reads tags as that subnet does. */
function rangesAtInterface(view: AzureView, reader: AddressReader, nic: NetworkInterface): AddressRange[] {
  const { securityGroup, configurations } = nic;
  const group = isKey(securityGroup) ? view.securityGroups.get(securityGroup) : undefined;
  if (group === undefined || !isAround(view, nic)) return [];
  return configurations.flatMap(({ subnet: key }) => {
    const subnet = isKey(key) ? view.subnets.get(key) : undefined;
    const inside = virtualNetworkRanges(view, subnet);
    const own = rangesOf(subnet?.prefixes ?? []);
    return [...own, ...inside.must, ...inside.may, ...groupRanges(group, reader, subnet)];
  });
}

/** The group that AKS makes stands at no subnet of the input, or at each. */
function frontRanges(view: AzureView, reader: AddressReader, { cluster, subnets }: Front): AddressRange[] {
  if (cluster === undefined) return [];
  const anywhere = virtualNetworkRanges(view, undefined);
  const places = [undefined, ...subnets.map((key) => view.subnets.get(key))];
  return [...anywhere.must, ...anywhere.may, ...places.flatMap((subnet) => groupRanges(cluster.group, reader, subnet))];
}

function groupRanges({ rules }: SecurityGroup, reader: AddressReader, subnet?: Subnet): AddressRange[] {
  return rules.flatMap(({ sources, destinations }) => expanded(reader, [...sources, ...destinations], subnet));
}

function tableRanges({ routes }: RouteTable, reader: AddressReader, subnet: Subnet): AddressRange[] {
  return routes.flatMap(({ prefix, address }) =>
    expanded(reader, address === undefined ? [prefix] : [prefix, address], subnet),
  );
}

/** Each item by itself: what a wide one holds must still be told apart. */
function expanded(reader: AddressReader, items: readonly AddressItem[], subnet?: Subnet): AddressRange[] {
  return items.flatMap((item) => {
    const { must, may } = reader.ranges([item], subnet);
    return must === may ? must : [...must, ...may];
  });
}

function adminRanges({ estate }: AzureView, reader: AddressReader): AddressRange[] {
  return estate.adminRules.flatMap(({ sources, destinations }) => expanded(reader, [...sources, ...destinations]));
}

/** Thousands of rules name a few groups: each is expanded once. */
function firewallRanges(view: AzureView, reader: AddressReader): AddressRange[] {
  const rules = view.firewalls.flatMap((firewall) =>
    policyChain(view, firewall).collections.flatMap((collection) => collection.rules),
  );
  const items = [
    ...view.firewalls.flatMap(({ privateAddress }) => privateAddress ?? []),
    ...rules.flatMap((rule) => [...rule.sources, ...destinationsOf(rule)]),
  ];
  return expanded(reader, [...new Map(items.map((item) => [keyOfItem(item), item])).values()]);
}

function destinationsOf(rule: FirewallRule): readonly AddressItem[] {
  return rule.kind === 'dnat' || rule.kind === 'network' ? rule.destinations : [];
}

/** Of interfaces only those that something is said of: the others are treated as what stands around them. */
function privateRanges(view: AzureView): AddressRange[] {
  const { estate } = view;
  const ofEndpoints = new Set(estate.privateEndpoints.flatMap(({ interfaces }) => interfaces.filter(isKey)));
  const told = estate.interfaces.filter(
    (nic) => (nic.securityGroup !== undefined && isAround(view, nic)) || ofEndpoints.has(nic.key),
  );
  return [
    ...estate.privateEndpoints.flatMap(({ addresses }) => rangesOf(addresses)),
    ...told.flatMap(({ configurations }) =>
      rangesOf(configurations.flatMap(({ privateAddress }) => privateAddress ?? [])),
    ),
    ...estate.dnsRecords.flatMap(({ addresses }) => addresses),
    ...estate.services.flatMap(({ addresses }) => rangesOf(addresses)),
    ...estate.publicIps.flatMap(({ address }) => (address === undefined ? [] : rangesOf([address]))),
  ];
}

function podLabels({ estate }: AzureView): Set<string> {
  const selectors = estate.podGroups.flatMap(({ pods }) => pods?.requirements ?? []);
  return new Set(selectors.map(({ key }) => key));
}
