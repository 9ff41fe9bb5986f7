import type { AzureValue } from '#model/azure/value.ts';
import { list, object } from '../values.ts';
import { copy, enabled, type Field, many, one, put, ref, refs, within, words } from './fields.ts';
import { below, firstOf, inGroup } from './ids.ts';
import type { Mappings } from './mapping.ts';

const PROFILE = 'Microsoft.Cdn/profiles';
const POLICY = 'Microsoft.Network/frontDoorWebApplicationFirewallPolicies';

/** Rules of a firewall policy stand beside its settings in Terraform. */
const CUSTOM_RULES: Field = many('custom_rule', 'properties.customRules.rules', [
  copy('name'),
  copy('priority'),
  copy('type', 'ruleType'),
  copy('action'),
  enabled('enabled', 'enabledState', true),
  copy('rate_limit_duration_in_minutes'),
  copy('rate_limit_threshold'),
  many('match_condition', 'matchConditions', [
    copy('match_variable'),
    copy('selector'),
    copy('operator'),
    copy('negation_condition', 'negateCondition'),
    copy('match_values', 'matchValue'),
    copy('transforms'),
  ]),
]);

const EXCLUSIONS: Field = many('exclusion', 'exclusions', [
  copy('match_variable'),
  copy('operator', 'selectorMatchOperator'),
  copy('selector'),
]);

const ASSOCIATIONS: Field = many('association', 'associations', [
  many('domain', 'domains', [copy('cdn_frontdoor_domain_id', 'id')]),
  copy('patterns_to_match'),
]);

/** Domains are tied to a route on both sides; ARM has them on the route. */
const DOMAINS: Field = (from, to) => {
  const ids = firstOf(from.values, 'cdn_frontdoor_custom_domain_ids');
  if (ids === undefined) return;
  if (ids.kind !== 'list') return put(to, 'properties.customDomains', ids);
  const items = ids.items.map((id) => object(new Map<string, AzureValue>([['id', id]]), id.origin));
  put(to, 'properties.customDomains', list(items, ids.origin));
};

