import type { Labels, OwnerReference, Resource } from '#model/resource.ts';
import { quote } from './draft.ts';
import { wrongLabelKey, wrongLabelName, wrongSubdomain } from './names.ts';
import { NO_LABELS, type Reader } from './reader.ts';
import { readLabels } from './values.ts';

/** What every resource has but its kind. */
export type Meta = Omit<Resource, 'kind'>;

export interface MetaRules {
  readonly scope: 'namespaced' | 'cluster';
  /** The character set of the kind's names. */
  readonly names: 'subdomain' | 'label';
  /** Where a namespaced object without a namespace is. */
  readonly defaultNamespace: string;
}

/** What an object made by `generateName` is called here: the API server would put random letters for the mark. */
export const GENERATED = '?';

export function readMeta(object: Reader, rules: MetaRules): Meta {
  const metadata = object.childOrEmpty('metadata');
  return {
    apiVersion: object.text('apiVersion') ?? '',
    namespace: rules.scope === 'cluster' ? '' : readNamespace(metadata, rules.defaultNamespace),
    name: readName(metadata, rules.names),
    labels: readLabels(metadata, 'labels'),
    annotations: readAnnotations(metadata),
    ...createdOf(metadata),
    origin: object.origin,
  };
}

function createdOf(metadata: Reader): { created?: string } {
  const created = metadata.text('creationTimestamp');
  return created === undefined || created === '' ? {} : { created };
}

/** The owner reference with `controller: true`. */
export function readController(object: Reader): { controller?: OwnerReference } {
  for (const owner of object.childOrEmpty('metadata').children('ownerReferences')) {
    if (owner.boolean('controller') !== true) continue;
    const apiVersion = owner.text('apiVersion') ?? '';
    return { controller: { apiVersion, kind: owner.text('kind') ?? '', name: owner.text('name') ?? '' } };
  }
  return {};
}

function readName(metadata: Reader, names: MetaRules['names']): string {
  const name = metadata.text('name');
  if (name === undefined || name === '') {
    const prefix = metadata.text('generateName');
    if (prefix !== undefined && prefix !== '') return `${prefix}${GENERATED}`;
    metadata.refuse('RF2001', 'name', 'is missing');
    return '';
  }
  const wrong = names === 'label' ? wrongLabelName(name) : wrongSubdomain(name);
  if (wrong !== undefined) metadata.refuse('RF2006', 'name', `is ${quote(name)}: a name of this kind ${wrong}`);
  return name;
}

function readNamespace(metadata: Reader, fallback: string): string {
  const namespace = metadata.text('namespace');
  if (namespace === undefined || namespace === '') return fallback;
  const wrong = wrongLabelName(namespace);
  if (wrong !== undefined) metadata.refuse('RF2006', 'namespace', `is ${quote(namespace)}: a namespace ${wrong}`);
  return namespace;
}

/** A copy of the whole object that kubectl leaves behind; it would double the memory of a snapshot. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Annotations: any text under a checked key (upper case prefixes are allowed here, unlike in labels). */
export function readAnnotations(metadata: Reader): Labels {
  const pairs = metadata.pairs('annotations');
  if (pairs.length === 0) return NO_LABELS;
  const out = new Map<string, string>();
  for (const pair of pairs) {
    const wrong = wrongLabelKey(pair.key.toLowerCase());
    if (wrong !== undefined) {
      metadata.draft.refuse(
        'RF2006',
        metadata.pairPlace('annotations', pair),
        `has the key ${quote(pair.key)}: a key ${wrong}`,
      );
    }
    if (pair.key !== LAST_APPLIED) out.set(pair.key, pair.text);
  }
  return out;
}
