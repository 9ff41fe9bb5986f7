import { describe, expect, test } from 'vitest';
import { assess, type ControlInput, contextOf, stateOf } from '../../controls.test-support.ts';
import { CLUSTER_ID, cluster, SUBSCRIPTION, under } from '../../mon/azure.test-support.ts';
import { govPol002 } from './control.ts';

const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const HTTPS = '1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d';
const HOST = '82985f06-dc18-4a48-bc1c-b9f4f0098cfe';
const RANGES = '0e246bcf-5f6f-4f87-bc6f-775d4712c7ea';
const TITLES: Readonly<Record<string, string>> = {
  [HTTPS]: 'Ingresses serve HTTPS only',
  [HOST]: 'Pods use the network and the ports of hosts only as listed',
  [RANGES]: 'the API server takes listed address ranges only',
};
const DEFINITIONS = '/providers/Microsoft.Authorization/policyDefinitions';
const SETS = '/providers/Microsoft.Authorization/policySetDefinitions';

function assignment(policyDefinitionId: string, properties: object = {}, scope = SCOPE) {
  return under(scope, 'Microsoft.Authorization/policyAssignments', 'a', { policyDefinitionId, ...properties });
}

const effect = (value: string) => ({ parameters: { effect: { value } } });

function exemption(properties: object) {
  return under(CLUSTER_ID, 'Microsoft.Authorization/policyExemptions', 'e', {
    policyAssignmentId: `${SCOPE}/providers/Microsoft.Authorization/policyAssignments/a`,
    ...properties,
  });
}

/** The state of one definition. */
function said(id: string, input: ControlInput): string | undefined {
  return assess(govPol002, input).places.find(({ detail }) => detail === TITLES[id])?.state;
}

const onHost = `
apiVersion: v1
kind: Pod
metadata: { name: p, namespace: shop }
spec: { hostNetwork: true, containers: [{ name: p, image: p }] }`;
const offHost = onHost.replace('hostNetwork: true, ', '');
const custom = under(SCOPE, 'Microsoft.Authorization/policySetDefinitions', 'own', {
  parameters: { how: { type: 'String', defaultValue: 'Deny' } },
  policyDefinitions: [
    { policyDefinitionId: `${DEFINITIONS}/${HOST}`, parameters: { effect: { value: "[parameters('how')]" } } },
  ],
});
const ownSet = String(custom['id']);

