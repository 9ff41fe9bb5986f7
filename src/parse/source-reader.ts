import type { Diagnostic } from '#model/diagnostic.ts';
import type { ClusterObject, ShapedDocument } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import { ObjectCopier } from './kubernetes/cluster-objects.ts';
import { Draft, quote } from './kubernetes/draft.ts';
import { concerns, type Gathered, type KindEntry } from './kubernetes/kind-entry.ts';
import { isKnownKindName, kindOf, versionsOf } from './kubernetes/kinds.ts';
import { GENERATED, type Meta, readMeta } from './kubernetes/meta.ts';
import { type Identity, identityOf, itemsOf, strictFields, titleOf } from './kubernetes/object.ts';
import { Reader } from './kubernetes/reader.ts';
import { Strings } from './kubernetes/strings.ts';
import type { MapNode, Node, SourceText } from './text/node.ts';
import { type DocumentsResult, readDocuments } from './text/read-documents.ts';

export interface SnapshotOptions {
  /** Where namespaced objects without a namespace are. Defaults to `default`, as with kubectl. */
  readonly defaultNamespace?: string;
  /** Whether objects are kept as they were written too (`Snapshot.objects`), which takes memory: for controls. */
  readonly objects?: boolean;
  /** Told of each source as it was read: who needs its tree looks at it then, and no text is read twice. */
  readonly onRead?: (source: SourceText, read: DocumentsResult) => void;
}

/** What one source holds, whatever other sources hold: what is read once can be taken into many snapshots. */
export interface SourceReading {
  readonly file: string;
  readonly parts: readonly ReadPart[];
}

export type ReadPart =
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] }
  /** What has no say, by what it is counted under. */
  | { readonly kind: 'other'; readonly what: string }
  | { readonly kind: 'written'; readonly object: ClusterObject }
  | { readonly kind: 'document'; readonly document: ShapedDocument }
  | {
      readonly kind: 'object';
      readonly object: ObjectReading;
      /** Where the name ends in what the API server makes up: under what it is counted, and the object with a number. */
      readonly generated?: { readonly key: string; readonly numbered: (count: number) => ObjectReading };
    };

export interface ObjectReading {
  readonly identity: string;
  readonly origin: Origin;
  /** Undefined where an API server would refuse the object. */
  readonly keep: ((gathered: Gathered, identity: string) => void) | undefined;
  readonly template: Borrowed | undefined;
  readonly problems: readonly Diagnostic[];
  /** What to report where the same object was read before. */
  readonly twice: (earlier: Origin) => readonly Diagnostic[];
}

/** A workload whose template another workload holds. */
export interface Borrowed {
  readonly from: string;
  readonly problem: Diagnostic;
}

/** Reads sources by themselves. Texts that several hold are kept once for all that one reader reads. */
export class SourceReader {
  readonly #defaultNamespace: string;
  readonly #strings = new Strings();
  readonly #copier: ObjectCopier | undefined;
  readonly #onRead: SnapshotOptions['onRead'];

  constructor({ defaultNamespace = 'default', objects = false, onRead }: SnapshotOptions = {}) {
    this.#onRead = onRead;
    this.#defaultNamespace = defaultNamespace;
    if (objects) this.#copier = new ObjectCopier(this.#defaultNamespace, this.#strings);
  }

  read(source: SourceText): SourceReading {
    const read = readDocuments(source);
    const { documents, diagnostics } = read;
    this.#onRead?.(source, read);
    const parts: ReadPart[] = diagnostics.length === 0 ? [] : [{ kind: 'problems', problems: diagnostics }];
    for (const { root } of documents) parts.push(...this.#document({ source, root }));
    return { file: source.file, parts };
  }

  #document({ source, root }: Placed): readonly ReadPart[] {
    if (root.kind === 'map') return this.#mapping({ source, root, inherited: {} });
    const isEmpty = root.kind === 'scalar' && root.value === null;
    return isEmpty ? [] : [this.#other(NOT_KUBERNETES)];
  }

  #mapping({ source, root, inherited }: PlacedObject): readonly ReadPart[] {
    const found = identityOf(root);
    const identity = {
      ...found,
      apiVersion: found.apiVersion ?? inherited.apiVersion,
      kind: found.kind ?? inherited.kind,
    };
    const items = itemsOf(root, identity.kind);
    if (items !== undefined) return this.#items(source, identity, items);
    if (identity.apiVersion === undefined || identity.kind === undefined) return this.#untyped(source, root, identity);
    const { apiVersion, kind } = identity;
    const entry = kindOf(apiVersion, kind);
    if (entry === 'unknown-version') return [this.#unknownVersion({ source, root, identity })];
    const isRead = entry !== undefined && concerns(entry, identity.name);
    const parts: ReadPart[] = [];
    if (isRead) {
      const part = this.#object({ source, root, entry, apiVersion });
      parts.push(part);
      if (part.object.keep === undefined) return parts;
    }
    const { namespace, name } = identity;
    const object = this.#copier?.objectOf({ source, root, apiVersion, kind, namespace, name });
    if (object !== undefined) parts.push({ kind: 'written', object });
    if (!isRead) parts.push(this.#other(`${apiVersion}/${kind}`));
    return parts;
  }

  /** The API server leaves `apiVersion` and `kind` out of the items of a typed list. */
  #items(source: SourceText, { apiVersion, kind }: Identity, items: readonly Node[]): readonly ReadPart[] {
    const itemKind = kind === 'List' ? undefined : kind?.slice(0, -'List'.length);
    const inherited = itemKind === undefined ? {} : { apiVersion, kind: itemKind };
    return items.flatMap((item) =>
      item.kind === 'map' ? this.#mapping({ source, root: item, inherited }) : this.#document({ source, root: item }),
    );
  }

  /** A document that says only half of what it is: an object by mistake, or none at all. */
  #untyped(source: SourceText, root: MapNode, identity: Identity): readonly ReadPart[] {
    const { apiVersion, kind, name } = identity;
    const meantAsObject =
      kind !== undefined ? isKnownKindName(kind) && identity.hasMetadata : apiVersion !== undefined && name !== '';
    if (!meantAsObject) {
      const document = this.#copier?.documentOf(source, root);
      return [document === undefined ? this.#other(NOT_KUBERNETES) : { kind: 'document', document }];
    }
    const draft = this.#draft(source, identity);
    draft.refuse('RF2001', placeOf(root, kind === undefined ? 'kind' : 'apiVersion'), 'is missing');
    return [{ kind: 'problems', problems: draft.problems }];
  }

  #unknownVersion({ source, root, identity }: PlacedIdentity): ReadPart {
    const { apiVersion = '', kind = '' } = identity;
    const draft = this.#draft(source, identity);
    const known = versionsOf(apiVersion, kind);
    const message = `is ${quote(apiVersion)}, a version of ${quote(kind)} that Ringfence does not know`;
    draft.refuse('RF2012', placeOf(root, 'apiVersion'), { message, help: `known: ${known.map(quote).join(', ')}` });
    return { kind: 'problems', problems: draft.problems };
  }

