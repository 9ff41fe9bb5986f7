import { describe, expect, test } from 'vitest';
import { azureViewOf } from '#engine/compile/azure/view.ts';
import type { AzureFact } from '#model/azure/fact.ts';
import { RETIREMENTS } from '../../data/azure/retirements.ts';
import { addressPlanFacts } from './address-plan.ts';
import { bypassesIn, clusterFlowsIn } from './agreement.ts';
import { neededEndpoints } from './endpoints.ts';
import {
  addressRule,
  BASE,
  collection,
  defaultRoute,
  type EstateSpec,
  namesRule,
  ROOT,
  resource,
  securityRule,
  snapshotOf,
} from './estate.test-support.ts';
import { knownRetirements } from './retired-places.ts';
import { retirementFacts } from './retirements.ts';
import { wideRuleFacts } from './wide-rules.ts';

/** `FAIL subnet-too-small`, but for what is as it should be. */
function told(facts: readonly AzureFact[]): string[] {
  return [...new Set(facts.filter(({ state }) => state !== 'PASS').map(({ state, id }) => `${state} ${id}`))].sort();
}

type Case = readonly [what: string, spec: EstateSpec, told: readonly string[]];

describe('address plan', () => {
  const CASES: readonly Case[] = [
    ['a plan that fits', {}, []],
    ['pods in the range of the network', { profile: { podCidr: '10.20.0.0/16' } }, ['FAIL address-ranges-overlap']],
    [
      'Services in the peered network',
      { profile: { serviceCidr: '10.10.0.0/24', dnsServiceIP: '10.10.0.10' } },
      ['FAIL address-ranges-overlap'],
    ],
    [
      'Services in the range of pods',
      { profile: { serviceCidr: '10.244.0.0/24', dnsServiceIP: '10.244.0.10' } },
      ['FAIL address-ranges-overlap'],
    ],
    ['a reserved range', { profile: { podCidr: '172.30.0.0/16' } }, ['FAIL address-range-reserved']],
    ['a range around reserved ones', { profile: { podCidr: '172.16.0.0/12' } }, ['FAIL address-range-reserved']],
    ['DNS outside of its range', { profile: { dnsServiceIP: '10.9.0.10' } }, ['FAIL dns-address-in-service-range']],
    [
      'DNS at the address of the API server',
      { profile: { dnsServiceIP: '10.0.0.1' } },
      ['FAIL dns-address-in-service-range'],
    ],
    [
      'more nodes than /24 ranges',
      { profile: { podCidr: '10.244.0.0/22' }, pool: { count: 4 } },
      ['FAIL pod-range-too-small'],
    ],
    [
      'as many nodes as /24 ranges, and none for an upgrade',
      { profile: { podCidr: '10.244.0.0/22' }, pool: { count: 4, upgradeSettings: { maxSurge: '0' } } },
      [],
    ],
    [
      'more nodes than addresses',
      { subnet: { addressPrefix: '10.20.0.0/28' }, pool: { count: 11 } },
      ['FAIL subnet-too-small'],
    ],
    ['eleven addresses are what a /28 has', { subnet: { addressPrefix: '10.20.0.0/28' }, pool: { count: 10 } }, []],
    [
      'the most that a pool may grow to',
      { subnet: { addressPrefix: '10.20.0.0/28' }, pool: { count: 2, maxCount: 20 } },
      ['FAIL subnet-too-small'],
    ],
    [
      'pods in the subnet of nodes',
      { profile: { networkPluginMode: '', podCidr: '' }, pool: { count: 20, maxPods: 60 } },
      ['FAIL subnet-too-small'],
    ],
    [
      'surge counts',
      { subnet: { addressPrefix: '10.20.0.0/28' }, pool: { count: 8, upgradeSettings: { maxSurge: '50%' } } },
      ['FAIL subnet-too-small'],
    ],
    [
      'pods given by 16',
      {
        profile: { networkPluginMode: '', podCidr: '' },
        pool: {
          count: 4,
          maxPods: 30,
          podSubnetID: `${ROOT}/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints`,
        },
      },
      [],
    ],
    [
      'a subnet for pods that is too small by batches',
      {
        profile: { networkPluginMode: '', podCidr: '' },
        pool: {
          count: 7,
          maxPods: 17,
          podSubnetID: `${ROOT}/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints`,
        },
      },
      ['FAIL subnet-too-small'],
    ],
    [
      'how many nodes is not known',
      { pool: { count: null } },
      ['UNKNOWN pod-range-too-small', 'UNKNOWN subnet-too-small'],
    ],
  ];
  test.each(CASES)('%s', (_what, spec, expected) => {
    expect(told(addressPlanFacts(snapshotOf(spec).azure))).toEqual(expected);
  });

  const local = (method: string, ip: string): EstateSpec => ({
    more: [
      resource('Microsoft.AzureStackHCI/logicalNetworks', 'lnet', {
        subnets: [
          {
            name: 'default',
            properties: {
              addressPrefix: '192.168.1.0/24',
              ipAllocationMethod: method,
              ipPools: [{ start: '192.168.1.100', end: '192.168.1.200' }],
            },
          },
        ],
      }),
      resource('Microsoft.HybridContainerService/provisionedClusterInstances', 'default', {
        cloudProviderProfile: {
          infraNetworkProfile: { vnetSubnetIds: [`${ROOT}/Microsoft.AzureStackHCI/logicalNetworks/lnet`] },
        },
        controlPlane: { controlPlaneEndpoint: { hostIP: ip } },
      }),
    ],
  });
  const LOCAL: readonly Case[] = [
    ['static, and the control plane beside the pool', local('Static', '192.168.1.10'), []],
    ['DHCP', local('Dynamic', '192.168.1.10'), ['FAIL logical-network-not-static']],
    ['the control plane in the pool', local('Static', '192.168.1.150'), ['FAIL control-plane-address']],
    ['the control plane in no network', local('Static', '192.168.2.10'), ['FAIL control-plane-address']],
  ];
  test.each(LOCAL)('Azure Local: %s', (_what, spec, expected) => {
    expect(told(addressPlanFacts(snapshotOf(spec).azure))).toEqual(expected);
  });
});

