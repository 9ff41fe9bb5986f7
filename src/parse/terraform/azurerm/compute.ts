import { COMMON, copy, type Field, fixed, many, one, ref, refs, words } from './fields.ts';
import { inGroup } from './ids.ts';
import type { Mappings } from './mapping.ts';

const MACHINE = 'Microsoft.Compute/virtualMachines';
const SCALE_SET = 'Microsoft.Compute/virtualMachineScaleSets';
const INTERFACE = 'Microsoft.Network/networkInterfaces';

const NAMES: readonly Field[] = [copy('computer_name', 'properties.osProfile.computerName')];

const MACHINE_FIELDS: readonly Field[] = [
  ...COMMON,
  ...NAMES,
  copy('size|vm_size', 'properties.hardwareProfile.vmSize'),
  refs('network_interface_ids', 'properties.networkProfile.networkInterfaces'),
  ref('availability_set_id', 'properties.availabilitySet'),
  ref('virtual_machine_scale_set_id', 'properties.virtualMachineScaleSet'),
  copy('encryption_at_host_enabled', 'properties.securityProfile.encryptionAtHost'),
];

/** Addresses of the instances themselves: `public_ip_address` blocks inside of a configuration. */
const INSTANCE_ADDRESS: readonly Field[] = [
  copy('name'),
  copy('idle_timeout_in_minutes', 'properties.idleTimeoutInMinutes'),
  copy('version', 'properties.publicIPAddressVersion'),
  ref('public_ip_prefix_id', 'properties.publicIPPrefix'),
];

const SCALE_SET_FIELDS: readonly Field[] = [
  ...COMMON,
  copy('sku', 'sku.name'),
  copy('instances', 'sku.capacity'),
  copy('overprovision', 'properties.overprovision'),
  many('network_interface', 'properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations', [
    copy('name'),
    copy('primary', 'properties.primary', false),
    copy('ip_forwarding_enabled|enable_ip_forwarding', 'properties.enableIPForwarding', false),
    copy('accelerated_networking_enabled|enable_accelerated_networking', 'properties.enableAcceleratedNetworking'),
    ref('network_security_group_id', 'properties.networkSecurityGroup'),
    copy('dns_servers', 'properties.dnsSettings.dnsServers'),
    many('ip_configuration', 'properties.ipConfigurations', [
      copy('name'),
      copy('primary', 'properties.primary', false),
      ref('subnet_id', 'properties.subnet'),
      copy('version', 'properties.privateIPAddressVersion'),
      refs('application_security_group_ids', 'properties.applicationSecurityGroups'),
      refs('load_balancer_backend_address_pool_ids', 'properties.loadBalancerBackendAddressPools'),
      refs('load_balancer_inbound_nat_rules_ids', 'properties.loadBalancerInboundNatPools'),
      refs('application_gateway_backend_address_pool_ids', 'properties.applicationGatewayBackendAddressPools'),
      one('public_ip_address', 'properties.publicIPAddressConfiguration', INSTANCE_ADDRESS),
    ]),
  ]),
];

/** Machines, scale sets and network interfaces. */
export const COMPUTE_MAPPINGS: Mappings = {
  azurerm_network_interface: {
    type: INTERFACE,
    id: inGroup(INTERFACE),
    fields: [
      ...COMMON,
      copy('ip_forwarding_enabled|enable_ip_forwarding', 'properties.enableIPForwarding', false),
      copy(
        'accelerated_networking_enabled|enable_accelerated_networking',
        'properties.enableAcceleratedNetworking',
        false,
      ),
      copy('dns_servers', 'properties.dnsSettings.dnsServers'),
      copy('auxiliary_mode', 'properties.auxiliaryMode'),
      many('ip_configuration', 'properties.ipConfigurations', [
        copy('name'),
        copy('primary', 'properties.primary'),
        ref('subnet_id', 'properties.subnet'),
        copy('private_ip_address', 'properties.privateIPAddress'),
        copy('private_ip_address_allocation', 'properties.privateIPAllocationMethod'),
        copy('private_ip_address_version', 'properties.privateIPAddressVersion', 'IPv4'),
        ref('public_ip_address_id', 'properties.publicIPAddress'),
        ref('gateway_load_balancer_frontend_ip_configuration_id', 'properties.gatewayLoadBalancer'),
      ]),
    ],
  },
  azurerm_linux_virtual_machine: {
    type: MACHINE,
    id: inGroup(MACHINE),
    fields: [...MACHINE_FIELDS, fixed('properties.storageProfile.osDisk.osType', 'Linux')],
  },
  azurerm_windows_virtual_machine: {
    type: MACHINE,
    id: inGroup(MACHINE),
    fields: [...MACHINE_FIELDS, fixed('properties.storageProfile.osDisk.osType', 'Windows')],
  },
  azurerm_virtual_machine: { type: MACHINE, id: inGroup(MACHINE), fields: MACHINE_FIELDS },
  azurerm_linux_virtual_machine_scale_set: {
    type: SCALE_SET,
    id: inGroup(SCALE_SET),
    fields: [...SCALE_SET_FIELDS, fixed('properties.virtualMachineProfile.storageProfile.osDisk.osType', 'Linux')],
  },
  azurerm_windows_virtual_machine_scale_set: {
    type: SCALE_SET,
    id: inGroup(SCALE_SET),
    fields: [...SCALE_SET_FIELDS, fixed('properties.virtualMachineProfile.storageProfile.osDisk.osType', 'Windows')],
  },
  azurerm_orchestrated_virtual_machine_scale_set: {
    type: SCALE_SET,
    id: inGroup(SCALE_SET),
    fields: [
      ...COMMON,
      copy('sku_name', 'sku.name'),
      fixed('properties.orchestrationMode', 'Flexible'),
      ...SCALE_SET_FIELDS.slice(-1),
    ],
  },
  azurerm_availability_set: {
    type: 'Microsoft.Compute/availabilitySets',
    id: inGroup('Microsoft.Compute/availabilitySets'),
    fields: [...COMMON, words('managed', 'sku.name', { true: 'Aligned', false: 'Classic', otherwise: 'Aligned' })],
  },
};
