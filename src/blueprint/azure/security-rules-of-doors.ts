import { nodePrefixes, subnetPrefix } from '../plan/address-plan.ts';
import type { Design } from '../plan/design.ts';
import { allowIn, allowOut, BALANCER_PROBES, DENY_IN, DENY_OUT, type Rule } from './security-rule.ts';

/** Rules for what stands before the cluster and beside it: edge, API gateway, Bastion, API server. */

function prefixOf({ addresses }: Design, name: string): string {
  return subnetPrefix(addresses[inHub(name) ? 'hub' : 'spoke'], name);
}

function inHub(name: string): boolean {
  return !name.startsWith('snet-');
}

/** What takes requests before the cluster, and to what of the cluster it sends them. */
export function fromDoors(design: Design): readonly Rule[] {
  const { choices, addresses } = design;
  if (choices.platform !== 'aks') return [];
  const toDoor = (name: string, subnet: string, why: string) =>
    allowIn(name, { why, from: [prefixOf(design, subnet)], to: [addresses.wayIn], ports: ['443'] });
  return [
    ...doorRule(design, toDoor),
    ...(choices.apiGateway
      ? [toDoor('allow-api-gateway-in', 'snet-gateway', 'The API gateway sends to the balancer of the cluster')]
      : []),
  ];
}

function doorRule(design: Design, toDoor: (name: string, subnet: string, why: string) => Rule): readonly Rule[] {
  const { wayIn, waf } = design.choices;
  if (wayIn === 'none') return [];
  if (waf === 'front-door')
    return [
      toDoor('allow-private-link-in', 'snet-balancer', 'Front Door comes by the addresses of the private link service'),
    ];
  if (waf === 'application-gateway')
    return [toDoor('allow-edge-in', 'snet-edge', 'The gateway with the firewall sends to the balancer of the cluster')];
  return [
    allowIn('allow-edge-in', {
      why: 'Application Gateway for Containers sends to pods themselves, at the ports that workloads have',
      from: [prefixOf(design, 'snet-edge')],
      to: ['*'],
      ports: ['8080', '8443'],
    }),
  ];
}

/** The edge and the API gateway fetch certificates and keys from Key Vault. */
export function toEndpoints(design: Design): readonly Rule[] {
  const { wayIn, waf, apiGateway } = design.choices;
  const names = [
    ...(wayIn !== 'none' && waf === 'application-gateway' ? ['snet-edge'] : []),
    ...(apiGateway ? ['snet-gateway'] : []),
  ];
  if (names.length === 0) return [];
  return [
    allowIn('allow-edge-in', {
      why: 'What stands before the cluster fetches its certificate from Key Vault',
      from: names.map((name) => prefixOf(design, name)),
      to: [prefixOf(design, 'snet-endpoints')],
      ports: ['443'],
    }),
  ];
}

/** Clients of an internal way in: the network itself and what the link leads to. */
function clients({ choices }: Design): readonly string[] {
  if (choices.wayIn === 'public') return ['Internet'];
  return [choices.addresses.network, ...choices.onPremises.ranges];
}

export function edgeRules(design: Design): readonly Rule[] {
  const isContainers = design.choices.waf === 'containers';
  return [
    ...(isContainers
      ? []
      : [
          allowIn('allow-gateway-manager-in', {
            why: 'Azure looks after the instances of the gateway, whose management has certificates of its own',
            from: ['GatewayManager'],
            to: ['*'],
            ports: ['65200-65535'],
          }),
        ]),
    BALANCER_PROBES,
    allowIn('allow-clients-in', {
      why: 'People come by HTTPS; HTTP is answered with the way to HTTPS',
      from: clients(design),
      to: ['*'],
      ports: ['443', '80'],
    }),
    DENY_IN,
    ...(isContainers ? [toPods(design)] : []),
  ];
}

/** Whether Azure counts addresses of pods among those of the network is not said: the rule names them. */
function toPods(design: Design): Rule {
  return allowOut('allow-pods-out', {
    why: 'Application Gateway for Containers sends to pods themselves, at the ports that workloads have',
    from: [prefixOf(design, 'snet-edge')],
    to: [design.choices.addresses.pods, ...nodePrefixes(design.addresses)],
    ports: ['8080', '8443'],
  });
}

