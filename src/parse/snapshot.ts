import { EMPTY_ESTATE } from '#model/azure/estate.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Origin } from '#model/origin.ts';
import type { Workload } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { ObjectGatherer } from './kubernetes/cluster-objects.ts';
import { Draft, quote } from './kubernetes/draft.ts';
import { concerns, type Gathered, type KindEntry, type ListName } from './kubernetes/kind-entry.ts';
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

/** Everything that the sources hold, read into one snapshot. */
export function snapshotOf(sources: Iterable<SourceText>, options: SnapshotOptions = {}): Snapshot {
  const builder = new SnapshotBuilder(options);
  for (const source of sources) builder.add(source);
  return builder.snapshot();
}

/**
 * Gathers a snapshot from one source after the other. Nothing of a source's text or tree is kept once it is added, so
 * memory is that of the resources and of the largest source.
 */
export class SnapshotBuilder {
  readonly #defaultNamespace: string;
  readonly #strings = new Strings();
  readonly #gathered = emptyGathered();
  readonly #origins = new Map<string, Origin>();
  readonly #generated = new Map<string, number>();
  readonly #borrowed = new Map<string, Borrowed>();
  readonly #others = new Map<string, number>();
  readonly #files = new Map<string, number>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #whole: ObjectGatherer | undefined;
  readonly #onRead: SnapshotOptions['onRead'];

  constructor(options: SnapshotOptions = {}) {
    this.#onRead = options.onRead;
    this.#defaultNamespace = options.defaultNamespace ?? 'default';
    if (options.objects === true) this.#whole = new ObjectGatherer(this.#defaultNamespace, this.#strings);
  }

  /** Reads a source and takes its objects. */
  add(source: SourceText): void {
    const read = readDocuments(source);
    const { documents, diagnostics } = read;
    this.#onRead?.(source, read);
    this.report(diagnostics);
    let taken = 0;
    for (const { root } of documents) taken += this.#addDocument({ source, root });
    this.#files.set(source.file, (this.#files.get(source.file) ?? 0) + taken);
  }

  /** Takes over what was found wrong while the sources were fetched. */
  report(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.#diagnostics.push(diagnostic);
  }

