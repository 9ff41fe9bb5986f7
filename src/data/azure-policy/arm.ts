import { type BuiltInPolicy, type PolicyEffect, sourceOf } from './policy.ts';

const CLUSTER = 'Microsoft.ContainerService/managedClusters';
const AUDIT: readonly PolicyEffect[] = ['Audit', 'Disabled'];
const CHOICE: readonly PolicyEffect[] = ['Audit', 'Deny', 'Disabled'];
const IF_NOT: readonly PolicyEffect[] = ['AuditIfNotExists', 'Disabled'];

/** Definitions that Azure judges resources by: clusters, and the network around them. */
export const ARM_POLICIES: readonly BuiltInPolicy[] = [
  {
    ...arm('0e246bcf-5f6f-4f87-bc6f-775d4712c7ea', '2.0.1', 'the API server takes listed address ranges only', [
      CLUSTER,
    ]),
    source: sourceOf('Security Center'),
    blindSpots: ['a list that is empty, or holds 0.0.0.0/0, counts as a list', 'it can audit and not deny'],
  },
  {
    ...arm('040732e8-d947-40b8-95d6-854c95024bf8', '1.0.1', 'clusters are private', [CLUSTER]),
    effects: CHOICE,
    blindSpots: ['the public name of a private cluster is not looked at'],
  },
  {
    ...arm('46238e2f-3f6f-4589-9f3f-77bed4116e67', '1.0.1', 'clusters use Azure CNI', [CLUSTER]),
    blindSpots: ['whether an engine for network policies is on is looked at by no built-in definition'],
  },
  arm('89f2d532-c53c-4f8f-9afa-4927b1114a0d', '1.0.1', 'run command is off', [CLUSTER]),
  { ...arm('993c2fcd-2b29-49d2-9eb0-df2c3a730c32', '1.0.1', 'local accounts are off', [CLUSTER]), effects: CHOICE },
  {
    ...arm('0a15ec92-a229-4763-bb14-0ea34a568f8d', '1.0.2', 'the Azure Policy add-on is on', [CLUSTER]),
    blindSpots: ['that the add-on is on says nothing of what is assigned'],
  },
  arm('a1840de2-8088-4ea8-b153-b4c723e9cb01', '2.0.1', 'the Defender sensor of clusters is on', [CLUSTER]),
  {
    ...network('7bca8353-aa3b-429b-904a-9229c4385837', '1.1.0', 'subnets are private', ['virtualNetworks/subnets']),
    effects: CHOICE,
  },
  {
    ...network('35f9c03a-cc27-418e-9c0c-539ff999d010', '1.0.0', 'subnets of gateways have no security group', [
      'virtualNetworks/subnets',
    ]),
    effect: 'Deny',
    effects: [],
  },
  {
    ...network('88c0b9da-ce96-4b03-9635-f29a937e2900', '1.0.0', 'interfaces forward no packets', ['networkInterfaces']),
    effect: 'Deny',
    effects: [],
    blindSpots: ['interfaces of scale sets, which nodes have, are not resources that it sees'],
  },
  {
    ...network('83a86a26-fd1f-447c-b59d-e51f44264114', '1.0.0', 'interfaces have no public address', [
      'networkInterfaces',
    ]),
    effect: 'Deny',
    effects: [],
    blindSpots: ['node pools with public addresses have them at their scale set, which it does not see'],
  },
  {
    ...network('e71308d3-144b-4262-b144-efdc3cc90517', '3.0.0', 'subnets have a security group', [
      'virtualNetworks/subnets',
    ]),
    effect: 'AuditIfNotExists',
    effects: IF_NOT,
    source: sourceOf('Security Center'),
    blindSpots: ['a security group that allows everything counts'],
  },
  {
    ...network('3f84c9b0-8b64-4208-98d4-6ada96bb49c3', '1.0.0', 'firewall policies answer DNS', ['firewallPolicies']),
    blindSpots: ['whether networks ask the firewall for names is not looked at'],
  },
  {
    ...network('da79a7e2-8aa1-45ed-af81-ba050c153564', '1.0.0', 'firewall policies use threat intelligence', [
      'firewallPolicies',
    ]),
    effects: CHOICE,
    blindSpots: ['a mode that only alerts counts'],
  },
  {
    ...network(
      '564feb30-bf6a-4854-b4bb-0d2d2d1e6c66',
      '2.0.0',
      'application gateways have a web application firewall',
      ['applicationGateways'],
    ),
    effects: CHOICE,
    blindSpots: ['a web application firewall that only detects counts'],
  },
  {
    ...network('12430be1-6cc8-4527-a9a8-e3d38f250096', '1.0.0', 'the web application firewall is in the wanted mode', [
      'applicationGatewayWebApplicationFirewallPolicies',
    ]),
    effects: CHOICE,
    parameters: { modeRequirement: 'Detection' },
    blindSpots: ['where an assignment says nothing, the wanted mode is the one that only detects'],
  },
  {
    ...network('ca85ef9a-741d-461d-8b7a-18c2da82c666', '1.0.0', 'the web application firewall reads bodies', [
      'applicationGatewayWebApplicationFirewallPolicies',
    ]),
    effects: CHOICE,
  },
  {
    ...network('ebea0d86-7fbd-42e3-8a46-27e7568c2525', '1.0.0', 'the web application firewall knows bots', [
      'applicationGatewayWebApplicationFirewallPolicies',
    ]),
    effects: CHOICE,
  },
  {
    ...network('4c3c6c5f-0d47-4402-99b8-aa543dd8bcee', '1.0.1', 'virtual networks have flow logs', ['virtualNetworks']),
    blindSpots: ['flow logs of a subnet or an interface do not count, and one that is off does'],
  },
  network('27960feb-a23c-4577-8d36-ef8b5f35e0be', '1.0.1', 'flow logs are on', ['networkWatchers/flowLogs']),
  network('2f080164-9f4d-497e-9db6-416dc9f7b48a', '1.0.1', 'flow logs are analysed', ['networkWatchers/flowLogs']),
  {
    ...network('94de2ad3-e0c1-4caf-ad78-5d47bbc83d3d', '1.0.1', 'virtual networks are protected from floods', [
      'virtualNetworks',
    ]),
    effect: 'Modify',
    effects: ['Modify', 'Audit', 'Disabled'],
    parameters: { ddosPlan: null },
    blindSpots: ['protection of a single public address does not count'],
  },
];

// biome-ignore lint/complexity/useMaxParams: the columns of a table
function network(id: string, version: string, title: string, types: readonly string[]): BuiltInPolicy {
  const kinds = types.map((type) => `Microsoft.Network/${type}`);
  return { ...arm(id, version, title, kinds), source: sourceOf('Network') };
}

// biome-ignore lint/complexity/useMaxParams: the columns of a table
function arm(id: string, version: string, title: string, kinds: readonly string[]): BuiltInPolicy {
  return {
    id,
    title,
    version,
    kinds,
    mode: 'arm',
    effect: 'Audit',
    effects: AUDIT,
    parameters: {},
    blindSpots: [],
    source: sourceOf('Kubernetes'),
  };
}
