import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { AzureObject, AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { TerraformResource } from '../resource.ts';
import { list, object, textValue, unsettled } from '../values.ts';
import type { Edit } from './mapping.ts';

export interface PlacedResource {
  resource: AzureResource;
  /** The root module that it comes from. */
  readonly root: string;
}

export interface PlacedEdit extends Edit {
  readonly by: TerraformResource;
}

/** An edit whose target is not in the input, or not known. */
export type Unplaced = (edit: PlacedEdit) => void;

/**
 * Applies what Terraform writes as resources of its own to the resources that it changes. Where the target is not known
 * the property is unsettled on every resource of the type that it might be, unless another edit settles it.
 */
export function applyEdits(placed: readonly PlacedResource[], edits: readonly PlacedEdit[], unplaced: Unplaced): void {
  const index = indexOf(placed);
  const settled = new Set<string>();
  const open = new Map<string, PlacedEdit>();
  for (const edit of edits) {
    const id = textValue(edit.target);
    if (edit.target.kind === 'unsettled') {
      open.set(`${edit.by.root} ${edit.type} ${pathText(edit)}`, edit);
      unplaced(edit);
    } else if (id === undefined || !applyTo(placesOf(id, edit, index), edit)) {
      unplaced(edit);
    } else {
      settled.add(`${azureKey(id)} ${pathText(edit)}`);
    }
  }
  for (const edit of open.values()) spread(placed, edit, settled);
}

/** One place to edit: a resource, and the way to the object in it. */
interface Spot {
  readonly at: PlacedResource;
  readonly prefix: Edit['path'];
}

type Index = (id: string, root: string) => PlacedResource | undefined;

/** Two configurations may make resources of one id: each changes its own. */
function indexOf(placed: readonly PlacedResource[]): Index {
  const byId = new Map(placed.map((each) => [azureKey(each.resource.id), each]));
  const byRoot = new Map(placed.map((each) => [`${each.root} ${azureKey(each.resource.id)}`, each]));
  return (id, root) => byRoot.get(`${root} ${azureKey(id)}`) ?? byId.get(azureKey(id));
}

const SUBNET = /^(.+)\/subnets\/([^/]+)$/i;

/** A subnet may be a resource, or stand inside of its network, or both. */
function placesOf(id: string, edit: PlacedEdit, index: Index): Spot[] {
  const out: Spot[] = [];
  const own = index(id, edit.by.root);
  if (own !== undefined) out.push({ at: own, prefix: [] });
  const [, network, name] = SUBNET.exec(id) ?? [];
  const outer = network === undefined ? undefined : index(network, edit.by.root);
  if (outer !== undefined && name !== undefined && hasInline(outer.resource.body, name)) {
    const named: AzureValue = { kind: 'scalar', value: name, origin: edit.by.origin };
    out.push({ at: outer, prefix: ['properties', 'subnets', { named }] });
  }
  return out;
}

function inlineSubnets(body: AzureObject): readonly AzureValue[] {
  const properties = body.entries.get('properties');
  const subnets = properties?.kind === 'object' ? properties.entries.get('subnets') : undefined;
  return subnets?.kind === 'list' ? subnets.items : [];
}

function hasInline(body: AzureObject, name: string): boolean {
  return inlineSubnets(body).some((subnet) => nameOf(subnet) === azureKey(name));
}

function nameOf(value: AzureValue): string | undefined {
  const text = value.kind === 'object' ? textValue(value.entries.get('name')) : undefined;
  return text === undefined ? undefined : azureKey(text);
}

function applyTo(spots: readonly Spot[], edit: PlacedEdit): boolean {
  for (const { at, prefix } of spots) {
    const body = changed(at.resource.body, [...prefix, ...edit.path], (old) => combined(old, edit));
    if (body.kind === 'object') at.resource = { ...at.resource, body };
  }
  return spots.length > 0;
}

function pathText(edit: Edit): string {
  return edit.path.map((step) => (typeof step === 'string' ? step : '*')).join('.');
}

/** An association that may not exist leaves open what it would tie. */
function combined(old: AzureValue | undefined, { how, value, by }: PlacedEdit): AzureValue {
  if (by.condition !== undefined) return openBy(by, by.condition);
  if (how === 'set' || old === undefined) return how === 'append' ? appended(undefined, value) : value;
  return how === 'append' ? appended(old, value) : merged(old, value);
}

function openBy(by: TerraformResource, because: AzureUnsettled): AzureValue {
  return unsettled(by.address, because.why, by.origin);
}

function appended(old: AzureValue | undefined, value: AzureValue): AzureValue {
  if (old?.kind === 'unsettled') return old;
  return list([...(old?.kind === 'list' ? old.items : []), value], old?.origin ?? value.origin);
}

/** Objects key by key, without regard to case; everything else is replaced. */
function merged(old: AzureValue, value: AzureValue): AzureValue {
  if (old.kind !== 'object' || value.kind !== 'object') return value;
  const entries = new Map(old.entries);
  const keys = new Map([...old.entries.keys()].map((key) => [key.toLowerCase(), key]));
  for (const [key, item] of value.entries) {
    const known = keys.get(key.toLowerCase()) ?? key;
    const before = entries.get(known);
    entries.set(known, before === undefined ? item : merged(before, item));
  }
  return object(entries, old.origin);
}

/** The value with a change at the end of a path. Objects on the way are made; what is unsettled stays. */
function changed(
  value: AzureValue | undefined,
  path: Edit['path'],
  change: (old?: AzureValue) => AzureValue,
): AzureValue {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (value?.kind === 'unsettled') return value;
  if (typeof step === 'string') {
    const inner = changed(value?.kind === 'object' ? value.entries.get(step) : undefined, rest, change);
    const entries = new Map(value?.kind === 'object' ? value.entries : []).set(step, inner);
    return object(entries, value?.origin ?? inner.origin);
  }
  if (value?.kind !== 'list') return value ?? list([], change().origin);
  const wanted = textValue(step.named);
  const items = value.items.map((item) => {
    const isMeant = wanted === undefined || nameOf(item) === undefined || nameOf(item) === azureKey(wanted);
    return isMeant ? changed(item, rest, change) : item;
  });
  return list(items, value.origin);
}

/** The target may be any resource of the type in the same configuration. */
function spread(placed: readonly PlacedResource[], edit: PlacedEdit, settled: ReadonlySet<string>): void {
  const value = edit.target.kind === 'unsettled' ? openBy(edit.by, edit.target) : edit.value;
  const type = azureKey(edit.type);
  for (const at of placed) {
    if (at.root !== edit.by.root) continue;
    const prefixes: Edit['path'][] = azureKey(at.resource.type) === type ? [[]] : [];
    if (type.endsWith('/subnets') && type.startsWith(`${azureKey(at.resource.type)}/`))
      prefixes.push(...inlinePaths(at.resource));
    for (const prefix of prefixes) {
      const id = idAt(at.resource, prefix);
      if (edit.how === 'set' && settled.has(`${azureKey(id)} ${pathText(edit)}`)) continue;
      const body = changed(at.resource.body, [...prefix, ...edit.path], (old) =>
        edit.how === 'merge' && old !== undefined ? merged(old, opened(edit.value, value)) : value,
      );
      if (body.kind === 'object') at.resource = { ...at.resource, body };
    }
  }
}

/** A body that may be merged into the resource: what it names is open. */
function opened(body: AzureValue, open: AzureValue): AzureValue {
  if (body.kind !== 'object') return open;
  const entries = [...body.entries].map(([key, item]) => [key, opened(item, open)] as const);
  return object(new Map(entries), body.origin);
}

function inlinePaths({ body }: AzureResource): Edit['path'][] {
  return inlineSubnets(body).map((subnet) => {
    const named = subnet.kind === 'object' ? subnet.entries.get('name') : undefined;
    return ['properties', 'subnets', { named }];
  });
}

function idAt({ id }: AzureResource, prefix: Edit['path']): string {
  const last = prefix.at(-1);
  return last === undefined || typeof last === 'string' ? id : `${id}/subnets/${textValue(last.named) ?? ''}`;
}
