import { clusterPrefixes } from '../plan/address-plan.ts';
import type { Design } from '../plan/design.ts';
import { type OutsideName, requiredNames } from '../plan/outbound.ts';
import { VERSIONS } from './resources.ts';
import type { Draft, ValueObject } from './value.ts';

/** What may leave: the names that the chosen features need, and those that a team named. Everything else is denied. */
export function firewallRules(design: Design): Draft {
  const platform = requiredNames(design.choices);
  const partners = design.choices.outside.map(
    ({ name, port, namespaces }): OutsideName => ({ name, port, protocol: 'TCP', needed: namespaces.join(', ') }),
  );
  const web = [...platform, ...partners].filter(isWeb);
  const other = [...platform, ...partners].filter((each) => !isWeb(each));
  return {
    key: 'firewallRules',
    module: 'firewall',
    group: 'hub',
    type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
    apiVersion: VERSIONS.network,
    parent: 'firewallPolicy',
    name: 'cluster',
    why: 'Exactly the names that the features need, and those that teams named. What is not here is denied.',
    body: {
      properties: {
        priority: 1000,
        ruleCollections: [
          ...(other.length === 0
            ? []
            : [
                collection(
                  'by-address-of-name',
                  1000,
                  other.map((each) => networkRule(design, each)),
                ),
              ]),
          collection(
            'by-name',
            2000,
            grouped(web).map((names) => applicationRule(design, names)),
          ),
        ],
      },
    },
  };
}

/** HTTP and HTTPS are told apart by the name that is asked for; all else by the addresses that the name has. */
function isWeb({ protocol, port }: OutsideName): boolean {
  return protocol === 'TCP' && (port === 443 || port === 80);
}

/** One rule for each feature and port. */
function grouped(names: readonly OutsideName[]): readonly (readonly OutsideName[])[] {
  return [...Map.groupBy(names, ({ needed, port }) => `${needed} ${port}`).values()];
}

function applicationRule(design: Design, names: readonly OutsideName[]): ValueObject {
  const { needed, port } = names[0]!;
  return {
    ruleType: 'ApplicationRule',
    name: ruleName(needed, port),
    sourceAddresses: clusterPrefixes(design),
    targetFqdns: names.map(({ name }) => name),
    protocols: [{ protocolType: port === 80 ? 'Http' : 'Https', port }],
  };
}

function networkRule(design: Design, { name, port, protocol, needed }: OutsideName): ValueObject {
  return {
    ruleType: 'NetworkRule',
    name: `${ruleName(needed, port)}-${name.replace(/[^a-z0-9]+/gi, '-')}`,
    ipProtocols: [protocol],
    sourceAddresses: clusterPrefixes(design),
    destinationFqdns: [name],
    destinationPorts: [`${port}`],
  };
}

/** Names of rules take letters, digits, dashes. */
function ruleName(needed: string, port: number): string {
  const plain = needed.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60);
  return port === 443 ? plain : `${plain}-${port}`;
}

function collection(name: string, priority: number, rules: readonly ValueObject[]): ValueObject {
  return {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name,
    priority,
    action: { type: 'Allow' },
    rules,
  };
}