describe('GOV-POL-002', () => {
  test.each([
    ['deny by default', HTTPS, [assignment(`${DEFINITIONS}/${HTTPS}`)], 'PASS'],
    ['deny by choice', HOST, [assignment(`${DEFINITIONS}/${HOST}`, effect('deny'))], 'PASS'],
    ['disabled', HTTPS, [assignment(`${DEFINITIONS}/${HTTPS}`, effect('Disabled'))], 'FAIL'],
    ['not assigned', HOST, [assignment(`${DEFINITIONS}/${HTTPS}`)], 'FAIL'],
    [
      'the cluster is out of scope',
      HTTPS,
      [assignment(`${DEFINITIONS}/${HTTPS}`, {}, `${SCOPE}/resourceGroups/other`)],
      'FAIL',
    ],
    [
      'the cluster is left out',
      HTTPS,
      [assignment(`${DEFINITIONS}/${HTTPS}`, { notScopes: [`${SCOPE}/resourceGroups/rg`] })],
      'FAIL',
    ],
    ['exempt without an end', HTTPS, [assignment(`${DEFINITIONS}/${HTTPS}`), exemption({})], 'WARN'],
    [
      'exempt for now',
      HTTPS,
      [assignment(`${DEFINITIONS}/${HTTPS}`), exemption({ expiresOn: '2027-01-01T00:00:00Z' })],
      'WARN',
    ],
    [
      'exempt no more',
      HTTPS,
      [assignment(`${DEFINITIONS}/${HTTPS}`), exemption({ expiresOn: '2026-01-01T00:00:00Z' })],
      'PASS',
    ],
    [
      'an override to audit',
      HTTPS,
      [assignment(`${DEFINITIONS}/${HTTPS}`, { overrides: [{ kind: 'policyEffect', value: 'Disabled' }] })],
      'FAIL',
    ],
    [
      'selectors of resources',
      HTTPS,
      [assignment(`${DEFINITIONS}/${HTTPS}`, { resourceSelectors: [{ name: 'x' }] })],
      'UNKNOWN',
    ],
    [
      'an effect by expression',
      HTTPS,
      [assignment(`${DEFINITIONS}/${HTTPS}`, effect("[if(true(), 'x', 'y')]"))],
      'UNKNOWN',
    ],
    [
      'a built-in initiative',
      HOST,
      [assignment(`${SETS}/a8640138-9b0a-4a28-b8cb-1666c838647d`, effect('Deny'))],
      'PASS',
    ],
    ['an initiative of ones own', HOST, [assignment(ownSet), custom], 'PASS'],
    [
      'that with another effect',
      HOST,
      [assignment(ownSet, { parameters: { how: { value: 'Disabled' } } }), custom],
      'FAIL',
    ],
    ['an initiative that is not in the input', HOST, [assignment(`${SETS}/somewhere-else`)], 'UNKNOWN'],
  ] as const)('%s', (_name, id, more, state) => {
    expect(said(id, { azure: [cluster(), ...more], azureLive: true })).toBe(state);
  });

  test.each([
    ['audit, and something violates it', { manifests: onHost }, 'WARN'],
    ['audit, and nothing in the whole cluster does', { manifests: offHost, kind: 'live' }, 'PASS'],
    ['audit, and nothing in a part of it does', { manifests: offHost }, 'UNKNOWN'],
  ] as const)('%s', (_name, input, state) => {
    const azure = [cluster(), assignment(`${DEFINITIONS}/${HOST}`)];
    expect(said(HOST, { azure, azureLive: true, ...input })).toBe(state);
  });

  test.each([
    ['Azure says that it complies', 'Compliant', 'PASS'],
    ['Azure says that it does not', 'NonCompliant', 'WARN'],
  ])('%s', (_name, complianceState, state) => {
    const told = under(CLUSTER_ID, 'Microsoft.PolicyInsights/policyStates', 's', {
      resourceId: CLUSTER_ID,
      policyDefinitionId: `${DEFINITIONS}/${HOST}`,
      complianceState,
    });
    const azure = [cluster(), assignment(`${DEFINITIONS}/${HOST}`), told];
    expect(said(HOST, { azure, azureLive: true })).toBe(state);
  });

  test('a policy of Azure itself is judged by the cluster', () => {
    const ranges = assignment(`${DEFINITIONS}/${RANGES}`);
    expect(said(RANGES, { azure: [cluster(), ranges] })).toBe('WARN');
    const listed = cluster({ apiServerAccessProfile: { authorizedIPRanges: ['203.0.113.0/24'] } });
    expect(said(RANGES, { azure: [listed, ranges] })).toBe('PASS');
  });

  test.each([
    ['refuses', 'deny', 0, 'PASS'],
    ['tells, and nothing violates it', 'dryrun', 0, 'PASS'],
    ['tells, and something violates it', 'dryrun', 3, 'WARN'],
  ])('a constraint of the add-on that %s', (_name, enforcementAction, totalViolations, state) => {
    const manifests = JSON.stringify({
      apiVersion: 'constraints.gatekeeper.sh/v1beta1',
      kind: 'K8sAzureV2IngressHttpsOnly',
      metadata: {
        name: 'azurepolicy-x',
        labels: { 'managed-by': 'azure-policy-addon' },
        annotations: { 'azure-policy-definition-id': `${DEFINITIONS}/${HTTPS}` },
      },
      spec: { enforcementAction },
      status: { totalViolations },
    });
    expect(said(HTTPS, { manifests })).toBe(state);
  });

  test('a template without assignments, and no Azure', () => {
    expect(stateOf(govPol002, { azure: [cluster()] })).toBe('UNKNOWN');
    expect(stateOf(govPol002, { manifests: offHost })).toBe('UNKNOWN');
    expect(stateOf(govPol002, { manifests: offHost, kind: 'live' })).toBe('NA');
  });

  test('says what a definition does not see, and how to assign it', () => {
    const input = { azure: [cluster()], azureLive: true };
    const judged = assess(govPol002, input).places.find(({ detail }) => detail === TITLES[HTTPS]);
    expect(judged?.evidence.some(({ why }) => why?.startsWith('Gateways'))).toBe(true);
    expect(judged && govPol002.fix?.(contextOf(input), judged)?.steps[0]).toContain(`--policy ${HTTPS}`);
  });
});
