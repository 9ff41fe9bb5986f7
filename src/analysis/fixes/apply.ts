import type { AzureEstate } from '#model/azure/estate.ts';
import { azureKey } from '#model/azure/resource.ts';
import type { Change, EditedAzure, EditedObject, NewObject, Place } from '#model/control.ts';
import { type ClusterObject, DROPPED, secretKindIn, TOO_LONG } from '#model/object.ts';
import { textAt } from '#model/plain.ts';
import { estateOf } from '#parse/azure/decode/estate.ts';
import { editResource } from '#parse/azure/edit-resource.ts';
import { editText } from '#parse/edit/edit-text.ts';
import { groupOf } from '#parse/kubernetes/kind-entry.ts';
import { identityOf, itemsOf } from '#parse/kubernetes/object.ts';
import type { MapNode, Node, SourceText } from '#parse/text/node.ts';
import { yamlText } from '#parse/text/print-yaml.ts';

/** The input as texts and as what was read of Azure: what changes are made to. */
export interface Material {
  readonly files: readonly SourceText[];
  readonly azure: AzureEstate;
}

export type Applying = { readonly material: Material } | { readonly why: string };

/** The input with the changes of a fix at a place, or why they cannot be made in it. */
export function applyChanges(material: Material, changes: readonly Change[], where: Place): Applying {
  let at: Material = material;
  for (const change of changes) {
    const next = applied(at, change, where);
    if ('why' in next) return next;
    at = next.material;
  }
  return { material: at };
}

function applied(material: Material, change: Change, where: Place): Applying {
  if (holdsMark(change)) return { why: 'it would write a mark in the place of a secret' };
  switch (change.kind) {
    case 'new-object':
      return withObject(material, change, where);
    case 'edit-object':
      return withEdit(material, change);
    case 'edit-azure':
      return withAzure(material, change);
  }
}

/** What was read has marks for secrets, and a change that took values over from it must never be written. */
function holdsMark(change: Change): boolean {
  const written =
    change.kind === 'new-object' ? change.object : change.edits.map((edit) => ('value' in edit ? edit.value : null));
  const text = JSON.stringify(written);
  return text.includes(DROPPED) || text.includes(TOO_LONG) || secretKindIn(text) !== undefined;
}

// ---------------------------------------------------------------- Kubernetes

function withObject({ files, azure }: Material, { object }: NewObject, where: Place): Applying {
  const beside = files.find((each) => each.file === where.origin?.file);
  if (beside?.renderedBy !== undefined)
    return {
      why: `it is rendered by ${beside.renderedBy}, which deploys only what is named to it: add the object there`,
    };
  const file = newFileFor(object, where);
  const text = [...yamlText(object)].join('');
  const before = files.find((each) => each.file === file);
  if (before?.originAt !== undefined) return { why: NO_FILE };
  if (before === undefined) return { material: { azure, files: [...files, { file, text }] } };
  const joined = `${before.text.replace(/\n*$/, '\n')}---\n${text}`;
  return { material: { azure, files: files.map((each) => (each === before ? { file, text: joined } : each)) } };
}

/** Beside the file that the finding is about, one for each namespace. */
function newFileFor(object: NewObject['object'], { origin }: Place): string {
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'cluster';
  const folder = origin === undefined || !origin.file.includes('/') ? '' : origin.file.replace(/[^/]*$/, '');
  return `${folder}ringfence-${namespace}.yaml`;
}

const NO_FILE = 'it was not read from a file that can be edited';

function withEdit({ files, azure }: Material, { object, edits }: EditedObject): Applying {
  const file = files.find((each) => each.file === object.origin.file);
  if (file?.renderedBy !== undefined)
    return { why: `it is rendered by ${file.renderedBy}: change what it is rendered from` };
  if (file === undefined || file.originAt !== undefined || file.file === '-') return { why: NO_FILE };
  const text = editText(file, (roots) => findObject(roots, object), edits);
  if (text === undefined) return { why: `${object.origin.file} is laid out in a way that cannot be edited safely` };
  return { material: { azure, files: files.map((each) => (each === file ? { file: file.file, text } : each)) } };
}

/** The last of its name, which is the one that counts. */
function findObject(roots: readonly Node[], wanted: ClusterObject): MapNode | undefined {
  return roots.flatMap((root) => (root.kind === 'map' ? objectsIn(root) : [])).findLast((root) => isSame(root, wanted));
}

function objectsIn(root: MapNode): readonly MapNode[] {
  const items = itemsOf(root, identityOf(root).kind);
  return items === undefined ? [root] : items.flatMap((item) => (item.kind === 'map' ? objectsIn(item) : []));
}

function isSame(root: MapNode, { group, kind, namespace, name }: ClusterObject): boolean {
  const found = identityOf(root);
  return (
    found.kind === kind &&
    groupOf(found.apiVersion ?? '') === group &&
    found.name === name &&
    (found.namespace === namespace || found.namespace === '')
  );
}

// ---------------------------------------------------------------- Azure

function withAzure({ files, azure }: Material, { resource, edits }: EditedAzure): Applying {
  const key = azureKey(resource);
  const before = azure.resources.get(key);
  if (before === undefined) return { why: `${resource} is not in the input` };
  const resources = [...azure.resources].map(([own, each]) => (own === key ? editResource(each, edits) : each));
  return { material: { files, azure: { ...estateOf(resources), serviceTags: azure.serviceTags } } };
}
