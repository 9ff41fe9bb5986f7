import { type InjectionPolicy, type MeshConfig, PATH_NORMALIZATIONS, type PathNormalization } from '#model/istio.ts';
import { NO_ORIGIN, type Origin } from '#model/origin.ts';
import type { ConfigMap, LabelRequirement, LabelSelector } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { embeddedMap } from '../embedded-map.ts';
import type { MapNode, Node, ScalarValue } from '../text/node.ts';

const DEFAULT_ROOT = 'istio-system';
/** Where the AKS add-on keeps the control plane. */
const AKS_ROOT = 'aks-istio-system';

/**
 * The mesh configuration of a snapshot: `data.mesh` of the ConfigMaps `istio`, `istio-<revision>` and `istio-asm-…`,
 * over what users may add in `istio-shared-configmap-…` (the AKS add-on lets its own settings win). Where there is none,
 * Istio's defaults. Of several revisions the first by name counts; `problems` says so where they differ.
 */
export function meshConfigOf(snapshot: Snapshot): MeshConfig {
  const known = CONFIGS.get(snapshot);
  if (known !== undefined) return known;
  const made = readMeshConfig(snapshot);
  CONFIGS.set(snapshot, made);
  return made;
}

const CONFIGS = new WeakMap<Snapshot, MeshConfig>();

function readMeshConfig(snapshot: Snapshot): MeshConfig {
  const maps = snapshot.configMaps.filter(({ name, data }) => isMeshName(name) && data.has('mesh')).sort(byName);
  const shared = maps.filter(({ name }) => isShared(name));
  const own = maps.filter(({ name }) => !isShared(name));
  const [first, ...others] = own;
  const injector = injectorOf(snapshot.configMaps);
  if (first === undefined) return { ...settingsOf(shared, rootOf(snapshot)), ...injector, given: maps.length > 0 };
  const problems = others.some((other) => other.data.get('mesh') !== first.data.get('mesh'))
    ? [`ConfigMap ${first.namespace}/${first.name} and that of another revision differ; the first one counts`]
    : [];
  const settings = settingsOf([first, ...shared], first.namespace);
  return {
    ...settings,
    ...injector,
    problems: [...problems, ...settings.problems],
    given: true,
    origin: first.origin,
  };
}

function isMeshName(name: string): boolean {
  return name === 'istio' || (name.startsWith('istio-') && !name.startsWith('istio-sidecar-injector'));
}

function isShared(name: string): boolean {
  return name.startsWith('istio-shared-configmap');
}

function byName(a: ConfigMap, b: ConfigMap): number {
  return a.name.length - b.name.length || (a.name < b.name ? -1 : 1);
}

/** Without a ConfigMap the root namespace is that of the control plane: the usual one, or that of the AKS add-on. */
function rootOf({ namespaces }: Snapshot): string {
  return namespaces.some(({ name }) => name === AKS_ROOT) ? AKS_ROOT : DEFAULT_ROOT;
}

type Settings = Omit<MeshConfig, 'given' | 'injectsByDefault' | 'injection'>;

/** Earlier texts win over later ones, field by field. */
function settingsOf(maps: readonly ConfigMap[], root: string): Settings {
  const problems: string[] = [];
  const roots: MapNode[] = [];
  for (const map of maps) {
    const node = embeddedMap(map.data.get('mesh') ?? '');
    if (node === undefined) problems.push(`\`mesh\` of ConfigMap ${map.namespace}/${map.name} cannot be read`);
    else roots.push(node);
  }
  const value = (...path: string[]): Node | undefined => firstOf(roots, path);
  return {
    rootNamespace: textOf(value('rootNamespace')) || root,
    // MeshConfig.OutboundTrafficPolicy: the mode of a policy that is there without one is the first of its list; the
    // default of the mesh is ALLOW_ANY.
    outboundMode: textOf(value('outboundTrafficPolicy', 'mode')) === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    autoMtls: scalarOf(value('enableAutoMtls')) !== false,
    trustDomain: textOf(value('trustDomain')) || 'cluster.local',
    trustDomainAliases: textsOf(value('trustDomainAliases')),
    authorizers: authorizersOf(value('extensionProviders')),
    defaultDestinationRuleExportTo: textsOf(value('defaultDestinationRuleExportTo')),
    pathNormalization: normalizationOf(textOf(value('pathNormalization', 'normalization'))),
    sidecarsSpeakHbone:
      roots.length === 0
        ? undefined
        : String(scalarOf(value('defaultConfig', 'proxyMetadata', 'ISTIO_META_ENABLE_HBONE'))) === 'true',
    problems,
    origin: maps[0]?.origin ?? NO_ORIGIN,
  };
}

