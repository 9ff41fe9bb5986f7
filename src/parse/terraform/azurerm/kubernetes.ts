import type { AzureValue } from '#model/azure/value.ts';
import { list, object, scalar, textValue } from '../values.ts';
import { asList, COMMON, copy, enabled, type Field, type From, fixed, many, not, one, put, within } from './fields.ts';
import { below, firstOf, inGroup } from './ids.ts';
import type { Mappings } from './mapping.ts';

const CLUSTER = 'Microsoft.ContainerService/managedClusters';

/** Fields of a node pool, below `prefix`: a child has them under `properties`, the cluster in the profile itself. */
function poolFields(prefix: string): readonly Field[] {
  const at = (path: string) => `${prefix}${path}`;
  return [
    copy('vm_size', at('vmSize')),
    copy('node_count', at('count')),
    copy('min_count', at('minCount')),
    copy('max_count', at('maxCount')),
    copy('auto_scaling_enabled|enable_auto_scaling', at('enableAutoScaling')),
    copy('max_pods', at('maxPods')),
    copy('orchestrator_version', at('orchestratorVersion')),
    copy('os_sku', at('osSKU')),
    copy('type', at('type'), 'VirtualMachineScaleSets'),
    copy('zones', at('availabilityZones')),
    copy('node_labels', at('nodeLabels')),
    copy('node_taints', at('nodeTaints')),
    copy('tags', at('tags')),
    copy('vnet_subnet_id', at('vnetSubnetID')),
    copy('pod_subnet_id', at('podSubnetID')),
    copy('node_public_ip_enabled|enable_node_public_ip', at('enableNodePublicIP'), false),
    copy('node_public_ip_prefix_id', at('nodePublicIPPrefixID')),
    copy('host_encryption_enabled|enable_host_encryption', at('enableEncryptionAtHost'), false),
    copy('fips_enabled', at('enableFIPS')),
    copy('priority', at('scaleSetPriority')),
    within('node_network_profile', at('networkProfile'), [
      many('allowed_host_ports', at('networkProfile.allowedHostPorts'), [
        copy('port_start'),
        copy('port_end'),
        copy('protocol'),
      ]),
      copy('application_security_group_ids', at('networkProfile.applicationSecurityGroups')),
      copy('node_public_ip_tags', at('networkProfile.nodePublicIPTags')),
    ]),
    within('windows_profile', at('windowsProfile'), [
      not('outbound_nat_enabled', at('windowsProfile.disableOutboundNat')),
    ]),
    within('kubelet_config', at('kubeletConfig'), [
      copy('allowed_unsafe_sysctls', at('kubeletConfig.allowedUnsafeSysctls')),
    ]),
  ];
}

const DEFAULT_POOL: readonly Field[] = [
  copy('name'),
  fixed('mode', 'System'),
  fixed('osType', 'Linux'),
  ...poolFields(''),
  (from, to) => {
    const only = textValue(firstOf(from.values, 'only_critical_addons_enabled'));
    if (only === 'true')
      put(to, 'nodeTaints', list([scalar('CriticalAddonsOnly=true:NoSchedule', from.origin)], from.origin));
  },
];

/** Without this block the provider makes a cluster with kubenet. */
const NETWORK: Field = (from, to) => {
  const fields =
    firstOf(from.values, 'network_profile') === undefined
      ? WITHOUT_PROFILE
      : [one('network_profile', 'properties.networkProfile', NETWORK_PROFILE)];
  for (const field of fields) field(from, to);
};

const WITHOUT_PROFILE: readonly Field[] = [
  fixed('properties.networkProfile.networkPlugin', 'kubenet'),
  fixed('properties.networkProfile.outboundType', 'loadBalancer'),
  fixed('properties.networkProfile.loadBalancerSku', 'standard'),
];

