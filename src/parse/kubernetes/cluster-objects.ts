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

/** Copies what controls look at: objects of every kind as they were written, and other documents of a known shape. */
export class ObjectCopier {
  readonly #defaultNamespace: string;
  readonly #strings: Strings;
  /** Specs of pods by their text: those of a workload are alike. */
  readonly #specs = new Map<string, PlainObject>();

  constructor(defaultNamespace: string, strings: Strings) {
    this.#defaultNamespace = defaultNamespace;
    this.#strings = strings;
  }

  /** Undefined for kinds that pass. */
  objectOf({ source, root, apiVersion, kind, namespace, name }: Named): ClusterObject | undefined {
    if (PASSING.has(kind)) return undefined;
    const read = copyObject(source, root, { apiVersion, kind, strings: this.#strings });
    const own = (text: string) => this.#strings.own(text);
    const group = own(groupOf(apiVersion));
    const home = isClusterScoped(apiVersion, kind) ? '' : own(namespace || this.#defaultNamespace);
    const named = { apiVersion: own(apiVersion), group, kind: own(kind), namespace: home, name: own(name) };
    return objectOf(kind === 'Pod' ? this.#shared(read) : read, named);
  }

  /** Undefined where the shape is not known. */
  documentOf(source: SourceText, root: MapNode): ShapedDocument | undefined {
    const shape = shapeOf(root);
    if (shape === undefined) return undefined;
    const written = new WrittenValue(copyObject(source, root, { strings: this.#strings }));
    return {
      shape,
      value: written.value,
      origin: written.origin,
      originAt: (path) => written.originAt(path),
    };
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

/** Gathers what a copier copied. */
export class ObjectGatherer {
  readonly #objects = new Map<string, ClusterObject>();
  readonly #documents: ShapedDocument[] = [];

  get objects(): readonly ClusterObject[] {
    return [...this.#objects.values()];
  }

  get documents(): readonly ShapedDocument[] {
    return [...this.#documents];
  }

  /** Takes an object; a later one of the same name replaces it. Objects without a name are all kept. */
  add(object: ClusterObject): void {
    const { group, kind, namespace, name } = object;
    this.#objects.set(name === '' ? `${this.#objects.size}` : `${group}/${kind}/${namespace}/${name}`, object);
  }

  addDocument(document: ShapedDocument): void {
    this.#documents.push(document);
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
