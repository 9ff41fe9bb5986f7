import type { AzureValue } from '#model/azure/value.ts';
import { object } from '../values.ts';
import { COMMON, copy, type Field, many, reference, refs } from './fields.ts';
import { inGroup, inParent, sameAs } from './ids.ts';
import type { Edit, Made, Mappings, More } from './mapping.ts';

const GROUP = 'Microsoft.Network/networkSecurityGroups';
const INTERFACE = 'Microsoft.Network/networkInterfaces';

const RULE: readonly Field[] = [
  copy('description', 'properties.description'),
  copy('priority', 'properties.priority'),
  copy('direction', 'properties.direction'),
  copy('access', 'properties.access'),
  copy('protocol', 'properties.protocol'),
  copy('source_port_range', 'properties.sourcePortRange'),
  copy('source_port_ranges', 'properties.sourcePortRanges'),
  copy('destination_port_range', 'properties.destinationPortRange'),
  copy('destination_port_ranges', 'properties.destinationPortRanges'),
  copy('source_address_prefix', 'properties.sourceAddressPrefix'),
  copy('source_address_prefixes', 'properties.sourceAddressPrefixes'),
  copy('destination_address_prefix', 'properties.destinationAddressPrefix'),
  copy('destination_address_prefixes', 'properties.destinationAddressPrefixes'),
  refs('source_application_security_group_ids', 'properties.sourceApplicationSecurityGroups'),
  refs('destination_application_security_group_ids', 'properties.destinationApplicationSecurityGroups'),
];

/** `networkInterfaces/ipConfigurations` name: the provider's associations change one of them. */
function inConfiguration(made: Made, property: string, value: AzureValue): Edit[] {
  const target = made.values.get('network_interface_id');
  if (target === undefined) return [];
  const named = made.values.get('ip_configuration_name');
  const path = ['properties', 'ipConfigurations', { named }, 'properties', property] as const;
  return [{ target, type: INTERFACE, path, how: 'append', value }];
}

function joins(attribute: string, property: string): (made: Made) => More {
  return (made) => {
    const id = made.values.get(attribute);
    if (id === undefined) return {};
    const value = id.kind === 'unsettled' ? id : object(new Map([['id', id]]), id.origin);
    return { edits: inConfiguration(made, property, value) };
  };
}

/** Network security groups and application security groups, and the interfaces that are in them. */
export const SECURITY_MAPPINGS: Mappings = {
  azurerm_network_security_group: {
    type: GROUP,
    id: inGroup(GROUP),
    fields: [...COMMON, many('security_rule', 'properties.securityRules', [copy('name'), ...RULE])],
  },
  azurerm_network_security_rule: {
    type: `${GROUP}/securityRules`,
    id: inParent(`${GROUP}/securityRules`, 'network_security_group_name'),
    fields: RULE,
  },
  azurerm_application_security_group: {
    type: 'Microsoft.Network/applicationSecurityGroups',
    id: inGroup('Microsoft.Network/applicationSecurityGroups'),
    fields: COMMON,
  },
  azurerm_network_interface_security_group_association: {
    id: sameAs('network_interface_id'),
    more: ({ values }) => {
      const [target, group] = [values.get('network_interface_id'), values.get('network_security_group_id')];
      if (target === undefined || group === undefined) return {};
      const path = ['properties', 'networkSecurityGroup'];
      return { edits: [{ target, type: INTERFACE, path, how: 'set', value: reference(group) }] };
    },
  },
  azurerm_network_interface_application_security_group_association: {
    id: sameAs('network_interface_id'),
    more: joins('application_security_group_id', 'applicationSecurityGroups'),
  },
  azurerm_network_interface_backend_address_pool_association: {
    id: sameAs('network_interface_id'),
    more: joins('backend_address_pool_id', 'loadBalancerBackendAddressPools'),
  },
  azurerm_network_interface_nat_rule_association: {
    id: sameAs('network_interface_id'),
    more: joins('nat_rule_id', 'loadBalancerInboundNatRules'),
  },
  azurerm_network_interface_application_gateway_backend_address_pool_association: {
    id: sameAs('network_interface_id'),
    more: joins('backend_address_pool_id', 'applicationGatewayBackendAddressPools'),
  },
  azurerm_private_endpoint_application_security_group_association: {
    id: sameAs('private_endpoint_id'),
    more: ({ values }) => {
      const [target, id] = [values.get('private_endpoint_id'), values.get('application_security_group_id')];
      if (target === undefined || id === undefined) return {};
      const value = id.kind === 'unsettled' ? id : object(new Map([['id', id]]), id.origin);
      const path = ['properties', 'applicationSecurityGroups'];
      return { edits: [{ target, type: 'Microsoft.Network/privateEndpoints', path, how: 'append', value }] };
    },
  },
};