const NETWORK_PROFILE: readonly Field[] = [
  copy('network_plugin'),
  copy('network_plugin_mode'),
  copy('network_mode'),
  copy('network_policy'),
  copy('network_data_plane|ebpf_data_plane', 'networkDataplane', 'azure'),
  copy('dns_service_ip', 'dnsServiceIP'),
  copy('pod_cidr', 'podCidr'),
  copy('pod_cidrs', 'podCidrs'),
  copy('service_cidr', 'serviceCidr'),
  copy('service_cidrs', 'serviceCidrs'),
  copy('ip_versions', 'ipFamilies'),
  copy('outbound_type', 'outboundType', 'loadBalancer'),
  copy('load_balancer_sku', 'loadBalancerSku', 'standard'),
  one('load_balancer_profile', 'loadBalancerProfile', [
    copy('managed_outbound_ip_count', 'managedOutboundIPs.count'),
    copy('managed_outbound_ipv6_count', 'managedOutboundIPs.countIPv6'),
    resources('outbound_ip_address_ids', 'outboundIPs.publicIPs'),
    resources('outbound_ip_prefix_ids', 'outboundIPPrefixes.publicIPPrefixes'),
    copy('outbound_ports_allocated', 'allocatedOutboundPorts'),
    copy('backend_pool_type'),
    copy('idle_timeout_in_minutes'),
  ]),
  one('nat_gateway_profile', 'natGatewayProfile', [
    copy('managed_outbound_ip_count', 'managedOutboundIPProfile.count'),
    copy('idle_timeout_in_minutes'),
  ]),
  within('advanced_networking', 'advancedNetworking', [
    fixed('advancedNetworking.enabled', true),
    copy('observability_enabled', 'advancedNetworking.observability.enabled', false),
    copy('security_enabled', 'advancedNetworking.security.enabled', false),
  ]),
];

function resources(name: string, path: string): Field {
  return (from, to) => {
    const ids = firstOf(from.values, name);
    if (ids === undefined) return;
    if (ids.kind !== 'list') return put(to, path, ids);
    if (ids.items.length === 0) return;
    const items = ids.items.map((id) => object(new Map<string, AzureValue>([['id', id]]), id.origin));
    put(to, path, list(items, ids.origin));
  };
}

/** An add-on is on where its block is there. */
function addOn(block: string, name: string, config: readonly Field[]): Field {
  return within(block, `properties.addonProfiles.${name}`, [
    fixed(`properties.addonProfiles.${name}.enabled`, true),
    ...config,
  ]);
}

const API_SERVER: readonly Field[] = [
  copy('private_cluster_enabled', 'properties.apiServerAccessProfile.enablePrivateCluster', false),
  copy(
    'private_cluster_public_fqdn_enabled',
    'properties.apiServerAccessProfile.enablePrivateClusterPublicFQDN',
    false,
  ),
  copy('private_dns_zone_id', 'properties.apiServerAccessProfile.privateDNSZone'),
  not('run_command_enabled', 'properties.apiServerAccessProfile.disableRunCommand', false),
  copy('api_server_authorized_ip_ranges', 'properties.apiServerAccessProfile.authorizedIPRanges'),
  within('api_server_access_profile', 'properties.apiServerAccessProfile', [
    copy('authorized_ip_ranges', 'properties.apiServerAccessProfile.authorizedIPRanges'),
    copy('subnet_id', 'properties.apiServerAccessProfile.subnetId'),
    copy(
      'virtual_network_integration_enabled|vnet_integration_enabled',
      'properties.apiServerAccessProfile.enableVnetIntegration',
    ),
  ]),
];

const ENTRA: Field = within('azure_active_directory_role_based_access_control', 'properties.aadProfile', [
  fixed('properties.aadProfile.managed', true),
  copy('azure_rbac_enabled', 'properties.aadProfile.enableAzureRBAC', false),
  copy('admin_group_object_ids', 'properties.aadProfile.adminGroupObjectIDs'),
  copy('tenant_id', 'properties.aadProfile.tenantID'),
]);

