import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Said } from './said.ts';

/** Gives a document whose name is taken another one: by an object of the input that stays, or by another document. */
export function distinctNames(all: readonly Said[], snapshot: Snapshot): Said[] {
  const moving = new Set(all.map(({ source }) => source));
  const taken = new Set(
    [...snapshot.networkPolicies, ...snapshot.clusterPolicies, ...snapshot.calicoPolicies, ...snapshot.ciliumPolicies]
      .filter((policy) => !moving.has(policy))
      .map(({ apiVersion, kind, namespace, name }) => `${groupOf(apiVersion)}/${kind}/${namespace}/${name}`),
  );
  return all.map((said) => {
    const notes = [...said.notes];
    const documents = said.documents.map((document) => {
      const free = freeName(document, taken);
      if (free !== nameOf(document)) notes.push(`it is called \`${free}\`, because \`${nameOf(document)}\` is taken`);
      return renamed(document, free);
    });
    return { ...said, documents, notes };
  });
}

function freeName(document: PlainObject, taken: Set<string>): string {
  const name = nameOf(document);
  const { apiVersion, kind } = document;
  const key = (text: string) => `${groupOf(`${apiVersion}`)}/${kind}/${namespaceOf(document)}/${text}`;
  let free = name;
  for (let number = 2; taken.has(key(free)); number++) free = `${name}-${number}`;
  taken.add(key(free));
  return free;
}

function groupOf(apiVersion: string): string {
  return apiVersion.split('/')[0] ?? '';
}

function metadata({ metadata: value = null }: PlainObject): PlainObject {
  return isObject(value) ? value : {};
}

function isObject(value: PlainValue): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nameOf(document: PlainObject): string {
  return `${metadata(document)['name'] ?? ''}`;
}

export function namespaceOf(document: PlainObject): string {
  return `${metadata(document)['namespace'] ?? ''}`;
}

function renamed(document: PlainObject, name: string): PlainObject {
  return { ...document, metadata: { ...metadata(document), name } };
}
