import type { AzureValue } from '#model/azure/value.ts';
import { object, scalar, textValue } from '../values.ts';
import { blocksOf, COMMON, copy, enabled, type Field, isBlocks, many, not, one, put, ref, within } from './fields.ts';
import { firstOf, inGroup } from './ids.ts';
import type { Mappings } from './mapping.ts';

const GATEWAY = 'Microsoft.ApiManagement/service';
const BASTION = 'Microsoft.Network/bastionHosts';
const PROTOCOLS = 'Microsoft.WindowsAzure.ApiManagement.Gateway.Security';

/** `Developer_1`: the name of the tier and how many units. */
const SKU: Field = (from, to) => {
  const value = firstOf(from.values, 'sku_name');
  const [name, capacity] = (textValue(value) ?? '').split('_');
  if (value === undefined) return;
  if (!name) return put(to, 'sku.name', value);
  put(to, 'sku.name', scalar(name, value.origin));
  if (capacity !== undefined) put(to, 'sku.capacity', scalar(Number(capacity), value.origin));
};

const OLD_PROTOCOLS: readonly (readonly [string, string])[] = [
  ['backend_ssl30_enabled|enable_backend_ssl30', 'Backend.Protocols.Ssl30'],
  ['backend_tls10_enabled|enable_backend_tls10', 'Backend.Protocols.Tls10'],
  ['backend_tls11_enabled|enable_backend_tls11', 'Backend.Protocols.Tls11'],
  ['frontend_ssl30_enabled|enable_frontend_ssl30', 'Protocols.Ssl30'],
  ['frontend_tls10_enabled|enable_frontend_tls10', 'Protocols.Tls10'],
  ['frontend_tls11_enabled|enable_frontend_tls11', 'Protocols.Tls11'],
];

/** Names with dots in them, and booleans as text, as ARM has them. */
const CUSTOM_PROPERTIES: Field = (from, to) => {
  const blocks = blocksOf(from, 'security');
  if (blocks === undefined) return;
  if (!isBlocks(blocks)) return put(to, 'properties.customProperties', blocks);
  const [security] = blocks;
  if (security === undefined) return;
  const entries = new Map<string, AzureValue>();
  for (const [name, property] of OLD_PROTOCOLS) {
    const value = firstOf(security.values, name);
    if (value === undefined) continue;
    const text = textValue(value);
    entries.set(
      `${PROTOCOLS}.${property}`,
      text === undefined ? value : scalar(text === 'true' ? 'True' : 'False', value.origin),
    );
  }
  if (entries.size > 0) put(to, 'properties.customProperties', object(entries, security.origin));
};

/** API Management and Bastion. */
export const PLATFORM_MAPPINGS: Mappings = {
  azurerm_api_management: {
    type: GATEWAY,
    id: inGroup(GATEWAY),
    fields: [
      ...COMMON,
      SKU,
      copy('virtual_network_type', 'properties.virtualNetworkType', 'None'),
      within('virtual_network_configuration', 'properties.virtualNetworkConfiguration', [
        copy('subnet_id', 'properties.virtualNetworkConfiguration.subnetResourceId'),
      ]),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      copy('public_ip_address_id', 'properties.publicIpAddressId'),
      copy('min_api_version', 'properties.apiVersionConstraint.minApiVersion'),
      copy('gateway_disabled', 'properties.disableGateway'),
      CUSTOM_PROPERTIES,
      many('additional_location', 'properties.additionalLocations', [
        copy('location'),
        copy('zones'),
        copy('public_ip_address_id', 'publicIpAddressId'),
        copy('gateway_disabled', 'disableGateway'),
        one('virtual_network_configuration', 'virtualNetworkConfiguration', [copy('subnet_id', 'subnetResourceId')]),
      ]),
    ],
  },
  azurerm_bastion_host: {
    type: BASTION,
    id: inGroup(BASTION),
    fields: [
      ...COMMON,
      copy('sku', 'sku.name', 'Basic'),
      not('copy_paste_enabled', 'properties.disableCopyPaste', false),
      copy('file_copy_enabled', 'properties.enableFileCopy', false),
      copy('ip_connect_enabled', 'properties.enableIpConnect', false),
      copy('kerberos_enabled', 'properties.enableKerberos', false),
      copy('shareable_link_enabled', 'properties.enableShareableLink', false),
      copy('tunneling_enabled', 'properties.enableTunneling', false),
      copy('session_recording_enabled', 'properties.enableSessionRecording'),
      copy('scale_units', 'properties.scaleUnits'),
      ref('virtual_network_id', 'properties.virtualNetwork'),
      many('ip_configuration', 'properties.ipConfigurations', [
        copy('name'),
        ref('subnet_id', 'properties.subnet'),
        ref('public_ip_address_id', 'properties.publicIPAddress'),
      ]),
    ],
  },
};
