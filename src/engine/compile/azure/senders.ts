import type { AddressRange } from '#base/address.ts';
import { intersection, union } from '#base/bits.ts';
import type { AddressItem, AzureRef } from '#model/azure/entity.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { PointSpan } from '../../form.ts';
import type { Azure } from './context.ts';
import { coverOf, type RangeSpan } from './ranges.ts';
import type { SubnetWays } from './routes.ts';
import { rangesOf } from './siting.ts';
import { type AzureView, isKey } from './view.ts';

/** Who comes with one of these public addresses: outside points by their own, the cluster by that with which it leaves. */
export function sendersFrom(azure: Azure, items: readonly AddressItem[], ways: readonly SubnetWays[]): PointSpan {
  const { world, compiling, reader } = azure;
  const span = reader.ranges(items);
  const outside = (ranges: readonly AddressRange[]) =>
    intersection(compiling.networks.coveredByAny(ranges.map((cidr) => ({ cidr, except: [] }))).may, world.externals);
  let must = outside(span.must);
  let may = span.must === span.may ? must : outside(span.may);
  for (const each of ways) {
    const cover = leavesFrom(azure, each, span);
    if (cover === 'no') continue;
    may = union(may, each.subject.may);
    if (cover === 'yes') must = union(must, each.subject.must);
  }
  const reasons = new Set<ReasonCode>(['source-translation', ...span.reasons]);
  return { must, may, doubts: [...reasons].map((reason) => ({ reason })) };
}

function leavesFrom({ view }: Azure, { subnet, ways }: SubnetWays, span: RangeSpan): 'yes' | 'no' | 'perhaps' {
  if (span.may.length === 0) return 'no';
  const firewalls = new Set(ways.flatMap(({ way }) => way.firewall ?? []));
  const [firewall] = firewalls;
  const refs = firewall === undefined ? egressIps(view, subnet) : firewall.publicIps;
  const addresses = refs.flatMap((ref) => publicRanges(view, ref) ?? []);
  if (firewalls.size > 1 || addresses.length < refs.length || refs.length === 0) return 'perhaps';
  return coverOf(addresses, span);
}

function egressIps({ estate, cluster }: AzureView, { natGateway }: Subnet): readonly AzureRef[] {
  const gateway = estate.natGateways.find(({ key }) => key === natGateway);
  if (gateway !== undefined) return [...gateway.publicIps, ...gateway.prefixes];
  return cluster.outboundIps;
}

function publicRanges({ publicIps, estate }: AzureView, ref: AzureRef): AddressRange[] | undefined {
  if (!isKey(ref)) return undefined;
  const address = publicIps.get(ref)?.address ?? estate.publicIpPrefixes.find(({ key }) => key === ref)?.prefix;
  const ranges = address === undefined ? [] : rangesOf([address]);
  return ranges.length === 0 ? undefined : ranges;
}