const ADD_ONS: readonly Field[] = [
  copy('azure_policy_enabled', 'properties.addonProfiles.azurepolicy.enabled', false),
  copy('http_application_routing_enabled', 'properties.addonProfiles.httpApplicationRouting.enabled', false),
  copy('open_service_mesh_enabled', 'properties.addonProfiles.openServiceMesh.enabled', false),
  addOn('oms_agent', 'omsagent', [
    copy('log_analytics_workspace_id', 'properties.addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID'),
    copy('msi_auth_for_monitoring_enabled', 'properties.addonProfiles.omsagent.config.useAADAuth'),
  ]),
  addOn('key_vault_secrets_provider', 'azureKeyvaultSecretsProvider', [
    copy(
      'secret_rotation_enabled',
      'properties.addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation',
    ),
    copy(
      'secret_rotation_interval',
      'properties.addonProfiles.azureKeyvaultSecretsProvider.config.rotationPollInterval',
    ),
  ]),
  addOn('ingress_application_gateway', 'ingressApplicationGateway', [
    copy('gateway_id', 'properties.addonProfiles.ingressApplicationGateway.config.applicationGatewayId'),
    copy('subnet_id', 'properties.addonProfiles.ingressApplicationGateway.config.subnetId'),
    copy('subnet_cidr', 'properties.addonProfiles.ingressApplicationGateway.config.subnetCIDR'),
    copy('gateway_name', 'properties.addonProfiles.ingressApplicationGateway.config.applicationGatewayName'),
  ]),
  addOn('aci_connector_linux', 'aciConnectorLinux', [
    copy('subnet_name', 'properties.addonProfiles.aciConnectorLinux.config.SubnetName'),
  ]),
];

const SECURITY: readonly Field[] = [
  copy('oidc_issuer_enabled', 'properties.oidcIssuerProfile.enabled'),
  copy('workload_identity_enabled', 'properties.securityProfile.workloadIdentity.enabled', false),
  copy('image_cleaner_enabled', 'properties.securityProfile.imageCleaner.enabled'),
  copy('image_cleaner_interval_hours', 'properties.securityProfile.imageCleaner.intervalHours'),
  within('microsoft_defender', 'properties.securityProfile.defender', [
    fixed('properties.securityProfile.defender.securityMonitoring.enabled', true),
    copy('log_analytics_workspace_id', 'properties.securityProfile.defender.logAnalyticsWorkspaceResourceId'),
  ]),
  within('key_management_service', 'properties.securityProfile.azureKeyVaultKms', [
    fixed('properties.securityProfile.azureKeyVaultKms.enabled', true),
    copy('key_vault_key_id', 'properties.securityProfile.azureKeyVaultKms.keyId'),
    copy('key_vault_network_access', 'properties.securityProfile.azureKeyVaultKms.keyVaultNetworkAccess', 'Public'),
  ]),
];

const INGRESS: readonly Field[] = [
  within('web_app_routing', 'properties.ingressProfile.webAppRouting', [
    fixed('properties.ingressProfile.webAppRouting.enabled', true),
    copy('dns_zone_ids', 'properties.ingressProfile.webAppRouting.dnsZoneResourceIds'),
    asList('dns_zone_id', 'properties.ingressProfile.webAppRouting.dnsZoneResourceIds'),
    copy(
      'default_nginx_controller',
      'properties.ingressProfile.webAppRouting.nginx.defaultIngressControllerType',
      'AnnotationControlled',
    ),
  ]),
  within('service_mesh_profile', 'properties.serviceMeshProfile', [
    copy('mode', 'properties.serviceMeshProfile.mode'),
    copy('revisions', 'properties.serviceMeshProfile.istio.revisions'),
    (from, to) => {
      const items: AzureValue[] = [];
      for (const [name, mode] of [
        ['internal', 'Internal'],
        ['external', 'External'],
      ] as const) {
        const on = firstOf(from.values, `${name}_ingress_gateway_enabled`);
        if (on === undefined) continue;
        items.push(
          object(
            new Map([
              ['mode', scalar(mode, on.origin)],
              ['enabled', on],
            ]),
            on.origin,
          ),
        );
      }
      if (items.length > 0)
        put(to, 'properties.serviceMeshProfile.istio.components.ingressGateways', list(items, from.origin));
    },
  ]),
  within('http_proxy_config', 'properties.httpProxyConfig', [
    copy('http_proxy', 'properties.httpProxyConfig.httpProxy'),
    copy('https_proxy', 'properties.httpProxyConfig.httpsProxy'),
    copy('no_proxy', 'properties.httpProxyConfig.noProxy'),
  ]),
  within('bootstrap_profile', 'properties.bootstrapProfile', [
    copy('artifact_source', 'properties.bootstrapProfile.artifactSource'),
    copy('container_registry_id', 'properties.bootstrapProfile.containerRegistryId'),
  ]),
];

