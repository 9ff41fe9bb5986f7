import type { AzureValue } from '#model/azure/value.ts';
import { list, object, openObject, scalar, textValue } from '../values.ts';
import {
  blocksOf,
  COMMON,
  copy,
  enabled,
  type Field,
  type From,
  isBlocks,
  many,
  one,
  partRef,
  partRefs,
  put,
  ref,
  within,
} from './fields.ts';
import { firstOf, inGroup } from './ids.ts';
import type { Mappings } from './mapping.ts';

const GATEWAY = 'Microsoft.Network/applicationGateways';
const POLICY = 'Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies';

/** Names and addresses of backends, which ARM has in one list. */
const BACKENDS: Field = (from, to) => {
  const items: AzureValue[] = [];
  for (const [name, key] of [
    ['fqdns', 'fqdn'],
    ['ip_addresses', 'ipAddress'],
  ] as const) {
    const value = firstOf(from.values, name);
    if (value?.kind === 'unsettled') return put(to, 'properties.backendAddresses', value);
    if (value?.kind === 'list') for (const item of value.items) items.push(object(new Map([[key, item]]), item.origin));
  }
  put(to, 'properties.backendAddresses', list(items, from.origin));
};

const POOL: readonly Field[] = [copy('name'), BACKENDS];

const SETTINGS: readonly Field[] = [
  copy('name'),
  copy('port', 'properties.port'),
  copy('protocol', 'properties.protocol'),
  enabled('cookie_based_affinity', 'properties.cookieBasedAffinity'),
  copy('path', 'properties.path'),
  copy('host_name', 'properties.hostName'),
  copy('pick_host_name_from_backend_address', 'properties.pickHostNameFromBackendAddress'),
  copy('request_timeout', 'properties.requestTimeout'),
  partRef('probe_name', 'properties.probe', 'probes'),
  partRefs('trusted_root_certificate_names', 'properties.trustedRootCertificates', 'trustedRootCertificates'),
];

const LISTENER: readonly Field[] = [
  copy('name'),
  partRef('frontend_ip_configuration_name', 'properties.frontendIPConfiguration', 'frontendIPConfigurations'),
  partRef('frontend_port_name', 'properties.frontendPort', 'frontendPorts'),
  copy('protocol', 'properties.protocol'),
  copy('host_name', 'properties.hostName'),
  copy('host_names', 'properties.hostNames'),
  copy('require_sni', 'properties.requireServerNameIndication'),
  partRef('ssl_certificate_name', 'properties.sslCertificate', 'sslCertificates'),
  partRef('ssl_profile_name', 'properties.sslProfile', 'sslProfiles'),
  ref('firewall_policy_id', 'properties.firewallPolicy'),
];

const ROUTING: readonly Field[] = [
  partRef('backend_address_pool_name', 'properties.backendAddressPool', 'backendAddressPools'),
  partRef('backend_http_settings_name', 'properties.backendHttpSettings', 'backendHttpSettingsCollection'),
  partRef('redirect_configuration_name', 'properties.redirectConfiguration', 'redirectConfigurations'),
  partRef('rewrite_rule_set_name', 'properties.rewriteRuleSet', 'rewriteRuleSets'),
];

const DEFAULTS: readonly Field[] = [
  partRef('default_backend_address_pool_name', 'properties.defaultBackendAddressPool', 'backendAddressPools'),
  partRef(
    'default_backend_http_settings_name',
    'properties.defaultBackendHttpSettings',
    'backendHttpSettingsCollection',
  ),
  partRef('default_redirect_configuration_name', 'properties.defaultRedirectConfiguration', 'redirectConfigurations'),
  partRef('default_rewrite_rule_set_name', 'properties.defaultRewriteRuleSet', 'rewriteRuleSets'),
];

const INLINE_FIREWALL: readonly Field[] = [
  copy('enabled'),
  copy('firewall_mode', 'firewallMode'),
  copy('rule_set_type', 'ruleSetType', 'OWASP'),
  copy('rule_set_version', 'ruleSetVersion'),
  copy('request_body_check', 'requestBodyCheck', true),
  copy('file_upload_limit_mb', 'fileUploadLimitInMb'),
  copy('max_request_body_size_kb', 'maxRequestBodySizeInKb'),
  many('disabled_rule_group', 'disabledRuleGroups', [copy('rule_group_name', 'ruleGroupName'), copy('rules')]),
  many('exclusion', 'exclusions', [
    copy('match_variable', 'matchVariable'),
    copy('selector_match_operator', 'selectorMatchOperator'),
    copy('selector'),
  ]),
];