describe('what the cluster itself needs', () => {
  const DENY_IN = { access: 'Deny' };
  const CASES: readonly Case[] = [
    ['default rules', {}, []],
    [
      'everything denied',
      { securityRules: [securityRule('no', 4000, DENY_IN)] },
      [
        'FAIL flow-load-balancer-probes',
        'FAIL flow-nodes-to-nodes',
        'FAIL flow-nodes-to-pods',
        'FAIL flow-pods-to-pods',
      ],
    ],
    [
      'nodes, pods and probes allowed before that',
      {
        securityRules: [
          securityRule('no', 4000, DENY_IN),
          securityRule('cluster', 100, {
            sourceAddressPrefixes: ['10.20.0.0/22', '10.244.0.0/16'],
            sourceAddressPrefix: '',
            destinationAddressPrefixes: ['10.20.0.0/22', '10.244.0.0/16'],
            destinationAddressPrefix: '',
          }),
          securityRule('probes', 110, { sourceAddressPrefix: 'AzureLoadBalancer' }),
        ],
      },
      [],
    ],
    [
      'VirtualNetwork denied: whether it holds pods is not documented',
      { securityRules: [securityRule('no', 4000, { ...DENY_IN, sourceAddressPrefix: 'VirtualNetwork' })] },
      [
        'FAIL flow-load-balancer-probes',
        'FAIL flow-nodes-to-nodes',
        'FAIL flow-nodes-to-pods',
        'UNKNOWN flow-pods-to-pods',
      ],
    ],
    [
      'the internet denied',
      { securityRules: [securityRule('no', 4000, { ...DENY_IN, sourceAddressPrefix: 'Internet' })] },
      [],
    ],
    [
      'one port between nodes denied',
      {
        securityRules: [
          securityRule('no', 200, {
            ...DENY_IN,
            protocol: 'Tcp',
            sourceAddressPrefix: '10.20.0.0/22',
            destinationAddressPrefix: '10.20.0.0/22',
            destinationPortRange: '22',
          }),
        ],
      },
      ['FAIL flow-nodes-to-nodes'],
    ],
    [
      'the same port allowed before',
      {
        securityRules: [
          securityRule('ssh', 100, { protocol: 'Tcp', destinationPortRange: '22' }),
          securityRule('no', 200, { ...DENY_IN, protocol: 'Tcp', destinationPortRange: '22' }),
        ],
      },
      [],
    ],
    [
      'Azure DNS denied',
      {
        securityRules: [
          securityRule('no', 200, { ...DENY_IN, direction: 'Outbound', destinationAddressPrefix: 'AzurePlatformDNS' }),
        ],
      },
      ['FAIL flow-platform-dns'],
    ],
    [
      'DNS servers denied',
      {
        dnsServers: ['10.10.1.4'],
        securityRules: [
          securityRule('no', 200, { ...DENY_IN, direction: 'Outbound', destinationAddressPrefix: '10.10.1.0/24' }),
        ],
      },
      ['FAIL flow-dns'],
    ],
    [
      'WireGuard denied',
      {
        profile: { advancedNetworking: { security: { transitEncryption: { type: 'WireGuard' } } } },
        securityRules: [
          securityRule('no', 200, {
            ...DENY_IN,
            protocol: 'Udp',
            destinationAddressPrefix: '10.20.0.0/22',
            destinationPortRange: '51871',
          }),
        ],
      },
      ['FAIL flow-nodes-to-nodes', 'FAIL flow-wireguard'],
    ],
    [
      'a route for the range of pods',
      {
        routes: [defaultRoute(), { name: 'pods', properties: { addressPrefix: '10.244.0.0/16', nextHopType: 'None' } }],
      },
      ['FAIL route-inside-cluster'],
    ],
    [
      'a route for the network through the firewall',
      {
        routes: [
          defaultRoute(),
          {
            name: 'all',
            properties: {
              addressPrefix: '10.20.0.0/16',
              nextHopType: 'VirtualAppliance',
              nextHopIpAddress: '10.10.0.4',
            },
          },
        ],
      },
      ['UNKNOWN route-inside-cluster'],
    ],
  ];
  test.each(CASES)('%s', (_what, spec, expected) => {
    expect(told(clusterFlowsIn(snapshotOf(spec)))).toEqual(expected);
  });

  test.each([
    ['4443 denied', { destinationPortRange: '4443', protocol: 'Tcp' }, ['FAIL flow-nodes-to-api-server']],
    ['probes denied', { destinationPortRange: '9988', protocol: 'Tcp' }, ['FAIL flow-probes-to-api-server']],
    ['8080 denied', { destinationPortRange: '8080', protocol: 'Tcp' }, []],
  ])('the subnet of the API server: %s', (_what, rule, expected) => {
    const subnetId = `${ROOT}/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints`;
    const snapshot = snapshotOf({
      cluster: { apiServerAccessProfile: { enableVnetIntegration: true, subnetId } },
      more: [
        resource('Microsoft.Network/virtualNetworks/subnets', 'spoke/endpoints', {
          addressPrefix: '10.20.8.0/24',
          networkSecurityGroup: { id: `${ROOT}/Microsoft.Network/networkSecurityGroups/api` },
        }),
        resource('Microsoft.Network/networkSecurityGroups', 'api', {
          securityRules: [securityRule('no', 200, { ...DENY_IN, ...rule })],
        }),
      ],
    });
    expect(told(clusterFlowsIn(snapshot))).toEqual(expected);
  });

  const SERVICE = (more: string) => `
apiVersion: v1
kind: Service
metadata: {namespace: shop, name: web${more}}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
`;
  test.each([
    [
      'a public Service answers through the firewall',
      '',
      defaultRoute(),
      ['FAIL load-balancer-answers-through-firewall'],
    ],
    [
      'an internal one does not',
      ', annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: "true"}',
      defaultRoute(),
      [],
    ],
    [
      'nor without a default route',
      '',
      { name: 'x', properties: { addressPrefix: '10.9.0.0/16', nextHopType: 'None' } },
      [],
    ],
  ])('%s', (_what, more, route, expected) => {
    expect(told(clusterFlowsIn(snapshotOf({ routes: [route] }, SERVICE(more))))).toEqual(expected);
  });
});