/** API Management in a network of one's own (API Management, "virtual network reference": internal mode). */
export function gatewayRules(design: Design): readonly Rule[] {
  const here = prefixOf(design, 'snet-gateway');
  return [
    allowIn('allow-management-in', {
      why: 'Azure manages the API gateway',
      from: ['ApiManagement'],
      to: [here],
      ports: ['3443'],
    }),
    allowIn('allow-balancer-in', {
      why: 'The balancer of API Management asks whether it is alive',
      from: ['AzureLoadBalancer'],
      to: [here],
      ports: ['6390'],
    }),
    allowIn('allow-callers-in', {
      why: 'APIs are called from this network and over the link; nobody comes from the internet',
      from: [design.choices.addresses.network, ...design.choices.onPremises.ranges],
      to: [here],
      ports: ['443'],
    }),
    DENY_IN,
    ...['Storage', 'AzureKeyVault', 'AzureMonitor', 'AzureActiveDirectory'].map((tag) =>
      allowOut(`allow-${tag.toLowerCase()}-out`, {
        why: `API Management depends on ${tag}`,
        from: [here],
        to: [tag],
        ports: ['443'],
      }),
    ),
    allowOut('allow-sql-out', { why: 'API Management depends on Sql', from: [here], to: ['Sql'], ports: ['1433'] }),
    allowOut('allow-cluster-out', {
      why: 'APIs are behind the balancer of the cluster',
      from: [here],
      to: [design.addresses.wayIn],
      ports: ['443'],
    }),
    allowOut('allow-vault-endpoint-out', {
      why: 'Certificates come from the private endpoint of Key Vault',
      from: [here],
      to: [prefixOf(design, 'snet-endpoints')],
      ports: ['443'],
    }),
    DENY_OUT,
  ];
}

/** An API server in the network (AKS, API Server VNet Integration: security groups). */
export function apiServerRules(design: Design): readonly Rule[] {
  const here = prefixOf(design, 'snet-apiserver');
  return [
    allowIn('allow-nodes-in', {
      why: 'Nodes and pods talk to the API server',
      from: nodePrefixes(design.addresses),
      to: [here],
      ports: ['443', '4443'],
    }),
    allowIn('allow-balancer-in', {
      why: 'The balancer of the API server asks whether it is alive',
      from: ['AzureLoadBalancer'],
      to: [here],
      ports: ['9988'],
    }),
    ...administrators(design, 'snet-apiserver'),
    DENY_IN,
  ];
}

/** Administrators reach the private address of the API server by Bastion or over the link; where it has it, by the choice. */
export function administrators(design: Design, subnet: 'snet-system' | 'snet-apiserver'): readonly Rule[] {
  const { choices } = design;
  const home = choices.apiServer === 'vnet-integration' ? 'snet-apiserver' : 'snet-system';
  if (choices.platform !== 'aks' || subnet !== home) return [];
  const from = [...(choices.paid.bastion ? [prefixOf(design, 'AzureBastionSubnet')] : []), ...choices.adminRanges];
  if (from.length === 0) return [];
  return [
    allowIn('allow-administrators-in', {
      why: 'Administrators come to the private API server by Bastion, or over the link from where they are',
      from,
      to: [prefixOf(design, subnet)],
      ports: ['443'],
    }),
  ];
}

/** What Bastion needs (Azure Bastion, "Working with NSG access"); to the API server in place of machines. */
export function bastionRules(design: Design): readonly Rule[] {
  const { choices } = design;
  const isPrivate = choices.onPremises.link !== 'none';
  return [
    allowIn('allow-people-in', {
      why: 'People sign in at Bastion with Entra ID before anything else',
      from: isPrivate ? choices.onPremises.ranges : ['Internet'],
      to: ['*'],
      ports: ['443'],
    }),
    allowIn('allow-gateway-manager-in', {
      why: 'Azure looks after Bastion',
      from: ['GatewayManager'],
      to: ['*'],
      ports: ['443'],
    }),
    allowIn('allow-balancer-in', {
      why: 'The balancer of Bastion asks whether it is alive',
      from: ['AzureLoadBalancer'],
      to: ['*'],
      ports: ['443'],
    }),
    allowIn('allow-own-data-in', {
      why: 'Parts of Bastion talk to each other',
      from: ['VirtualNetwork'],
      to: ['VirtualNetwork'],
      ports: ['8080', '5701'],
    }),
    DENY_IN,
    allowOut('allow-targets-out', {
      why: 'Machines and the private API server',
      from: ['*'],
      to: ['VirtualNetwork'],
      ports: ['22', '3389', '443'],
    }),
    allowOut('allow-azure-out', {
      why: 'Bastion writes logs and checks certificates in Azure',
      from: ['*'],
      to: ['AzureCloud'],
      ports: ['443'],
    }),
    allowOut('allow-own-data-out', {
      why: 'Parts of Bastion talk to each other',
      from: ['VirtualNetwork'],
      to: ['VirtualNetwork'],
      ports: ['8080', '5701'],
    }),
    allowOut('allow-sessions-out', {
      why: 'Sessions and certificates are checked',
      from: ['*'],
      to: ['Internet'],
      ports: ['80'],
    }),
    DENY_OUT,
  ];
}
