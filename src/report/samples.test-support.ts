import type {
  Connection,
  DiffAnswer,
  DoctorAnswer,
  EndpointEntry,
  EngineEntry,
  ExplainAnswer,
  ExposeAnswer,
  MapAnswer,
  PathAnswer,
  PoliciesAnswer,
  SnapshotsAnswer,
  TestAnswer,
} from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { MigrateAnswer } from '#model/migration.ts';
import type { Origin } from '#model/origin.ts';
import type { ControlsAnswer, Finding } from '#model/scan.ts';
import { AZURE_ALIKE, AZURE_COMPARE, AZURE_QUERIES } from './samples-azure.test-support.ts';
import { EGRESS, EGRESS_NOTHING, EGRESS_WRITTEN } from './samples-egress.test-support.ts';
import { SCAN, SCAN_CLEAN } from './samples-scan.test-support.ts';
import { TRANSLATE, TRANSLATE_NOTHING } from './samples-translate.test-support.ts';

/** Small hand-made answers, one or two for each verb, about one small shop. */

const engine: EngineEntry = { profile: 'azure-npm-linux', why: 'DaemonSet `kube-system/azure-npm` in the input' };
const assumptions = [{ code: 'RF4002', text: 'pods without an address have private addresses' }];

const typo: Diagnostic = {
  code: 'RF3003',
  severity: 'warning',
  message: 'policy `shop-data/redis` selects nothing: no pod has `app=reddis`',
  help: 'compare the selector with the labels of the pods it should protect',
  origin: { file: 'data/policies.yaml', line: 41, column: 7 },
  frame: '  40 |   podSelector:\n  41 |     matchLabels: {app: reddis}\n     |                        ^^^^^^',
  object: 'NetworkPolicy shop-data/redis',
};

const endpoints: readonly EndpointEntry[] = [
  {
    id: 'external:1',
    kind: 'external',
    ranges: ['0.0.0.0/5', '8.0.0.0/7', '11.0.0.0/8', '12.0.0.0/6', '128.0.0.0/1', '::/0'],
  },
  { id: 'external:2', kind: 'external', ranges: ['10.20.0.0/16'] },
  workload('shop-frontend', 'Deployment', 'web', 3),
  workload('shop-backend', 'Deployment', 'api', 2),
  workload('shop-backend', 'Deployment', 'cart', 2),
  workload('shop-backend', 'Deployment', 'orders-worker', 1),
  workload('shop-data', 'StatefulSet', 'postgres', 1),
  workload('shop-data', 'StatefulSet', 'redis', 1),
  workload('monitoring', 'Deployment', 'prometheus', 1),
  { ...workload('monitoring', 'DaemonSet', 'node-exporter', 3), hostNetwork: true },
];

const WEB = 'shop-frontend/Deployment/web';
const API = 'shop-backend/Deployment/api';
const CART = 'shop-backend/Deployment/cart';
const WORKER = 'shop-backend/Deployment/orders-worker';
const POSTGRES = 'shop-data/StatefulSet/postgres';
const REDIS = 'shop-data/StatefulSet/redis';
const PROMETHEUS = 'monitoring/Deployment/prometheus';
const EXPORTER = 'monitoring/DaemonSet/node-exporter';

export const MAP: MapAnswer = {
  schema: 'ringfence.dev/map/v1',
  engine,
  protocols: ['TCP', 'UDP', 'SCTP'],
  folded: false,
  endpoints,
  connections: [
    ...everyoneTo(REDIS),
    ...everyoneTo(EXPORTER),
    { ...tcp('external:1', WEB, '443'), through: ['https://shop.example.com/'] },
    tcp('external:2', WEB, '443,8443'),
    tcp(WEB, API, '8080'),
    tcp(WEB, CART, '8080'),
    tcp(API, POSTGRES, '5432'),
    {
      from: WORKER,
      to: POSTGRES,
      allowed: [],
      unknown: [{ protocol: 'TCP', ports: '5432', reasons: ['pod-address-unknown'] }],
    },
    tcp(WORKER, API, '8080'),
    { ...tcp(WORKER, CART, '8080'), mixed: [{ protocol: 'UDP', ports: '9000-9010', why: 'IPv4 only' }] },
    ...[WEB, API, CART, WORKER, POSTGRES].map((to) => tcp(PROMETHEUS, to, '9090')),
    {
      from: WEB,
      to: 'external:1',
      allowed: [{ protocol: 'TCP', ports: '443' }],
      unknown: [{ protocol: '50', reasons: ['protocol-undefined'] }],
    },
  ],
  assumptions,
  diagnostics: [typo],
};