describe('past the rules', () => {
  const endpoint = resource('Microsoft.Network/privateEndpoints', 'pe', {
    subnet: { id: `${ROOT}/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints` },
    privateLinkServiceConnections: [],
  });
  const endpointSubnet = (policies: string) =>
    resource('Microsoft.Network/virtualNetworks/subnets', 'spoke/endpoints', {
      addressPrefix: '10.20.8.0/24',
      privateEndpointNetworkPolicies: policies,
      networkSecurityGroup: { id: `${ROOT}/Microsoft.Network/networkSecurityGroups/nsg` },
    });
  const RULES = [securityRule('web', 100, {})];
  const CASES: readonly Case[] = [
    ['nothing goes past', {}, []],
    [
      'a service endpoint',
      { subnet: { serviceEndpoints: [{ service: 'Microsoft.Storage' }] } },
      ['FAIL service-endpoint-passes-firewall'],
    ],
    [
      'a service endpoint without a firewall',
      { routes: [], subnet: { serviceEndpoints: [{ service: 'Microsoft.Storage' }] } },
      [],
    ],
    ['a private endpoint', { more: [endpoint] }, ['FAIL private-endpoint-passes-firewall']],
    [
      'rules of its subnet',
      { securityRules: RULES, more: [endpoint, endpointSubnet('Disabled')] },
      ['FAIL private-endpoint-passes-firewall', 'FAIL private-endpoint-passes-security-group'],
    ],
    [
      'rules that count there',
      { securityRules: RULES, more: [endpoint, endpointSubnet('NetworkSecurityGroupEnabled')] },
      ['FAIL private-endpoint-passes-firewall'],
    ],
  ];
  test.each(CASES)('%s', (_what, spec, expected) => {
    expect(told(bypassesIn(snapshotOf(spec)))).toEqual(expected);
  });
});

