import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { PlainObject } from '#model/plain.ts';
import type { LabelRequirement, Resource } from '#model/resource.ts';
import { selectorManifest } from '../manifests/selector.ts';

/** A label selector as a manifest has it. */
export function selectorObject(requirements: readonly LabelRequirement[]): PlainObject {
  return selectorManifest({ requirements, origin: NO_ORIGIN });
}

export interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Labels come along; annotations are about the object that was. */
export function metadataOf({ labels }: Resource, { namespace, name }: Named): PlainObject {
  return {
    name,
    ...(namespace !== '' && { namespace }),
    ...(labels.size > 0 && { labels: Object.fromEntries(labels) }),
  };
}

/** The namespace of this name. */
export function inNamespace(...names: readonly string[]): LabelRequirement {
  return { key: NAMESPACE_NAME_LABEL, operator: 'In', values: names };
}

/** The names of namespaces that requirements ask for, where they ask for names and for nothing else. */
export function namesAsked(requirements: readonly LabelRequirement[]): readonly string[] | undefined {
  const [only, ...others] = requirements;
  if (only === undefined || others.length > 0) return undefined;
  return only.key === NAMESPACE_NAME_LABEL && only.operator === 'In' ? only.values : undefined;
}