/** The provider's name for the group of the nodes, unless another is given. */
function nodeGroup(from: From): ReadonlyMap<string, AzureValue> {
  if (firstOf(from.values, 'node_resource_group') !== undefined) return new Map();
  const parts = ['resource_group_name', 'name', 'location'].map((name) => textValue(from.values.get(name)));
  if (parts.includes(undefined)) return new Map();
  const [group, name, location = ''] = parts;
  const region = location.toLowerCase().replaceAll(' ', '');
  return new Map([['node_resource_group', scalar(`MC_${group}_${name}_${region}`.slice(0, 80), from.origin)]]);
}

/** AKS clusters and node pools. */
export const KUBERNETES_MAPPINGS: Mappings = {
  azurerm_kubernetes_cluster: {
    type: CLUSTER,
    id: inGroup(CLUSTER),
    fields: [
      ...COMMON,
      fixed('sku.name', 'Base'),
      copy('sku_tier', 'sku.tier', 'Free'),
      copy('kubernetes_version', 'properties.kubernetesVersion'),
      copy('dns_prefix|dns_prefix_private_cluster', 'properties.dnsPrefix'),
      copy('node_resource_group', 'properties.nodeResourceGroup'),
      copy('local_account_disabled', 'properties.disableLocalAccounts', false),
      copy('role_based_access_control_enabled', 'properties.enableRBAC', true),
      copy('disk_encryption_set_id', 'properties.diskEncryptionSetID'),
      copy('automatic_upgrade_channel|automatic_channel_upgrade', 'properties.autoUpgradeProfile.upgradeChannel'),
      copy(
        'node_os_upgrade_channel|node_os_channel_upgrade',
        'properties.autoUpgradeProfile.nodeOSUpgradeChannel',
        'NodeImage',
      ),
      within('node_provisioning_profile', 'properties.nodeProvisioningProfile', [
        copy('mode', 'properties.nodeProvisioningProfile.mode'),
        copy('default_node_pools', 'properties.nodeProvisioningProfile.defaultNodePools'),
      ]),
      copy('support_plan', 'properties.supportPlan'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess'),
      within('service_principal', 'properties.servicePrincipalProfile', [
        copy('client_id', 'properties.servicePrincipalProfile.clientId'),
      ]),
      many('default_node_pool', 'properties.agentPoolProfiles', DEFAULT_POOL),
      NETWORK,
      ...API_SERVER,
      ENTRA,
      ...ADD_ONS,
      ...SECURITY,
      ...INGRESS,
      within('monitor_metrics', 'properties.azureMonitorProfile.metrics', [
        fixed('properties.azureMonitorProfile.metrics.enabled', true),
      ]),
    ],
    computed: nodeGroup,
  },
  azurerm_kubernetes_cluster_node_pool: {
    type: `${CLUSTER}/agentPools`,
    id: below('kubernetes_cluster_id', 'agentPools'),
    fields: [
      copy('mode', 'properties.mode', 'User'),
      copy('os_type', 'properties.osType', 'Linux'),
      ...poolFields('properties.'),
    ],
  },
};
