import type { AzureValue } from '#model/azure/value.ts';
import { list, object, scalar, textValue, unsettledPart } from '../values.ts';
import {
  asList,
  blocksOf,
  COMMON,
  copy,
  enabled,
  type Field,
  type From,
  fixed,
  isBlocks,
  made as makeOf,
  many,
  one,
  put,
  ref,
  within,
} from './fields.ts';
import { below, firstOf, type IdRule, inGroup, segment } from './ids.ts';
import type { Mapping, Mappings } from './mapping.ts';

const FIREWALL = 'Microsoft.Network/azureFirewalls';
const POLICY = 'Microsoft.Network/firewallPolicies';

const SOURCES: readonly Field[] = [
  copy('name'),
  copy('description'),
  copy('source_addresses', 'sourceAddresses'),
  copy('source_ip_groups', 'sourceIpGroups'),
];

const NETWORK_RULE: readonly Field[] = [
  ...SOURCES,
  copy('destination_addresses'),
  copy('destination_ip_groups', 'destinationIpGroups'),
  copy('destination_fqdns', 'destinationFqdns'),
  copy('destination_ports'),
];

const PROTOCOLS: Field = many('protocols|protocol', 'protocols', [copy('type', 'protocolType'), copy('port')]);

const APPLICATION_RULE: readonly Field[] = [
  fixed('ruleType', 'ApplicationRule'),
  ...SOURCES,
  copy('destination_addresses'),
  copy('destination_fqdns', 'targetFqdns'),
  copy('destination_urls', 'targetUrls'),
  copy('destination_fqdn_tags', 'fqdnTags'),
  copy('web_categories'),
  copy('terminate_tls', 'terminateTLS'),
  PROTOCOLS,
  many('http_headers', 'httpHeadersToInsert', [copy('name', 'headerName'), copy('value', 'headerValue')]),
];

/** A NAT rule names one address and one port where ARM has lists. */
const NAT_RULE: readonly Field[] = [
  fixed('ruleType', 'NatRule'),
  ...SOURCES,
  copy('protocols', 'ipProtocols'),
  asList('destination_address', 'destinationAddresses'),
  copy('destination_ports'),
  copy('translated_address', 'translatedAddress'),
  copy('translated_fqdn', 'translatedFqdn'),
  copy('translated_port', 'translatedPort'),
];

/** One block type of Terraform for each kind of rule; ARM has one list of collections. */
function collections(from: From): readonly AzureValue[] {
  const kinds = [
    { name: 'nat_rule_collection', type: 'FirewallPolicyNatRuleCollection', rule: NAT_RULE },
    {
      name: 'network_rule_collection',
      type: 'FirewallPolicyFilterRuleCollection',
      rule: [fixed('ruleType', 'NetworkRule'), ...NETWORK_RULE, copy('protocols', 'ipProtocols')],
    },
    { name: 'application_rule_collection', type: 'FirewallPolicyFilterRuleCollection', rule: APPLICATION_RULE },
  ];
  return kinds.flatMap(({ name, type, rule }) => {
    const blocks = blocksOf(from, name);
    if (blocks === undefined) return [];
    if (!isBlocks(blocks)) return [blocks];
    return blocks.map((block) =>
      makeOf(block, [
        copy('name'),
        fixed('ruleCollectionType', type),
        copy('priority'),
        copy('action', 'action.type'),
        many('rule', 'rules', rule),
      ]),
    );
  });
}

const COLLECTIONS: Field = (from, to) => {
  const all = collections(from);
  const open = all.find((each) => each.kind === 'unsettled');
  if (open !== undefined) put(to, 'properties.ruleCollections', open);
  else put(to, 'properties.ruleCollections', list(all, from.origin));
};

/** A classic collection is a resource to Terraform and a part of its firewall to ARM. */
function classic(property: string, rules: readonly Field[]): Mapping {
  const fields: readonly Field[] = [
    copy('name'),
    copy('priority', 'properties.priority'),
    copy('action', 'properties.action.type'),
    many('rule', 'properties.rules', rules),
  ];
  return {
    id: belowFirewall(property),
    more: (made) => {
      const id = firewallId(made.values, { subscription: made.resource.subscription, address: made.resource.address });
      const target: AzureValue = { kind: 'scalar', value: id, origin: made.origin };
      const value = makeOf(made, fields);
      return { edits: [{ target, type: FIREWALL, path: ['properties', property], how: 'append', value }] };
    },
  };
}

const firewallId: IdRule = (values, place) => {
  const name = values.get('azure_firewall_name');
  const named = new Map(values);
  if (name !== undefined) named.set('name', name);
  return inGroup(FIREWALL)(named, { ...place, address: `${place.address}.azure_firewall` });
};

function belowFirewall(property: string): IdRule {
  return (values, place) =>
    `${firewallId(values, place)}/${property}/${segment(values.get('name'), `${place.address}.name`)}`;
}

const CONFIGURATION: readonly Field[] = [
  copy('name'),
  ref('subnet_id', 'properties.subnet'),
  ref('public_ip_address_id', 'properties.publicIPAddress'),
];

const HUB: Field = within('virtual_hub', 'properties.virtualHub', [
  ref('virtual_hub_id', 'properties.virtualHub'),
  copy('public_ip_count', 'properties.hubIPAddresses.publicIPs.count'),
]);

/** What classic firewalls say of DNS and SNAT, which ARM keeps as text under names with dots. */
const EXTRA: Field = (from, to) => {
  const entries = new Map<string, AzureValue>();
  for (const [name, property] of [
    ['dns_proxy_enabled', 'Network.DNS.EnableProxy'],
    ['dns_servers', 'Network.DNS.Servers'],
    ['private_ip_ranges', 'Network.SNAT.PrivateRanges'],
  ] as const) {
    const value = firstOf(from.values, name);
    if (value !== undefined) entries.set(property, asText(value));
  }
  if (entries.size > 0) put(to, 'properties.additionalProperties', object(entries, from.origin));
};

