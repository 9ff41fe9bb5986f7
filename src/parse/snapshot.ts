import { EMPTY_ESTATE } from '#model/azure/estate.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Origin } from '#model/origin.ts';
import type { Workload } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { ObjectGatherer } from './kubernetes/cluster-objects.ts';
import type { Gathered, ListName } from './kubernetes/kind-entry.ts';
import {
  type Borrowed,
  type ObjectReading,
  type ReadPart,
  type SnapshotOptions,
  SourceReader,
  type SourceReading,
} from './source-reader.ts';
import type { SourceText } from './text/node.ts';

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
  readonly #reader: SourceReader;
  readonly #gathered = emptyGathered();
  readonly #origins = new Map<string, Origin>();
  readonly #generated = new Map<string, number>();
  readonly #borrowed = new Map<string, Borrowed>();
  readonly #others = new Map<string, number>();
  readonly #files = new Map<string, number>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #whole = new ObjectGatherer();

  constructor(options: SnapshotOptions = {}) {
    this.#reader = new SourceReader(options);
  }

  /** Reads a source and takes its objects. */
  add(source: SourceText): void {
    this.take(this.#reader.read(source));
  }

  /** Takes the objects of a source that was read by a reader with the same options. */
  take({ file, parts }: SourceReading): void {
    let taken = 0;
    for (const part of parts) taken += this.#takePart(part);
    this.#files.set(file, (this.#files.get(file) ?? 0) + taken);
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
      objects: this.#whole.objects,
      documents: this.#whole.documents,
      others: new Map(this.#others),
      files: new Map(this.#files),
      diagnostics: [...this.#diagnostics, ...problems],
    };
  }

  /** Answers how many objects were taken. */
  #takePart(part: ReadPart): number {
    switch (part.kind) {
      case 'problems':
        this.report(part.problems);
        return 0;
      case 'other':
        this.#others.set(part.what, (this.#others.get(part.what) ?? 0) + 1);
        return 0;
      case 'written':
        this.#whole.add(part.object);
        return 0;
      case 'document':
        this.#whole.addDocument(part.document);
        return 0;
      case 'object':
        return this.#takeObject(this.#numbered(part));
    }
  }

  /** Objects with a generated name are never the same object: from the second on they are numbered. */
  #numbered({ generated, object }: Extract<ReadPart, { readonly kind: 'object' }>): ObjectReading {
    if (generated === undefined) return object;
    const count = (this.#generated.get(generated.key) ?? 0) + 1;
    this.#generated.set(generated.key, count);
    return count === 1 ? object : generated.numbered(count);
  }

  #takeObject(object: ObjectReading): number {
    const { identity, origin, keep, template, problems } = object;
    if (keep === undefined) {
      this.report(problems);
      return 0;
    }
    const earlier = this.#origins.get(identity);
    this.report(problems);
    if (earlier !== undefined) this.report(object.twice(earlier));
    this.#origins.set(identity, origin);
    if (template === undefined) this.#borrowed.delete(identity);
    else this.#borrowed.set(identity, template);
    keep(this.#gathered, identity);
    return 1;
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
