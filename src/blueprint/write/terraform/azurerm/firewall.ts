import { copy, type Field, type From, filled, LOCATION, many, one, sent, TAGS, type To } from './fields.ts';
import { belowId, inGroup, type Mappings } from './mapping.ts';

const SOURCES: readonly Field[] = [
  copy('name', 'name'),
  copy('description', 'description'),
  copy('source_addresses', 'sourceAddresses'),
  copy('source_ip_groups', 'sourceIpGroups'),
];

const NETWORK_RULE: readonly Field[] = [
  sent('ruleType', 'NetworkRule'),
  ...SOURCES,
  copy('protocols', 'ipProtocols'),
  copy('destination_addresses', 'destinationAddresses'),
  copy('destination_ip_groups', 'destinationIpGroups'),
  copy('destination_fqdns', 'destinationFqdns'),
  copy('destination_ports', 'destinationPorts'),
];

const APPLICATION_RULE: readonly Field[] = [
  sent('ruleType', 'ApplicationRule'),
  ...SOURCES,
  copy('destination_fqdns', 'targetFqdns'),
  copy('destination_fqdn_tags', 'fqdnTags'),
  copy('destination_urls', 'targetUrls'),
  copy('terminate_tls', 'terminateTLS'),
  many('protocols', 'protocols', [copy('type', 'protocolType'), copy('port', 'port')]),
];

/** One kind of block for each kind of rule, where ARM has one list of collections. */
const KINDS = [
  { block: 'network_rule_collection', ruleType: 'NetworkRule', rule: NETWORK_RULE },
  { block: 'application_rule_collection', ruleType: 'ApplicationRule', rule: APPLICATION_RULE },
] as const;

/** A collection of another kind, or of rules of two kinds, is left. */
function collections(from: From, to: To): void {
  for (const item of from.each('properties.ruleCollections')) {
    const collection: From = { ...item, hcl: from.hcl };
    const types = new Set(collection.each('rules').map((rule) => rule.see('ruleType')));
    const kind = KINDS.find(({ ruleType }) => types.size === 1 && types.has(ruleType));
    if (kind === undefined || collection.see('ruleCollectionType') !== FILTER) continue;
    const body = filled(collection, [
      sent('ruleCollectionType', FILTER),
      copy('name', 'name'),
      copy('priority', 'priority'),
      copy('action', 'action.type'),
      many('rule', 'rules', kind.rule),
    ]);
    to.blocks.push({ type: kind.block, body });
  }
}

const FILTER = 'FirewallPolicyFilterRuleCollection';

const CONFIGURATION: readonly Field[] = [
  copy('name', 'name'),
  copy('subnet_id', 'properties.subnet.id'),
  copy('public_ip_address_id', 'properties.publicIPAddress.id'),
];

/** Azure Firewall, its policies and their rules. */
export const FIREWALL_MAPPINGS: Mappings = {
  'Microsoft.Network/azureFirewalls': {
    type: 'azurerm_firewall',
    place: inGroup,
    fields: [
      LOCATION,
      copy('sku_name', 'properties.sku.name'),
      copy('sku_tier', 'properties.sku.tier'),
      copy('firewall_policy_id', 'properties.firewallPolicy.id'),
      copy('zones', 'zones'),
      TAGS,
      many('ip_configuration', 'properties.ipConfigurations', CONFIGURATION),
    ],
  },
  'Microsoft.Network/firewallPolicies': {
    type: 'azurerm_firewall_policy',
    place: inGroup,
    fields: [
      LOCATION,
      copy('sku', 'properties.sku.tier'),
      copy('threat_intelligence_mode', 'properties.threatIntelMode'),
      TAGS,
      one('dns', 'properties.dnsSettings', [copy('proxy_enabled', 'enableProxy'), copy('servers', 'servers')]),
      one('intrusion_detection', 'properties.intrusionDetection', [copy('mode', 'mode')]),
    ],
  },
  'Microsoft.Network/firewallPolicies/ruleCollectionGroups': {
    type: 'azurerm_firewall_policy_rule_collection_group',
    place: belowId('firewall_policy_id'),
    fields: [copy('priority', 'properties.priority'), collections],
  },
};
