import type { Origin } from './origin.ts';
import type { PlainObject, PlainValue } from './plain.ts';

/** Names of fields and indexes of lists, from the top: `['spec', 'containers', 0, 'image']`. */
export type FieldPath = readonly (string | number)[];

/** Something that was written, and where each part of it stands. */
export interface Written<VALUE extends PlainValue = PlainValue> {
  readonly value: VALUE;
  readonly origin: Origin;
  /** Where the value at a path stands; of what is not written, its nearest parent. */
  readonly originAt: (path: FieldPath) => Origin;
}

/**
 * One Kubernetes object of any kind as it was written, defaults not applied: what controls look at. Secrets are not in it:
 * values of Secrets stand as `DROPPED` (certificates stay), and text elsewhere that looks like a secret as `secretMark`.
 * Objects without a
 * name (a kubelet configuration, the output of a node collector) have an empty one.
 */
export interface ClusterObject extends Written<PlainObject> {
  readonly apiVersion: string;
  /** Without the version; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Empty for cluster-scoped kinds; the default namespace where a namespaced object names none. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * Documents that are no Kubernetes objects and that controls look at, by their shape: what a kubelet answers at
 * `/configz`, what image scanners write, pipelines of GitHub and of Azure DevOps.
 */
export const DOCUMENT_SHAPES = [
  'kubelet-configz',
  'trivy-report',
  'cyclonedx',
  'sarif',
  'github-workflow',
  'azure-pipeline',
] as const;
export type DocumentShape = (typeof DOCUMENT_SHAPES)[number];

export interface ShapedDocument extends Written<PlainObject> {
  readonly shape: DocumentShape;
}

/**
 * What stands in the place of a value that was not kept: that there is one, and not what it is. Values of Secrets always;
 * those of variables, arguments, commands and ConfigMaps of applications where a snapshot was taken without `--values`.
 */
export const DROPPED = '[dropped]';

/** What stands in the place of a text of a ConfigMap that no setting is as long as: a dashboard, a bundle of something. */
export const TOO_LONG = '[too long]';

/** Stands for a value or a comment that is not shown, in a text that can still be read as what it was. */
export const MASK = '[hidden: it may hold a secret]';

/** Kinds of secrets that are known by how they look, or by the name of the field that holds them. */
export const SECRET_KINDS = [
  'private-key',
  'cloud-access-key',
  'storage-key',
  'connection-string',
  'token',
  'jwt',
  'password',
] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** What stands in the place of a secret that was found in plain sight. */
export function secretMark(kind: SecretKind): string {
  return `[secret: ${kind}]`;
}

/** Which secret stood where now its mark is; text may hold other parts besides the mark. */
export function secretKindIn(text: string): SecretKind | undefined {
  const found = /\[secret: ([a-z-]+)\]/.exec(text)?.[1];
  return SECRET_KINDS.find((kind) => kind === found);
}
