import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { Block, Body } from '../hcl/syntax.ts';
import { withoutSecrets } from '../secrets.ts';
import { list, openObject } from '../values.ts';
import { attributeOf } from './config.ts';
import { roundsOf } from './copies.ts';
import { evaluate } from './evaluate.ts';
import { originOf, type Scope } from './run.ts';

/** What Terraform itself reads of a resource. */
const META_ATTRIBUTES = new Set([
  'count',
  'for_each',
  'provider',
  'depends_on',
  'lifecycle',
  'provisioner',
  'connection',
]);
const META_BLOCKS = new Set(['lifecycle', 'provisioner', 'connection', 'timeouts']);

/**
 * The values of a body: attributes, and for each type of nested block the list of its blocks. `path` names the body, as
 * `azurerm_lb.web.frontend_ip_configuration`: what it does not say belongs to the provider.
 */
export function valuesOf(body: Body, scope: Scope, path: string): Map<string, AzureValue> {
  const values = new Map<string, AzureValue>();
  for (const [name, attribute] of body.attributes) {
    if (!META_ATTRIBUTES.has(name)) values.set(name, withoutSecrets(name, evaluate(attribute.value, scope)));
  }
  const groups = new Map<string, Group>();
  for (const block of body.blocks) {
    if (META_BLOCKS.has(block.type)) continue;
    const name = block.type === 'dynamic' ? (block.labels[0] ?? '') : block.type;
    const group = groups.get(name) ?? { first: block, items: [], open: undefined };
    groups.set(name, group);
    addBlock(group, block, { scope, path: `${path}.${name}` });
  }
  for (const [name, { first, items, open }] of groups) values.set(name, open ?? list(items, originOf(first)));
  return values;
}

interface Group {
  readonly first: Block;
  readonly items: AzureValue[];
  /** Set where it is not known how many blocks there are: then the whole list is not known. */
  open: AzureUnsettled | undefined;
}

interface Site {
  readonly scope: Scope;
  readonly path: string;
}

function addBlock(group: Group, block: Block, { scope, path }: Site): void {
  if (block.type !== 'dynamic') {
    group.items.push(blockValue(block, scope, path));
    return;
  }
  const each = attributeOf(block, 'for_each');
  const content = block.body.blocks.find(({ type }) => type === 'content');
  if (each === undefined || content === undefined) return;
  const rounds = roundsOf(each.value, scope);
  if (!isRounds(rounds)) {
    group.open ??= rounds;
    return;
  }
  const named = attributeOf(block, 'iterator')?.value;
  const iterator = named?.kind === 'name' ? named.name : (block.labels[0] ?? '');
  for (const round of rounds) {
    const names = new Map(scope.names).set(iterator, round);
    group.items.push(blockValue(content, { ...scope, names }, path));
  }
}

function isRounds(rounds: readonly AzureValue[] | AzureUnsettled): rounds is readonly AzureValue[] {
  return Array.isArray(rounds);
}

function blockValue(block: Block, scope: Scope, path: string): AzureValue {
  const open = { expression: path, why: 'made-by-azure' } as const;
  return openObject(valuesOf(block.body, scope, path), originOf(block), open);
}
