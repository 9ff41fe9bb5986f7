import type { AzureValue } from '#model/azure/value.ts';
import { list, object, openObject, scalar, textValue, unsettled } from '../values.ts';
import {
  blocksOf,
  COMMON,
  copy,
  type Field,
  type From,
  isBlocks,
  made as makeOf,
  many,
  put,
  ref,
  refs,
} from './fields.ts';
import { below, firstOf, inGroup } from './ids.ts';
import type { Made, Mapping, Mappings } from './mapping.ts';

const BALANCER = 'Microsoft.Network/loadBalancers';

/** What the rules of a balancer have in common; the frontend is named and must be written as an id. */
const FLOATING: readonly Field[] = [
  copy('floating_ip_enabled|enable_floating_ip', 'properties.enableFloatingIP', false),
  copy('tcp_reset_enabled|enable_tcp_reset', 'properties.enableTcpReset', false),
  copy('idle_timeout_in_minutes', 'properties.idleTimeoutInMinutes'),
  copy('protocol', 'properties.protocol'),
];

const FRONTEND: Field = (from, to) => {
  const [balancer, name] = [
    firstOf(from.values, 'loadbalancer_id'),
    firstOf(from.values, 'frontend_ip_configuration_name'),
  ];
  if (balancer === undefined || name === undefined) return;
  put(to, 'properties.frontendIPConfiguration', frontend(balancer, name));
};

function frontend(balancer: AzureValue, name: AzureValue): AzureValue {
  const [id, part] = [textValue(balancer), textValue(name)];
  if (id === undefined || part === undefined)
    return unsettled(
      'frontend_ip_configuration_name',
      balancer.kind === 'unsettled' ? balancer.why : 'not-given',
      name.origin,
    );
  return object(new Map([['id', scalar(`${id}/frontendIPConfigurations/${part}`, name.origin)]]), name.origin);
}

/** ARM keeps probes, rules and outbound rules inside of the balancer; Terraform writes each as a resource. */
function partOf(property: string, segment: string, fields: readonly Field[]): Mapping {
  const named: readonly Field[] = [copy('name'), ...fields];
  return {
    id: below('loadbalancer_id', segment),
    more: (made: Made) => {
      const target = made.values.get('loadbalancer_id');
      if (target === undefined) return {};
      const value = withId(makeOf(made, named), made.id);
      return { edits: [{ target, type: BALANCER, path: ['properties', property], how: 'append', value }] };
    },
  };
}

function withId(value: AzureValue, id: string): AzureValue {
  if (value.kind !== 'object') return value;
  return object(new Map<string, AzureValue>([['id', scalar(id, value.origin)], ...value.entries]), value.origin);
}

/** Frontends have ids that rules and other resources name. */
function frontendIds(from: From, id: string): ReadonlyMap<string, AzureValue> {
  const blocks = blocksOf(from, 'frontend_ip_configuration');
  if (blocks === undefined || !isBlocks(blocks) || blocks.length === 0) return new Map();
  const items = blocks.map(({ values, origin }) => {
    const name = textValue(values.get('name'));
    const entries = new Map(values);
    if (name !== undefined) entries.set('id', scalar(`${id}/frontendIPConfigurations/${name}`, origin));
    return openObject(entries, origin, { expression: 'frontend_ip_configuration', why: 'made-by-azure' });
  });
  return new Map([['frontend_ip_configuration', list(items, from.origin)]]);
}

const OUTBOUND_FRONTENDS: Field = (from, to) => {
  const [balancer, blocks] = [firstOf(from.values, 'loadbalancer_id'), blocksOf(from, 'frontend_ip_configuration')];
  if (balancer === undefined || blocks === undefined) return;
  if (!isBlocks(blocks)) return put(to, 'properties.frontendIPConfigurations', blocks);
  const items = blocks.flatMap(({ values }) => {
    const name = values.get('name');
    return name === undefined ? [] : [frontend(balancer, name)];
  });
  put(to, 'properties.frontendIPConfigurations', list(items, from.origin));
};