/** DEFAULT stands for BASE. */
function normalizationOf(text: string): PathNormalization {
  return PATH_NORMALIZATIONS.find((known) => known === text) ?? 'BASE';
}

function authorizersOf(node: Node | undefined): ReadonlyMap<string, 'http' | 'grpc'> {
  const found = new Map<string, 'http' | 'grpc'>();
  for (const provider of node?.kind === 'seq' ? node.items : []) {
    if (provider.kind !== 'map') continue;
    const name = textOf(valueOf(provider, 'name'));
    if (valueOf(provider, 'envoyExtAuthzHttp') !== undefined) found.set(name, 'http');
    else if (valueOf(provider, 'envoyExtAuthzGrpc') !== undefined) found.set(name, 'grpc');
  }
  return found;
}

/** Helm values of the injector, `sidecarInjectorWebhook.enableNamespacesByDefault`, and its own configuration. */
function injectorOf(maps: readonly ConfigMap[]): Pick<MeshConfig, 'injectsByDefault' | 'injection'> {
  const injector = maps.filter(({ name }) => name.startsWith('istio-sidecar-injector')).sort(byName)[0];
  const values = injector && embeddedMap(injector.data.get('values') ?? '');
  const webhook = values && firstOf([values], ['sidecarInjectorWebhook', 'enableNamespacesByDefault']);
  const injection = injector && injectionOf(injector);
  return { injectsByDefault: scalarOf(webhook) === true, ...(injection !== undefined && { injection }) };
}

function injectionOf({ data, origin }: ConfigMap): InjectionPolicy | undefined {
  const config = embeddedMap(data.get('config') ?? '');
  if (config === undefined) return undefined;
  return {
    isEnabled: textOf(valueOf(config, 'policy')) !== 'disabled',
    always: selectorsOf(valueOf(config, 'alwaysInjectSelector'), origin),
    never: selectorsOf(valueOf(config, 'neverInjectSelector'), origin),
  };
}

/** An empty selector selects nothing here. */
function selectorsOf(node: Node | undefined, origin: Origin): LabelSelector[] {
  if (node?.kind !== 'seq') return [];
  return node.items
    .map((item): LabelSelector => ({ requirements: item.kind === 'map' ? requirementsOf(item) : [], origin }))
    .filter(({ requirements }) => requirements.length > 0);
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

function requirementsOf(selector: MapNode): LabelRequirement[] {
  const labels = valueOf(selector, 'matchLabels');
  const expressions = valueOf(selector, 'matchExpressions');
  const exact = labels?.kind === 'map' ? labels.entries : [];
  const others = expressions?.kind === 'seq' ? expressions.items : [];
  return [
    ...exact.map(({ key, value }) => ({ key, operator: 'In' as const, values: [textOf(value)] })),
    ...others.flatMap((each): LabelRequirement[] => {
      if (each.kind !== 'map') return [];
      const operator = OPERATORS.find((known) => known === textOf(valueOf(each, 'operator')));
      const key = textOf(valueOf(each, 'key'));
      return operator === undefined ? [] : [{ key, operator, values: textsOf(valueOf(each, 'values')) }];
    }),
  ];
}

function firstOf(roots: readonly MapNode[], path: readonly string[]): Node | undefined {
  for (const root of roots) {
    let node: Node | undefined = root;
    for (const key of path) node = node?.kind === 'map' ? valueOf(node, key) : undefined;
    if (node !== undefined) return node;
  }
  return undefined;
}

function valueOf(map: MapNode, key: string): Node | undefined {
  return map.entries.findLast((entry) => entry.key === key)?.value;
}

function scalarOf(node: Node | undefined): ScalarValue | undefined {
  return node?.kind === 'scalar' ? node.value : undefined;
}

function textOf(node: Node | undefined): string {
  const value = scalarOf(node);
  return typeof value === 'string' ? value : '';
}

function textsOf(node: Node | undefined): string[] {
  return node?.kind === 'seq' ? node.items.map(textOf).filter((text) => text !== '') : [];
}