  #draft(source: SourceText, { kind, namespace, name }: Identity): Draft {
    return new Draft(source, this.#strings, titleOf(kind ?? 'object', namespace, name));
  }

  #object(placed: PlacedEntry): Extract<ReadPart, { readonly kind: 'object' }> {
    const { meta, object } = this.#read(placed, (written) => written);
    if (!meta.name.endsWith(GENERATED)) return { kind: 'object', object };
    const key = `${placed.entry.kind}/${meta.namespace}/${meta.name}`;
    const numbered = (count: number) =>
      this.#read(placed, (written) => ({ ...written, name: `${written.name}${count}` })).object;
    return { kind: 'object', object, generated: { key, numbered } };
  }

  #read({ source, root, entry, apiVersion }: PlacedEntry, named: (meta: Meta) => Meta): ReadEntry {
    const { namespace, name } = identityOf(root);
    const title = titleOf(entry.kind, entry.scope === 'cluster' ? '' : namespace || this.#defaultNamespace, name);
    const draft = new Draft(source, this.#strings, title);
    const object = Reader.of(draft, root, strictFields(entry));
    const rules = { scope: entry.scope, names: entry.names, defaultNamespace: this.#defaultNamespace };
    const written = { ...readMeta(object, rules), apiVersion: this.#strings.own(apiVersion) };
    const meta = named(entry.named?.(object, written) ?? written);
    const keep = entry.read(object, meta);
    const reading: ObjectReading = {
      identity: `${entry.group}/${entry.kind}/${meta.namespace}/${meta.name}`,
      origin: meta.origin,
      keep: draft.refused ? undefined : keep,
      template: borrowedOf(draft, meta.namespace),
      problems: draft.problems,
      twice: (earlier) => twiceReport(source, { title, at: root.start }, earlier),
    };
    return { meta, object: reading };
  }

  #other(what: string): ReadPart {
    return { kind: 'other', what: this.#strings.own(what) };
  }
}

/** What `others` counts documents under that are no Kubernetes objects: pipelines, chart values, compose files. */
export const NOT_KUBERNETES = 'not Kubernetes';

interface ReadEntry {
  readonly meta: Meta;
  readonly object: ObjectReading;
}

interface Placed {
  readonly source: SourceText;
  readonly root: Node;
}

interface PlacedObject {
  readonly source: SourceText;
  readonly root: MapNode;
  readonly inherited: { readonly apiVersion?: string | undefined; readonly kind?: string | undefined };
}

interface PlacedIdentity {
  readonly source: SourceText;
  readonly root: MapNode;
  readonly identity: Identity;
}

interface PlacedEntry {
  readonly source: SourceText;
  readonly root: MapNode;
  readonly entry: KindEntry;
  readonly apiVersion: string;
}

function borrowedOf({ templateRef }: Draft, namespace: string): Borrowed | undefined {
  if (templateRef === undefined) return undefined;
  return { from: `apps/${templateRef.kind}/${namespace}/${templateRef.name}`, problem: templateRef.problem };
}

interface Titled {
  readonly title: string;
  readonly at: number;
}

function twiceReport(source: SourceText, { title, at }: Titled, earlier: Origin): readonly Diagnostic[] {
  const where = quote(`${earlier.file}:${earlier.line}`);
  const message = `${quote(title)} is in the input a second time; it replaces the one in ${where}`;
  const draft = new Draft(source, new Strings(), title);
  draft.warn('RF2011', { path: '', start: at, end: at + 1 }, message);
  return draft.problems;
}

function placeOf(root: MapNode, key: string) {
  const node = root.entries.findLast((entry) => entry.key === key)?.value ?? root;
  return { path: key, start: node.start, end: node.kind === 'scalar' ? node.end : node.start + 1 };
}
