import type { Design } from '../../plan/design.ts';
import { placed, VERSIONS } from '../resources.ts';
import type { Draft } from '../value.ts';

/** The policy of a gateway in the network: what its rules find is refused, in bodies too. */
export function gatewayFirewall(design: Design): Draft {
  const isContainers = design.choices.waf === 'containers';
  return {
    key: 'webFirewall',
    module: 'way-in',
    group: 'spoke',
    type: 'Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies',
    apiVersion: VERSIONS.network,
    name: design.names.of('waf').replaceAll('-', ''),
    why: 'Prevention: requests that the rules find are refused, and bodies are looked at.',
    body: placed(design, {
      properties: {
        policySettings: {
          state: 'Enabled',
          mode: 'Prevention',
          requestBodyCheck: true,
          maxRequestBodySizeInKb: 128,
          fileUploadLimitInMb: 100,
        },
        managedRules: {
          managedRuleSets: [
            { ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.1' },
            { ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: isContainers ? '1.0' : '1.1' },
          ],
        },
      },
    }),
  };
}