describe('rules that are wider than needed', () => {
  const CASES: readonly Case[] = [
    [
      'names and one address',
      { collections: [BASE, collection('net', 100, [addressRule('db', ['10.30.0.0/16'], ['1433'])])] },
      [],
    ],
    [
      'web traffic to every address, before names',
      { collections: [BASE, collection('net', 100, [addressRule('web', ['*'], ['443'])])] },
      ['FAIL firewall-network-rule-shadows-names'],
    ],
    [
      'the same by a range',
      { collections: [BASE, collection('net', 100, [addressRule('web', ['0.0.0.0/0'], ['443'])])] },
      ['FAIL firewall-network-rule-shadows-names'],
    ],
    ['no names after it', { collections: [collection('net', 100, [addressRule('web', ['*'], ['443'])])] }, []],
    [
      'everything',
      { collections: [collection('net', 100, [addressRule('all', ['*'], ['*'])])] },
      ['FAIL firewall-rule-allows-everything'],
    ],
    [
      'AzureCloud',
      { collections: [collection('net', 100, [addressRule('cloud', ['AzureCloud.WestEurope'], ['443'])])] },
      ['FAIL rule-allows-azure-cloud'],
    ],
    [
      'every name',
      { collections: [collection('names', 100, [namesRule('any', ['*'])])] },
      ['FAIL firewall-rule-allows-every-name'],
    ],
    [
      'what is denied is not wide',
      { collections: [collection('net', 100, [addressRule('all', ['*'], ['*'])], 'Deny')] },
      [],
    ],
    [
      'a security rule before a denial',
      {
        securityRules: [
          securityRule('out', 100, { direction: 'Outbound' }),
          securityRule('no', 200, { direction: 'Outbound', access: 'Deny', destinationAddressPrefix: 'Internet' }),
        ],
      },
      ['FAIL security-rule-allows-everything'],
    ],
  ];
  test.each(CASES)('%s', (_what, spec, expected) => {
    expect(told(wideRuleFacts(azureViewOf(snapshotOf(spec))!))).toEqual(expected);
  });
});