export const FOLDED: MapAnswer = {
  ...MAP,
  folded: true,
  endpoints: [
    { id: 'ns:shop', kind: 'namespace', namespace: 'shop', name: 'shop', members: 214 },
    { id: 'ns:data', kind: 'namespace', namespace: 'data', name: 'data', members: 12 },
    { id: 'node:aks-1', kind: 'node', name: 'aks-1' },
  ],
  connections: [
    {
      from: 'ns:shop',
      to: 'ns:data',
      allowed: [],
      unknown: [],
      mixed: [{ protocol: 'TCP', ports: '5432', why: '3 of 2568 pairs' }],
    },
    { from: 'node:aks-1', to: 'ns:shop', allowed: 'all', unknown: [] },
  ],
};

/** More endpoints than a drawing of boxes can hold. */
export const BIG: MapAnswer = bigMap(160);

export const DENIED: PathAnswer = {
  schema: 'ringfence.dev/path/v1',
  engine,
  from: WEB,
  to: POSTGRES,
  protocol: 'TCP',
  port: 5432,
  verdict: 'denied',
  reasons: [],
  hops: [
    {
      layer: 'pod-egress',
      at: WEB,
      verdict: 'allowed',
      why: 'spec.egress[1] of NetworkPolicy shop-frontend/web admits every pod of namespaces with tier=data',
      reasons: [],
      rules: [
        rule('NetworkPolicy', WEB, 'spec.egress[0]', {
          matches: 'no',
          why: 'to pods k8s-app=kube-dns on UDP 53',
          origin: at('frontend/policies.yaml', 18),
        }),
        rule('NetworkPolicy', WEB, 'spec.egress[1]', {
          decides: true,
          why: 'to every pod of namespaces with tier=data',
          origin: at('frontend/policies.yaml', 24),
        }),
      ],
    },
    {
      layer: 'pod-ingress',
      at: POSTGRES,
      verdict: 'denied',
      why: 'isolated by shop-data/default-deny and shop-data/postgres; no rule admits shop-frontend/Deployment/web on TCP 5432',
      reasons: [],
      rules: [
        rule('NetworkPolicy', POSTGRES, 'spec.ingress[0]', {
          matches: 'no',
          why: 'from pods app=api of namespaces with team=backend on TCP 5432',
          origin: at('data/policies.yaml', 14),
        }),
      ],
    },
  ],
  nearMisses: [
    {
      rule: 'NetworkPolicy shop-data/postgres spec.ingress[0]',
      why: '`shop-frontend/web` has team=frontend, and the rule asks for team=backend',
      origin: at('data/policies.yaml', 14),
    },
  ],
  branches: [],
  changes: [
    {
      summary: 'add namespaces with team=frontend to spec.ingress[0].from of NetworkPolicy shop-data/postgres',
      policy: { kind: 'NetworkPolicy', namespace: 'shop-data', name: 'postgres' },
      origin: at('data/policies.yaml', 14),
      patch: '- namespaceSelector:\n    matchLabels: {team: frontend}\n  podSelector:\n    matchLabels: {app: web}\n',
      alsoOpens: 2,
      alsoCloses: 0,
    },
  ],
  assumptions,
  diagnostics: [],
};

