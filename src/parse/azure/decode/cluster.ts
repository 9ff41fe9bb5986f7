import type { ApiServerAccess, ManagedCluster, NodePool } from '#model/azure/cluster.ts';
import { azureKey } from '#model/azure/resource.ts';
import { type Body, parentKey, type Reading } from './body.ts';

export function managedCluster({ body, entity }: Reading, pools: readonly NodePool[]): ManagedCluster {
  const p = body.at('properties');
  const net = p.at('networkProfile');
  const version = p.text('currentKubernetesVersion') ?? p.text('kubernetesVersion');
  const optional = {
    version,
    nodeResourceGroup: p.text('nodeResourceGroup'),
    networkPlugin: net.text('networkPlugin'),
    pluginMode: net.text('networkPluginMode'),
    dataplane: net.text('networkDataplane'),
    networkPolicy: net.text('networkPolicy'),
    dnsServiceIp: net.text('dnsServiceIP'),
  };
  const profile = net.at('loadBalancerProfile');
  return {
    ...entity,
    ...present(optional),
    podCidrs: net.addresses('podCidrs').length > 0 ? net.addresses('podCidrs') : net.addresses('podCidr'),
    serviceCidrs:
      net.addresses('serviceCidrs').length > 0 ? net.addresses('serviceCidrs') : net.addresses('serviceCidr'),
    outboundType: net.text('outboundType') ?? 'loadBalancer',
    outboundIps: [
      ...profile.refs('effectiveOutboundIPs'),
      ...profile.refs('outboundIPs.publicIPs'),
      ...profile.refs('outboundIPPrefixes.publicIPPrefixes'),
    ],
    pools,
    api: apiServer(p),
    features: featuresOf(body),
    artifactSource: p.text('bootstrapProfile.artifactSource') ?? 'Direct',
  };
}

function apiServer(p: Body): ApiServerAccess {
  const api = p.at('apiServerAccessProfile');
  const privateDnsZone = api.ref('privateDNSZone');
  const subnet = api.ref('subnetId');
  const optional = { fqdn: p.text('fqdn'), privateFqdn: p.text('privateFQDN') };
  return {
    privateCluster: api.flag('enablePrivateCluster', false),
    publicFqdn: api.flag('enablePrivateClusterPublicFQDN', true),
    ...(privateDnsZone !== undefined && { privateDnsZone }),
    authorizedRanges: api.addresses('authorizedIPRanges'),
    runCommand: invert(api.flag('disableRunCommand', false)),
    vnetIntegration: api.flag('enableVnetIntegration', false),
    ...(subnet !== undefined && { subnet }),
    ...present(optional),
  };
}

function invert<T>(value: boolean | T): boolean | T {
  return typeof value === 'boolean' ? !value : value;
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Each feature with the field that turns it on (docs: outbound rules of AKS). */
function featuresOf(body: Body): string[] {
  const p = body.at('properties');
  const addons = p.at('addonProfiles');
  const on = (path: string) => p.flag(path, false) !== false;
  const addon = (name: string) => addons.flag(`${name}.enabled`, false) !== false;
  const facts: readonly (readonly [string, boolean])[] = [
    ['workloadIdentity', on('securityProfile.workloadIdentity.enabled')],
    ['defenderForContainers', on('securityProfile.defender.securityMonitoring.enabled')],
    ['keyVaultSecretsProvider', addon('azureKeyvaultSecretsProvider')],
    ['azureMonitor', addon('omsagent') || on('azureMonitorProfile.metrics.enabled')],
    ['azurePolicy', addon('azurepolicy')],
    ['costAnalysis', on('metricsProfile.costAnalysis.enabled')],
    ['windowsNodes', p.list('agentPoolProfiles').some((pool) => pool.knownText('osType')?.toLowerCase() === 'windows')],
    ['gpu', p.list('agentPoolProfiles').some((pool) => /^standard_n/i.test(pool.knownText('vmSize') ?? ''))],
    ['osUpdates', /^(?:unmanaged|securitypatch)$/i.test(p.knownText('autoUpgradeProfile.nodeOSUpgradeChannel') ?? '')],
  ];
  return facts.filter(([, isOn]) => isOn).map(([name]) => name);
}

/** A pool inside its cluster, whose fields stand at the top, or alone as a resource of its own. */
export function nodePool({ body, entity }: Reading, cluster: string | undefined): NodePool {
  const p = cluster === undefined ? body.at('properties') : body;
  const subnet = p.ref('vnetSubnetID');
  const podSubnet = p.ref('podSubnetID');
  const optional = { count: p.number('count'), maxCount: p.number('maxCount'), maxPods: p.number('maxPods') };
  return {
    ...entity,
    cluster: cluster === undefined ? parentKey(entity) : azureKey(cluster),
    mode: p.text('mode') ?? 'User',
    os: p.text('osType') ?? 'Linux',
    ...present(optional),
    ...(subnet !== undefined && { subnet }),
    ...(podSubnet !== undefined && { podSubnet }),
    nodePublicIps: p.flag('enableNodePublicIP', false),
    hostPorts: p.list('networkProfile.allowedHostPorts').flatMap((each) => hostPorts(each)),
    groups: p.refs('networkProfile.applicationSecurityGroups'),
  };
}

function hostPorts(body: Body): NonNullable<NodePool['hostPorts']> {
  const from = body.number('portStart');
  const to = body.number('portEnd');
  const protocol = body.word('protocol', { tcp: 'tcp', udp: 'udp' } as const) ?? 'tcp';
  if (typeof from !== 'number' || typeof to !== 'number' || typeof protocol !== 'string') return [];
  return [{ protocol, from, to }];
}
