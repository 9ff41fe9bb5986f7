import { OPEN_SUBSCRIPTION } from '#model/azure/resource.ts';
import type { AzureObject, AzureValue } from '#model/azure/value.ts';
import type { Node, SourceText } from '../text/node.ts';
import { originAt } from '../text/positions.ts';
import { computedOf } from './azurerm/registry.ts';
import { childOf, itemsOfNode, textOfNode, valueOfNode } from './node-values.ts';
import type { TerraformResource } from './resource.ts';
import { nameAfterAddress } from './resource-name.ts';
import { withoutSecrets } from './secrets.ts';
import { type Planned, type ShownModule, unknownValue } from './show-references.ts';
import { list, object, textValue } from './values.ts';

/** Whether a document is what `terraform show -json` prints of a plan or a state. */
export function isShownDocument(root: Node): boolean {
  if (textOfNode(childOf(root, 'format_version')) === undefined) return false;
  return childOf(root, 'planned_values') !== undefined || childOf(childOf(root, 'values'), 'root_module') !== undefined;
}

/**
 * The resources of a plan, as they will be, or of a state, as they are. What a plan does not know before it is applied
 * is worked out where the configuration in the plan says enough.
 */
export function readShown(source: SourceText, root: Node): TerraformResource[] {
  const isPlan = childOf(root, 'planned_values') !== undefined;
  const shown: Shown = {
    source,
    root,
    kind: isPlan ? 'terraform-plan' : 'terraform-state',
    unknown: unknownByAddress(root),
    drafts: new Map(),
    values: new Map(),
    subscriptions: new Map(),
    parents: new Set(),
  };
  const top = childOf(childOf(root, isPlan ? 'planned_values' : 'values'), 'root_module');
  const config = childOf(childOf(root, 'configuration'), 'root_module');
  gather(shown, top, { path: '', config, outer: undefined, call: undefined });
  findSubscriptions(shown);
  shown.parents = parentsIn(shown.drafts.values());
  return [...shown.drafts.values()].flatMap((draft) => resourceOf(shown, draft));
}

interface Shown {
  readonly source: SourceText;
  readonly root: Node;
  readonly kind: 'terraform-plan' | 'terraform-state';
  /** What is known after apply, by the address of the resource. */
  readonly unknown: ReadonlyMap<string, Node>;
  readonly drafts: Map<string, Draft>;
  readonly values: Map<string, AzureObject | 'running'>;
  /** By the key of the provider's configuration. */
  readonly subscriptions: Map<string, string>;
  /** `azurerm_subnet hub`: that the network has subnets as resources. */
  parents: ReadonlySet<string>;
}

interface Draft {
  readonly node: Node;
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly module: ShownModule;
  /** The block in the configuration. */
  readonly block: Node | undefined;
  readonly provider: string;
}

// ---------------------------------------------------------------- resources

function unknownByAddress(root: Node): ReadonlyMap<string, Node> {
  const out = new Map<string, Node>();
  for (const change of itemsOfNode(childOf(root, 'resource_changes'))) {
    const address = textOfNode(childOf(change, 'address'));
    const unknown = childOf(childOf(change, 'change'), 'after_unknown');
    if (address !== undefined && unknown !== undefined) out.set(address, unknown);
  }
  return out;
}

function gather(shown: Shown, node: Node | undefined, module: ShownModule): void {
  const blocks = new Map<string, Node>();
  for (const block of itemsOfNode(childOf(module.config, 'resources')))
    blocks.set(textOfNode(childOf(block, 'address')) ?? '', block);
  for (const each of itemsOfNode(childOf(node, 'resources'))) {
    const [address, type, name] = ['address', 'type', 'name'].map((key) => textOfNode(childOf(each, key)));
    if (textOfNode(childOf(each, 'mode')) !== 'managed' || !address || !type || !name) continue;
    const block = blocks.get(`${type}.${name}`);
    const provider = textOfNode(childOf(block, 'provider_config_key')) ?? type.split('_')[0] ?? '';
    shown.drafts.set(address, { node: each, address, type, name, module, block, provider });
  }
  for (const child of itemsOfNode(childOf(node, 'child_modules'))) gather(shown, child, innerModule(child, module));
}