export const MIXED: PathAnswer = {
  ...DENIED,
  to: 'svc:shop-backend/api',
  port: 80,
  verdict: 'mixed',
  reasons: ['host-network-undefined'],
  branches: [
    {
      from: WEB,
      to: API,
      family: 'IPv4',
      protocol: 'TCP',
      port: 8080,
      verdict: 'allowed',
      hops: [
        {
          ...DENIED.hops[0]!,
          layer: 'service',
          at: 'svc:shop-backend/api',
          rules: [],
          why: 'port 80 leads to 8080 of 2 pods',
        },
        DENIED.hops[0]!,
      ],
      nearMisses: [],
    },
    {
      from: WEB,
      to: API,
      family: 'IPv6',
      protocol: 'TCP',
      port: 8080,
      verdict: 'unknown',
      hops: [{ ...DENIED.hops[0]!, verdict: 'unknown', reasons: ['host-network-undefined'] }],
      nearMisses: DENIED.nearMisses,
    },
  ],
};

export const ANY_PORT: PathAnswer = withoutPort(DENIED);

export const EXPOSE: ExposeAnswer = {
  schema: 'ringfence.dev/expose/v1',
  engine,
  exposures: [
    {
      scope: 'internet',
      through: 'Ingress shop-frontend/shop',
      at: 'https://shop.example.com/',
      protocol: 'TCP',
      port: 443,
      to: WEB,
      targetPort: 8443,
      verdict: 'allowed',
      notes: ['through the controller ingress-nginx/controller'],
      reasons: [],
      origin: at('frontend/ingress.yaml', 1),
    },
    {
      scope: 'network',
      through: 'Service shop-data/postgres (LoadBalancer)',
      at: '10.224.0.9:5432',
      protocol: 'TCP',
      port: 5432,
      to: POSTGRES,
      verdict: 'unknown',
      notes: ['source ranges 10.20.0.0/16', "client address is the node's"],
      reasons: ['node-address-undefined'],
      origin: at('data/services.yaml', 12),
    },
    {
      scope: 'node',
      through: 'hostNetwork',
      at: '*:9100',
      protocol: 'TCP',
      port: 9100,
      to: EXPORTER,
      targetPort: 9100,
      verdict: 'mixed',
      notes: [],
      reasons: [],
      origin: at('monitoring/node-exporter.yaml', 20),
    },
  ],
  reach: [
    { from: 'external:1', to: WEB, allowed: [{ protocol: 'TCP', ports: '443' }], unknown: [] },
    { from: REDIS, to: '169.254.169.254', allowed: 'all', unknown: [] },
  ],
  potential: [
    { endpoint: REDIS, direction: 'ingress', peer: 'any pod of any namespace', allowed: 'all' },
    {
      endpoint: POSTGRES,
      direction: 'ingress',
      peer: 'pods with app=api in namespaces with team=backend',
      allowed: [{ protocol: 'TCP', ports: '5432' }],
      origin: at('data/policies.yaml', 14),
    },
  ],
  assumptions,
  diagnostics: [],
};

