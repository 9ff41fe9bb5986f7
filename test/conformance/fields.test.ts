import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { supportOf, supportTable } from '#parse/kubernetes/fields.ts';
import { KINDS } from '#parse/kubernetes/kinds.ts';

/**
 * The table of fields against the APIs as published: a field that an API gains must get a line in the table, and a line
 * must name a field that exists. The schemas are data beside the repository; without them this does not run.
 */
const SCHEMAS = fileURLToPath(new URL('../../../shared/schemas/', import.meta.url));
const present = existsSync(SCHEMAS);
const reason = present ? '' : ` (did not run: no schemas at ${SCHEMAS})`;

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
}

interface Published {
  readonly group: string;
  readonly kind: string;
  readonly version: string;
  /** Whether the schema describes every kind of object the table has lines for, so that lines can be held against it. */
  readonly schema: Schema;
  readonly definitions: Readonly<Record<string, Schema>>;
}

const GATEWAY_KINDS = [
  'Gateway',
  'GatewayClass',
  'ListenerSet',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'UDPRoute',
  'ReferenceGrant',
];

const CORE_KINDS = [
  ['networking.v1', 'NetworkPolicy'],
  ['networking.v1', 'Ingress'],
  ['networking.v1', 'IngressClass'],
  ['core.v1', 'Service'],
  ['core.v1', 'Endpoints'],
  ['core.v1', 'Namespace'],
  ['core.v1', 'Node'],
  ['core.v1', 'Pod'],
  ['core.v1', 'ServiceAccount'],
  ['core.v1', 'ReplicationController'],
  ['discovery.v1', 'EndpointSlice'],
  ['apps.v1', 'Deployment'],
  ['apps.v1', 'ReplicaSet'],
  ['apps.v1', 'StatefulSet'],
  ['apps.v1', 'DaemonSet'],
  ['batch.v1', 'Job'],
  ['batch.v1', 'CronJob'],
] as const;

describe.skipIf(!present)(`the table of fields holds against the published schemas${reason}`, () => {
  const all = present ? [...coreSchemas(), ...gatewaySchemas(), ...customSchemas(), ...dialectSchemas()] : [];
  // Where there are no schemas the list is empty, and vitest wants at least one case to skip.
  const cases = all.length > 0 ? all : [{ group: '', kind: 'none', version: '', schema: {}, definitions: {} }];

  test.each(cases)('every field of $group $kind $version has a state', ({ schema, definitions, ...owner }) => {
    const missing = leavesOf(schema, definitions).filter((path) => supportOf(owner, path) === 'not-recognised');
    expect(missing).toEqual([]);
  });

  test.each(cases)(
    'every line about $group $kind $version names a field that exists',
    ({ group, kind, version, schema, definitions }) => {
      const leaves = leavesOf(schema, definitions);
      const lines = supportTable().filter(
        (line) => line.group === group && line.kind === kind && line.versions.includes(version),
      );
      const unknown = lines.filter((line) => !UNIVERSAL.test(line.path) && !names(line.path, leaves));
      expect(unknown.map((line) => line.path).filter((path) => !KNOWN_ELSEWHERE.has(`${kind} ${path}`))).toEqual([]);
    },
  );
});

/** Fields of older or newer versions than the published schema has. */
const KNOWN_ELSEWHERE = new Set([
  'EndpointSlice endpoints[].deprecatedTopology.*',
  'HTTPRoute spec.rules[].timeouts.*',
  'Server spec.accessPolicy',
  ...['matchLabels.*', 'matchExpressions[].key', 'matchExpressions[].operator', 'matchExpressions[].values[]'].map(
    (leaf) => `Server spec.externalWorkloadSelector.${leaf}`,
  ),
  'CiliumEgressGatewayPolicy spec.egressGateways[].*',
  'CiliumLocalRedirectPolicy spec.skipRedirectFromBackend',
  'RequestAuthentication spec.jwtRules[].spaceDelimitedClaims[]',
  'DestinationRule spec.trafficPolicy.retryBudget.*',
  'DestinationRule spec.subsets[].trafficPolicy.retryBudget.*',
  ...['Gateway spec.servers[].tls', 'Sidecar spec.ingress[].tls'].flatMap((tls) => [
    `${tls}.caCertCredentialName`,
    `${tls}.credentialNames[]`,
    `${tls}.tlsCertificates[].*`,
  ]),
]);
/** What every object has, whether its schema says so or not. */
const UNIVERSAL = /^(?:apiVersion|kind|metadata\..*|status\.\*)$/;

