import { escapeControl } from '#base/escape.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { DROPPED, TOO_LONG } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import { entriesAt, isPlainObject, listAt, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import type { ObjectIndex } from '../controls/objects.ts';
import type { OwnedContainer, PodOwner } from '../controls/pod-owners.ts';

/** A text that a workload is given. */
export interface GivenText {
  readonly text: string;
  /** `env DATABASE_URL`, `args`, `ConfigMap shop/web key app.conf` */
  readonly what: string;
  /** Of variables: their name. */
  readonly variable?: string;
  readonly origin: Origin;
}

/** A text that a workload is given and that was not kept: the snapshot was taken without `--values`. */
export interface WithheldText {
  readonly what: string;
  readonly as: 'variable' | 'argument' | 'file';
  readonly object: ClusterObject;
  readonly path: FieldPath;
}

export interface Given {
  readonly texts: readonly GivenText[];
  readonly withheld: readonly WithheldText[];
  /** Variables and files whose values are in Secrets, or in ConfigMaps that the input does not have. */
  readonly hidden: readonly { readonly what: string; readonly origin: Origin }[];
}

/** All texts that the containers of a pod get: variables, commands, and the ConfigMaps that they read. */
export function textsOf(owner: PodOwner, objects: ObjectIndex): Given {
  const reader: Reader = { owner, objects, texts: [], withheld: [], hidden: [] };
  for (const container of owner.containers) readContainer(reader, container);
  for (const volume of listAt(owner.spec, 'volumes')) readVolume(reader, volume);
  return reader;
}

interface Reader {
  readonly owner: PodOwner;
  readonly objects: ObjectIndex;
  readonly texts: GivenText[];
  readonly withheld: WithheldText[];
  readonly hidden: { readonly what: string; readonly origin: Origin }[];
}

function readContainer(reader: Reader, { value, path }: OwnedContainer): void {
  for (const field of ['command', 'args']) {
    for (const [index, item] of listAt(value, field).entries()) {
      if (typeof item === 'string') add(reader, { text: item, what: field }, [...path, field, index]);
    }
  }
  for (const [index, entry] of listAt(value, 'env').entries()) readVariable(reader, entry, [...path, 'env', index]);
  for (const [index, entry] of listAt(value, 'envFrom').entries()) readAll(reader, entry, [...path, 'envFrom', index]);
}

function add(reader: Reader, given: Omit<GivenText, 'origin'>, path: FieldPath): void {
  const { object } = reader.owner;
  if (given.text === DROPPED)
    reader.withheld.push({
      what: given.what,
      as: given.variable === undefined ? 'argument' : 'variable',
      object,
      path,
    });
  else reader.texts.push({ ...given, origin: object.originAt(path) });
}

function readVariable(reader: Reader, entry: PlainValue, path: FieldPath): void {
  const variable = textAt(entry, 'name') ?? '';
  const what = `env ${escapeControl(variable)}`;
  const value = textAt(entry, 'value');
  if (value !== undefined) {
    add(reader, { text: value, what, variable }, path);
    return;
  }
  const origin = reader.owner.object.originAt(path);
  const source = plainAt(entry, 'valueFrom');
  const key = textAt(source, 'configMapKeyRef', 'key');
  if (key !== undefined) {
    const map = configMapOf(reader, textAt(source, 'configMapKeyRef', 'name'));
    const text = textAt(map?.value, 'data', key);
    if (map !== undefined && text === DROPPED)
      reader.withheld.push({ what, as: 'variable', object: map, path: ['data', key] });
    else if (text !== undefined) reader.texts.push({ text, what, variable, origin });
    else reader.hidden.push({ what, origin });
    return;
  }
  if (
    plainAt(source, 'secretKeyRef') !== undefined &&
    /URL|URI|HOST|ADDR|ENDPOINT|SERVER|CONN|DSN|BROKER/i.test(variable)
  )
    reader.hidden.push({ what, origin });
}

function readAll(reader: Reader, entry: PlainValue, path: FieldPath): void {
  const origin = reader.owner.object.originAt(path);
  const name = textAt(entry, 'configMapRef', 'name');
  if (name !== undefined) {
    const map = configMapOf(reader, name);
    if (map === undefined) reader.hidden.push({ what: `ConfigMap ${escapeControl(name)}`, origin });
    else addMap(reader, map, true);
  }
  const secret = textAt(entry, 'secretRef', 'name');
  if (secret !== undefined) reader.hidden.push({ what: `Secret ${escapeControl(secret)}`, origin });
}

function readVolume(reader: Reader, volume: PlainValue): void {
  const names = [
    textAt(volume, 'configMap', 'name'),
    ...listAt(volume, 'projected', 'sources').map((source) => textAt(source, 'configMap', 'name')),
  ];
  for (const name of names) {
    const map = name === undefined ? undefined : configMapOf(reader, name);
    if (map !== undefined) addMap(reader, map, false);
  }
}

function configMapOf({ owner, objects }: Reader, name: string | undefined): ClusterObject | undefined {
  if (name === undefined) return undefined;
  return objects.get({ group: '', kind: 'ConfigMap', namespace: owner.object.namespace, name });
}

function addMap(reader: Reader, map: ClusterObject, asVariables: boolean): void {
  if (!isPlainObject(map.value)) return;
  for (const [key, value] of entriesAt(map.value, 'data')) {
    if (typeof value !== 'string' || value === TOO_LONG) continue;
    const what = `ConfigMap ${map.name} key ${escapeControl(key)}`;
    if (value === DROPPED) {
      reader.withheld.push({ what, as: asVariables ? 'variable' : 'file', object: map, path: ['data', key] });
      continue;
    }
    reader.texts.push({
      text: asVariables ? value : withoutComments(value),
      what,
      ...(asVariables && { variable: key }),
      origin: map.originAt(['data', key]),
    });
  }
}

/** Comments of configuration files name places that nobody asks. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:#|\/\/|;|<!--).*$/gm, '');
}