export const MIGRATE: MigrateAnswer = {
  schema: 'ringfence.dev/migrate/v1',
  engine: { from: engine, to: { profile: 'cilium', why: 'chosen with --to' } },
  about: endpoints.filter((endpoint) => endpoint.id === 'external:1'),
  changes: [
    {
      causes: ['ip-block-and-pods'],
      connections: 2,
      groups: [{ change: 'closed', from: [WEB, CART], to: [POSTGRES], traffic: [{ protocol: 'TCP', ports: '5432' }] }],
      places: [
        {
          policy: 'NetworkPolicy shop-data/postgres',
          path: 'spec.ingress[0]',
          origin: { file: 'data/policies.yaml', line: 12, column: 5 },
        },
      ],
    },
    {
      causes: ['rules-outside-policy-types', 'own-node'],
      connections: 1,
      groups: [{ change: 'unsettled', from: [WORKER], to: [EXPORTER], traffic: 'all' }],
      places: [],
    },
  ],
  entries: [
    {
      through: 'Service shop-frontend/web (LoadBalancer)',
      at: '203.0.113.10:443',
      to: WEB,
      before: 'allowed',
      after: 'denied',
      causes: ['forwarded-traffic'],
      origin: { file: 'frontend/web.yaml', line: 30, column: 1 },
    },
  ],
  rewrites: [
    {
      action: 'replace',
      for: {
        policy: 'NetworkPolicy shop-data/postgres',
        path: '',
        origin: { file: 'data/policies.yaml', line: 1, column: 1 },
      },
      causes: ['ip-block-and-pods'],
      object: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'postgres', namespace: 'shop-data' },
        spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: {} }] }] },
      },
    },
  ],
  notKept: [
    {
      cause: 'forwarded-traffic',
      places: [
        {
          policy: 'Service shop-frontend/web (LoadBalancer)',
          path: '',
          origin: { file: 'frontend/web.yaml', line: 30, column: 1 },
        },
      ],
      why: 'policy looks at this traffic under one engine only',
      help: 'admit the clients by their addresses',
    },
  ],
  proof: {
    equal: false,
    connections: 1,
    left: [{ change: 'unsettled', from: [WORKER], to: [EXPORTER], traffic: 'all' }],
  },
  diagnostics: [typo],
};

export const MIGRATE_NOTHING: MigrateAnswer = {
  ...MIGRATE,
  about: [],
  changes: [],
  entries: [],
  rewrites: [],
  notKept: [],
  proof: { equal: true, connections: 0, left: [] },
  diagnostics: [],
};

export const DIFF: DiffAnswer = {
  schema: 'ringfence.dev/diff/v1',
  engine: { base: engine, head: engine },
  endpoints: { added: [WORKER], removed: [] },
  about: endpoints.filter((endpoint) => endpoint.id === 'external:1'),
  policies: {
    added: ['NetworkPolicy shop-backend/orders-worker'],
    removed: [],
    changed: ['NetworkPolicy shop-data/postgres'],
  },
  groups: [
    { change: 'opened', from: [WEB, CART], to: [POSTGRES], traffic: [{ protocol: 'TCP', ports: '5432' }] },
    { change: 'closed', from: ['external:1'], to: [REDIS], traffic: 'all' },
    { change: 'unsettled', from: [WORKER], to: [POSTGRES], traffic: [{ protocol: 'TCP', ports: '5432' }] },
  ],
  changes: [
    { from: WEB, to: POSTGRES, opened: [{ protocol: 'TCP', ports: '5432' }], closed: [], unsettled: [] },
    { from: CART, to: POSTGRES, opened: [{ protocol: 'TCP', ports: '5432' }], closed: [], unsettled: [] },
    { from: 'external:1', to: REDIS, opened: [], closed: 'all', unsettled: [] },
    { from: WORKER, to: POSTGRES, opened: [], closed: [], unsettled: [{ protocol: 'TCP', ports: '5432' }] },
  ],
  invariants: [
    { name: 'payments only from api', base: 'holds', head: 'broken' },
    { name: 'web reaches api', base: 'holds', head: 'holds' },
  ],
  findings: {
    come: [findingAt('shop-data/postgres', 'web and cart reach a data store that they did not reach')],
    go: [findingAt('shop-data/redis', 'every address may come in')],
    unsettled: [],
    left: 7,
  },
  diagnostics: [typo],
};

function findingAt(name: string, message: string): Finding {
  const [namespace = '', own = ''] = name.split('/');
  return {
    control: 'NET-POL-002',
    title: 'Data stores are reached by those who need them',
    state: 'FAIL',
    severity: 'high',
    priority: 70,
    fingerprint: `NET-POL-002 apps/StatefulSet/${name}`,
    where: { kind: 'StatefulSet', namespace, name: own, id: `apps/StatefulSet/${name}` },
    message,
    evidence: [],
    suppressed: null,
  };
}

export const UNCHANGED: DiffAnswer = {
  ...DIFF,
  endpoints: { added: [], removed: [] },
  policies: { added: [], removed: [], changed: [] },
  groups: [],
  changes: [],
  invariants: [],
  findings: { come: [], go: [], unsettled: [], left: 7 },
  diagnostics: [],
};

