import type { AzureResource } from '#model/azure/resource.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { quote } from '../../kubernetes/draft.ts';
import type { TerraformResource } from '../resource.ts';
import { textValue } from '../values.ts';
import { applyEdits, type PlacedEdit, type PlacedResource } from './edits.ts';
import { type From, madeObject } from './fields.ts';
import { inGroup } from './ids.ts';
import type { Mapping } from './mapping.ts';
import { MAPPINGS } from './registry.ts';

export interface AzureResult {
  readonly resources: readonly AzureResource[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The resources of Terraform in ARM's shape. Those of other providers are left out. */
export function toAzure(resources: readonly TerraformResource[]): AzureResult {
  const placed: PlacedResource[] = [];
  const edits: PlacedEdit[] = [];
  const unread = new Map<string, number>();
  for (const resource of resources) {
    const mapping = MAPPINGS.get(resource.type);
    if (mapping !== undefined) addMapped({ placed, edits }, resource, mapping);
    else if (isAzure(resource.type)) {
      unread.set(resource.type, (unread.get(resource.type) ?? 0) + 1);
      placed.push({ resource: unreadResource(resource), root: resource.root });
    }
  }
  const diagnostics: Diagnostic[] = unread.size === 0 ? [] : [unreadDiagnostic(unread)];
  applyEdits(placed, edits, (edit) => diagnostics.push(unplacedDiagnostic(edit)));
  return { resources: placed.map(({ resource }) => resource), diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS) };
}

const MOST_DIAGNOSTICS = 500;

interface Gathered {
  readonly placed: PlacedResource[];
  readonly edits: PlacedEdit[];
}

function isAzure(type: string): boolean {
  return type.startsWith('azurerm_') || type.startsWith('azapi_');
}

function addMapped({ placed, edits }: Gathered, resource: TerraformResource, mapping: Mapping): void {
  const { root } = resource;
  const id = idOf(resource, mapping);
  const from: From = { values: resource.values.entries, origin: resource.origin, owner: id };
  const type = typeof mapping.type === 'function' ? mapping.type(from.values) : mapping.type;
  if (type !== undefined) {
    const apiVersion = mapping.apiVersion?.(from.values);
    const body = madeObject(from, mapping.fields ?? []);
    const made = azureResource(resource, { id, type, body });
    placed.push({ resource: apiVersion === undefined ? made : { ...made, apiVersion }, root });
  }
  const more = mapping.more?.({ ...from, resource, id });
  for (const child of more?.children ?? []) {
    const body = madeObject({ ...child.from, owner: `${id}/${child.path}` }, child.fields);
    const made = azureResource(resource, { id: `${id}/${child.path}`, type: child.type, body });
    placed.push({ resource: { ...made, origin: child.from.origin }, root });
  }
  for (const edit of more?.edits ?? []) edits.push({ ...edit, by: resource });
}

/** States and plans say the id; of configuration it was computed with the values. */
function idOf({ values, subscription, address }: TerraformResource, mapping: Mapping): string {
  const id = textValue(values.entries.get('id'));
  return id?.startsWith('/') && mapping.type !== undefined ? id : mapping.id(values.entries, { subscription, address });
}

function azureResource(
  { condition, source, origin }: TerraformResource,
  made: Pick<AzureResource, 'id' | 'type' | 'body'>,
): AzureResource {
  const name = made.id.slice(made.id.lastIndexOf('/') + 1);
  return { ...made, name, ...(condition === undefined ? {} : { condition }), source, origin };
}

function unreadResource(resource: TerraformResource): AzureResource {
  const type = `terraform/${resource.type}`;
  const given = textValue(resource.values.entries.get('id'));
  const { subscription, address } = resource;
  const id = given?.startsWith('/') ? given : inGroup(type)(resource.values.entries, { subscription, address });
  return azureResource(resource, { id, type, body: resource.values });
}

const MOST_NAMED = 20;

function unreadDiagnostic(unread: ReadonlyMap<string, number>): Diagnostic {
  const sorted = [...unread].sort(([a], [b]) => (a < b ? -1 : 1));
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const named = sorted
    .slice(0, MOST_NAMED)
    .map(([type, count]) => (count === 1 ? quote(type) : `${quote(type)} (${count})`));
  const rest = sorted.length > MOST_NAMED ? ` and ${sorted.length - MOST_NAMED} more types` : '';
  const are = total === 1 ? '1 resource is' : `${total} resources are`;
  const message = `${are} of a type that is not read: ${named.join(', ')}${rest}`;
  return { code: 'RF5202', severity: CODES.RF5202.severity, message, help: CODES.RF5202.fix };
}

function unplacedDiagnostic({ target, by, path }: PlacedEdit): Diagnostic {
  const property = path.findLast((step) => typeof step === 'string') ?? 'the resource';
  const what =
    target.kind === 'unsettled'
      ? `belongs to a resource that is not known (${quote(target.expression)}); ${quote(property)} is unknown wherever it may belong`
      : `belongs to ${quote(textValue(target) ?? '')}, which is not in the input`;
  const message = `${quote(by.address)} ${what}`;
  const { severity, fix } = CODES.RF5204;
  return { code: 'RF5204', severity, message, help: fix, origin: by.origin, object: by.address };
}