  snapshot(): Snapshot {
    const lists = listsOf(this.#gathered);
    const { workloads, problems } = this.#lendTemplates();
    return {
      ...lists,
      workloads,
      azure: EMPTY_ESTATE,
      objects: this.#whole?.objects ?? [],
      documents: this.#whole?.documents ?? [],
      others: new Map(this.#others),
      files: new Map(this.#files),
      diagnostics: [...this.#diagnostics, ...problems],
    };
  }

  /** Answers how many objects were taken. */
  #addDocument({ source, root }: Placed): number {
    if (root.kind === 'map') return this.#addObject({ source, root, inherited: {} });
    const isEmpty = root.kind === 'scalar' && root.value === null;
    if (!isEmpty) this.#count(NOT_KUBERNETES);
    return 0;
  }

  #addObject({ source, root, inherited }: PlacedObject): number {
    const found = identityOf(root);
    const identity = {
      ...found,
      apiVersion: found.apiVersion ?? inherited.apiVersion,
      kind: found.kind ?? inherited.kind,
    };
    const items = itemsOf(root, identity.kind);
    if (items !== undefined) return this.#addItems(source, identity, items);
    if (identity.apiVersion === undefined || identity.kind === undefined)
      return this.#addUntyped(source, root, identity);
    const { apiVersion, kind } = identity;
    const entry = kindOf(apiVersion, kind);
    if (entry === 'unknown-version') {
      this.#reportVersion({ source, root, identity });
      return 0;
    }
    const isRead = entry !== undefined && concerns(entry, identity.name);
    if (isRead && this.#read({ source, root, entry, apiVersion }) === 0) return 0;
    this.#whole?.add({ source, root, apiVersion, kind, namespace: identity.namespace, name: identity.name });
    if (!isRead) this.#count(`${apiVersion}/${kind}`);
    return isRead ? 1 : 0;
  }

  /** The API server leaves `apiVersion` and `kind` out of the items of a typed list. */
  #addItems(source: SourceText, { apiVersion, kind }: Identity, items: readonly Node[]): number {
    const itemKind = kind === 'List' ? undefined : kind?.slice(0, -'List'.length);
    const inherited = itemKind === undefined ? {} : { apiVersion, kind: itemKind };
    let taken = 0;
    for (const item of items) {
      if (item.kind === 'map') taken += this.#addObject({ source, root: item, inherited });
      else taken += this.#addDocument({ source, root: item });
    }
    return taken;
  }

  /** A document that says only half of what it is: an object by mistake, or none at all. */
  #addUntyped(source: SourceText, root: MapNode, identity: Identity): number {
    const { apiVersion, kind, name } = identity;
    const meantAsObject =
      kind !== undefined ? isKnownKindName(kind) && identity.hasMetadata : apiVersion !== undefined && name !== '';
    if (!meantAsObject) {
      if (this.#whole?.addDocument(source, root) !== true) this.#count(NOT_KUBERNETES);
      return 0;
    }
    const draft = this.#draft(source, identity);
    draft.refuse('RF2001', placeOf(root, kind === undefined ? 'kind' : 'apiVersion'), 'is missing');
    this.report(draft.problems);
    return 0;
  }

  #reportVersion({ source, root, identity }: PlacedIdentity): void {
    const { apiVersion = '', kind = '' } = identity;
    const draft = this.#draft(source, identity);
    const known = versionsOf(apiVersion, kind);
    const message = `is ${quote(apiVersion)}, a version of ${quote(kind)} that Ringfence does not know`;
    draft.refuse('RF2012', placeOf(root, 'apiVersion'), { message, help: `known: ${known.map(quote).join(', ')}` });
    this.report(draft.problems);
  }

  #draft(source: SourceText, { kind, namespace, name }: Identity): Draft {
    return new Draft(source, this.#strings, titleOf(kind ?? 'object', namespace, name));
  }

  #read({ source, root, entry, apiVersion }: PlacedEntry): number {
    const { namespace, name } = identityOf(root);
    const title = titleOf(entry.kind, entry.scope === 'cluster' ? '' : namespace || this.#defaultNamespace, name);
    const draft = new Draft(source, this.#strings, title);
    const object = Reader.of(draft, root, strictFields(entry));
    const rules = { scope: entry.scope, names: entry.names, defaultNamespace: this.#defaultNamespace };
    const written = { ...readMeta(object, rules), apiVersion: this.#strings.own(apiVersion) };
    const meta = this.#numbered(entry, entry.named?.(object, written) ?? written);
    const keep = entry.read(object, meta);
    const identity = `${entry.group}/${entry.kind}/${meta.namespace}/${meta.name}`;
    if (!draft.refused) {
      this.#reportTwice(draft, root, identity);
      this.#origins.set(identity, meta.origin);
      this.#borrow(draft, identity, meta.namespace);
      keep(this.#gathered, identity);
    }
    this.report(draft.problems);
    return draft.refused ? 0 : 1;
  }

  /** Objects with a generated name are never the same object: from the second on they are numbered. */
  #numbered(entry: KindEntry, meta: Meta): Meta {
    if (!meta.name.endsWith(GENERATED)) return meta;
    const key = `${entry.kind}/${meta.namespace}/${meta.name}`;
    const count = (this.#generated.get(key) ?? 0) + 1;
    this.#generated.set(key, count);
    return count === 1 ? meta : { ...meta, name: `${meta.name}${count}` };
  }

  #reportTwice(draft: Draft, root: MapNode, identity: string): void {
    const earlier = this.#origins.get(identity);
    if (earlier === undefined) return;
    const where = quote(`${earlier.file}:${earlier.line}`);
    const message = `${quote(draft.title)} is in the input a second time; it replaces the one in ${where}`;
    draft.warn('RF2011', { path: '', start: root.start, end: root.start + 1 }, message);
  }

  #borrow(draft: Draft, identity: string, namespace: string): void {
    const ref = draft.templateRef;
    if (ref === undefined) this.#borrowed.delete(identity);
    else this.#borrowed.set(identity, { from: `apps/${ref.kind}/${namespace}/${ref.name}`, problem: ref.problem });
  }

  /** Workloads that take their template from another one; those whose lender is not in the input are left out. */
  #lendTemplates(): { workloads: readonly Workload[]; problems: readonly Diagnostic[] } {
    const workloads: Workload[] = [];
    const problems: Diagnostic[] = [];
    for (const [identity, [workload]] of this.#gathered.workloads) {
      if (workload === undefined) continue;
      const borrowed = this.#borrowed.get(identity);
      const lender = borrowed && this.#gathered.workloads.get(borrowed.from)?.[0];
      if (borrowed === undefined) workloads.push(workload);
      else if (lender === undefined) problems.push(borrowed.problem);
      else workloads.push({ ...workload, template: lender.template });
    }
    return { workloads, problems };
  }

  #count(what: string): void {
    const key = this.#strings.own(what);
    this.#others.set(key, (this.#others.get(key) ?? 0) + 1);
  }
}

/** What `others` counts documents under that are no Kubernetes objects: pipelines, chart values, compose files. */
export const NOT_KUBERNETES = 'not Kubernetes';

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

/** A workload whose template another workload holds. */
interface Borrowed {
  readonly from: string;
  readonly problem: Diagnostic;
}

function placeOf(root: MapNode, key: string) {
  const node = root.entries.findLast((entry) => entry.key === key)?.value ?? root;
  return { path: key, start: node.start, end: node.kind === 'scalar' ? node.end : node.start + 1 };
}

function emptyGathered(): Gathered {
  return {
    namespaces: new Map(),
    nodes: new Map(),
    serviceAccounts: new Map(),
    configMaps: new Map(),
    pods: new Map(),
    workloads: new Map(),
    services: new Map(),
    endpointSlices: new Map(),
    networkPolicies: new Map(),
    clusterPolicies: new Map(),
    multiNetworkPolicies: new Map(),
    secondaryNetworks: new Map(),
    ingresses: new Map(),
    ingressClasses: new Map(),
    gatewayClasses: new Map(),
    gateways: new Map(),
    listenerSets: new Map(),
    routes: new Map(),
    referenceGrants: new Map(),
    openShiftRoutes: new Map(),
    calicoPolicies: new Map(),
    calicoTiers: new Map(),
    calicoNetworkSets: new Map(),
    calicoHostEndpoints: new Map(),
    calicoSettings: new Map(),
    calicoControllers: new Map(),
    ciliumPolicies: new Map(),
    ciliumCidrGroups: new Map(),
    ciliumRedirects: new Map(),
    ciliumEgressGateways: new Map(),
    peerAuthentications: new Map(),
    istioAuthorizations: new Map(),
    requestAuthentications: new Map(),
    destinationRules: new Map(),
    istioSidecars: new Map(),
    serviceEntries: new Map(),
    virtualServices: new Map(),
    istioGateways: new Map(),
    linkerdServers: new Map(),
    linkerdAuthorizations: new Map(),
    linkerdServerAuthorizations: new Map(),
    linkerdIdentities: new Map(),
    linkerdNetworks: new Map(),
    linkerdEgressNetworks: new Map(),
    linkerdRoutes: new Map(),
  };
}

function listsOf(gathered: Gathered): Pick<Snapshot, ListName> {
  return {
    namespaces: [...gathered.namespaces.values()].flat(),
    nodes: [...gathered.nodes.values()].flat(),
    serviceAccounts: [...gathered.serviceAccounts.values()].flat(),
    configMaps: [...gathered.configMaps.values()].flat(),
    pods: [...gathered.pods.values()].flat(),
    workloads: [...gathered.workloads.values()].flat(),
    services: [...gathered.services.values()].flat(),
    endpointSlices: [...gathered.endpointSlices.values()].flat(),
    networkPolicies: [...gathered.networkPolicies.values()].flat(),
    clusterPolicies: [...gathered.clusterPolicies.values()].flat(),
    multiNetworkPolicies: [...gathered.multiNetworkPolicies.values()].flat(),
    secondaryNetworks: [...gathered.secondaryNetworks.values()].flat(),
    ingresses: [...gathered.ingresses.values()].flat(),
    ingressClasses: [...gathered.ingressClasses.values()].flat(),
    gatewayClasses: [...gathered.gatewayClasses.values()].flat(),
    gateways: [...gathered.gateways.values()].flat(),
    listenerSets: [...gathered.listenerSets.values()].flat(),
    routes: [...gathered.routes.values()].flat(),
    referenceGrants: [...gathered.referenceGrants.values()].flat(),
    openShiftRoutes: [...gathered.openShiftRoutes.values()].flat(),
    calicoPolicies: [...gathered.calicoPolicies.values()].flat(),
    calicoTiers: [...gathered.calicoTiers.values()].flat(),
    calicoNetworkSets: [...gathered.calicoNetworkSets.values()].flat(),
    calicoHostEndpoints: [...gathered.calicoHostEndpoints.values()].flat(),
    calicoSettings: [...gathered.calicoSettings.values()].flat(),
    calicoControllers: [...gathered.calicoControllers.values()].flat(),
    ciliumPolicies: [...gathered.ciliumPolicies.values()].flat(),
    ciliumCidrGroups: [...gathered.ciliumCidrGroups.values()].flat(),
    ciliumRedirects: [...gathered.ciliumRedirects.values()].flat(),
    ciliumEgressGateways: [...gathered.ciliumEgressGateways.values()].flat(),
    peerAuthentications: [...gathered.peerAuthentications.values()].flat(),
    istioAuthorizations: [...gathered.istioAuthorizations.values()].flat(),
    requestAuthentications: [...gathered.requestAuthentications.values()].flat(),
    destinationRules: [...gathered.destinationRules.values()].flat(),
    istioSidecars: [...gathered.istioSidecars.values()].flat(),
    serviceEntries: [...gathered.serviceEntries.values()].flat(),
    virtualServices: [...gathered.virtualServices.values()].flat(),
    istioGateways: [...gathered.istioGateways.values()].flat(),
    linkerdServers: [...gathered.linkerdServers.values()].flat(),
    linkerdAuthorizations: [...gathered.linkerdAuthorizations.values()].flat(),
    linkerdServerAuthorizations: [...gathered.linkerdServerAuthorizations.values()].flat(),
    linkerdIdentities: [...gathered.linkerdIdentities.values()].flat(),
    linkerdNetworks: [...gathered.linkerdNetworks.values()].flat(),
    linkerdEgressNetworks: [...gathered.linkerdEgressNetworks.values()].flat(),
    linkerdRoutes: [...gathered.linkerdRoutes.values()].flat(),
  };
}