export const TEST: TestAnswer = {
  schema: 'ringfence.dev/test/v1',
  engine,
  invariants: [
    {
      name: 'web reaches api',
      kind: 'always',
      state: 'holds',
      why: 'allowed on TCP 8080',
      witnesses: [],
      origin: at('invariants.yaml', 12),
    },
    {
      name: 'payments only from api',
      kind: 'onlyThese',
      state: 'broken',
      why: '2 other endpoints reach `shop-data/postgres`',
      witnesses: [{ from: WEB, to: POSTGRES, traffic: [{ protocol: 'TCP', ports: '5432' }], verdict: 'allowed' }],
      origin: at('invariants.yaml', 5),
    },
    {
      name: 'internet never reaches the database',
      kind: 'never',
      state: 'unknown',
      why: 'what the node lets through is not known',
      witnesses: [{ from: 'external:1', to: POSTGRES, traffic: 'all', verdict: 'unknown' }],
      origin: at('invariants.yaml', 9),
    },
    {
      name: 'data is isolated',
      kind: 'isolated',
      state: 'invalid',
      why: 'no endpoint is called `ns:shop-dta`',
      witnesses: [],
      origin: at('invariants.yaml', 15),
    },
  ],
  assumptions,
  diagnostics: [],
};

export const POLICIES: PoliciesAnswer = {
  schema: 'ringfence.dev/policies/v1',
  engine,
  policies: [
    {
      kind: 'NetworkPolicy',
      namespace: 'shop-data',
      name: 'postgres',
      origin: at('data/policies.yaml', 1),
      selects: [POSTGRES],
      isolates: ['ingress', 'egress'],
      rules: [
        {
          rule: 'spec.ingress[0]',
          action: 'allow',
          says: 'from pods app=api of namespaces team=backend on TCP 5432',
          peers: [API],
          origin: at('data/policies.yaml', 14),
        },
      ],
      problems: [],
    },
    {
      kind: 'NetworkPolicy',
      namespace: 'shop-data',
      name: 'redis',
      origin: at('data/policies.yaml', 36),
      selects: [],
      isolates: [],
      rules: [],
      problems: [
        {
          problem: 'selects-nothing',
          rule: '',
          why: 'no pod of shop-data has `app=reddis`',
          culprits: [],
          origin: at('data/policies.yaml', 41),
        },
      ],
    },
    {
      kind: 'ClusterNetworkPolicy',
      namespace: '',
      name: 'tenants',
      origin: at('platform/tenants.yaml', 1),
      selects: [WEB, API, CART],
      isolates: [],
      rules: [
        {
          rule: 'spec.egress[0]',
          action: 'deny',
          says: 'to 169.254.169.254/32',
          peers: [],
          origin: at('platform/tenants.yaml', 12),
        },
      ],
      problems: [
        {
          problem: 'shadowed',
          rule: 'spec.egress[1]',
          why: 'an earlier rule decides all of it',
          culprits: [{ rule: 'spec.egress[0]', origin: at('platform/tenants.yaml', 12) }],
          origin: at('platform/tenants.yaml', 18),
        },
      ],
    },
  ],
  assumptions,
  diagnostics: [],
};

export const DOCTOR: DoctorAnswer = {
  schema: 'ringfence.dev/doctor/v1',
  checks: [
    { name: 'Node', state: 'ok', detail: 'v24.21.0' },
    { name: 'helm', state: 'missing', detail: 'charts cannot be rendered; install helm 3 to read them' },
    { name: 'self-test', state: 'failed', detail: 'engine and oracle disagree on 1 of 2000 connections' },
  ],
};