/** Parts have ids that interfaces and other resources name. */
function partIds(from: From, id: string): ReadonlyMap<string, AzureValue> {
  const out = new Map<string, AzureValue>();
  for (const [name, segment] of [
    ['backend_address_pool', 'backendAddressPools'],
    ['frontend_ip_configuration', 'frontendIPConfigurations'],
    ['http_listener', 'httpListeners'],
  ] as const) {
    const blocks = blocksOf(from, name);
    if (blocks === undefined || !isBlocks(blocks) || blocks.length === 0) continue;
    const items = blocks.map(({ values, origin }) => {
      const part = textValue(values.get('name'));
      const entries = new Map(values);
      if (part !== undefined) entries.set('id', scalar(`${id}/${segment}/${part}`, origin));
      return openObject(entries, origin, { expression: name, why: 'made-by-azure' });
    });
    out.set(name, list(items, from.origin));
  }
  return out;
}

const OVERRIDES: Field = many('rule_group_override', 'ruleGroupOverrides', [
  copy('rule_group_name', 'ruleGroupName'),
  many('rule', 'rules', [copy('id', 'ruleId'), enabled('enabled', 'state', false), copy('action')]),
]);

/** Application gateways and the firewall policies on them. */
export const APPLICATION_GATEWAY_MAPPINGS: Mappings = {
  azurerm_application_gateway: {
    type: GATEWAY,
    id: inGroup(GATEWAY),
    fields: [
      ...COMMON,
      one('sku', 'properties.sku', [copy('name'), copy('tier'), copy('capacity')]),
      one('autoscale_configuration', 'properties.autoscaleConfiguration', [copy('min_capacity'), copy('max_capacity')]),
      copy('http2_enabled|enable_http2', 'properties.enableHttp2'),
      copy('fips_enabled', 'properties.enableFips'),
      ref('firewall_policy_id', 'properties.firewallPolicy'),
      copy('force_firewall_policy_association', 'properties.forceFirewallPolicyAssociation'),
      one('waf_configuration', 'properties.webApplicationFirewallConfiguration', INLINE_FIREWALL),
      one('ssl_policy', 'properties.sslPolicy', [
        copy('policy_type'),
        copy('policy_name'),
        copy('min_protocol_version'),
        copy('cipher_suites'),
        copy('disabled_protocols', 'disabledSslProtocols'),
      ]),
      many('gateway_ip_configuration', 'properties.gatewayIPConfigurations', [
        copy('name'),
        ref('subnet_id', 'properties.subnet'),
      ]),
      many('frontend_ip_configuration', 'properties.frontendIPConfigurations', [
        copy('name'),
        ref('subnet_id', 'properties.subnet'),
        copy('private_ip_address', 'properties.privateIPAddress'),
        copy('private_ip_address_allocation', 'properties.privateIPAllocationMethod'),
        ref('public_ip_address_id', 'properties.publicIPAddress'),
        partRef('private_link_configuration_name', 'properties.privateLinkConfiguration', 'privateLinkConfigurations'),
      ]),
      many('frontend_port', 'properties.frontendPorts', [copy('name'), copy('port', 'properties.port')]),
      many('backend_address_pool', 'properties.backendAddressPools', POOL),
      many('backend_http_settings', 'properties.backendHttpSettingsCollection', SETTINGS),
      many('http_listener', 'properties.httpListeners', LISTENER),
      many('request_routing_rule', 'properties.requestRoutingRules', [
        copy('name'),
        copy('rule_type', 'properties.ruleType'),
        copy('priority', 'properties.priority'),
        partRef('http_listener_name', 'properties.httpListener', 'httpListeners'),
        partRef('url_path_map_name', 'properties.urlPathMap', 'urlPathMaps'),
        ...ROUTING,
      ]),
      many('url_path_map', 'properties.urlPathMaps', [
        copy('name'),
        ...DEFAULTS,
        many('path_rule', 'properties.pathRules', [
          copy('name'),
          copy('paths', 'properties.paths'),
          ref('firewall_policy_id', 'properties.firewallPolicy'),
          ...ROUTING,
        ]),
      ]),
      many('probe', 'properties.probes', [
        copy('name'),
        copy('protocol', 'properties.protocol'),
        copy('host', 'properties.host'),
        copy('path', 'properties.path'),
        copy('port', 'properties.port'),
        copy('interval', 'properties.interval'),
        copy('timeout', 'properties.timeout'),
        copy('unhealthy_threshold', 'properties.unhealthyThreshold'),
        copy('pick_host_name_from_backend_http_settings', 'properties.pickHostNameFromBackendHttpSettings'),
      ]),
      many('redirect_configuration', 'properties.redirectConfigurations', [
        copy('name'),
        copy('redirect_type', 'properties.redirectType'),
        partRef('target_listener_name', 'properties.targetListener', 'httpListeners'),
        copy('target_url', 'properties.targetUrl'),
        copy('include_path', 'properties.includePath'),
        copy('include_query_string', 'properties.includeQueryString'),
      ]),
      many('ssl_certificate', 'properties.sslCertificates', [
        copy('name'),
        copy('key_vault_secret_id', 'properties.keyVaultSecretId'),
      ]),
      many('trusted_root_certificate', 'properties.trustedRootCertificates', [
        copy('name'),
        copy('key_vault_secret_id', 'properties.keyVaultSecretId'),
      ]),
      many('private_link_configuration', 'properties.privateLinkConfigurations', [
        copy('name'),
        many('ip_configuration', 'properties.ipConfigurations', [
          copy('name'),
          ref('subnet_id', 'properties.subnet'),
          copy('private_ip_address_allocation', 'properties.privateIPAllocationMethod'),
          copy('primary', 'properties.primary'),
        ]),
      ]),
      one('global', 'properties.globalConfiguration', [
        copy('request_buffering_enabled', 'enableRequestBuffering'),
        copy('response_buffering_enabled', 'enableResponseBuffering'),
      ]),
    ],
    computed: partIds,
  },
  azurerm_web_application_firewall_policy: {
    type: POLICY,
    id: inGroup(POLICY),
    fields: [
      ...COMMON,
      within('policy_settings', 'properties.policySettings', [
        enabled('enabled', 'properties.policySettings.state', true),
        copy('mode', 'properties.policySettings.mode', 'Prevention'),
        copy('request_body_check', 'properties.policySettings.requestBodyCheck', true),
        copy('request_body_enforcement', 'properties.policySettings.requestBodyEnforcement'),
        copy('file_upload_enforcement', 'properties.policySettings.fileUploadEnforcement'),
        copy('file_upload_limit_in_mb', 'properties.policySettings.fileUploadLimitInMb'),
        copy('max_request_body_size_in_kb', 'properties.policySettings.maxRequestBodySizeInKb'),
        copy('request_body_inspect_limit_in_kb', 'properties.policySettings.requestBodyInspectLimitInKB'),
        copy(
          'js_challenge_cookie_expiration_in_minutes',
          'properties.policySettings.jsChallengeCookieExpirationInMins',
        ),
      ]),
      many('custom_rules', 'properties.customRules', [
        copy('name'),
        copy('priority'),
        copy('rule_type'),
        copy('action'),
        enabled('enabled', 'state', true),
        copy('rate_limit_duration'),
        copy('rate_limit_threshold'),
        many('match_conditions', 'matchConditions', [
          many('match_variables', 'matchVariables', [copy('variable_name'), copy('selector')]),
          copy('operator'),
          // The misspelling is ARM's own name of the property.
          copy('negation_condition', 'negationConditon'),
          copy('match_values'),
          copy('transforms'),
        ]),
      ]),
      within('managed_rules', 'properties.managedRules', [
        many('exclusion', 'properties.managedRules.exclusions', [
          copy('match_variable'),
          copy('selector'),
          copy('selector_match_operator'),
        ]),
        many('managed_rule_set', 'properties.managedRules.managedRuleSets', [
          copy('type', 'ruleSetType', 'OWASP'),
          copy('version', 'ruleSetVersion'),
          OVERRIDES,
        ]),
      ]),
    ],
  },
};