/** Load balancers and their parts. */
export const LOAD_BALANCER_MAPPINGS: Mappings = {
  azurerm_lb: {
    type: BALANCER,
    id: inGroup(BALANCER),
    fields: [
      ...COMMON.slice(0, 2),
      copy('sku', 'sku.name', 'Standard'),
      copy('sku_tier', 'sku.tier', 'Regional'),
      many('frontend_ip_configuration', 'properties.frontendIPConfigurations', [
        copy('name'),
        copy('zones'),
        ref('subnet_id', 'properties.subnet'),
        copy('private_ip_address', 'properties.privateIPAddress'),
        copy('private_ip_address_allocation', 'properties.privateIPAllocationMethod'),
        copy('private_ip_address_version', 'properties.privateIPAddressVersion'),
        ref('public_ip_address_id', 'properties.publicIPAddress'),
        ref('public_ip_prefix_id', 'properties.publicIPPrefix'),
        ref('gateway_load_balancer_frontend_ip_configuration_id', 'properties.gatewayLoadBalancer'),
      ]),
    ],
    computed: frontendIds,
  },
  azurerm_lb_backend_address_pool: {
    type: `${BALANCER}/backendAddressPools`,
    id: below('loadbalancer_id', 'backendAddressPools'),
    fields: [
      ref('virtual_network_id', 'properties.virtualNetwork'),
      copy('synchronous_mode', 'properties.syncMode'),
      many('tunnel_interface', 'properties.tunnelInterfaces', [
        copy('identifier'),
        copy('type'),
        copy('protocol'),
        copy('port'),
      ]),
    ],
  },
  azurerm_lb_backend_address_pool_address: {
    id: below('backend_address_pool_id', 'addresses'),
    more: (made) => {
      const target = made.values.get('backend_address_pool_id');
      if (target === undefined) return {};
      const value = makeOf(made, [
        copy('name'),
        copy('ip_address', 'properties.ipAddress'),
        ref('virtual_network_id', 'properties.virtualNetwork'),
        ref('backend_address_ip_configuration_id', 'properties.loadBalancerFrontendIPConfiguration'),
      ]);
      const path = ['properties', 'loadBalancerBackendAddresses'];
      return { edits: [{ target, type: `${BALANCER}/backendAddressPools`, path, how: 'append', value }] };
    },
  },
  azurerm_lb_nat_rule: {
    type: `${BALANCER}/inboundNatRules`,
    id: below('loadbalancer_id', 'inboundNatRules'),
    fields: [
      ...FLOATING,
      FRONTEND,
      copy('frontend_port', 'properties.frontendPort'),
      copy('frontend_port_start', 'properties.frontendPortRangeStart'),
      copy('frontend_port_end', 'properties.frontendPortRangeEnd'),
      copy('backend_port', 'properties.backendPort'),
      ref('backend_address_pool_id', 'properties.backendAddressPool'),
    ],
  },
  azurerm_lb_nat_pool: partOf('inboundNatPools', 'inboundNatPools', [
    ...FLOATING,
    FRONTEND,
    copy('frontend_port_start', 'properties.frontendPortRangeStart'),
    copy('frontend_port_end', 'properties.frontendPortRangeEnd'),
    copy('backend_port', 'properties.backendPort'),
  ]),
  azurerm_lb_rule: partOf('loadBalancingRules', 'loadBalancingRules', [
    ...FLOATING,
    FRONTEND,
    copy('frontend_port', 'properties.frontendPort'),
    copy('backend_port', 'properties.backendPort'),
    copy('load_distribution', 'properties.loadDistribution'),
    copy('disable_outbound_snat', 'properties.disableOutboundSnat', false),
    ref('probe_id', 'properties.probe'),
    refs('backend_address_pool_ids', 'properties.backendAddressPools'),
  ]),
  azurerm_lb_outbound_rule: partOf('outboundRules', 'outboundRules', [
    ...FLOATING.slice(1),
    OUTBOUND_FRONTENDS,
    ref('backend_address_pool_id', 'properties.backendAddressPool'),
    copy('allocated_outbound_ports', 'properties.allocatedOutboundPorts'),
  ]),
  azurerm_lb_probe: partOf('probes', 'probes', [
    copy('protocol', 'properties.protocol', 'Tcp'),
    copy('port', 'properties.port'),
    copy('request_path', 'properties.requestPath'),
    copy('interval_in_seconds', 'properties.intervalInSeconds'),
    copy('number_of_probes', 'properties.numberOfProbes'),
    copy('probe_threshold', 'properties.probeThreshold'),
  ]),
};
