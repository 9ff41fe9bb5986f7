import { describe, expect, test } from 'vitest';
import type { PlainObject } from '#model/plain.ts';
import { BUILT_IN_POLICIES, builtInPolicy, NAMED_POLICIES } from '../../data/azure-policy/policies.ts';
import { type ControlInput, contextOf } from '../controls/controls.test-support.ts';
import { evaluatePolicy } from './evaluate.ts';
import type { PolicyAnswer } from './policy-answer.ts';

function answerOf(id: string, input: ControlInput, parameters: PlainObject = {}): PolicyAnswer {
  const policy = BUILT_IN_POLICIES.find((each) => each.id.startsWith(id));
  if (policy === undefined) throw new Error(`no definition ${id}`);
  return evaluatePolicy(contextOf(input), policy, parameters);
}

const HTTP = { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } }] };
const ROUTED = { rules: [{ host: 'a.example', http: HTTP }] };

function object(kind: string, spec: object, metadata: object = {}): string {
  const apiVersion = kind === 'Ingress' ? 'networking.k8s.io/v1' : 'v1';
  const whole = { ...(kind === 'Ingress' ? ROUTED : { ports: [{ port: 443 }] }), ...spec };
  return `---\n${JSON.stringify({ apiVersion, kind, metadata: { name: 'a', namespace: 'shop', ...metadata }, spec: whole })}\n`;
}

function deployment(pod: object, metadata: object = {}): string {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'shop/web:1' }], ...pod } };
  const spec = { selector: { matchLabels: labels }, template };
  const head = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', ...metadata } };
  return `---\n${JSON.stringify({ ...head, spec })}\n`;
}

