import type { EgressAnswer } from '#model/egress.ts';

const FIREWALL = '/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/fw-hub';
const at = (file: string, line: number) => ({ file, line, column: 1 });

/** One of everything. */
export const EGRESS: EgressAnswer = {
  schema: 'ringfence.dev/egress/v1',
  engine: { profile: 'cilium', why: 'networkPolicy of the cluster is cilium' },
  cluster: {
    id: '/subscriptions/s/resourceGroups/apps/providers/Microsoft.ContainerService/managedClusters/aks-shop',
    name: 'aks-shop',
    cloud: 'AzureCloud',
    location: 'westeurope',
    networkMode: 'overlay',
    outboundType: 'userDefinedRouting',
    origin: at('cluster.tf', 1),
  },
  required: [
    {
      destination: 'mcr.microsoft.com',
      protocol: 'TCP',
      port: 443,
      feature: 'cluster',
      use: 'MCR',
      need: 'required',
      verdict: 'allowed',
      reasons: [],
      from: [],
      by: [{ resource: FIREWALL, field: 'rc-names/aks', value: 'allow', origin: at('firewall.tf', 64) }],
      ways: [{ subnet: 'snet-apps', kind: 'firewall', name: 'fw-hub', origin: at('network.tf', 128) }],
      source: 'AKS docs, outbound rules',
    },
    {
      destination: '*.ods.opinsights.azure.com',
      protocol: 'TCP',
      port: 443,
      feature: 'azureMonitor',
      use: '',
      need: 'required',
      verdict: 'denied',
      reasons: [],
      from: ['node:any node of pool apps'],
      by: [{ resource: FIREWALL, value: 'no rule allows it', origin: at('firewall.tf', 9) }],
      ways: [{ subnet: 'snet-apps', kind: 'firewall', name: 'fw-hub', origin: at('network.tf', 128) }],
      source: 'AKS docs, outbound rules',
    },
    {
      destination: 'ntp.ubuntu.com',
      protocol: 'UDP',
      port: 123,
      feature: 'cluster',
      use: 'NTP',
      need: 'optional',
      verdict: 'unknown',
      reasons: ['cloud-expression'],
      from: ['node:any node of pool apps'],
      by: [],
      ways: [{ subnet: 'snet-apps', kind: 'firewall', name: 'fw-hub', origin: at('network.tf', 128) }],
      source: 'AKS docs, outbound rules',
    },
  ],
  wide: [
    {
      id: 'firewall-network-rule-shadows-names',
      state: 'FAIL',
      severity: 'high',
      message: 'network rule rc-web/all lets web traffic to every address pass before any name is looked at',
      evidence: [{ resource: FIREWALL, field: 'rc-web/all', origin: at('firewall.tf', 80) }],
      source: 'Azure Firewall docs',
    },
  ],
  disagreements: [
    {
      state: 'policy-allows',
      from: ['shop/Deployment/orders', 'shop/Deployment/web'],
      to: ['10.30.0.0/16', 'dns:api.partner.com'],
      traffic: [{ protocol: 'TCP', ports: '443,1433' }],
      layers: ['firewall'],
      reasons: [],
      by: [{ resource: FIREWALL, value: 'no rule allows it', origin: at('firewall.tf', 9) }],
    },
    {
      state: 'azure-allows',
      from: ['subnet snet-apps'],
      to: ['internet', 'dns:*'],
      traffic: [{ protocol: 'UDP', ports: '123' }],
      layers: [],
      reasons: [],
      by: [{ resource: FIREWALL, field: 'rc-time/ntp', value: 'allow', origin: at('firewall.tf', 50) }],
    },
    {
      state: 'unknown',
      from: ['shop/Deployment/web'],
      to: ['203.0.113.0/24'],
      traffic: 'all',
      layers: ['network-security'],
      reasons: ['service-tag'],
      by: [],
    },
  ],
  unlimited: ['jobs/CronJob/report'],
  unneeded: [
    {
      kind: 'AzureFirewall',
      name: 'fw-hub',
      rule: 'rc-old/sftp',
      evidence: { resource: FIREWALL, field: 'rc-old/sftp', value: 'allow', origin: at('firewall.tf', 91) },
    },
  ],
  bypasses: [
    {
      id: 'service-endpoint-passes-firewall',
      state: 'FAIL',
      severity: 'high',
      message: 'what snet-apps sends to Microsoft.Storage goes past the firewall of route default',
      evidence: [
        {
          resource: 'subnets/snet-apps',
          field: 'properties.serviceEndpoints',
          value: 'Microsoft.Storage',
          origin: at('network.tf', 32),
        },
      ],
      source: 'Azure docs',
    },
  ],
  flows: [
    {
      id: 'flow-nodes-to-nodes',
      state: 'PASS',
      severity: 'high',
      message: 'security group nsg-apps lets through out of snet-apps: nodes to nodes, all traffic',
      evidence: [{ resource: 'networkSecurityGroups/nsg-apps', origin: at('network.tf', 73) }],
      source: 'AKS docs',
    },
    {
      id: 'flow-wireguard',
      state: 'UNKNOWN',
      severity: 'high',
      message: 'security group nsg-apps may stop out of snet-apps: nodes to nodes on UDP 51871 (WireGuard)',
      evidence: [{ resource: 'networkSecurityGroups/nsg-apps', origin: at('network.tf', 73) }],
      source: 'AKS docs',
    },
  ],
  addressPlan: [
    {
      id: 'subnet-too-small',
      state: 'FAIL',
      severity: 'high',
      message: 'pools apps of aks-shop may need 300 addresses in snet-apps, which has 251',
      evidence: [{ resource: 'subnets/snet-apps', value: '10.20.0.0/24', origin: at('network.tf', 32) }],
      source: 'AKS docs',
    },
  ],
  retirements: [
    {
      id: 'retired-kubenet',
      state: 'FAIL',
      severity: 'medium',
      message: 'kubenet: will be retired on 2028-03-31; use instead: Azure CNI overlay',
      evidence: [
        {
          resource: 'managedClusters/aks-shop',
          field: 'properties.networkProfile.networkPlugin',
          value: 'kubenet',
          origin: at('cluster.tf', 12),
        },
      ],
      source: 'AKS docs',
    },
  ],
  assumptions: [],
  diagnostics: [],
};

export const EGRESS_WRITTEN: EgressAnswer = {
  ...EGRESS,
  written: {
    form: 'az',
    firewall: FIREWALL,
    rules: 1,
    text: 'az network firewall policy rule-collection-group create --name ringfence\naz network firewall policy rule-collection-group collection rule add\n',
    proof: { complete: false, minimal: true, compared: 276 },
    left: [
      {
        from: ['shop/Deployment/web'],
        to: ['dns:*'],
        traffic: [{ protocol: 'TCP', ports: '443' }],
        why: 'policy allows any name: a rule by name would have to name those that are needed',
      },
    ],
  },
};

export const EGRESS_NOTHING: EgressAnswer = {
  schema: 'ringfence.dev/egress/v1',
  engine: { profile: 'upstream', why: 'nothing in the input names an engine' },
  required: [],
  wide: [],
  disagreements: [],
  unlimited: [],
  unneeded: [],
  bypasses: [],
  flows: [],
  addressPlan: [],
  retirements: [],
  assumptions: [],
  diagnostics: [],
};