/** Azure Front Door Standard and Premium. */
export const FRONT_DOOR_MAPPINGS: Mappings = {
  azurerm_cdn_frontdoor_profile: {
    type: PROFILE,
    id: inGroup(PROFILE),
    fields: [
      copy('tags'),
      copy('sku_name', 'sku.name'),
      copy('response_timeout_seconds', 'properties.originResponseTimeoutSeconds'),
    ],
  },
  azurerm_cdn_frontdoor_endpoint: {
    type: `${PROFILE}/afdEndpoints`,
    id: below('cdn_frontdoor_profile_id', 'afdEndpoints'),
    fields: [copy('tags'), enabled('enabled', 'properties.enabledState', true)],
  },
  azurerm_cdn_frontdoor_origin_group: {
    type: `${PROFILE}/originGroups`,
    id: below('cdn_frontdoor_profile_id', 'originGroups'),
    fields: [
      enabled('session_affinity_enabled', 'properties.sessionAffinityState', true),
      one('health_probe', 'properties.healthProbeSettings', [
        copy('protocol', 'probeProtocol'),
        copy('path', 'probePath'),
        copy('request_type', 'probeRequestType'),
        copy('interval_in_seconds', 'probeIntervalInSeconds'),
      ]),
    ],
  },
  azurerm_cdn_frontdoor_origin: {
    type: `${PROFILE}/originGroups/origins`,
    id: below('cdn_frontdoor_origin_group_id', 'origins'),
    fields: [
      copy('host_name', 'properties.hostName'),
      copy('http_port', 'properties.httpPort', 80),
      copy('https_port', 'properties.httpsPort', 443),
      copy('origin_host_header', 'properties.originHostHeader'),
      copy('priority', 'properties.priority', 1),
      copy('weight', 'properties.weight', 500),
      enabled('enabled', 'properties.enabledState', true),
      copy('certificate_name_check_enabled', 'properties.enforceCertificateNameCheck'),
      within('private_link', 'properties.sharedPrivateLinkResource', [
        ref('private_link_target_id', 'properties.sharedPrivateLinkResource.privateLink'),
        copy('location', 'properties.sharedPrivateLinkResource.privateLinkLocation'),
        copy('target_type', 'properties.sharedPrivateLinkResource.groupId'),
        copy('request_message', 'properties.sharedPrivateLinkResource.requestMessage'),
      ]),
    ],
  },
  azurerm_cdn_frontdoor_route: {
    type: `${PROFILE}/afdEndpoints/routes`,
    id: below('cdn_frontdoor_endpoint_id', 'routes'),
    fields: [
      ref('cdn_frontdoor_origin_group_id', 'properties.originGroup'),
      DOMAINS,
      refs('cdn_frontdoor_rule_set_ids', 'properties.ruleSets'),
      copy('patterns_to_match', 'properties.patternsToMatch'),
      copy('supported_protocols', 'properties.supportedProtocols'),
      copy('forwarding_protocol', 'properties.forwardingProtocol', 'MatchRequest'),
      copy('cdn_frontdoor_origin_path', 'properties.originPath'),
      enabled('https_redirect_enabled', 'properties.httpsRedirect', true),
      enabled('link_to_default_domain', 'properties.linkToDefaultDomain', true),
      enabled('enabled', 'properties.enabledState', true),
    ],
  },
  azurerm_cdn_frontdoor_custom_domain: {
    type: `${PROFILE}/customDomains`,
    id: below('cdn_frontdoor_profile_id', 'customDomains'),
    fields: [
      copy('host_name', 'properties.hostName'),
      ref('dns_zone_id', 'properties.azureDnsZone'),
      within('tls', 'properties.tlsSettings', [
        copy('certificate_type', 'properties.tlsSettings.certificateType'),
        copy('minimum_version|minimum_tls_version', 'properties.tlsSettings.minimumTlsVersion'),
        ref('cdn_frontdoor_secret_id', 'properties.tlsSettings.secret'),
      ]),
    ],
  },
  azurerm_cdn_frontdoor_rule_set: {
    type: `${PROFILE}/ruleSets`,
    id: below('cdn_frontdoor_profile_id', 'ruleSets'),
    fields: [],
  },
  azurerm_cdn_frontdoor_security_policy: {
    type: `${PROFILE}/securityPolicies`,
    id: below('cdn_frontdoor_profile_id', 'securityPolicies'),
    fields: [
      within('security_policies', 'properties.parameters', [
        within('firewall', 'properties.parameters', [
          words('type', 'properties.parameters.type', { otherwise: 'WebApplicationFirewall' }),
          ref('cdn_frontdoor_firewall_policy_id', 'properties.parameters.wafPolicy'),
          (from, to) => {
            const inner = { entries: new Map(), origin: from.origin };
            ASSOCIATIONS(from, inner);
            const made = inner.entries.get('associations');
            if (made !== undefined && 'kind' in made) put(to, 'properties.parameters.associations', made);
          },
        ]),
      ]),
    ],
  },
  azurerm_cdn_frontdoor_firewall_policy: {
    type: POLICY,
    id: inGroup(POLICY),
    fields: [
      copy('tags'),
      copy('sku_name', 'sku.name'),
      enabled('enabled', 'properties.policySettings.enabledState', true),
      copy('mode', 'properties.policySettings.mode'),
      enabled('request_body_check_enabled', 'properties.policySettings.requestBodyCheck', true),
      copy('redirect_url', 'properties.policySettings.redirectUrl'),
      copy('custom_block_response_status_code', 'properties.policySettings.customBlockResponseStatusCode'),
      CUSTOM_RULES,
      many('managed_rule', 'properties.managedRules.managedRuleSets', [
        copy('type', 'ruleSetType'),
        copy('version', 'ruleSetVersion'),
        copy('action', 'ruleSetAction'),
        EXCLUSIONS,
        many('override', 'ruleGroupOverrides', [
          copy('rule_group_name'),
          EXCLUSIONS,
          many('rule', 'rules', [
            copy('rule_id'),
            copy('action'),
            enabled('enabled', 'enabledState', false),
            EXCLUSIONS,
          ]),
        ]),
      ]),
    ],
  },
};