const TLS = { tls: [{ hosts: ['a'] }] };
const NO_HTTP = { annotations: { 'kubernetes.io/ingress.allow-http': 'false' } };
const PORTS = {
  ports: [
    { name: 'a', port: 443 },
    { name: 'b', port: 8080 },
  ],
};
const INTERNAL = { annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' } };
const host = (ports: object[]) => ({ containers: [{ name: 'web', image: 'shop/web:1', ports }] });

describe('objects are judged as Gatekeeper does', () => {
  test.each<[string, string, string, PlainObject, string]>([
    ['HTTPS: TLS and the annotation', '1a5b4dca', object('Ingress', TLS, NO_HTTP), {}, 'compliant'],
    ['HTTPS: TLS alone', '1a5b4dca', object('Ingress', TLS), {}, 'non-compliant'],
    ['HTTPS: the annotation alone', '1a5b4dca', object('Ingress', {}, NO_HTTP), {}, 'non-compliant'],
    ['HTTPS: no Ingress', '1a5b4dca', object('Service', PORTS), {}, 'nothing'],
    [
      'ports: all listed',
      '233a2a17',
      object('Service', PORTS),
      { allowedServicePortsList: ['443', '8080'] },
      'compliant',
    ],
    ['ports: one is not', '233a2a17', object('Service', PORTS), { allowedServicePortsList: ['443'] }, 'non-compliant'],
    [
      'ports: numbers meet nothing',
      '233a2a17',
      object('Service', PORTS),
      { allowedServicePortsList: [443, 8080] },
      'non-compliant',
    ],
    ['ports: no list', '233a2a17', object('Service', PORTS), {}, 'unknown'],
    [
      'ports: a list by expression',
      '233a2a17',
      object('Service', PORTS),
      { allowedServicePortsList: "[parameters('x')]" },
      'unknown',
    ],
    [
      'ports: the API server',
      '233a2a17',
      object('Service', PORTS, { name: 'kubernetes', namespace: 'default' }),
      { allowedServicePortsList: [] },
      'compliant',
    ],
    ['addresses: none', 'd46c275d', object('Service', PORTS), {}, 'compliant'],
    ['addresses: one', 'd46c275d', object('Service', { externalIPs: ['203.0.113.9'] }), {}, 'non-compliant'],
    [
      'addresses: a listed one',
      'd46c275d',
      object('Service', { externalIPs: ['203.0.113.9'] }),
      { allowedExternalIPs: ['203.0.113.9'] },
      'compliant',
    ],
    ['host: nothing', '82985f06', deployment({}), {}, 'compliant'],
    ['host: its network', '82985f06', deployment({ hostNetwork: true }), {}, 'non-compliant'],
    [
      'host: its network, allowed',
      '82985f06',
      deployment({ hostNetwork: true }),
      { allowHostNetwork: true },
      'compliant',
    ],
    ['host: a port', '82985f06', deployment(host([{ containerPort: 80, hostPort: 80 }])), {}, 'non-compliant'],
    [
      'host: a listed port',
      '82985f06',
      deployment(host([{ containerPort: 80, hostPort: 80 }])),
      { allowedHostPorts: ['80'] },
      'compliant',
    ],
    ['host: port zero is none', '82985f06', deployment(host([{ containerPort: 80, hostPort: 0 }])), {}, 'compliant'],
    [
      'host: ports on its network are its own',
      '82985f06',
      deployment({ hostNetwork: true, ...host([{ containerPort: 80 }]) }),
      { allowHostNetwork: true },
      'non-compliant',
    ],
    [
      'host: an excluded image',
      '82985f06',
      deployment(host([{ containerPort: 80, hostPort: 80 }])),
      { excludedImages: ['shop/*'] },
      'compliant',
    ],
    [
      'host: an init container',
      '82985f06',
      deployment({ initContainers: [{ name: 'i', image: 'i', ports: [{ containerPort: 9, hostPort: 9 }] }] }),
      {},
      'non-compliant',
    ],
    ['load balancer: internal', '3fc4dc25', object('Service', { type: 'LoadBalancer' }, INTERNAL), {}, 'compliant'],
    ['load balancer: public', '3fc4dc25', object('Service', { type: 'LoadBalancer' }), {}, 'non-compliant'],
    ['load balancer: no type is ClusterIP', '3fc4dc25', object('Service', {}), {}, 'compliant'],
    ['namespaces: hostPID', '47a1ee2f', deployment({ hostPID: true }), {}, 'non-compliant'],
    ['namespaces: hostNetwork is another', '47a1ee2f', deployment({ hostNetwork: true }), {}, 'compliant'],
    ['default: a pod', '9f061a12', deployment({}, { namespace: 'default' }), {}, 'non-compliant'],
    ['default: another namespace', '9f061a12', deployment({}), {}, 'compliant'],
    [
      'privileged: yes',
      '95edb821',
      deployment({ containers: [{ name: 'a', securityContext: { privileged: true } }] }),
      {},
      'non-compliant',
    ],
    [
      'privileged: an excluded container',
      '95edb821',
      deployment({ containers: [{ name: 'a', securityContext: { privileged: true } }] }),
      { excludedContainers: ['a'] },
      'compliant',
    ],
    ['images: allowed', 'febd0533', deployment({}), { allowedContainerImagesRegex: '^shop/.+$' }, 'compliant'],
    ['images: not allowed', 'febd0533', deployment({}), { allowedContainerImagesRegex: '^mcr/.+$' }, 'non-compliant'],
    [
      'images: an expression that is not read',
      'febd0533',
      deployment({}),
      { allowedContainerImagesRegex: '(?i)x(' },
      'unknown',
    ],
    ['host names: none', 'd8c942c6', object('Ingress', { rules: [{ http: HTTP }] }), {}, 'non-compliant'],
    ['host names: one', 'd8c942c6', object('Ingress', {}), {}, 'compliant'],
    [
      'selectors: two alike',
      'b0fdedee',
      object('Service', { selector: { a: 'b' } }) + object('Service', { selector: { a: 'b' } }, { name: 'c' }),
      {},
      'non-compliant',
    ],
    [
      'selectors: in two namespaces',
      'b0fdedee',
      object('Service', { selector: { a: 'b' } }) + object('Service', { selector: { a: 'b' } }, { namespace: 'c' }),
      {},
      'compliant',
    ],
  ])('%s', (_name, id, manifests, parameters, state) => {
    expect(answerOf(id, { manifests }, parameters).state).toBe(state);
  });

  test.each<[string, PlainObject, object, number]>([
    ['kube-system is left out', {}, { namespace: 'kube-system' }, 0],
    [
      'kube-system is left out whatever an assignment says',
      { excludedNamespaces: [] },
      { namespace: 'kube-system' },
      0,
    ],
    ['a namespace that is excluded by its beginning', { excludedNamespaces: ['sho*'] }, {}, 0],
    ['only listed namespaces', { namespaces: ['other'] }, {}, 0],
    ['a listed namespace', { namespaces: ['shop'] }, {}, 1],
    ['labels that are there', { labelSelector: { matchLabels: { app: 'web' } } }, {}, 1],
    [
      'labels that are not',
      { labelSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } },
      {},
      0,
    ],
  ])('scope: %s', (_name, parameters, metadata, judged) => {
    const manifests = deployment({ hostNetwork: true }, metadata);
    expect(answerOf('82985f06', { manifests }, parameters).judged).toBe(judged);
  });

  test('a violation tells its field', () => {
    const [violation] = answerOf('82985f06', { manifests: deployment({ hostNetwork: true }) }).violations;
    expect(violation).toMatchObject({
      where: { kind: 'Deployment', name: 'web' },
      evidence: [{ field: 'spec.template.spec.hostNetwork', value: true }],
    });
  });
});

