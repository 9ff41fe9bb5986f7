import { object } from '../values.ts';
import { COMMON, copy, type Field, ref } from './fields.ts';
import { inGroup, sameAs } from './ids.ts';
import type { Made, Mappings, More } from './mapping.ts';

const ADDRESS = 'Microsoft.Network/publicIPAddresses';
const PREFIX = 'Microsoft.Network/publicIPPrefixes';
const GATEWAY = 'Microsoft.Network/natGateways';

const GATEWAY_FIELDS: readonly Field[] = [
  ...COMMON,
  copy('sku_name', 'sku.name', 'Standard'),
  copy('idle_timeout_in_minutes', 'properties.idleTimeoutInMinutes'),
];

function joins(attribute: string, property: string): (made: Made) => More {
  return ({ values }) => {
    const [target, id] = [values.get('nat_gateway_id'), values.get(attribute)];
    if (target === undefined || id === undefined) return {};
    const value = id.kind === 'unsettled' ? id : object(new Map([['id', id]]), id.origin);
    return { edits: [{ target, type: GATEWAY, path: ['properties', property], how: 'append', value }] };
  };
}

/** Public addresses and NAT gateways. */
export const OUTBOUND_MAPPINGS: Mappings = {
  azurerm_public_ip: {
    type: ADDRESS,
    id: inGroup(ADDRESS),
    fields: [
      ...COMMON,
      copy('sku', 'sku.name', 'Standard'),
      copy('sku_tier', 'sku.tier', 'Regional'),
      copy('allocation_method', 'properties.publicIPAllocationMethod'),
      copy('ip_address', 'properties.ipAddress'),
      copy('ip_version', 'properties.publicIPAddressVersion', 'IPv4'),
      copy('idle_timeout_in_minutes', 'properties.idleTimeoutInMinutes'),
      copy('domain_name_label', 'properties.dnsSettings.domainNameLabel'),
      copy('reverse_fqdn', 'properties.dnsSettings.reverseFqdn'),
      ref('public_ip_prefix_id', 'properties.publicIPPrefix'),
      copy('ddos_protection_mode', 'properties.ddosSettings.protectionMode', 'VirtualNetworkInherited'),
      ref('ddos_protection_plan_id', 'properties.ddosSettings.ddosProtectionPlan'),
    ],
  },
  azurerm_public_ip_prefix: {
    type: PREFIX,
    id: inGroup(PREFIX),
    fields: [
      ...COMMON,
      copy('sku', 'sku.name', 'Standard'),
      copy('prefix_length', 'properties.prefixLength', 28),
      copy('ip_prefix', 'properties.ipPrefix'),
      copy('ip_version', 'properties.publicIPAddressVersion', 'IPv4'),
      ref('custom_ip_prefix_id', 'properties.customIPPrefix'),
    ],
  },
  azurerm_nat_gateway: { type: GATEWAY, id: inGroup(GATEWAY), fields: GATEWAY_FIELDS },
  azurerm_nat_gateway_public_ip_association: {
    id: sameAs('nat_gateway_id'),
    more: joins('public_ip_address_id', 'publicIpAddresses'),
  },
  azurerm_nat_gateway_public_ip_prefix_association: {
    id: sameAs('nat_gateway_id'),
    more: joins('public_ip_prefix_id', 'publicIpPrefixes'),
  },
};
