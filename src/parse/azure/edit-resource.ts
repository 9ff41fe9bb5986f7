import type { AzureResource } from '#model/azure/resource.ts';
import type { AzureValue } from '#model/azure/value.ts';
import type { FieldEdit } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import { isPlainList, type PlainValue } from '#model/plain.ts';

/** The resource with the edits made; what is new stands where the resource does. Names are compared as Azure does. */
export function editResource(resource: AzureResource, edits: readonly FieldEdit[]): AzureResource {
  let body: AzureValue = resource.body;
  for (const edit of edits) body = edited(body, edit.path, { edit, origin: resource.origin }) ?? body;
  return body.kind === 'object' ? { ...resource, body } : resource;
}

interface Editing {
  readonly edit: FieldEdit;
  readonly origin: Origin;
}

/** Undefined: the value itself is removed. */
function edited(value: AzureValue | undefined, path: FieldPath, editing: Editing): AzureValue | undefined {
  const [step, ...rest] = path;
  const { edit, origin } = editing;
  if (step === undefined) return last(value, editing);
  if (value === undefined && edit.op === 'remove') return undefined;
  if (typeof step === 'number') {
    const items = value?.kind === 'list' ? value.items : [];
    const child = edited(items[step], rest, editing);
    if (child === undefined) return { kind: 'list', items: items.filter((_, index) => index !== step), origin };
    const next = step < items.length ? items.map((own, index) => (index === step ? child : own)) : [...items, child];
    return { kind: 'list', items: next, origin };
  }
  const entries = new Map(value?.kind === 'object' ? value.entries : []);
  const key = [...entries.keys()].find((own) => own.toLowerCase() === step.toLowerCase()) ?? step;
  const child = edited(entries.get(key), rest, editing);
  if (child === undefined) entries.delete(key);
  else entries.set(key, child);
  return { kind: 'object', entries, origin: value?.origin ?? origin };
}

function last(value: AzureValue | undefined, { edit, origin }: Editing): AzureValue | undefined {
  if (edit.op === 'remove') return undefined;
  const added = azureValue(edit.value, origin);
  if (edit.op === 'set') return added;
  return { kind: 'list', items: [...(value?.kind === 'list' ? value.items : []), added], origin };
}

function azureValue(value: PlainValue, origin: Origin): AzureValue {
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', value, origin };
  if (isPlainList(value)) return { kind: 'list', items: value.map((item) => azureValue(item, origin)), origin };
  const entries = Object.entries(value).map(([key, child]): [string, AzureValue] => [key, azureValue(child, origin)]);
  return { kind: 'object', entries: new Map(entries), origin };
}