function asText(value: AzureValue): AzureValue {
  const open = unsettledPart(value);
  if (open !== undefined || value.kind === 'object') return open ?? value;
  const text = value.kind === 'list' ? value.items.map(textValue).join(',') : String(textValue(value));
  return scalar(text, value.origin);
}

/** Azure Firewall, its policies and rules, and IP groups. */
export const FIREWALL_MAPPINGS: Mappings = {
  azurerm_firewall: {
    type: FIREWALL,
    id: inGroup(FIREWALL),
    fields: [
      ...COMMON,
      copy('sku_name', 'properties.sku.name'),
      copy('sku_tier', 'properties.sku.tier'),
      ref('firewall_policy_id', 'properties.firewallPolicy'),
      copy('threat_intel_mode', 'properties.threatIntelMode'),
      EXTRA,
      many('ip_configuration', 'properties.ipConfigurations', CONFIGURATION),
      one('management_ip_configuration', 'properties.managementIpConfiguration', CONFIGURATION),
      HUB,
    ],
  },
  azurerm_firewall_policy: {
    type: POLICY,
    id: inGroup(POLICY),
    fields: [
      ...COMMON,
      copy('sku', 'properties.sku.tier', 'Standard'),
      ref('base_policy_id', 'properties.basePolicy'),
      copy('threat_intelligence_mode', 'properties.threatIntelMode', 'Alert'),
      within('threat_intelligence_allowlist', 'properties.threatIntelWhitelist', [
        copy('fqdns', 'properties.threatIntelWhitelist.fqdns'),
        copy('ip_addresses', 'properties.threatIntelWhitelist.ipAddresses'),
      ]),
      within('dns', 'properties.dnsSettings', [
        copy('proxy_enabled', 'properties.dnsSettings.enableProxy', false),
        copy('servers', 'properties.dnsSettings.servers'),
      ]),
      copy('private_ip_ranges', 'properties.snat.privateRanges'),
      enabled('auto_learn_private_ranges_enabled', 'properties.snat.autoLearnPrivateRanges'),
      copy('sql_redirect_allowed', 'properties.sql.allowSqlRedirect'),
      within('explicit_proxy', 'properties.explicitProxy', [
        copy('enabled', 'properties.explicitProxy.enableExplicitProxy'),
        copy('http_port', 'properties.explicitProxy.httpPort'),
        copy('https_port', 'properties.explicitProxy.httpsPort'),
      ]),
      within('insights', 'properties.insights', [
        copy('enabled', 'properties.insights.isEnabled'),
        copy('retention_in_days', 'properties.insights.retentionDays'),
        ref('default_log_analytics_workspace_id', 'properties.insights.logAnalyticsResources.defaultWorkspaceId'),
      ]),
      within('intrusion_detection', 'properties.intrusionDetection', [
        copy('mode', 'properties.intrusionDetection.mode', 'Off'),
        copy('private_ranges', 'properties.intrusionDetection.configuration.privateRanges'),
        many('signature_overrides', 'properties.intrusionDetection.configuration.signatureOverrides', [
          copy('id'),
          copy('state', 'mode'),
        ]),
        many('traffic_bypass', 'properties.intrusionDetection.configuration.bypassTrafficSettings', [
          ...SOURCES,
          copy('protocol'),
          copy('destination_addresses'),
          copy('destination_ip_groups', 'destinationIpGroups'),
          copy('destination_ports'),
        ]),
      ]),
      within('tls_certificate', 'properties.transportSecurity', [
        copy('name', 'properties.transportSecurity.certificateAuthority.name'),
        copy('key_vault_secret_id', 'properties.transportSecurity.certificateAuthority.keyVaultSecretId'),
      ]),
    ],
  },
  azurerm_firewall_policy_rule_collection_group: {
    type: `${POLICY}/ruleCollectionGroups`,
    id: below('firewall_policy_id', 'ruleCollectionGroups'),
    fields: [copy('priority', 'properties.priority'), COLLECTIONS],
  },
  azurerm_firewall_network_rule_collection: classic('networkRuleCollections', [...NETWORK_RULE, copy('protocols')]),
  azurerm_firewall_nat_rule_collection: classic('natRuleCollections', [
    ...SOURCES,
    copy('destination_addresses'),
    copy('destination_ports'),
    copy('protocols'),
    copy('translated_address', 'translatedAddress'),
    copy('translated_port', 'translatedPort'),
  ]),
  azurerm_firewall_application_rule_collection: classic('applicationRuleCollections', [
    ...SOURCES,
    copy('fqdn_tags'),
    copy('target_fqdns', 'targetFqdns'),
    PROTOCOLS,
  ]),
  azurerm_ip_group: {
    type: 'Microsoft.Network/ipGroups',
    id: inGroup('Microsoft.Network/ipGroups'),
    fields: [...COMMON, copy('cidrs', 'properties.ipAddresses')],
  },
  azurerm_ip_group_cidr: {
    id: below('ip_group_id', 'cidrs', (values) => {
      const cidr = values.get('cidr');
      return segment(cidr, 'cidr');
    }),
    more: ({ values }) => {
      const [target, value] = [values.get('ip_group_id'), values.get('cidr')];
      if (target === undefined || value === undefined) return {};
      const path = ['properties', 'ipAddresses'];
      return { edits: [{ target, type: 'Microsoft.Network/ipGroups', path, how: 'append', value }] };
    },
  },
};
