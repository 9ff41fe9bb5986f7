import type { AddressRange } from '#base/address.ts';
import { type Bits, difference, union } from '#base/bits.ts';
import { isUnsettled, type Settled } from '#model/azure/entity.ts';
import { exactly, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { hasGateway, PRIVATE } from './address-items.ts';
import type { Azure } from './context.ts';
import { type Door, either, policyOf, rule } from './door.ts';
import { exactRanges } from './ranges.ts';
import type { SubnetWays } from './routes.ts';
import { sendersFrom } from './senders.ts';
import { rangesOf } from './siting.ts';
import { type AzureView, isKey } from './view.ts';

/** Public with or without authorised ranges, or private: then by its endpoint in the network of the nodes. */
export function apiServerDoor(azure: Azure, at: Bits, ways: readonly SubnetWays[]): Policy {
  const { api, origin, name } = azure.view.cluster;
  const door: Door = { ref: { kind: 'ManagedCluster', namespace: '', name, origin }, at };
  return policyOf(door, [
    ...notes(azure),
    ...(api.privateCluster === false ? publicRules(azure, ways) : privateRules(azure)),
  ]);
}

function privateRules(azure: Azure): Rule[] {
  const { view, world, compiling } = azure;
  const { api, origin } = view.cluster;
  if (isUnsettled(api.privateCluster))
    return either(exactly(world.everything), 'enablePrivateCluster', origin, 'cloud-expression');
  const pointsIn = (ranges: readonly AddressRange[]) =>
    compiling.networks.coveredByAny(ranges.map((cidr) => ({ cidr, except: [] })));
  const near = pointsIn(nearRanges(view));
  const cluster = union(world.pods, world.hosts);
  const peers: PointSpan = { must: union(cluster, near.must), may: union(cluster, near.may), doubts: near.doubts };
  const far = difference(pointsIn(PRIVATE).may, peers.may);
  return [
    rule('allow', peers, 'private cluster: the networks around it', origin),
    ...(isFarReached(view)
      ? either(exactly(far), 'private cluster: networks that routes or gateways lead from', origin, 'gateway-routes')
      : []),
    rule('deny', exactly(world.everything), 'enablePrivateCluster: true', origin),
  ];
}

/** Whether there is a way into the cluster's networks from others than those that they are peered with. */
function isFarReached(view: AzureView): boolean {
  const { around, own, peerings } = view;
  const near = new Set([...own, ...peerings.map(({ remote }) => remote).filter(isKey)]);
  return around === undefined || around.size > near.size || hasGateway(view, [...own]);
}

function publicRules({ world, ...azure }: Azure, ways: readonly SubnetWays[]): Rule[] {
  const { api, origin } = azure.view.cluster;
  if (api.authorizedRanges.length === 0)
    return [rule('allow', exactly(world.everything), 'public, from any address', origin)];
  const cluster = exactly(union(world.pods, world.hosts));
  const own = 'authorizedIPRanges: the addresses with which nodes leave';
  return [
    ...(api.vnetIntegration === true ? [rule('allow', cluster, 'in the network of the nodes too', origin)] : []),
    rule('allow', sendersFrom({ world, ...azure }, api.authorizedRanges, ways), 'authorizedIPRanges', origin),
    ...either(cluster, own, origin, 'source-translation'),
    rule('deny', exactly(world.everything), 'authorizedIPRanges', origin),
  ];
}

/** What gets at the API server besides connections to it: said, and without a say. */
function notes({ view, world }: Azure): Rule[] {
  const { api, origin } = view.cluster;
  const isClosed = api.privateCluster !== false || api.authorizedRanges.length > 0;
  const note = (path: string): Rule => rule('log', exactly(world.everything), path, origin);
  return [
    ...(isClosed && isPerhaps(api.runCommand)
      ? [note('run command: who has that right in Azure gets in from any network (disableRunCommand)')]
      : []),
    ...(api.privateCluster === true && isPerhaps(api.publicFqdn)
      ? [note('public FQDN: everybody can look up the private address (enablePrivateClusterPublicFQDN)')]
      : []),
  ];
}

function isPerhaps(value: Settled<boolean>): boolean {
  return value !== false;
}

function nearRanges({ networks, own, peerings, peeringStates }: AzureView): AddressRange[] {
  const standing = peerings.filter((peering) => peeringStates.get(peering) !== 'down');
  const keys = [...own, ...standing.map(({ remote }) => remote).filter(isKey)];
  const prefixes = keys.flatMap((key) => rangesOf(networks.get(key)?.prefixes ?? []));
  const remote = standing.flatMap(({ remotePrefixes }) => rangesOf(remotePrefixes));
  return [...exactRanges([...prefixes, ...remote]).must];
}
