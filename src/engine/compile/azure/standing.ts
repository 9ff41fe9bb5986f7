import { addBit, type Bits, emptyBits, hasBit, intersection } from '#base/bits.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { PointSpan } from '../../form.ts';
import type { Azure } from './context.ts';
import { rangesOf } from './siting.ts';
import { isKey } from './view.ts';

/** Those whose only subnet this is stand there for certain. */
export function standingIn(azure: Azure, subnet: Subnet): PointSpan {
  const { world, siting } = azure;
  const must = emptyBits(world.size);
  const may = emptyBits(world.size);
  const passed = privateEndpointPoints(azure, subnet);
  for (let point = 0; point < world.size; point++) {
    const { subnets, isOpen } = siting.at(point);
    if (!subnets.includes(subnet.key) || hasBit(passed, point)) continue;
    addBit(may, point);
    if (subnets.length === 1 && !isOpen) addBit(must, point);
  }
  return { must, may, doubts: [{ reason: 'node-placement' }] };
}

const ENABLING: ReadonlySet<string> = new Set(['enabled', 'networksecuritygroupenabled']);

/** "Network policies are disabled by default for a subnet": security groups then let private endpoints alone. */
function privateEndpointPoints({ view, compiling, world }: Azure, subnet: Subnet): Bits {
  const policies = subnet.privateEndpointPolicies;
  if (typeof policies === 'string' && ENABLING.has(policies.toLowerCase())) return world.nothing;
  const own = view.estate.privateEndpoints.filter((endpoint) => endpoint.subnet === subnet.key);
  const nics = own
    .flatMap(({ interfaces }) => interfaces.filter(isKey))
    .flatMap((key) => view.interfaces.get(key) ?? []);
  const items = [
    ...own.flatMap(({ addresses }) => addresses),
    ...nics.flatMap(({ configurations }) => configurations.flatMap(({ privateAddress }) => privateAddress ?? [])),
  ];
  return intersection(
    compiling.networks.coveredByAny(rangesOf(items).map((cidr) => ({ cidr, except: [] }))).may,
    world.externals,
  );
}
