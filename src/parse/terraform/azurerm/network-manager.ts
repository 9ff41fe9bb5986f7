import type { AzureValue } from '#model/azure/value.ts';
import { list, object } from '../values.ts';
import { asList, COMMON, copy, type Field, fixed, many, one, put, words } from './fields.ts';
import { below, firstOf, inGroup, segment } from './ids.ts';
import type { Mappings } from './mapping.ts';

const MANAGER = 'Microsoft.Network/networkManagers';
const ADMIN = `${MANAGER}/securityAdminConfigurations`;
const ROUTING = `${MANAGER}/routingConfigurations`;
/** Booleans that ARM writes as text. */
const TEXT = { true: 'True', false: 'False' };

const END: readonly Field[] = [copy('address_prefix'), copy('address_prefix_type')];

/** Ids of network groups, which ARM wraps in objects. */
function groups(path: string): Field {
  return (from, to) => {
    const ids = firstOf(from.values, 'network_group_ids');
    if (ids === undefined) return;
    if (ids.kind !== 'list') return put(to, path, ids);
    const items = ids.items.map((id) => object(new Map<string, AzureValue>([['networkGroupId', id]]), id.origin));
    put(to, path, list(items, ids.origin));
  };
}

const RULE: readonly Field[] = [
  fixed('kind', 'Custom'),
  copy('description', 'properties.description'),
  copy('action', 'properties.access'),
  copy('direction', 'properties.direction'),
  copy('priority', 'properties.priority'),
  copy('protocol', 'properties.protocol'),
  copy('source_port_ranges', 'properties.sourcePortRanges'),
  copy('destination_port_ranges', 'properties.destinationPortRanges'),
  many('source', 'properties.sources', END),
  many('destination', 'properties.destinations', END),
];

/** Azure Virtual Network Manager. What is deployed is a commit, which ARM has as an action and not as a resource. */
export const NETWORK_MANAGER_MAPPINGS: Mappings = {
  azurerm_network_manager: {
    type: MANAGER,
    id: inGroup(MANAGER),
    fields: [
      ...COMMON,
      copy('scope_accesses', 'properties.networkManagerScopeAccesses'),
      one('scope', 'properties.networkManagerScopes', [
        copy('management_group_ids', 'managementGroups'),
        copy('subscription_ids', 'subscriptions'),
      ]),
    ],
  },
  azurerm_network_manager_network_group: {
    type: `${MANAGER}/networkGroups`,
    id: below('network_manager_id', 'networkGroups'),
    fields: [
      copy('description', 'properties.description'),
      copy('member_type', 'properties.memberType', 'VirtualNetwork'),
    ],
  },
  azurerm_network_manager_static_member: {
    type: `${MANAGER}/networkGroups/staticMembers`,
    id: below('network_group_id', 'staticMembers'),
    fields: [copy('target_virtual_network_id', 'properties.resourceId')],
  },
  azurerm_network_manager_security_admin_configuration: {
    type: ADMIN,
    id: below('network_manager_id', 'securityAdminConfigurations'),
    fields: [
      copy('description', 'properties.description'),
      copy('apply_on_network_intent_policy_based_services', 'properties.applyOnNetworkIntentPolicyBasedServices'),
    ],
  },
  azurerm_network_manager_admin_rule_collection: {
    type: `${ADMIN}/ruleCollections`,
    id: below('security_admin_configuration_id', 'ruleCollections'),
    fields: [copy('description', 'properties.description'), groups('properties.appliesToGroups')],
  },
  azurerm_network_manager_admin_rule: {
    type: `${ADMIN}/ruleCollections/rules`,
    id: below('admin_rule_collection_id', 'rules'),
    fields: RULE,
  },
  azurerm_network_manager_connectivity_configuration: {
    type: `${MANAGER}/connectivityConfigurations`,
    id: below('network_manager_id', 'connectivityConfigurations'),
    fields: [
      copy('connectivity_topology', 'properties.connectivityTopology'),
      words('delete_existing_peering_enabled', 'properties.deleteExistingPeering', TEXT),
      words('global_mesh_enabled', 'properties.isGlobal', TEXT),
      many('hub', 'properties.hubs', [copy('resource_id'), copy('resource_type')]),
      many('applies_to_group', 'properties.appliesToGroups', [
        copy('network_group_id'),
        copy('group_connectivity'),
        words('global_mesh_enabled', 'isGlobal', TEXT),
        words('use_hub_gateway', 'useHubGateway', TEXT),
      ]),
    ],
  },
  azurerm_network_manager_routing_configuration: {
    type: ROUTING,
    id: below('network_manager_id', 'routingConfigurations'),
    fields: [copy('description', 'properties.description')],
  },
  azurerm_network_manager_routing_rule_collection: {
    type: `${ROUTING}/ruleCollections`,
    id: below('routing_configuration_id', 'ruleCollections'),
    fields: [
      words('bgp_route_propagation_enabled', 'properties.disableBgpRoutePropagation', { true: 'False', false: 'True' }),
      groups('properties.appliesTo'),
    ],
  },
  azurerm_network_manager_routing_rule: {
    type: `${ROUTING}/ruleCollections/rules`,
    id: below('rule_collection_id', 'rules'),
    fields: [
      copy('description', 'properties.description'),
      one('destination', 'properties.destination', [copy('address', 'destinationAddress'), copy('type')]),
      one('next_hop', 'properties.nextHop', [copy('address', 'nextHopAddress'), copy('type', 'nextHopType')]),
    ],
  },
  azurerm_network_manager_subscription_connection: {
    type: 'Microsoft.Network/networkManagerConnections',
    id: below('subscription_id', 'providers/Microsoft.Network/networkManagerConnections'),
    fields: [copy('network_manager_id', 'properties.networkManagerId')],
  },
  azurerm_network_manager_deployment: {
    type: `${MANAGER}/commits`,
    id: below('network_manager_id', 'commits', (values) => {
      const parts = ['location', 'scope_access'].map((name) => segment(values.get(name), name));
      return parts.join('|');
    }),
    fields: [
      asList('location', 'properties.targetLocations'),
      copy('scope_access', 'properties.commitType'),
      copy('configuration_ids', 'properties.configurationIds'),
    ],
  },
};
