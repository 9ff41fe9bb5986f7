import { escapeControl } from '#base/escape.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import { azureKey } from '#model/azure/resource.ts';
import type { Change, EditedAzure, EditedObject, FieldEdit } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { type PlainObject, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import type { PatchEntry } from '#model/scan.ts';
import { applyEdits } from '#parse/edit/apply-edits.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import type { ControlContext } from '../controls/context.ts';

/** A change in the forms that people deploy. */
export function patchTexts({ snapshot }: ControlContext, change: Change): readonly PatchEntry[] {
  switch (change.kind) {
    case 'new-object':
      return [{ form: formOf(change.object), text: [...yamlText(change.object)].join('') }];
    case 'edit-object':
      return [editedText(change)];
    case 'edit-azure':
      return azureTexts(change, snapshot.azure.resources.get(azureKey(change.resource)));
  }
}

function formOf(object: PlainObject): 'kubernetes' | 'calico' | 'cilium' {
  const version = textAt(object, 'apiVersion') ?? '';
  if (/projectcalico\.org\//.test(version)) return 'calico';
  return version.startsWith('cilium.io/') ? 'cilium' : 'kubernetes';
}

/** A JSON Patch (RFC 6902), which names nothing but the edited fields: what stands beside them may be a mark of a secret. */
function editedText({ object, edits }: EditedObject): PatchEntry {
  const { kind, namespace, name, origin } = object;
  const at = namespace === '' ? [kind, name] : [kind, name, '--namespace', namespace];
  const command = ['kubectl', 'patch', ...at.map(wordOf), '--type', 'json', '--patch-file', 'FILE'].join(' ');
  return {
    form: formOf(object.value),
    file: origin.file,
    text: `# ${command}\n${[...yamlText(operationsOf(object.value, edits))].join('')}`,
  };
}

/** As a shell takes it for one word, and on one line. */
function wordOf(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${escapeControl(text).replaceAll("'", `'\\''`)}'`;
}

function operationsOf(value: PlainObject, edits: readonly FieldEdit[]): readonly PlainObject[] {
  const out: PlainObject[] = [];
  let at = value;
  for (const [index, edit] of edits.entries()) {
    out.push(operationOf(at, edit));
    if (index + 1 < edits.length) at = applyEdits(at, [edit]);
  }
  return out;
}

function operationOf(value: PlainObject, edit: FieldEdit): PlainObject {
  if (edit.op === 'remove') return { op: 'remove', path: pointerOf(edit.path) };
  const written = writtenPart(value, edit.path);
  if (edit.op === 'append' && written.length === edit.path.length && Array.isArray(plainAt(value, ...edit.path)))
    return { op: 'add', path: `${pointerOf(edit.path)}/-`, value: edit.value };
  // What is missing on the way is made with it.
  const depth = Math.min(written.length + 1, edit.path.length);
  const made = [...edit.path.slice(depth)]
    .reverse()
    .reduce<PlainValue>(
      (inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }),
      edit.op === 'append' ? [edit.value] : edit.value,
    );
  return { op: 'add', path: pointerOf(edit.path.slice(0, depth)), value: made };
}

/** The part of a path that leads to something. */
function writtenPart(value: PlainObject, path: FieldPath): FieldPath {
  const missing = path.findIndex((_, index) => plainAt(value, ...path.slice(0, index + 1)) === undefined);
  return missing < 0 ? path : path.slice(0, missing);
}

/** RFC 6901 */
function pointerOf(path: FieldPath): string {
  return path.map((step) => `/${`${step}`.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

// ---------------------------------------------------------------- Azure

function azureTexts({ resource, edits, command }: EditedAzure, found: AzureResource | undefined): PatchEntry[] {
  const body = applyEdits(
    {},
    edits.filter(({ op }) => op !== 'remove'),
  );
  const out: PatchEntry[] = [
    { form: 'bicep', text: bicepText(found, body) },
    { form: 'terraform', text: terraformText(resource, found, body) },
  ];
  return command === undefined ? out : [{ form: 'az', text: `az ${command}\n` }, ...out];
}

/** The part of the resource's declaration that changes. */
function bicepText(found: AzureResource | undefined, body: PlainObject): string {
  const type = found === undefined ? 'TYPE' : `${found.type}@${found.apiVersion ?? 'VERSION'}`;
  const name = found?.name ?? 'NAME';
  return `resource ${identifierOf(name)} '${type}' = {\n  name: '${quoted(name)}'\n  // besides what it has\n${bicepLines(body, 1)}}\n`;
}

function bicepLines(value: PlainObject, depth: number): string {
  const indent = '  '.repeat(depth);
  return Object.entries(value)
    .map(([key, child]) => `${indent}${bicepKey(key)}: ${bicepValue(child, depth)}\n`)
    .join('');
}

function bicepValue(value: PlainValue, depth: number): string {
  if (typeof value === 'string') return `'${quoted(value)}'`;
  if (typeof value !== 'object' || value === null) return `${value}`;
  const indent = '  '.repeat(depth);
  if (Array.isArray(value))
    return `[\n${value.map((item: PlainValue) => `${indent}  ${bicepValue(item, depth + 1)}\n`).join('')}${indent}]`;
  return `{\n${bicepLines(value as PlainObject, depth + 1)}${indent}}`;
}

/** Backslashes and quotes are escaped, and `${` would begin an expression (Bicep, string literals). */
function quoted(text: string): string {
  return text.replace(/[\\']|\$\{/g, (found) => `\\${found}`);
}

function bicepKey(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : `'${quoted(key)}'`;
}

function identifierOf(name: string): string {
  const cleaned = name.replace(/\W/g, '_');
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `r_${cleaned}`;
}

/** Whatever made the resource: the AzAPI provider patches it by the same paths. */
function terraformText(resource: string, found: AzureResource | undefined, body: PlainObject): string {
  const type = found === undefined ? 'TYPE' : `${found.type}@${found.apiVersion ?? 'VERSION'}`;
  return `resource "azapi_update_resource" "${identifierOf(found?.name ?? 'this')}" {
  type        = ${hclText(type)}
  resource_id = ${hclText(resource)}
  body = ${hclValue(body, 1)}
}
`;
}

function hclValue(value: PlainValue, depth: number): string {
  if (typeof value === 'string') return hclText(value);
  if (typeof value !== 'object' || value === null) return `${value}`;
  const indent = '  '.repeat(depth);
  if (Array.isArray(value)) return `[${value.map((item: PlainValue) => hclValue(item, depth)).join(', ')}]`;
  const lines = Object.entries(value).map(
    ([key, child]) => `${indent}  ${hclKey(key)} = ${hclValue(child, depth + 1)}\n`,
  );
  return `{\n${lines.join('')}${indent}}`;
}

/** `${` and `%{` begin templates in HCL and are doubled. */
function hclText(text: string): string {
  return JSON.stringify(text).replace(/[$%]\{/g, (found) => `${found[0]}${found}`);
}

function hclKey(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : hclText(key);
}
