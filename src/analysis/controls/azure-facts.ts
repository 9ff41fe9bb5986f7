import { escapeControl } from '#base/escape.ts';
import { azureViewOf } from '#engine/compile/azure/view.ts';
import type { ManagedCluster, NodePool } from '#model/azure/cluster.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { AzureEvidence } from '#model/azure/fact.ts';
import type { Subnet } from '#model/azure/network.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { Assessment, Evidence, Judged, Place } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import type { PlainValue } from '#model/plain.ts';
import { clusterSubnets as subnetsOf } from '../azure/bypasses.ts';
import { plain } from './assessment.ts';
import { isAksCluster } from './azure-signs.ts';
import type { ControlContext } from './context.ts';
import { onceKey } from './context.ts';

// What controls read of resources of Azure as they were written, whichever form they came in: ARM's shape, its names.

/** A setting of a resource: its value, that it is not there, or the expression that it would come from. */
export type Setting =
  | { readonly state: 'value'; readonly value: PlainValue; readonly field: string; readonly origin: Origin }
  | { readonly state: 'absent'; readonly field: string; readonly origin: Origin }
  | { readonly state: 'unsettled'; readonly expression: string; readonly field: string; readonly origin: Origin };

/**
 * The setting at a path from the top of the resource, names without regard to case:
 * `settingAt(cluster, 'properties', 'apiServerAccessProfile', 'enablePrivateCluster')`. Null and empty text are absent.
 * A list or an object with a part that is not known is unsettled as a whole: see `itemsAt`.
 */
export function settingAt(resource: AzureResource, ...path: FieldPath): Setting {
  return settingIn(resource.body, path, []);
}

/** The same of a part of a resource, as `itemsAt` gives it. */
export function settingOf(part: AzurePart, ...path: FieldPath): Setting {
  return settingIn(part.value, path, part.path);
}

/** A part of a resource, and where it is in it. */
export interface AzurePart {
  readonly value: AzureValue;
  readonly path: FieldPath;
}

/** The items of a list, none where it is absent; the expression where the list itself is not known. */
export function itemsAt(resource: AzureResource, ...path: FieldPath): readonly AzurePart[] | AzureUnsettled {
  const list = valueAt(resource.body, path);
  if (list?.kind === 'unsettled') return list;
  return list?.kind === 'list' ? list.items.map((value, index) => ({ value, path: [...path, index] })) : [];
}

function settingIn(top: AzureValue, path: FieldPath, before: FieldPath): Setting {
  const field = fieldText([...before, ...path]);
  const value = valueAt(top, path);
  if (value === undefined || isEmpty(value)) return { state: 'absent', field, origin: (value ?? top).origin };
  const open = openPartOf(value);
  if (open !== undefined) return { state: 'unsettled', expression: open.expression, field, origin: open.origin };
  return { state: 'value', value: plainOf(value), field, origin: value.origin };
}

/** Of what is not known, no part is. */
export function valueAt(top: AzureValue, path: FieldPath): AzureValue | undefined {
  let at: AzureValue | undefined = top;
  for (const step of path) {
    if (at?.kind === 'unsettled') return at;
    if (typeof step === 'number') at = at?.kind === 'list' ? at.items[step] : undefined;
    else at = at?.kind === 'object' ? entryOf(at.entries, step) : undefined;
  }
  return at;
}

function entryOf(entries: ReadonlyMap<string, AzureValue>, key: string): AzureValue | undefined {
  const exact = entries.get(key);
  if (exact !== undefined) return exact;
  const lower = key.toLowerCase();
  for (const [name, value] of entries) if (name.toLowerCase() === lower) return value;
  return undefined;
}

function isEmpty(value: AzureValue): boolean {
  return value.kind === 'scalar' && (value.value === null || value.value === '');
}

function openPartOf(value: AzureValue): AzureUnsettled | undefined {
  if (value.kind === 'unsettled') return value;
  if (value.kind === 'scalar') return undefined;
  const parts = value.kind === 'list' ? value.items : [...value.entries.values()];
  for (const part of parts) {
    const open = openPartOf(part);
    if (open !== undefined) return open;
  }
  return undefined;
}

