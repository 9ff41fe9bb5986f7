import type { AzureValue } from '#model/azure/value.ts';
import { addOldDefaults } from '../azurerm/old-defaults.ts';
import { computedOf, lookedUp } from '../azurerm/registry.ts';
import type { Block } from '../hcl/syntax.ts';
import { nameAfterAddress } from '../resource-name.ts';
import { openObject, unsettled } from '../values.ts';
import { valuesOf } from './body-values.ts';
import { type Copies, type Copy, copiesOf } from './copies.ts';
import { lazily, originOf, type Scope } from './run.ts';

/** A resource or data block with the copies that `count` and `for_each` make of it. */
export interface Instances {
  readonly block: Block;
  /** `module.net.azurerm_subnet.aks`, without the key of a copy. */
  readonly address: string;
  readonly copies: () => Copies;
  /** The values of a copy; the same object each time. */
  readonly value: (copy: Copy) => AzureValue;
  readonly subscription: string;
}

export interface InstancesOptions {
  readonly block: Block;
  readonly address: string;
  readonly scope: Scope;
  readonly subscription: string;
  /** The major version of azurerm, where it is known. */
  readonly azurerm: number | undefined;
}

export function instancesOf(options: InstancesOptions): Instances {
  const { block, address, scope, subscription } = options;
  let copies: Copies | undefined;
  const values = new Map<Copy, () => AzureValue>();
  const value = (copy: Copy) => {
    const known = values.get(copy);
    if (known !== undefined) return known();
    const own = addressOf(address, copy);
    const names = new Map([...scope.names, ...copy.names]);
    const make = lazily(scope.run, block, () => made({ ...options, address: own, scope: { ...scope, names } }));
    values.set(copy, make);
    return make();
  };
  const all = () => {
    copies ??= copiesOf(block, scope);
    return copies;
  };
  return { block, address, copies: all, value, subscription };
}

/** `azurerm_subnet.aks["a"]` */
export function addressOf(address: string, { key }: Copy): string {
  if (key === undefined) return address;
  return `${address}[${typeof key === 'number' ? key : JSON.stringify(key)}]`;
}

/** All copies as one value: what a reference to the whole block gives. */
export function wholeOf({ block, address, copies, value }: Instances): AzureValue {
  const { form, copies: each, condition } = copies();
  const origin = originOf(block);
  if (condition !== undefined) return unsettled(address, condition.why, origin);
  if (form === 'list') return { kind: 'list', items: each.map(value), origin };
  if (form === 'map')
    return { kind: 'object', entries: new Map(each.map((copy) => [String(copy.key), value(copy)])), origin };
  return each[0] === undefined ? unsettled(address, 'not-readable', origin) : value(each[0]);
}

/** The copy with a key. Where it is not known which copies there are, the only one of a list stands for the first. */
export function copyAt({ copies }: Instances, key: string | number): Copy | undefined {
  return copies().copies.find((copy) => copy.key === key);
}

function made({ block, address, scope, subscription, azurerm }: InstancesOptions): AzureValue {
  const [type = ''] = block.labels;
  const origin = originOf(block);
  const entries = valuesOf(block.body, scope, address);
  if (block.type === 'resource') addOldDefaults(entries, type, { version: azurerm, origin });
  nameAfterAddress(entries, address);
  const known = { type, address, subscription, origin };
  const computed = block.type === 'data' ? lookedUp(entries, known) : computedOf(entries, known);
  for (const [name, value] of computed) entries.set(name, value);
  // What a data source of another kind reads stands in a document that is not in the input.
  const why = block.type === 'data' && !/^(?:azurerm|azapi|azuread)_/.test(type) ? 'not-readable' : 'made-by-azure';
  return openObject(entries, origin, { expression: address, why });
}
