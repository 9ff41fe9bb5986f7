import { describe, expect, test } from 'vitest';
import { assess, contextOf, stateOf } from '../../controls.test-support.ts';
import { CLUSTER_ID, cluster, made, under } from '../../mon/azure.test-support.ts';
import { govPol001 } from './control.ts';

const ON = { addonProfiles: { azurepolicy: { enabled: true } } };
const OFF = { addonProfiles: { azurepolicy: { enabled: false } } };
const arc = made('Microsoft.Kubernetes/connectedClusters', 'edge');
const extension = (extensionType: string) =>
  under(String(arc['id']), 'Microsoft.KubernetesConfiguration/extensions', 'x', { extensionType });

function state(timestamp: string) {
  return under(CLUSTER_ID, 'Microsoft.PolicyInsights/policyStates', 's', { resourceId: CLUSTER_ID, timestamp });
}

const pod = (namespace: string) => `---
apiVersion: v1
kind: Pod
metadata: { name: p, namespace: ${namespace} }
spec: { containers: [{ name: p, image: p }] }
`;
const kyverno = (action: string) => `---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: hosts }
spec: { validationFailureAction: ${action}, rules: [] }
`;
const rule = (kind: string) => `---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: hosts }
spec: { validationFailureAction: Enforce, rules: [{ match: { any: [{ resources: { kinds: [${kind}] } }] } }] }
`;
const binding = `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: hosts }
spec: { policyName: hosts, validationActions: [Deny] }
`;
const addOn = `---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sAzureV1IngressHttpsOnly
metadata: { name: azurepolicy-x, labels: { managed-by: azure-policy-addon } }
spec: { enforcementAction: deny }
`;

describe('GOV-POL-001', () => {
  test.each([
    ['on', { azure: [cluster(ON)] }, 'PASS'],
    ['off', { azure: [cluster(OFF)] }, 'FAIL'],
    ['said nothing', { azure: [cluster()] }, 'FAIL'],
    ['AKS Automatic', { azure: [cluster({}, { sku: { name: 'Automatic' } })] }, 'PASS'],
    ['off, and Kyverno enforces', { azure: [cluster()], manifests: kyverno('Enforce') }, 'PASS'],
    ['off, and Kyverno judges pods', { azure: [cluster()], manifests: rule('apps/v1/Deployment') }, 'PASS'],
    ['off, and Kyverno judges who runs commands', { azure: [cluster()], manifests: rule('Pod/exec') }, 'WARN'],
    ['no cluster of Azure, and the same', { manifests: rule('Pod/exec') }, 'UNKNOWN'],
    ['off, and Kyverno tells', { azure: [cluster()], manifests: kyverno('Audit') }, 'WARN'],
    ['on, and no pod in the whole cluster', { azure: [cluster(ON)], manifests: pod('shop'), kind: 'live' }, 'WARN'],
    ['on, with pods', { azure: [cluster(ON)], manifests: pod('gatekeeper-system'), kind: 'live' }, 'PASS'],
    ['judged lately', { azure: [cluster(ON), state('2026-11-20T10:00:00Z')] }, 'PASS'],
    ['judged long ago', { azure: [cluster(ON), state('2026-11-01T10:00:00Z')] }, 'WARN'],
    ['Arc with the extension', { azure: [arc, extension('Microsoft.PolicyInsights')] }, 'PASS'],
    ['Arc with others', { azure: [arc, extension('microsoft.flux')] }, 'FAIL'],
    ['Arc in a template', { azure: [arc] }, 'UNKNOWN'],
    ['a binding that denies', { manifests: pod('shop') + binding }, 'PASS'],
    ['constraints of the add-on', { manifests: pod('shop') + addOn }, 'PASS'],
    ['nothing, in a part of a cluster', { manifests: pod('shop') }, 'UNKNOWN'],
    ['nothing, in a whole cluster', { manifests: pod('shop'), kind: 'live' }, 'FAIL'],
    ['no cluster', {}, 'NA'],
  ] as const)('%s', (_name, input, expected) => {
    expect(stateOf(govPol001, input)).toBe(expected);
  });

  test('the fix switches the add-on on', () => {
    const input = { azure: [cluster()] };
    const [judged] = assess(govPol001, input).places;
    const fix = judged && govPol001.fix?.(contextOf(input), judged);
    expect(fix?.changes).toMatchObject([
      { command: 'aks enable-addons --resource-group rg --name aks --addons azure-policy' },
    ]);
  });
});
