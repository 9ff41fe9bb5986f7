import type { Estate } from '../../azure/drafts.ts';
import { type Draft, type Expression, type Group, isExpression, isList, type Value } from '../../azure/value.ts';
import { code, escaped, type HclValue, quoted } from './hcl.ts';

export interface Writing {
  readonly estate: Estate;
  /** Addresses of the resource groups. */
  readonly groups: ReadonlyMap<Group, string>;
}

export const SUBSCRIPTION_ID = 'data.azurerm_client_config.current.subscription_id';

/** `hubNetwork` → `hub_network` */
export function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `azapi_resource.hub_network` */
export function addressOf({ key }: Draft): string {
  return `azapi_resource.${snake(key)}`;
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
      const id = `${addressOf(writing.estate.byKey.get($.of)!)}.id`;
      return $.part === undefined ? id : `"\${${id}}/${$.part}"`;
    }
    case 'property':
      return `${addressOf(writing.estate.byKey.get($.of)!)}.output.${$.path}`;
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