function names(line: string, leaves: readonly string[]): boolean {
  if (!line.endsWith('.*')) return leaves.includes(line);
  const part = line.slice(0, -2);
  return leaves.some((leaf) => leaf.startsWith(`${part}.`) || leaf.startsWith(`${part}[]`));
}

/** So the schema of EgressNetwork writes `apiVersion`. */
const MISSPELT = 'apiVerson';

/** Some schemas leave out that labels have names of their own. */
function withNames(path: string): string {
  return path.endsWith('.matchLabels') ? `${path}.*` : path;
}

function leavesOf(schema: Schema, definitions: Readonly<Record<string, Schema>>): string[] {
  const out: string[] = [];
  walk(schema, '', new Set());
  return out.filter((path) => !path.startsWith('metadata.') && path !== MISSPELT).map(withNames);

  function walk(node: Schema, path: string, above: ReadonlySet<string>): void {
    if (node.$ref !== undefined) {
      const name = node.$ref.slice(node.$ref.lastIndexOf('/') + 1);
      if (!above.has(name)) walk(definitions[name] ?? {}, path, new Set([...above, name]));
    } else if (node.properties !== undefined) {
      for (const [key, value] of Object.entries(node.properties))
        walk(value, path === '' ? key : `${path}.${key}`, above);
    } else if (node.items !== undefined) {
      walk(node.items, `${path}[]`, above);
    } else {
      out.push(
        typeof node.additionalProperties === 'object' ? `${path}.*` : path === 'metadata' ? 'metadata.name' : path,
      );
    }
  }
}

/** The group of each part of the core schemas, where it is not the part's own name. */
const CORE_GROUPS: Readonly<Record<string, string>> = {
  core: '',
  apps: 'apps',
  batch: 'batch',
  discovery: 'discovery.k8s.io',
  networking: 'networking.k8s.io',
};

/** Kinds of engines and meshes, one file for each version: `ciliumnetworkpolicy_v2.json`. */
function dialectSchemas(): Published[] {
  return DIALECT_FILES.flatMap((group) =>
    readdirSync(SCHEMAS + group)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file): Published[] => {
        const [name = '', version = ''] = file.slice(0, -'.json'.length).split('_');
        const entry = KINDS.find((each) => each.group === group && each.kind.toLowerCase() === name);
        if (entry === undefined || !entry.apiVersions.includes(`${group}/${version}`)) return [];
        return [{ group, kind: entry.kind, version, schema: parse<Schema>(`${group}/${file}`), definitions: {} }];
      }),
  );
}

const DIALECT_FILES = [
  'projectcalico.org',
  'cilium.io',
  'security.istio.io',
  'networking.istio.io',
  'policy.linkerd.io',
];

function coreSchemas(): Published[] {
  const { definitions } = parse<{ definitions: Record<string, Schema> }>('kubernetes-openapi.json');
  return CORE_KINDS.map(([api, kind]) => {
    const schema = definitions[`io.k8s.api.${api}.${kind}`];
    if (schema === undefined) throw new Error(`no schema of ${kind}`);
    return {
      group: CORE_GROUPS[api.slice(0, api.indexOf('.'))] ?? '',
      kind,
      version: api.slice(api.indexOf('.') + 1),
      schema,
      definitions,
    };
  });
}

function gatewaySchemas(): Published[] {
  return GATEWAY_KINDS.map((kind) => {
    const schema = parse<Schema>(`gateway.networking.k8s.io/${kind.toLowerCase()}_v1.json`);
    return { group: 'gateway.networking.k8s.io', kind, version: 'v1', schema, definitions: {} };
  });
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

function customSchemas(): Published[] {
  const files = [
    'policy.networking.k8s.io/adminnetworkpolicies.yaml',
    'policy.networking.k8s.io/baselineadminnetworkpolicies.yaml',
    'policy.networking.k8s.io/clusternetworkpolicies.yaml',
    'route.openshift.io/routes.yaml',
  ];
  return files.flatMap((file) => {
    const { spec } = load(readFileSync(SCHEMAS + file, 'utf8')) as Definition;
    return spec.versions.map((version) => ({
      group: spec.group,
      kind: spec.names.kind,
      version: version.name,
      schema: version.schema.openAPIV3Schema,
      definitions: {},
    }));
  });
}

function parse<T>(file: string): T {
  return JSON.parse(readFileSync(SCHEMAS + file, 'utf8')) as T;
}
