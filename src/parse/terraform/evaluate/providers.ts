import { OPEN_SUBSCRIPTION } from '#model/azure/resource.ts';
import type { Block, Expression } from '../hcl/syntax.ts';
import { textValue } from '../values.ts';
import { attributeOf, type ModuleConfig } from './config.ts';
import { evaluate } from './evaluate.ts';
import type { Scope } from './run.ts';

/** The subscriptions of the providers of a module, by the names that the module knows them by: `azurerm.hub`. */
export type Providers = ReadonlyMap<string, string>;

/** Those of a root module: what its `provider` blocks say. */
export function rootProviders(config: ModuleConfig, scope: Scope): Providers {
  const out = new Map<string, string>();
  for (const [name, block] of config.providers) out.set(name, subscriptionOf(name, block, scope));
  return out;
}

/** Those of a module that is called: the default ones come along, and `providers` renames. */
export function passedProviders(call: Block, outer: Providers): Providers {
  const out = new Map([...outer].filter(([name]) => !name.includes('.')));
  const passed = attributeOf(call, 'providers')?.value;
  if (passed?.kind !== 'object') return out;
  for (const { key, value } of passed.items) {
    const [inside, outside] = [nameOf(key), nameOf(value)];
    if (inside !== undefined && outside !== undefined) out.set(inside, outer.get(outside) ?? unnamed(outside));
  }
  return out;
}

/** The subscription of a resource: that of the provider it names, or of the default one of its type. */
export function subscriptionFor(block: Block, providers: Providers): string {
  const written = attributeOf(block, 'provider')?.value;
  const name = (written && nameOf(written)) ?? (block.labels[0] ?? '').split('_')[0] ?? '';
  const known = providers.get(name);
  if (known !== undefined) return known;
  // azapi without a provider block of its own is signed in as azurerm is.
  return (name === 'azapi' ? providers.get('azurerm') : undefined) ?? unnamed(name);
}

function subscriptionOf(name: string, block: Block, scope: Scope): string {
  const written = attributeOf(block, 'subscription_id');
  const text = written && textValue(evaluate(written.value, scope));
  return text ? text : unnamed(name);
}

/** Subscriptions that nobody names are one for the default provider, and one of its own for each other one. */
function unnamed(name: string): string {
  return name.includes('.') ? `{${name}.subscription_id}` : OPEN_SUBSCRIPTION;
}

/** `azurerm.hub` as it is written: a reference, or text in JSON syntax. */
function nameOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? expression.value : undefined;
    case 'name':
      return expression.name;
    case 'traversal': {
      const [step] = expression.steps;
      if (expression.root.kind !== 'name') return undefined;
      return step?.kind === 'attribute' ? `${expression.root.name}.${step.name}` : expression.root.name;
    }
    default:
      return undefined;
  }
}
