import { type Bits, hasBit } from '#base/bits.ts';
import type { Azure } from '#engine/compile/azure/context.ts';
import { platformPoints } from '#engine/compile/azure/ends.ts';
import { type SubnetWays, type Way, wayOut, waysOf } from '#engine/compile/azure/routes.ts';
import { type AzureRef, isUnsettled } from '#model/azure/entity.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { WayOut } from '#model/egress.ts';

/** By which ways a point of the world is left for another one, as the routes of its subnets say. */
export type WaysOut = (from: number, to: number) => readonly WayOut[];

export function waysOut(azure: Azure): WaysOut {
  const all = waysOf(azure);
  const platform = platformPoints(azure);
  return (from, to) => {
    const standing = all.filter(({ subject }) => hasBit(subject.may, from));
    if (standing.length === 0) return [wayOfNoSubnet(azure)];
    return standing.map((ways) => wayFrom(azure, ways, { platform, to }));
  };
}

interface Target {
  readonly platform: Bits;
  readonly to: number;
}

function wayFrom(azure: Azure, { subnet, ways }: SubnetWays, { platform, to }: Target): WayOut {
  const { name, origin } = subnet;
  if (hasBit(platform, to)) return { subnet: name, kind: 'platform', name: 'addresses of the platform', origin };
  const found = ways.find(({ peers }) => hasBit(peers, to));
  if (found === undefined) return { subnet: name, kind: 'unknown', name: 'by its address', origin };
  return { subnet: name, ...told(azure, subnet, found.way) };
}

type Told = Omit<WayOut, 'subnet'>;

function told(azure: Azure, subnet: Subnet, { hop, name, origin, firewall }: Way): Told {
  if (firewall !== undefined) return { kind: 'firewall', name: firewall.name, origin };
  switch (hop) {
    case 'internet':
      return exitOf(azure, subnet, { name, origin });
    case 'endpoint':
      return { kind: 'private-endpoint', name, origin };
    default:
      return { kind: hop, name, origin };
  }
}

/** With which address: "a NAT gateway takes precedence over other outbound configurations" (docs: NAT gateway resource). */
function exitOf(azure: Azure, subnet: Subnet, { name, origin }: Pick<Told, 'name' | 'origin'>): Told {
  const { cluster } = azure.view;
  if (subnet.natGateway !== undefined) return { kind: 'nat-gateway', name: nameOf(subnet.natGateway), origin };
  if (cluster.pools.some((pool) => pool.subnet === subnet.key && pool.nodePublicIps === true))
    return { kind: 'node-addresses', name: 'public addresses of nodes', origin };
  const made = isUnsettled(cluster.outboundType) ? undefined : MADE.get(cluster.outboundType.toLowerCase());
  if (made !== undefined) return { ...made, origin };
  const out = wayOut(azure, subnet);
  if (out === 'no') return { kind: 'none', name: `${name}: the subnet has no way out`, origin };
  return { kind: out === 'yes' ? 'default-access' : 'unknown', name, origin };
}

const MANAGED_NAT: Pick<Told, 'kind' | 'name'> = { kind: 'nat-gateway', name: 'NAT gateway of the cluster' };

/** What `outboundType` makes by itself; Azure takes its words in any case. */
const MADE = new Map<string, Pick<Told, 'kind' | 'name'>>([
  ['loadBalancer'.toLowerCase(), { kind: 'load-balancer', name: 'load balancer of the cluster' }],
  ['managedNATGateway'.toLowerCase(), MANAGED_NAT],
  ['managedNATGatewayV2'.toLowerCase(), MANAGED_NAT],
]);

/** Of a network that Azure makes for the cluster; or it is one that the input does not have. */
function wayOfNoSubnet({ view: { cluster } }: Azure): WayOut {
  const isMade = cluster.pools.every(({ subnet }) => subnet === undefined);
  const made = isUnsettled(cluster.outboundType) ? undefined : MADE.get(cluster.outboundType.toLowerCase());
  const { origin } = cluster;
  if (!isMade || made === undefined)
    return { subnet: '', kind: 'unknown', name: 'a subnet that the input does not have', origin };
  return { subnet: '', ...made, origin };
}

function nameOf(ref: AzureRef): string {
  return isUnsettled(ref) ? ref.expression : (ref.split('/').at(-1) ?? ref);
}
