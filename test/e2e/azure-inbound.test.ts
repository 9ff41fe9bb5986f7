import { afterAll, expect, test } from 'vitest';
import { folderWith, removeFolders, runCli } from './run-cli.ts';

afterAll(removeFolders);

const MANIFESTS = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, ports: [{containerPort: 8443}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
status: {loadBalancer: {ingress: [{ip: 20.1.1.1}]}}
`;

const ROOT = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network';
const GROUP = `${ROOT}/networkSecurityGroups/nsg`;
const allow = (from: string) => ({
  name: 'web',
  properties: {
    priority: 100,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourceAddressPrefix: from,
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '443',
  },
});

function estate(rules: readonly object[]): string {
  const subnet = { name: 'nodes', properties: { addressPrefix: '10.1.0.0/24', networkSecurityGroup: { id: GROUP } } };
  return JSON.stringify([
    {
      id: `${ROOT}/virtualNetworks/vnet`,
      type: 'Microsoft.Network/virtualNetworks',
      name: 'vnet',
      properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] }, subnets: [subnet] },
    },
    { id: GROUP, type: 'Microsoft.Network/networkSecurityGroups', name: 'nsg', properties: { securityRules: rules } },
    {
      id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks',
      type: 'Microsoft.ContainerService/managedClusters',
      name: 'aks',
      properties: {
        networkProfile: {
          networkPlugin: 'azure',
          networkPluginMode: 'overlay',
          networkPolicy: 'calico',
          podCidr: '10.244.0.0/16',
        },
        agentPoolProfiles: [{ name: 'main', vnetSubnetID: `${ROOT}/virtualNetworks/vnet/subnets/nodes` }],
      },
    },
  ]);
}

const cwd = folderWith({
  'app/web.yaml': MANIFESTS,
  'open.json': estate([allow('Internet')]),
  'closed.json': estate([]),
  'office.json': estate([allow('203.0.113.0/24')]),
});

test.each<[args: string, code: number, out: RegExp]>([
  ['can internet shop/web 443 app --azure open.json', 0, /ALLOWED[\s\S]*TCP 443 there is TCP 8443 of the pod/],
  ['can internet shop/web 443 app --azure closed.json', 1, /DENIED[\s\S]*nsg DenyAllInBound \(65500\)/],
  ['can internet svc:shop/web 443 app --azure open.json', 0, /ALLOWED/],
  ['can internet shop/web 443 app --azure office.json', 1, /MIXED[\s\S]*internet \(203\.0\.113\.0\/24\)/],
  ['can 203.0.113.9 shop/web 443 app --azure office.json', 0, /ALLOWED/],
  ['can 8.8.8.8 shop/web 443 app --azure office.json', 1, /DENIED/],
  ['can internet shop/web 80 app --azure open.json', 1, /no public way to a private address/],
  ['can internet shop/web app --azure open.json', 0, /allowed: TCP 443/],
  ['can internet shop/web 443 app --azure open.json -o json', 0, /"entrance"/],
  ['expose app --azure open.json --allow-unknown', 0, /allowed\s+20\.1\.1\.1:443/],
  ['expose app --azure closed.json --allow-unknown', 0, /denied\s+20\.1\.1\.1:443/],
  [
    'expose app --azure office.json --allow-unknown',
    0,
    /mixed\s+20\.1\.1\.1:443[\s\S]*allowed: internet \(203\.0\.113\.0\/24\)/,
  ],
])('%s', async (args, code, out) => {
  const run = await runCli(args.split(' '), { cwd });
  expect(run.out).toMatch(out);
  expect(run.code).toBe(code);
});
