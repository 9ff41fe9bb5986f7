import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { cfgPsa001 } from './control.ts';

const namespace = (labels: Readonly<Record<string, string>>) =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } })}\n---\n`;
const level = (mode: string, value: string) => namespace({ [`pod-security.kubernetes.io/${mode}`]: value });

const deployment = (spec: object = {}) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web' }], ...spec },
      },
    },
  });
const policy = (kind: object) => `${JSON.stringify(kind)}\n---\n`;

const kyverno = (action: string, validate: object, match: object = {}) =>
  policy({
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'psa' },
    spec: {
      validationFailureAction: action,
      rules: [{ name: 'a', match: { any: [{ resources: { kinds: ['Pod'], ...match } }] }, validate }],
    },
  });
const gatekeeper = (kind: string) =>
  policy({ apiVersion: 'constraints.gatekeeper.sh/v1beta1', kind, metadata: { name: kind.toLowerCase() }, spec: {} });

describe('one namespace', () => {
  test.each([
    ['no label', namespace({}) + deployment(), 'FAIL'],
    ['privileged', level('enforce', 'privileged') + deployment(), 'FAIL'],
    ['no level', level('enforce', 'high') + deployment(), 'FAIL'],
    ['baseline', level('enforce', 'baseline') + deployment(), 'PASS'],
    ['baseline with a pod beyond it', level('enforce', 'baseline') + deployment({ hostPID: true }), 'WARN'],
    ['restricted with a pod beyond it', level('enforce', 'restricted') + deployment(), 'WARN'],
    ['warn only', level('warn', 'restricted') + deployment(), 'WARN'],
    ['audit only', level('audit', 'baseline') + deployment(), 'WARN'],
    ['no Namespace', deployment(), 'UNKNOWN'],
    ['no workload', namespace({}), 'NA'],
    [
      'Kyverno enforces',
      namespace({}) + kyverno('Enforce', { podSecurity: { level: 'baseline' } }) + deployment(),
      'PASS',
    ],
    ['Kyverno audits', namespace({}) + kyverno('Audit', { podSecurity: { level: 'baseline' } }) + deployment(), 'WARN'],
    [
      'Kyverno elsewhere',
      namespace({}) +
        kyverno('Enforce', { podSecurity: { level: 'baseline' } }, { namespaces: ['data-*'] }) +
        deployment(),
      'FAIL',
    ],
    [
      'Kyverno, one field',
      namespace({}) + kyverno('Enforce', { pattern: { spec: { '=(hostPID)': false } } }) + deployment(),
      'WARN',
    ],
    ['Gatekeeper, one field', namespace({}) + gatekeeper('K8sPSPPrivilegedContainer') + deployment(), 'WARN'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(cfgPsa001, { manifests })).toBe(state);
  });

  test('of a live cluster what is not there is not there', () => {
    expect(stateOf(cfgPsa001, { manifests: namespace({}) + deployment(), kind: 'live' })).toBe('FAIL');
  });

  test('the default of the API server', () => {
    const configuration = policy({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AdmissionConfiguration',
      plugins: [{ name: 'PodSecurity', configuration: { defaults: { enforce: 'baseline' } } }],
    });
    expect(stateOf(cfgPsa001, { manifests: configuration + namespace({}) + deployment() })).toBe('PASS');
  });

  test('PodSecurityPolicy protects nobody', () => {
    const old = policy({
      apiVersion: 'policy/v1beta1',
      kind: 'PodSecurityPolicy',
      metadata: { name: 'old' },
      spec: {},
    });
    expect(placesOf(assess(cfgPsa001, { manifests: old }))).toEqual(['FAIL PodSecurityPolicy old']);
  });

  test('namespaces of the platform are left out', () => {
    const manifests = deployment().replaceAll('"shop"', '"kube-system"');
    expect(stateOf(cfgPsa001, { manifests })).toBe('NA');
  });
});

const ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';
const aks = (properties: object) => ({
  id: ID,
  type: 'Microsoft.ContainerService/managedClusters',
  name: 'aks',
  properties,
});
const assignment = (parameters: object) => ({
  id: '/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/psa',
  type: 'Microsoft.Authorization/policyAssignments',
  name: 'psa',
  properties: {
    policyDefinitionId: '/providers/Microsoft.Authorization/policySetDefinitions/a8640138-9b0a-4a28-b8cb-1666c838647d',
    parameters,
  },
});

describe('Azure', () => {
  const addon = aks({ addonProfiles: { azurepolicy: { enabled: true } } });
  const deny = { effect: { value: 'Deny' } };
  test.each([
    [
      'safeguards',
      [aks({ safeguardsProfile: { level: 'Enforcement', podSecurityStandardsLevel: 'Baseline' } })],
      'PASS',
    ],
    [
      'safeguards warn',
      [aks({ safeguardsProfile: { level: 'Warning', podSecurityStandardsLevel: 'Baseline' } })],
      'WARN',
    ],
    ['safeguards without a level', [aks({ safeguardsProfile: { level: 'Enforcement' } })], 'FAIL'],
    ['initiative', [addon, assignment(deny)], 'PASS'],
    ['initiative without the add-on', [aks({}), assignment(deny)], 'WARN'],
    ['initiative audits', [addon, assignment({})], 'WARN'],
    ['initiative elsewhere', [addon, assignment({ ...deny, excludedNamespaces: { value: ['shop'] } })], 'FAIL'],
  ])('%s', (_, azure, state) => {
    expect(stateOf(cfgPsa001, { manifests: namespace({}) + deployment(), azure })).toBe(state);
  });
});

test.each([
  ['a pod that keeps to baseline', deployment(), true, ['enforce', 'baseline']],
  ['a pod beyond it', deployment({ hostNetwork: true }), false, ['warn', 'baseline']],
])('fix for %s', (_, manifests, automatic, [mode, value]) => {
  const context = contextOf({ manifests: namespace({}) + manifests });
  const [place] = cfgPsa001.assess(context).places;
  expect(cfgPsa001.fix?.(context, place!)).toMatchObject({
    automatic,
    changes: [
      {
        edits: expect.arrayContaining([
          { op: 'set', path: ['metadata', 'labels', `pod-security.kubernetes.io/${mode}`], value },
        ]),
      },
    ],
  });
});