export const DIAGNOSTICS: readonly Diagnostic[] = [
  typo,
  {
    code: 'RF1001',
    severity: 'error',
    message: 'not valid YAML: mapping value is not allowed here',
    origin: { file: 'web.yaml', line: 3, column: 9 },
  },
  ...['a', 'b', 'c', 'd'].map(
    (name, i): Diagnostic => ({
      code: 'RF2013',
      severity: 'warning',
      message: `unknown field \`spec.ingres\` in NetworkPolicy \`shop/${name}\``,
      help: 'correct the spelling, or remove it',
      object: `NetworkPolicy shop/${name}`,
      origin: { file: `${name}.yaml`, line: 4 + i, column: 3 },
    }),
  ),
  { code: 'RF4001', severity: 'info', message: 'engine profile `azure-npm`' },
];

export const EXPLAIN: ExplainAnswer = {
  schema: 'ringfence.dev/explain/v1',
  codes: [
    {
      code: 'RF2008',
      kind: 'diagnostic',
      severity: 'error',
      title: 'invalid port',
      why: 'Ports are numbers.',
      fix: 'Correct it.',
    },
  ],
};

export const EXPLAIN_MORE: ExplainAnswer = {
  schema: 'ringfence.dev/explain/v1',
  codes: [...EXPLAIN.codes, { code: 'own-node', kind: 'reason', title: 'the pod may run on that node' }],
};

export const CONTROL: ControlsAnswer = {
  schema: 'ringfence.dev/controls/v1',
  controls: [
    {
      id: 'CP-NODE-001',
      family: 'control plane and nodes',
      title: 'Nodes are mended',
      severity: 'medium',
      rationale: 'Containers share the kernel of their node.',
      evidence: 'The channel of node images.',
      states: [
        { state: 'PASS', when: 'images are upgraded by themselves' },
        { state: 'NA-PROVIDER', when: 'a provider runs the nodes' },
      ],
      remedy: 'Have node images upgraded: `az aks update --node-os-upgrade-channel NodeImage`.',
      fix: true,
      question: 'Are fixes installed within 30 days?',
      frameworks: [{ framework: 'nist-800-190', id: '4.5.3', title: 'vulnerabilities in parts of the host' }],
    },
  ],
};

export const CONTROLS: ControlsAnswer = {
  schema: 'ringfence.dev/controls/v1',
  controls: [
    ...CONTROL.controls,
    {
      id: 'NET-POL-001',
      family: 'network policy',
      title: 'Namespaces deny by default',
      severity: 'high',
      rationale: 'What nothing denies is allowed.',
      evidence: 'Policies.',
      states: [],
      remedy: 'Deny by default.',
      fix: false,
      frameworks: [],
    },
  ],
};

export const SNAPSHOTS: SnapshotsAnswer = {
  schema: 'ringfence.dev/snapshots/v1',
  snapshots: [
    {
      file: 'shop.json.gz',
      taken: '2026-11-20T08:00:00.000Z',
      from: ['examples/shop'],
      objects: 48,
      policies: 17,
      ringfence: '0.1.0',
    },
    {
      file: 'prod.json',
      taken: '2026-11-19T08:00:00.000Z',
      from: ['production', 'sub:production'],
      objects: 1,
      policies: 1,
      azure: 120,
      ringfence: '0.1.0',
    },
  ],
};

export const NO_SNAPSHOTS: SnapshotsAnswer = { schema: 'ringfence.dev/snapshots/v1', snapshots: [] };

export const SAMPLES = {
  SCAN,
  SCAN_CLEAN,
  MAP,
  FOLDED,
  BIG,
  DENIED,
  MIXED,
  ANY_PORT,
  EXPOSE,
  DIFF,
  UNCHANGED,
  MIGRATE,
  MIGRATE_NOTHING,
  EGRESS,
  EGRESS_WRITTEN,
  EGRESS_NOTHING,
  TRANSLATE,
  TRANSLATE_NOTHING,
  TEST,
  POLICIES,
  DOCTOR,
  EXPLAIN,
  EXPLAIN_MORE,
  CONTROL,
  CONTROLS,
  SNAPSHOTS,
  NO_SNAPSHOTS,
  AZURE_ALIKE,
  AZURE_COMPARE,
  AZURE_QUERIES,
};

