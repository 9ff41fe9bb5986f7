import type { Estate } from '../../azure/drafts.ts';
import {
  type Draft,
  type Expression,
  expressionsIn,
  type Group,
  isExpression,
  isList,
  type Value,
} from '../../azure/value.ts';
import { code, escaped, type HclValue, quoted } from './hcl.ts';

export interface Writing {
  readonly estate: Estate;
  /** Addresses of the resource groups. */
  readonly groups: ReadonlyMap<Group, string>;
  /** How a resource is called in Terraform, by the key of its draft. */
  readonly named: (key: string) => Named;
}

/** What others say of a resource. */
export interface Named {
  /** `azurerm_firewall.firewall` */
  readonly address: string;
  /** What Azure decides, as an expression: `properties.principalId`. */
  readonly attribute: (path: string) => string;
  /** A part that is a resource of its own in Terraform. */
  readonly part: (part: string) => NamedPart | undefined;
}

export interface NamedPart {
  readonly address: string;
  /** Addresses of what has to be there before the part is used. */
  readonly ready: readonly string[];
}

export const SUBSCRIPTION_ID = 'data.azurerm_client_config.current.subscription_id';

/** `hubNetwork` → `hub_network` */
export function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What a resource waits for that its text does not name, and what makes the parts ready that it uses. */
export function waitsFor(
  writing: Writing,
  { name, body, after = [] }: Pick<Draft, 'name' | 'body' | 'after'>,
): readonly string[] {
  const addresses = new Set(after.map((key) => writing.named(key).address));
  for (const value of [name, body])
    for (const { $ } of expressionsIn(value))
      if ($.kind === 'id' && $.part !== undefined)
        for (const address of writing.named($.of).part($.part)?.ready ?? []) addresses.add(address);
  return [...addresses];
}

/** A value of a body as HCL. */
export function hclOf(writing: Writing, value: Value): HclValue {
  if (typeof value !== 'object') return value;
  if (isExpression(value)) return code(expressionCode(writing, value));
  if (isList(value)) return value.map((each) => hclOf(writing, each));
  return { object: Object.entries(value).map(([key, each]) => [key, hclOf(writing, each)]) };
}

function expressionCode(writing: Writing, expression: Expression): string {
  const { $ } = expression;
  switch ($.kind) {
    case 'id': {
      const { address, part } = writing.named($.of);
      if ($.part === undefined) return `${address}.id`;
      const own = part($.part);
      return own === undefined ? `"\${${address}.id}/${$.part}"` : `${own.address}.id`;
    }
    case 'own':
      return `"${ownId(writing, $.of)}/${$.part}"`;
    case 'property':
      return writing.named($.of).attribute($.path);
    case 'parameter':
      return `var.${snake($.name)}`;
    case 'subscription':
      return SUBSCRIPTION_ID;
    case 'tenant':
      return 'data.azurerm_client_config.current.tenant_id';
    case 'text':
      return `"${$.parts.map((part) => (typeof part === 'string' ? escaped(part) : `\${${expressionCode(writing, part)}}`)).join('')}"`;
    case 'guid': {
      const parts = $.parts.map((part) => (typeof part === 'string' ? quoted(part) : expressionCode(writing, part)));
      return `uuidv5("oid", join("-", [${parts.join(', ')}]))`;
    }
  }
}

/** A resource cannot name itself: its group, type and name make the same id. */
function ownId({ estate, groups }: Writing, key: string): string {
  const { type, name, group, parent } = estate.byKey.get(key)!;
  if (group === 'subscription' || parent !== undefined || typeof name !== 'string')
    throw new Error(`${key} has parts that it names itself, and is no resource of a group`);
  return `\${${groups.get(group)!}.id}/providers/${type}/${name}`;
}
