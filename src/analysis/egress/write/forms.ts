import type { RuleForm } from '#model/egress.ts';
import type { PlainObject } from '#model/plain.ts';
import { azText } from './az.ts';
import { bicepText } from './bicep.ts';
import { API_VERSION, COLLECTIONS, GROUP_NAME, type NewGroup } from './group.ts';
import type { NewRule } from './new-rules.ts';
import { terraformText } from './terraform.ts';

/** A group of rules as the user deploys it. */
export function textInForm(form: RuleForm, group: NewGroup): string {
  switch (form) {
    case 'arm':
      return armText(group);
    case 'bicep':
      return bicepText(group.policy.name, propertiesOf(group));
    case 'terraform':
      return terraformText(group);
    case 'az':
      return azText(group);
  }
}

function armText(group: NewGroup): string {
  const template: PlainObject = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
        apiVersion: API_VERSION,
        name: `${group.policy.name}/${GROUP_NAME}`,
        properties: propertiesOf(group),
      },
    ],
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

function propertiesOf({ priority, rules }: NewGroup): PlainObject {
  return {
    priority,
    ruleCollections: (['network', 'application'] as const).flatMap((kind) => {
      const own = rules.filter((rule) => rule.kind === kind);
      if (own.length === 0) return [];
      return [
        {
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
          name: COLLECTIONS[kind].name,
          priority: COLLECTIONS[kind].priority,
          action: { type: 'Allow' },
          rules: own.map(ruleObject),
        },
      ];
    }),
  };
}

function ruleObject(rule: NewRule): PlainObject {
  const sourceAddresses = [...rule.sources];
  if (rule.kind === 'application')
    return {
      ruleType: 'ApplicationRule',
      name: rule.name,
      sourceAddresses,
      targetFqdns: [...rule.names],
      protocols: rule.protocols.map(({ type, port }) => ({ protocolType: type, port })),
    };
  return {
    ruleType: 'NetworkRule',
    name: rule.name,
    ipProtocols: [rule.protocol],
    sourceAddresses,
    ...(rule.destinations.length > 0 && { destinationAddresses: [...rule.destinations] }),
    ...(rule.names.length > 0 && { destinationFqdns: [...rule.names] }),
    destinationPorts: [...rule.ports],
  };
}
