import { type AddressRange, formatAddress, parseAddress, parseCidr } from '#base/address.ts';
import type { AzureEntity } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { AzureFact } from '#model/azure/fact.ts';
import { azureKey } from '#model/azure/resource.ts';
import { type Body, readingOf } from '#parse/azure/decode/body.ts';
import { evidenceOf, factsOf } from './evidence.ts';

const SOURCE = 'AKS on Azure Local docs: network system requirements (July 2025)';
const allocation = factsOf('logical-network-not-static', 'high', SOURCE);
const controlPlane = factsOf('control-plane-address', 'high', SOURCE);

/** A logical network of Azure Local. */
interface LogicalNetwork {
  readonly entity: AzureEntity;
  readonly subnets: readonly Body[];
}

/** AKS on Azure Local: addresses are given statically, and that of the control plane is in the network and in no pool. */
export function localNetworkFacts({ resources }: AzureEstate): readonly AzureFact[] {
  const all = [...resources.values()].map(readingOf);
  const networks = all
    .filter(({ entity }) => /^microsoft\.azurestackhci\/logicalnetworks$/i.test(entity.type))
    .map(({ entity, body }): LogicalNetwork => ({ entity, subnets: body.list('properties.subnets') }));
  const clusters = all.filter(({ entity }) =>
    /^microsoft\.hybridcontainerservice\/provisionedclusterinstances$/i.test(entity.type),
  );
  return clusters.flatMap(({ entity, body }) => {
    const keys = body
      .texts('properties.cloudProviderProfile.infraNetworkProfile.vnetSubnetIds')
      .map((id) => azureKey(id));
    const own = networks.filter((network) => keys.includes(network.entity.key));
    return [...own.flatMap(staticFacts), ...controlPlaneFacts({ entity, body }, own)];
  });
}

function staticFacts({ entity, subnets }: LogicalNetwork): AzureFact[] {
  return subnets.map((subnet) => {
    const method = subnet.text('properties.ipAllocationMethod') ?? 'Dynamic';
    const value = typeof method === 'string' ? method : method.expression;
    const field = `${subnet.path}.properties.ipAllocationMethod`;
    const evidence = [evidenceOf(entity, { field, value, origin: subnet.origin })];
    if (typeof method !== 'string')
      return allocation('UNKNOWN', `how ${entity.name} gives addresses is \`${value}\`, which is not known`, evidence);
    const isStatic = method.toLowerCase() === 'static';
    return allocation(
      isStatic ? 'PASS' : 'FAIL',
      isStatic
        ? `${entity.name} gives addresses statically`
        : `${entity.name} gives addresses by DHCP; AKS needs Static`,
      evidence,
    );
  });
}

/** "The address of the control plane is in the address prefix of the logical network and not in its pools." */
function controlPlaneFacts(
  { entity, body }: { readonly entity: AzureEntity; readonly body: Body },
  networks: readonly LogicalNetwork[],
): AzureFact[] {
  const field = 'properties.controlPlane.controlPlaneEndpoint.hostIP';
  const address = parseAddress(body.knownText(field) ?? '');
  if (address === undefined || networks.length === 0) return [];
  const shown = formatAddress(address);
  const evidence = [evidenceOf(entity, { field, value: shown }), ...networks.map((each) => evidenceOf(each.entity))];
  const subnets = networks.flatMap((each) => each.subnets);
  const holds = (range: AddressRange | undefined) =>
    range !== undefined && range.family === address.family && range.lo <= address.value && address.value <= range.hi;
  const prefixes = subnets.map((subnet) => parseCidr(subnet.knownText('properties.addressPrefix') ?? '')?.cidr);
  const pools = subnets.flatMap((subnet) => subnet.list('properties.ipPools').map(rangeOfPool));
  if (pools.some(holds))
    return [controlPlane('FAIL', `the control plane's address ${shown} is in a pool of its logical network`, evidence)];
  if (prefixes.some(holds))
    return [controlPlane('PASS', `the control plane's address ${shown} is in its network and in no pool`, evidence)];
  return prefixes.includes(undefined)
    ? [controlPlane('UNKNOWN', `the prefix of the logical network for ${shown} is not known`, evidence)]
    : [controlPlane('FAIL', `the control plane's address ${shown} is not in its logical network`, evidence)];
}

function rangeOfPool(pool: Body): AddressRange | undefined {
  const start = parseAddress(pool.knownText('start') ?? '');
  const end = parseAddress(pool.knownText('end') ?? '');
  if (start === undefined || end === undefined || start.family !== end.family) return undefined;
  return { family: start.family, lo: start.value, hi: end.value };
}