const ROOT = '/subscriptions/s/resourceGroups/g/providers';

function made(type: string, properties: object): object {
  const [provider, name] = type.split('/');
  return { id: `${ROOT}/${provider}/${name}/a`, type, name: 'a', properties };
}

const CLUSTER = 'Microsoft.ContainerService/managedClusters';
const api = (apiServerAccessProfile: object) => made(CLUSTER, { apiServerAccessProfile });
const vnet = (name: string, properties: object) =>
  made('Microsoft.Network/virtualNetworks', {
    subnets: [{ name, id: `${ROOT}/Microsoft.Network/virtualNetworks/a/subnets/${name}`, properties }],
  });
const waf = (properties: object) =>
  made('Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies', properties);

describe('resources are judged as Azure does', () => {
  test.each<[string, string, object, string]>([
    ['ranges: listed', '0e246bcf', api({ authorizedIPRanges: ['203.0.113.0/24'] }), 'compliant'],
    ['ranges: an empty list counts', '0e246bcf', api({ authorizedIPRanges: [] }), 'compliant'],
    ['ranges: a private cluster', '0e246bcf', api({ enablePrivateCluster: true }), 'compliant'],
    ['ranges: neither', '0e246bcf', api({}), 'non-compliant'],
    ['private: no', '040732e8', api({ enableVnetIntegration: true }), 'non-compliant'],
    [
      'Azure CNI: kubenet',
      '46238e2f',
      made(CLUSTER, { networkProfile: { networkPlugin: 'kubenet' } }),
      'non-compliant',
    ],
    ['run command: said nothing', '89f2d532', api({}), 'non-compliant'],
    [
      'add-on: whatever case',
      '0a15ec92',
      made(CLUSTER, { addonProfiles: { azurepolicy: { enabled: true } } }),
      'compliant',
    ],
    ['subnet: default outbound access', '7bca8353', vnet('nodes', {}), 'non-compliant'],
    ['subnet: private', '7bca8353', vnet('nodes', { defaultOutboundAccess: false }), 'compliant'],
    ['subnet: no group', 'e71308d3', vnet('nodes', {}), 'non-compliant'],
    ['subnet: of a gateway', 'e71308d3', vnet('GatewaySubnet', {}), 'compliant'],
    ['flow logs: none', '4c3c6c5f', vnet('nodes', {}), 'non-compliant'],
    ['firewall: nothing said of threats', 'da79a7e2', made('Microsoft.Network/firewallPolicies', {}), 'compliant'],
    [
      'firewall: off',
      'da79a7e2',
      made('Microsoft.Network/firewallPolicies', { threatIntelMode: 'Off' }),
      'non-compliant',
    ],
    ['gateway: without a firewall', '564feb30', made('Microsoft.Network/applicationGateways', {}), 'non-compliant'],
    [
      'mode: detection is what is wanted by default',
      '12430be1',
      waf({ policySettings: { mode: 'Detection' } }),
      'compliant',
    ],
    ['bots: none', 'ebea0d86', waf({ managedRules: { managedRuleSets: [{ ruleSetType: 'OWASP' }] } }), 'non-compliant'],
    [
      'interface: public',
      '83a86a26',
      made('Microsoft.Network/networkInterfaces', {
        ipConfigurations: [{ properties: { publicIPAddress: { id: 'x' } } }],
      }),
      'non-compliant',
    ],
    [
      'interface: private',
      '83a86a26',
      made('Microsoft.Network/networkInterfaces', { ipConfigurations: [] }),
      'compliant',
    ],
  ])('%s', (_name, id, resource, state) => {
    expect(answerOf(id, { azure: [resource] }).state).toBe(state);
  });

  test('every definition is judged, and answers an empty input', () => {
    for (const { id } of BUILT_IN_POLICIES) {
      const given = { allowedServicePortsList: ['443'], allowedContainerImagesRegex: '.' };
      expect([id, answerOf(id, {}, given).state]).toEqual([id, 'nothing']);
    }
  });

  test('the named ones are there, each with what it does not see', () => {
    for (const id of NAMED_POLICIES) expect(builtInPolicy(id)?.blindSpots.length).toBeGreaterThan(0);
  });
});
