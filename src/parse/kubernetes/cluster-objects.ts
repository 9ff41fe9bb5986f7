import type { ClusterObject, ShapedDocument } from '#model/object.ts';
import { isPlainObject, type PlainObject } from '#model/plain.ts';
import type { MapNode, SourceText } from '../text/node.ts';
import { shapeOf } from './document-shape.ts';
import { groupOf } from './kind-entry.ts';
import { kindOf } from './kinds.ts';
import { copyObject, PASSING, type ReadObject } from './objects.ts';
import type { Strings } from './strings.ts';
import { WrittenValue } from './written.ts';

interface Named {
  readonly source: SourceText;
  readonly root: MapNode;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Gathers what controls look at: objects of every kind as they were written, and other documents of a known shape. */
export class ObjectGatherer {
  readonly #defaultNamespace: string;
  readonly #strings: Strings;
  readonly #objects = new Map<string, ClusterObject>();
  readonly #documents: ShapedDocument[] = [];
  /** Specs of pods by their text: those of a workload are alike. */
  readonly #specs = new Map<string, PlainObject>();

  constructor(defaultNamespace: string, strings: Strings) {
    this.#defaultNamespace = defaultNamespace;
    this.#strings = strings;
  }

  get objects(): readonly ClusterObject[] {
    return [...this.#objects.values()];
  }

  get documents(): readonly ShapedDocument[] {
    return this.#documents;
  }

  /** Takes an object; a later one of the same name replaces it. Objects without a name are all kept. */
  add({ source, root, apiVersion, kind, namespace, name }: Named): void {
    if (PASSING.has(kind)) return;
    const read = copyObject(source, root, { apiVersion, kind, strings: this.#strings });
    const own = (text: string) => this.#strings.own(text);
    const group = own(groupOf(apiVersion));
    const home = isClusterScoped(apiVersion, kind) ? '' : own(namespace || this.#defaultNamespace);
    const named = { apiVersion: own(apiVersion), group, kind: own(kind), namespace: home, name: own(name) };
    const key = name === '' ? `${this.#objects.size}` : `${group}/${kind}/${home}/${name}`;
    this.#objects.set(key, objectOf(kind === 'Pod' ? this.#shared(read) : read, named));
  }

  /** Takes a document that is no object, where its shape is known. Answers whether it was. */
  addDocument(source: SourceText, root: MapNode): boolean {
    const shape = shapeOf(root);
    if (shape === undefined) return false;
    const written = new WrittenValue(copyObject(source, root, { strings: this.#strings }));
    this.#documents.push({
      shape,
      value: written.value,
      origin: written.origin,
      originAt: (path) => written.originAt(path),
    });
    return true;
  }

  #shared({ value, ...rest }: ReadObject): ReadObject {
    const { spec } = value;
    if (!isPlainObject(spec)) return { ...rest, value };
    const text = JSON.stringify(spec);
    const known = this.#specs.get(text);
    if (known === undefined) this.#specs.set(text, spec);
    return { ...rest, value: { ...value, spec: known ?? spec } };
  }
}

function objectOf(read: ReadObject, named: Omit<ClusterObject, 'value' | 'origin' | 'originAt'>): ClusterObject {
  const written = new WrittenValue(read);
  return {
    ...named,
    value: written.value,
    origin: written.origin,
    originAt: (path) => written.originAt(path),
  };
}

function isClusterScoped(apiVersion: string, kind: string): boolean {
  const entry = kindOf(apiVersion, kind);
  if (entry !== undefined && entry !== 'unknown-version') return entry.scope === 'cluster';
  return /^Cluster/.test(kind) || CLUSTER_SCOPED.has(kind) || CLUSTER_GROUPS.test(apiVersion);
}

/** Kinds that controls look at and that snapshots have no list for. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ConstraintTemplate',
  'CustomResourceDefinition',
  'FlowSchema',
  'IngressClass',
  'KubeletConfiguration',
  'KubeProxyConfiguration',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'NodeInfo',
  'PersistentVolume',
  'PodSecurityPolicy',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeSnapshotClass',
]);

const CLUSTER_GROUPS = /^(?:constraints\.gatekeeper\.sh|config\.gatekeeper\.sh|mutations\.gatekeeper\.sh)\//;
