import type { ControlState } from '#model/control.ts';
import type { ControlEntry, Finding, ScanAnswer } from '#model/scan.ts';

/** A scan of a small shop, with one of everything that a report has to show. */

const ENGINE = { profile: 'calico', why: 'DaemonSet `kube-system/calico-node` in the input' } as const;

function control(id: string, state: ControlState, more: Partial<ControlEntry> = {}): ControlEntry {
  return {
    id,
    title: `What ${id} asks for`,
    severity: 'high',
    state,
    why: '1 place, of 2',
    rationale: `Why ${id} matters.`,
    remedy: `What closes ${id}.`,
    frameworks: [
      { framework: 'cis-kubernetes', id: '5.3.2' },
      { framework: 'mcsb', id: 'NS-1' },
      { framework: 'attack', id: 'T1046' },
    ],
    counts: {},
    evidence: [],
    ...more,
  };
}

const DEFAULT_DENY: Finding = {
  control: 'NET-POL-001',
  title: 'Every workload namespace denies ingress by default',
  state: 'FAIL',
  severity: 'high',
  priority: 82,
  fingerprint: 'NET-POL-001 /Namespace//shop',
  where: {
    kind: 'Namespace',
    namespace: '',
    name: 'shop',
    id: '/Namespace//shop',
    origin: { file: 'shop/namespace.yaml', line: 3, column: 1 },
  },
  message: 'a new pod in `shop` would take connections from anywhere',
  evidence: [
    {
      object: 'Namespace shop',
      why: 'no policy isolates a new pod',
      origin: { file: 'shop/namespace.yaml', line: 3, column: 1 },
    },
    { object: 'the input', field: 'networkPolicies', value: ['shop/db'] },
  ],
  frame: ['  2 | kind: Namespace', '> 3 | metadata: { name: shop }', '    | ^', '  4 | ---'].join('\n'),
  blastRadius: {
    fromInternet: true,
    entrances: ['https://shop.example.com/'],
    reaches: 14,
    dataStores: ['shop/StatefulSet/postgres'],
    through: ['shop/Deployment/api'],
    toInternet: true,
  },
  fix: {
    automatic: true,
    summary: 'deny ingress by default in namespace shop',
    patches: [{ form: 'calico', text: 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\n' }],
    steps: ['look at traffic for a day before'],
    proof: {
      closes: true,
      worsens: [],
      opened: 0,
      closed: 31,
      examples: ['- all  monitoring/Deployment/prometheus → shop/Deployment/web'],
    },
  },
  suppressed: null,
};

const HOSTILE: Finding = {
  control: 'CFG-SEC-001',
  title: 'Secrets are in a vault',
  state: 'WARN',
  severity: 'medium',
  priority: 40,
  fingerprint: 'CFG-SEC-001 apps/Deployment/shop/we|b DB_PASSWORD',
  where: {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'we|b<script>::error::%0A',
    id: 'apps/Deployment/shop/we|b<script>',
    origin: { file: 'shop/a b,c:d.yaml', line: 12, column: 5 },
  },
  message: 'a password stands in `DB_PASSWORD`',
  evidence: [
    {
      object: 'Deployment shop/web',
      field: 'spec.template.spec.containers[0].env[1].value',
      value: '[secret: password]',
      origin: { file: 'shop/a b,c:d.yaml', line: 21, column: 14 },
    },
  ],
  suppressed: null,
  isNew: true,
};

const ACCEPTED: Finding = {
  control: 'API-NET-001',
  title: 'The API server is not on the internet',
  state: 'FAIL',
  severity: 'critical',
  priority: 70,
  fingerprint:
    'API-NET-001 /subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks',
  where: {
    kind: 'Microsoft.ContainerService/managedClusters',
    namespace: '',
    name: 'aks',
    id: '/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks',
  },
  message: 'anybody on the internet can connect to the API server',
  evidence: [{ object: 'aks', field: 'properties.apiServerAccessProfile.enablePrivateCluster', value: false }],
  fix: { automatic: false, summary: 'make a private cluster', patches: [], steps: [] },
  suppressed: { reason: 'moves in May', owner: 'platform', until: '2027-05-01', from: 'configuration' },
  isNew: false,
};

export const SCAN: ScanAnswer = {
  schema: 'ringfence.dev/scan/v1',
  engine: ENGINE,
  taken: '2026-11-21T09:30:00.000Z',
  version: '0.0.0',
  input: ['deploy', 'sub:production'],
  controls: [
    control('NET-POL-001', 'PARTIAL', { counts: { FAIL: 1, PASS: 1 }, title: DEFAULT_DENY.title }),
    control('API-NET-001', 'FAIL', { severity: 'critical', counts: { FAIL: 1 }, title: ACCEPTED.title }),
    control('CFG-SEC-001', 'WARN', { severity: 'medium', counts: { WARN: 1 }, title: HOSTILE.title }),
    control('MON-NW-003', 'MANUAL', {
      severity: 'low',
      why: 'only a person knows',
      question: 'Was a capture practised?',
    }),
    control('API-NET-004', 'PASS', {
      why: 'Ada answered yes on 2026-10-01',
      question: 'Do administrators come by a bastion?',
      answer: { answer: 'yes', by: 'Ada', on: '2026-10-01', note: 'ticket 12' },
    }),
    control('MON-LOG-001', 'UNKNOWN', { why: 'give the Azure network with --azure' }),
    control('CP-TLS-001', 'NA-PROVIDER', { why: 'the control plane is run by the provider' }),
    control('NET-POL-002', 'UNKNOWN', { why: 'it failed by a mistake of ours, see internal errors' }),
  ],
  findings: [DEFAULT_DENY, ACCEPTED, HOSTILE],
  open: [
    {
      control: 'NET-POL-001',
      state: 'UNKNOWN',
      where: { kind: 'Namespace', namespace: '', name: 'edge', id: '/Namespace//edge' },
      message: 'a policy only perhaps isolates a new pod',
      evidence: [],
    },
  ],
  frameworks: [
    {
      framework: 'cis-kubernetes',
      title: 'CIS Kubernetes Benchmark',
      version: '1.12',
      source: 'https://www.cisecurity.org/benchmark/kubernetes',
      entries: [
        { id: '5.3.2', title: 'every namespace has policies', state: 'FAIL', controls: ['NET-POL-001', 'API-NET-001'] },
        { id: '5.9.9', title: 'nobody can say', controls: [], why: 'it is about paper' },
      ],
    },
  ],
  coverage: { resources: 42, unsupported: [{ kind: 'example.com/v1/Widget', count: 3 }] },
  internalErrors: [{ control: 'NET-POL-002', message: 'x is not a function' }],
  assumptions: [{ code: 'RF4002', text: 'pods without an address have private addresses' }],
  diagnostics: [],
};

export const SCAN_CLEAN: ScanAnswer = {
  ...SCAN,
  controls: [control('NET-POL-001', 'PASS', { why: '2 namespaces deny ingress by default' })],
  findings: [],
  open: [],
  internalErrors: [],
};