/** Without parts that are not known. */
export function plainOf(value: AzureValue): PlainValue {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'unsettled':
      return null;
    case 'list':
      return value.items.map(plainOf);
    case 'object':
      return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plainOf(entry)]));
  }
}

/** `properties.agentPoolProfiles[0].name` */
export function fieldText(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

// ---------------------------------------------------------------- what a setting says

/**
 * Whether a setting is on: `fallback` is what Azure takes where it is absent, `unsettled` is said of an expression. Text
 * `true` counts too, as Azure takes it.
 */
export function isOn(setting: Setting, fallback: boolean): boolean | 'unsettled' {
  if (setting.state === 'unsettled') return 'unsettled';
  return setting.state === 'absent' ? fallback : String(setting.value).toLowerCase() === 'true';
}

/** The text of a setting in lower case, `fallback` where it is absent; undefined where it is not known. */
export function wordOf(setting: Setting, fallback: string): string | undefined {
  if (setting.state === 'unsettled') return undefined;
  return setting.state === 'absent' ? fallback : String(setting.value).toLowerCase();
}

/** A setting as evidence of its resource. */
export function evidenceOf(resource: AzureResource, setting: Setting): Evidence {
  const { field, origin } = setting;
  const base = { object: resource.id, field, origin };
  if (setting.state === 'unsettled')
    return { ...base, value: shortened(setting.expression), why: 'is an expression that the input does not settle' };
  return setting.state === 'value' ? { ...base, value: setting.value } : { ...base, absent: true };
}

/** Expressions of templates may be pages long. */
export function shortened(expression: string): string {
  const text = escapeControl(expression);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

const LONGEST = 100;

/** The resource itself as evidence. */
export function evidenceOfResource({ id, origin }: Pick<AzureResource, 'id' | 'origin'>, why?: string): Evidence {
  return { object: id, origin, ...(why !== undefined && { why }) };
}

/** What facts of the network around a cluster are shown by, as evidence of a control. */
export function evidenceOfFact({ resource, field, value, origin }: AzureEvidence): Evidence {
  return {
    object: resource,
    ...(field !== undefined && { field }),
    ...(value !== undefined && { value }),
    origin,
  };
}

/** `UNKNOWN` of a place, because of a setting that is an expression. */
export function unknownOf(resource: AzureResource, setting: Setting & { readonly state: 'unsettled' }): Judged {
  return {
    where: placeOfResource(resource),
    state: 'UNKNOWN',
    message: `\`${setting.field}\` is \`${shortened(setting.expression)}\`, which the input does not settle`,
    evidence: [evidenceOf(resource, setting)],
  };
}

// ---------------------------------------------------------------- resources

/** Where a resource of Azure is judged. The id is in lower case: Azure does not regard case, and forms of input differ. */
export function placeOfResource({
  type,
  name,
  id,
  origin,
}: Pick<AzureResource, 'type' | 'name' | 'id' | 'origin'>): Place {
  return { kind: type, namespace: '', name, id: azureKey(id), origin };
}

const BY_TYPE = onceKey<ReadonlyMap<string, readonly AzureResource[]>>('azure resources by type');

/** Every resource of a type, without regard to case: `resourcesOfType(context, 'Microsoft.Network/bastionHosts')`. */
export function resourcesOfType(context: ControlContext, type: string): readonly AzureResource[] {
  const byType = context.once(BY_TYPE, ({ snapshot }) =>
    Map.groupBy(snapshot.azure.resources.values(), (resource) => resource.type.toLowerCase()),
  );
  return byType.get(type.toLowerCase()) ?? [];
}

/** The resource with an id, or with the key that references have. */
export function resourceOf({ snapshot }: ControlContext, id: string): AzureResource | undefined {
  return snapshot.azure.resources.get(azureKey(id));
}

/** What is in a resource or attached to it, of a type: diagnostic settings of a cluster, locks. */
export function resourcesUnder(context: ControlContext, parent: string, type: string): readonly AzureResource[] {
  const prefix = `${azureKey(parent)}/`;
  return resourcesOfType(context, type).filter(({ id }) => azureKey(id).startsWith(prefix));
}

/** A cluster of AKS, decoded and as it was written. */
export interface WrittenCluster {
  readonly cluster: ManagedCluster;
  readonly resource: AzureResource;
}

/** The clusters of AKS in the input: mostly one, the one that the manifests are of. */
export function managedClustersOf(context: ControlContext): readonly WrittenCluster[] {
  return context.snapshot.azure.clusters.flatMap((cluster) => {
    const resource = resourceOf(context, cluster.id);
    return resource === undefined ? [] : [{ cluster, resource }];
  });
}

/** A node pool: a part of its cluster, or a resource of its own, with a reader of its settings by ARM's names. */
export interface WrittenPool {
  readonly pool: NodePool;
  /** The resource that it is written in. */
  readonly resource: AzureResource;
  /** `at('enableNodePublicIP')`: without `properties`. */
  readonly at: (...path: FieldPath) => Setting;
  /** Where the pool's settings are in the resource: `['properties', 'agentPoolProfiles', 0]`, `['properties']`. */
  readonly path: FieldPath;
}

/** The pools of a cluster. */
export function poolsOf(context: ControlContext, { cluster, resource }: WrittenCluster): readonly WrittenPool[] {
  const items = itemsAt(resource, 'properties', 'agentPoolProfiles');
  const inside = isUnsettled(items) ? [] : items;
  return cluster.pools.flatMap((pool): WrittenPool[] => {
    const own = resourceOf(context, pool.id);
    if (own !== undefined && own !== resource) {
      const path = ['properties'];
      return [{ pool, resource: own, path, at: (...rest) => settingAt(own, ...path, ...rest) }];
    }
    const part = inside.find((each) => valueText(settingOf(each, 'name')) === pool.name);
    if (part === undefined) return [];
    return [{ pool, resource, path: part.path, at: (...rest) => settingOf(part, ...rest) }];
  });
}

function valueText(setting: Setting): string | undefined {
  return setting.state === 'value' && typeof setting.value === 'string' ? setting.value : undefined;
}

/** Subnets of nodes and of pods of the input's one cluster; none where there is not exactly one. */
export function clusterSubnets({ snapshot }: ControlContext): readonly Subnet[] {
  const view = azureViewOf(snapshot);
  return view === undefined ? [] : subnetsOf(view);
}

// ---------------------------------------------------------------- no Azure in the input

/**
 * What a control about a cluster of AKS says where the input has none: UNKNOWN where the manifests show that it is one, or
 * where nothing shows what it is; NA where they show that it is something else, or where there is Azure and no cluster in it.
 * `what` is what would be looked at: `the settings of its API server`.
 */
export function withoutCluster(context: ControlContext, what: string): Assessment {
  if (context.snapshot.azure.clusters.length > 1) return plain('UNKNOWN', SEVERAL);
  const signs = isAksCluster(context);
  if (signs.state === 'other') return plain('NA', `the cluster is not one of AKS: ${signs.why}`, signs.evidence);
  if (signs.state === 'arc') return plain('NA', `the cluster is connected by Azure Arc: ${signs.why}`, signs.evidence);
  if (signs.state === 'aks')
    return plain('UNKNOWN', `the cluster is one of AKS, and the input does not show ${what}: ${HOW}`, signs.evidence);
  if (context.snapshot.azure.resources.size > 0) return plain('NA', 'no cluster of AKS is in the Azure input', []);
  if (context.kind === 'live') return plain('NA', 'nothing shows that the cluster is one of AKS', signs.evidence);
  return plain(
    'UNKNOWN',
    `the input does not show whether the cluster is one of AKS, nor ${what}: ${HOW}`,
    signs.evidence,
  );
}

const SEVERAL =
  'the input has several clusters of AKS, and nothing says which one the manifests are of: choose it with --azure-cluster';
const HOW = 'give the Azure network with --azure';