/** `module.net["eu"]`: the last part of the address of a module, with the key of its copy. */
const LAST_MODULE = /(?:^|\.)module\.([\w-]+)(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?$/;

function innerModule(child: Node, outer: ShownModule): ShownModule {
  const address = textOfNode(childOf(child, 'address')) ?? '';
  const name = LAST_MODULE.exec(address)?.[1] ?? '';
  const call = childOf(childOf(outer.config, 'module_calls'), name);
  return { path: `${address}.`, config: childOf(call, 'module'), outer, call };
}

function resourceOf(shown: Shown, draft: Draft): TerraformResource[] {
  const values = valuesOf(shown, draft);
  if (values === 'running') return [];
  const { address, type, name } = draft;
  const origin = originAt(shown.source, draft.node.start);
  const subscription = subscriptionOf(shown, draft);
  return [{ address, type, name, values, subscription, root: shown.source.file, source: shown.kind, origin }];
}

/** The values of a resource, with its id. */
function valuesOf(shown: Shown, draft: Draft): AzureObject | 'running' {
  const { address, type, node } = draft;
  const known = shown.values.get(address);
  if (known !== undefined) return known;
  shown.values.set(address, 'running');
  const origin = originAt(shown.source, node.start);
  const plain = childOf(node, 'values');
  const written = plain && valueOfNode(shown.source, plain, childOf(node, 'sensitive_values'));
  const overlay: Overlay = { shown, draft, origin };
  const expressions = childOf(draft.block, 'expressions');
  const whole = overlaid(overlay, written, { unknown: shown.unknown.get(address), expression: expressions, name: '' });
  const entries = new Map<string, AzureValue>();
  if (whole?.kind === 'object') for (const [key, value] of whole.entries) entries.set(key, withoutSecrets(key, value));
  leaveOutComputed(shown, draft, entries);
  nameAfterAddress(entries, address);
  const isUnknown = textValue(entries.get('id')) === undefined;
  const place = { type, address, subscription: subscriptionOf(shown, draft), origin };
  for (const [key, value] of computedOf(entries, place)) if (isUnknown || key !== 'id') entries.set(key, value);
  const values: AzureObject = { kind: 'object', entries, origin };
  shown.values.set(address, values);
  return values;
}

// ---------------------------------------------------------------- what is known after apply

interface Overlay {
  readonly shown: Shown;
  readonly draft: Draft;
  readonly origin: AzureObject['origin'];
}

interface Layer {
  readonly unknown: Node | undefined;
  readonly expression: Node | undefined;
  /** `.ip_configuration.subnet_id` */
  readonly name: string;
}

/** The values with what is unknown put where `after_unknown` says `true`. */
function overlaid(overlay: Overlay, value: AzureValue | undefined, layer: Layer): AzureValue | undefined {
  const { unknown, expression, name } = layer;
  if (unknown === undefined) return value;
  switch (unknown.kind) {
    case 'scalar':
      return unknown.value === true ? openValue(overlay, layer) : value;
    case 'seq': {
      const items = value?.kind === 'list' ? value.items : [];
      const expressions =
        expression?.kind === 'seq' && expression.items.length === unknown.items.length ? expression.items : [];
      const isOne = unknown.items.length === 1;
      const made = unknown.items.map((each, index) => {
        const inner = expressions[index] ?? (isOne && expression?.kind === 'map' ? expression : undefined);
        return overlaid(overlay, items[index], { unknown: each, expression: inner, name });
      });
      const kept = made.filter((each) => each !== undefined);
      return value === undefined && kept.length === 0 ? undefined : list(kept, value?.origin ?? overlay.origin);
    }
    case 'map': {
      const entries = new Map(value?.kind === 'object' ? value.entries : []);
      for (const { key, value: each } of unknown.entries) {
        const next: Layer = { unknown: each, expression: childOf(expression, key), name: `${name}.${key}` };
        const made = overlaid(overlay, entries.get(key), next);
        if (made !== undefined) entries.set(key, made);
      }
      return value === undefined && entries.size === 0 ? undefined : object(entries, value?.origin ?? overlay.origin);
    }
  }
}

function openValue({ shown, draft, origin }: Overlay, { expression, name }: Layer): AzureValue | undefined {
  const planned: Planned = (address, attribute) => plannedValue(shown, address, attribute);
  const value = unknownValue({ module: draft.module, expression, origin, name: `${draft.address}${name}` }, planned);
  return name.endsWith('_ids') && value.kind === 'scalar' ? list([value], origin) : value;
}

function plannedValue(shown: Shown, address: string, attribute: string): AzureValue | undefined {
  const draft = shown.drafts.get(address);
  const values = draft && valuesOf(shown, draft);
  if (values === undefined || values === 'running') return undefined;
  return values.entries.get(attribute);
}

/** Parts that Terraform writes inside of a resource or as resources of their own, and the provider computes otherwise. */
const PARTS: Readonly<Record<string, { readonly block: string; readonly type: string; readonly parent: string }>> = {
  azurerm_virtual_network: { block: 'subnet', type: 'azurerm_subnet', parent: 'virtual_network_name' },
  azurerm_network_security_group: {
    block: 'security_rule',
    type: 'azurerm_network_security_rule',
    parent: 'network_security_group_name',
  },
  azurerm_route_table: { block: 'route', type: 'azurerm_route', parent: 'route_table_name' },
};

/**
 * A plan does not tell a list of parts that was left to the provider from one that cannot be known yet. Where parts are
 * resources of their own the provider forbids to write others inside, so the list was left out.
 */
function leaveOutComputed(shown: Shown, { type, block }: Draft, entries: Map<string, AzureValue>): void {
  const parts = PARTS[type];
  if (parts === undefined || entries.get(parts.block)?.kind !== 'unsettled') return;
  if (childOf(childOf(block, 'expressions'), parts.block) !== undefined) return;
  const name = textValue(entries.get('name'));
  if (name !== undefined && shown.parents.has(`${parts.type} ${name}`)) entries.delete(parts.block);
}

/** The names of resources that have parts as resources of their own. */
function parentsIn(drafts: Iterable<Draft>): ReadonlySet<string> {
  const out = new Set<string>();
  const parents = new Map(Object.values(PARTS).map(({ type, parent }) => [type, parent]));
  for (const { type, node } of drafts) {
    const name = textOfNode(childOf(childOf(node, 'values'), parents.get(type) ?? ''));
    if (name !== undefined) out.add(`${type} ${name}`);
  }
  return out;
}

// ---------------------------------------------------------------- subscriptions

const SUBSCRIPTION = /^\/subscriptions\/([^/]+)/i;

/** Of providers that do not say theirs, the subscription is that of their resources that exist. */
function findSubscriptions({ root, drafts, subscriptions }: Shown): void {
  const variables = childOf(root, 'variables');
  const configs = childOf(childOf(root, 'configuration'), 'provider_config');
  for (const { key, value } of configs?.kind === 'map' ? configs.entries : []) {
    const expression = childOf(childOf(value, 'expressions'), 'subscription_id');
    const [reference] = itemsOfNode(childOf(expression, 'references'));
    const variable = textOfNode(reference)?.replace(/^var\./, '') ?? '';
    const text =
      textOfNode(childOf(expression, 'constant_value')) ?? textOfNode(childOf(childOf(variables, variable), 'value'));
    if (text) subscriptions.set(key, text);
  }
  for (const { node, provider } of drafts.values()) {
    const [, found] = SUBSCRIPTION.exec(textOfNode(childOf(childOf(node, 'values'), 'id')) ?? '') ?? [];
    if (found !== undefined && !subscriptions.has(provider)) subscriptions.set(provider, found);
  }
}

function subscriptionOf({ subscriptions }: Shown, { provider }: Draft): string {
  const name = provider.slice(provider.lastIndexOf(':') + 1);
  const known = subscriptions.get(provider) ?? subscriptions.get(name);
  if (known !== undefined) return known;
  return name.includes('.') ? `{${name}.subscription_id}` : (subscriptions.get('azurerm') ?? OPEN_SUBSCRIPTION);
}
