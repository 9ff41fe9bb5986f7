import { COLLECTIONS, GROUP_NAME, isOpenId, type NewGroup } from './group.ts';
import type { NewRule } from './new-rules.ts';

/** A rule collection group of the provider azurerm. */
export function terraformText({ policy, priority, rules }: NewGroup): string {
  const open = isOpenId(policy.id);
  const variable = ['variable "firewall_policy_id" {', '  type = string', '}', ''];
  const group = `azurerm_firewall_policy_rule_collection_group" "${GROUP_NAME}`;
  return [
    ...(open ? variable : []),
    `resource "${group}" {`,
    `  name               = ${quoted(GROUP_NAME)}`,
    `  firewall_policy_id = ${open ? 'var.firewall_policy_id' : quoted(policy.id)}`,
    `  priority           = ${priority}`,
    ...(['network', 'application'] as const).flatMap((kind) =>
      collectionLines(
        kind,
        rules.filter((rule) => rule.kind === kind),
      ),
    ),
    '}',
    '',
  ].join('\n');
}

function collectionLines(kind: NewRule['kind'], rules: readonly NewRule[]): string[] {
  if (rules.length === 0) return [];
  const { name, priority } = COLLECTIONS[kind];
  return [
    '',
    `  ${kind}_rule_collection {`,
    `    name     = ${quoted(name)}`,
    `    priority = ${priority}`,
    '    action   = "Allow"',
    ...rules.flatMap((rule) => [
      '',
      '    rule {',
      ...ruleLines(rule).map((line) => (line === '' ? '' : `      ${line}`)),
      '    }',
    ]),
    '  }',
  ];
}

function ruleLines(rule: NewRule): string[] {
  if (rule.kind === 'application')
    return [
      ...aligned([
        ['name', quoted(rule.name)],
        ['source_addresses', listed(rule.sources)],
        ['destination_fqdns', listed(rule.names)],
      ]),
      ...rule.protocols.flatMap(({ type, port }) => [
        '',
        'protocols {',
        `  type = ${quoted(type)}`,
        `  port = ${port}`,
        '}',
      ]),
    ];
  return aligned([
    ['name', quoted(rule.name)],
    ['protocols', listed([rule.protocol])],
    ['source_addresses', listed(rule.sources)],
    ...(rule.destinations.length > 0 ? [['destination_addresses', listed(rule.destinations)] as const] : []),
    ...(rule.names.length > 0 ? [['destination_fqdns', listed(rule.names)] as const] : []),
    ['destination_ports', listed(rule.ports)],
  ]);
}

function aligned(fields: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)} = ${value}`);
}

function listed(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/** HCL, quoted strings: `"`, `\` and the beginnings of templates are escaped. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('${', '$${').replaceAll('%{', '%%{')}"`;
}