describe('retirements', () => {
  test('what is looked for is what the data has', () => {
    expect([...knownRetirements()].sort()).toEqual(RETIREMENTS.map(({ id }) => id).sort());
  });

  const network = 'Microsoft.Network';
  const CASES: readonly Case[] = [
    ['nothing', {}, []],
    ['kubenet', { profile: { networkPlugin: 'kubenet' } }, ['kubenet']],
    ['policy manager', { profile: { networkPolicy: 'azure' } }, ['npm-linux']],
    [
      'policy manager with Windows',
      { profile: { networkPolicy: 'azure' }, pool: { osType: 'Windows', osSKU: 'Windows2019' } },
      ['npm-linux', 'npm-windows', 'windows-2019'],
    ],
    [
      'add-ons',
      {
        cluster: {
          addonProfiles: { httpApplicationRouting: { enabled: true }, openServiceMesh: { enabled: true } },
          podIdentityProfile: { enabled: true },
        },
      },
      ['http-application-routing', 'open-service-mesh', 'pod-identity'],
    ],
    [
      'application routing with NGINX',
      { cluster: { ingressProfile: { webAppRouting: { enabled: true } } } },
      ['app-routing-nginx'],
    ],
    [
      'application routing without',
      {
        cluster: {
          ingressProfile: { webAppRouting: { enabled: true, nginx: { defaultIngressControllerType: 'None' } } },
        },
      },
      [],
    ],
    [
      'pools',
      { pool: { type: 'AvailabilitySet', osSKU: 'Ubuntu2204', enableCustomCATrust: true } },
      ['availability-set-pools', 'custom-ca-trust', 'ubuntu-2204'],
    ],
    [
      'a pool of its own',
      { more: [resource('Microsoft.ContainerService/managedClusters/agentPools', 'aks/old', { osSKU: 'Mariner' })] },
      ['azure-linux-2'],
    ],
    ['a basic load balancer of the cluster', { profile: { loadBalancerSku: 'basic' } }, ['basic-load-balancer']],
    [
      'basic resources',
      {
        more: [
          resource(`${network}/loadBalancers`, 'lb', {}, { sku: { name: 'Basic' } }),
          resource(`${network}/publicIPAddresses`, 'ip', {}, { sku: { name: 'Basic' } }),
        ],
      },
      ['basic-load-balancer', 'basic-public-ip'],
    ],
    [
      'an application gateway',
      {
        more: [
          resource(`${network}/applicationGateways`, 'gw', {
            sku: { tier: 'WAF' },
            webApplicationFirewallConfiguration: { enabled: true },
          }),
        ],
      },
      ['application-gateway-v1', 'inline-waf'],
    ],
    ['v2 is not v1', { more: [resource(`${network}/applicationGateways`, 'gw', { sku: { tier: 'WAF_v2' } })] }, []],
    ['front door', { more: [resource(`${network}/frontDoors`, 'fd')] }, ['front-door-classic']],
    [
      'flow logs',
      {
        more: [
          resource(`${network}/networkWatchers/flowLogs`, 'nw/log', {
            targetResourceId: `${ROOT}/${network}/networkSecurityGroups/nsg`,
          }),
        ],
      },
      ['nsg-flow-logs'],
    ],
    [
      'flow logs of a network',
      {
        more: [
          resource(`${network}/networkWatchers/flowLogs`, 'nw/log', {
            targetResourceId: `${ROOT}/${network}/virtualNetworks/spoke`,
          }),
        ],
      },
      [],
    ],
    ['default outbound access', { subnet: { defaultOutboundAccess: true } }, ['default-outbound-access']],
    [
      'Defender in China',
      { location: 'chinaeast2', cluster: { securityProfile: { defender: { securityMonitoring: { enabled: true } } } } },
      ['defender-in-china'],
    ],
  ];
  test.each(CASES)('%s', (_what, spec, expected) => {
    expect(
      retirementFacts(snapshotOf(spec))
        .map(({ id }) => id.slice('retired-'.length))
        .sort(),
    ).toEqual(expected);
  });

  test('manifests', () => {
    const manifests = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: v1
kind: Service
metadata: {namespace: shop, name: web}
spec: {selector: {app: web}, externalIPs: [203.0.113.9], ports: [{port: 443}]}
---
apiVersion: aadpodidentity.k8s.io/v1
kind: AzureIdentity
metadata: {namespace: shop, name: web}
---
apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata: {name: restricted}
`;
    const facts = retirementFacts(snapshotOf({}, manifests));
    expect(facts.map(({ id }) => id).sort()).toEqual([
      'retired-ingress-nginx',
      'retired-pod-identity',
      'retired-pod-security-policy',
      'retired-service-external-ips',
    ]);
    expect(facts.find(({ id }) => id === 'retired-ingress-nginx')?.evidence[0]?.origin.line).toBe(2);
  });
});

describe('endpoints that a cluster needs', () => {
  const names = (spec: EstateSpec) =>
    neededEndpoints(azureViewOf(snapshotOf(spec))!).map(
      ({ destination, port, need }) => `${need} ${destination} ${port}`,
    );

  test('of each cloud', () => {
    expect(names({})).toContain('required mcr.microsoft.com 443');
    expect(names({ location: 'chinaeast2' })).toContain('required management.chinacloudapi.cn 443');
    expect(names({ location: 'usgovvirginia' })).toContain('required login.microsoftonline.us 443');
  });

  test('of features', () => {
    const monitored = names({ cluster: { addonProfiles: { omsagent: { enabled: true } } } });
    expect(monitored).toContain('required *.ods.opinsights.azure.com 443');
    expect(monitored).toContain('required westeurope.handler.control.monitor.azure.com 443');
    expect(names({})).not.toContain('required *.ods.opinsights.azure.com 443');
  });

  test('a private cluster needs its own endpoint and no public one', () => {
    const listed = names({
      cluster: {
        apiServerAccessProfile: { enablePrivateCluster: true },
        privateFQDN: 'aks-1.privatelink.westeurope.azmk8s.io',
        fqdn: 'aks-1.hcp.westeurope.azmk8s.io',
      },
    });
    expect(listed).toContain('required aks-1.privatelink.westeurope.azmk8s.io 443');
    expect(listed.filter((text) => text.includes('.hcp.'))).toEqual([]);
  });

  test('an isolated cluster needs none of the base list', () => {
    expect(names({ cluster: { bootstrapProfile: { artifactSource: 'Cache' } } })).toEqual([]);
  });

  test('DNS servers of the network', () => {
    expect(names({ dnsServers: ['10.10.1.4', '168.63.129.16'] }).filter((text) => text.endsWith(' 53'))).toEqual([
      'required 10.10.1.4 53',
    ]);
  });

  test('Arc, with and without its gateway', () => {
    const arc = (properties: Readonly<Record<string, unknown>>) =>
      names({ more: [resource('Microsoft.Kubernetes/connectedClusters', 'arc', properties)] });
    expect(arc({})).toContain('required *.his.arc.azure.com 443');
    expect(arc({ gateway: { enabled: true } })).not.toContain('required dl.k8s.io 443');
    expect(arc({ gateway: { enabled: true } })).toContain('required gbl.his.arc.azure.com 443');
    expect(arc({ aadProfile: { enableAzureRBAC: true } })).toContain('required westeurope.obo.arc.azure.com 8084');
  });
});