/** Names that try to be markup, a terminal command, a formula, a link or another name. */
export const HOSTILE =
  '<img src=x onerror=alert(1)>"\'&`]]>--><script>|@team [x](https://e.vil) \u001b[2J\u202egnp\n=cmd\\N$(id)';

/** The same answer with every free text made hostile at both ends; words of closed lists stay. */
export function hostile<T>(value: T, key = ''): T {
  if (key === 'kind' && ENDPOINT_KINDS.has(String(value))) return value;
  if (typeof value === 'string') return (FREE.has(key) ? `=${value}${HOSTILE}` : value) as T;
  if (Array.isArray(value)) return value.map((each) => hostile(each, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hostile(each, name)])) as T;
}

const ENDPOINT_KINDS = new Set(['workload', 'node', 'external', 'domain', 'namespace', 'potential']);

const FREE = new Set([
  ...[
    'id',
    'namespace',
    'name',
    'workload',
    'pods',
    'ranges',
    'from',
    'to',
    'through',
    'why',
    'file',
    'text',
    'message',
  ],
  ...[
    'help',
    'frame',
    'object',
    'at',
    'rule',
    'kind',
    'summary',
    'patch',
    'notes',
    'endpoint',
    'peer',
    'added',
    'removed',
  ],
  ...['changed', 'selects', 'says', 'peers', 'detail', 'layer', 'action', 'ports', 'protocol', 'protocols'],
]);

function workload(namespace: string, kind: string, name: string, ...[pods]: [number]): EndpointEntry {
  const origin: Origin = { file: `${namespace}/${name}.yaml`, line: 1, column: 1 };
  const names = Array.from({ length: pods }, (_, i) => `${name}-${i}`);
  return { id: `${namespace}/${kind}/${name}`, kind: 'workload', namespace, name, workload: kind, pods: names, origin };
}

function tcp(from: string, to: string, ports: string): Connection {
  return { from, to, allowed: [{ protocol: 'TCP', ports }], unknown: [] };
}

function everyoneTo(to: string): Connection[] {
  return endpoints.filter(({ id }) => id !== to).map(({ id }) => ({ from: id, to, allowed: 'all', unknown: [] }));
}

function at(file: string, line: number): Origin {
  return { file, line, column: 5 };
}

function rule(
  kind: string,
  subject: string,
  path: string,
  ...[more]: [Partial<PathAnswer['hops'][number]['rules'][number]>]
) {
  const [namespace, , name] = subject.split('/') as [string, string, string];
  const base = {
    kind,
    namespace,
    name,
    rule: path,
    action: 'allow',
    decides: false,
    matches: 'yes',
    why: '',
    origin: at('np.yaml', 1),
  } as const;
  return { ...base, ...more };
}

function withoutPort(answer: PathAnswer): PathAnswer {
  const { port: _, ...rest } = answer;
  return {
    ...rest,
    allowed: [
      { protocol: 'TCP', ports: '5432,9090-9100' },
      { protocol: 'UDP', ports: '1-65535' },
    ],
  };
}

function bigMap(size: number): MapAnswer {
  const many = Array.from({ length: size }, (_, i) =>
    workload(`team-${Math.floor(i / 20)}`, 'Deployment', `app-${i}`, 1),
  );
  const connections: Connection[] = [];
  for (const [i, from] of many.entries()) {
    for (const [j, to] of many.entries()) {
      if (i === j) continue;
      if (from.namespace === to.namespace) connections.push({ from: from.id, to: to.id, allowed: 'all', unknown: [] });
      else if ((i * 7 + j * 3) % 11 === 0) connections.push(tcp(from.id, to.id, '8080'));
      else if ((i + j) % 37 === 0)
        connections.push({
          from: from.id,
          to: to.id,
          allowed: [],
          unknown: [{ protocol: 'TCP', ports: '1-65535', reasons: ['labels-unknown'] }],
        });
    }
  }
  return { ...MAP, endpoints: many, connections };
}
