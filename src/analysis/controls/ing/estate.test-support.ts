import { idOf, type Json, resource, subnetId } from '../../inbound/estate.test-support.ts';

const NETWORK = 'Microsoft.Network';
export const WAF_TYPE = `${NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies`;

/** A network 10.1.0.0/16 with a subnet for nodes and one for gateways, and a cluster in it. */
export function clusterEstate(more: readonly Json[] = [], cluster: Json = {}, network: Json = {}): Json[] {
  return [
    resource(`${NETWORK}/virtualNetworks`, 'vnet', {
      addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
      subnets: [
        { name: 'nodes', properties: { addressPrefix: '10.1.0.0/24' } },
        { name: 'edge', properties: { addressPrefix: '10.1.1.0/24' } },
      ],
      ...network,
    }),
    resource('Microsoft.ContainerService/managedClusters', 'aks', {
      nodeResourceGroup: 'rg-nodes',
      networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay', podCidr: '10.244.0.0/16' },
      agentPoolProfiles: [{ name: 'main', mode: 'System', count: 1, vnetSubnetID: subnetId('nodes') }],
      ...cluster,
    }),
    ...more,
  ];
}

/** An Application Gateway with a public address that sends everything to 10.1.0.9. */
export function gatewayBefore(properties: Json = {}, listener: Json = {}): Json[] {
  const type = `${NETWORK}/applicationGateways`;
  const part = (segment: string, name: string) => ({ id: `${idOf(type, 'agw')}/${segment}/${name}` });
  const address = idOf(`${NETWORK}/publicIPAddresses`, 'pip-agw');
  return [
    resource(`${NETWORK}/publicIPAddresses`, 'pip-agw', { ipAddress: '20.9.9.9' }, { sku: { name: 'Standard' } }),
    resource(type, 'agw', {
      sku: { tier: 'WAF_v2' },
      gatewayIPConfigurations: [{ name: 'g', properties: { subnet: { id: subnetId('edge') } } }],
      frontendIPConfigurations: [{ name: 'front', properties: { publicIPAddress: { id: address } } }],
      frontendPorts: [{ name: 'https', properties: { port: 443 } }],
      httpListeners: [
        {
          name: 'https',
          properties: {
            frontendIPConfiguration: part('frontendIPConfigurations', 'front'),
            frontendPort: part('frontendPorts', 'https'),
            protocol: 'Https',
            ...listener,
          },
        },
      ],
      backendAddressPools: [{ name: 'pool', properties: { backendAddresses: [{ ipAddress: '10.1.0.9' }] } }],
      backendHttpSettingsCollection: [{ name: 'set', properties: { port: 443, protocol: 'Https' } }],
      requestRoutingRules: [
        {
          name: 'all',
          properties: {
            httpListener: part('httpListeners', 'https'),
            backendAddressPool: part('backendAddressPools', 'pool'),
            backendHttpSettings: part('backendHttpSettingsCollection', 'set'),
          },
        },
      ],
      ...properties,
    }),
  ];
}

export function wafPolicy(settings: Json = {}, managed: Json = {}): Json {
  return resource(WAF_TYPE, 'waf', {
    policySettings: { state: 'Enabled', mode: 'Prevention', requestBodyCheck: true, ...settings },
    managedRules: { managedRuleSets: [{ ruleSetType: 'OWASP', ruleSetVersion: '3.2' }], ...managed },
  });
}

/** A workload on 8443 with a load balancer: internal at 10.1.0.9, or public. */
export function webManifests(isPublic: boolean): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 8443 }] }] }
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: { service.beta.kubernetes.io/azure-load-balancer-internal: "${!isPublic}" }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 443, targetPort: 8443 }] }
status: { loadBalancer: { ingress: [{ ip: ${isPublic ? '20.1.1.1' : '10.1.0.9'} }] } }
`;
}
