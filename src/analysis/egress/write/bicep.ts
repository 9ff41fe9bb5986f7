import type { PlainObject, PlainValue } from '#model/plain.ts';
import { API_VERSION, GROUP_NAME } from './group.ts';

/** A group of rules below a firewall policy that is there already. */
export function bicepText(policy: string, properties: PlainObject): string {
  const type = 'Microsoft.Network/firewallPolicies';
  return [
    `resource policy '${type}@${API_VERSION}' existing = {`,
    `  name: ${quoted(policy)}`,
    '}',
    '',
    `resource ${GROUP_NAME} '${type}/ruleCollectionGroups@${API_VERSION}' = {`,
    '  parent: policy',
    `  name: ${quoted(GROUP_NAME)}`,
    `  properties: ${valueText(properties, '  ')}`,
    '}',
    '',
  ].join('\n');
}

/** "Escape with a backslash: `\`, `'`, and `$` before a brace" (Bicep, string literals). */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('${', '\\${')}'`;
}

function valueText(value: PlainValue, indent: string): string {
  const inner = `${indent}  `;
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value))
    return ['[', ...value.map((each) => `${inner}${valueText(each, inner)}`), `${indent}]`].join('\n');
  if (typeof value !== 'object' || value === null) return `${value}`;
  return [
    '{',
    ...Object.entries(value).map(([key, each]) => `${inner}${key}: ${valueText(each, inner)}`),
    `${indent}}`,
  ].join('\n');
}
