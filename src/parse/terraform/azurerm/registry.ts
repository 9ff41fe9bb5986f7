import type { AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import { scalar, textValue } from '../values.ts';
import { APPLICATION_GATEWAY_MAPPINGS } from './application-gateway.ts';
import { AZAPI_MAPPINGS } from './azapi.ts';
import { COMPUTE_MAPPINGS } from './compute.ts';
import { FIREWALL_MAPPINGS } from './firewall.ts';
import { FRONT_DOOR_MAPPINGS } from './front-door.ts';
import { GOVERNANCE_MAPPINGS } from './governance.ts';
import { HYBRID_MAPPINGS } from './hybrid.ts';
import { firstOf, type IdPlace, type Values } from './ids.ts';
import { KUBERNETES_MAPPINGS } from './kubernetes.ts';
import { LOAD_BALANCER_MAPPINGS } from './load-balancer.ts';
import type { Mapping } from './mapping.ts';
import { MONITORING_MAPPINGS } from './monitoring.ts';
import { NETWORK_MANAGER_MAPPINGS } from './network-manager.ts';
import { OUTBOUND_MAPPINGS } from './outbound.ts';
import { PLATFORM_MAPPINGS } from './platform.ts';
import { PRIVATE_LINK_MAPPINGS } from './private-link.ts';
import { SECURITY_MAPPINGS } from './security.ts';
import { SERVICE_MAPPINGS } from './services.ts';
import { VIRTUAL_NETWORK_MAPPINGS } from './virtual-network.ts';

/** How each type of Terraform becomes ARM's. */
export const MAPPINGS: ReadonlyMap<string, Mapping> = new Map(
  [
    APPLICATION_GATEWAY_MAPPINGS,
    AZAPI_MAPPINGS,
    COMPUTE_MAPPINGS,
    FIREWALL_MAPPINGS,
    FRONT_DOOR_MAPPINGS,
    GOVERNANCE_MAPPINGS,
    HYBRID_MAPPINGS,
    KUBERNETES_MAPPINGS,
    LOAD_BALANCER_MAPPINGS,
    MONITORING_MAPPINGS,
    NETWORK_MANAGER_MAPPINGS,
    OUTBOUND_MAPPINGS,
    PLATFORM_MAPPINGS,
    PRIVATE_LINK_MAPPINGS,
    SECURITY_MAPPINGS,
    SERVICE_MAPPINGS,
    VIRTUAL_NETWORK_MAPPINGS,
  ].flatMap((table) => Object.entries(table)),
);

export interface KnownResource extends IdPlace {
  readonly type: string;
  readonly origin: Origin;
}

/** What the provider adds to the values of a resource by rules that are known: its id, and what follows from it. */
export function computedOf(values: Values, { type, origin, ...place }: KnownResource): ReadonlyMap<string, AzureValue> {
  const mapping = MAPPINGS.get(type);
  if (mapping === undefined) return new Map();
  const id = mapping.id(values, place);
  const more = mapping.computed?.({ values, origin, owner: id }, id) ?? new Map<string, AzureValue>();
  return new Map([['id', scalar(id, origin)], ...more]);
}

/** The same for a data source, which looks up by some of the attributes that a resource of the type has. */
export function lookedUp(values: Values, known: KnownResource): ReadonlyMap<string, AzureValue> {
  const text = (name: string) => textValue(firstOf(values, name));
  const of = (value: string) => scalar(value, known.origin);
  switch (known.type) {
    case 'azurerm_client_config':
      return new Map([['subscription_id', of(known.subscription)]]);
    case 'azurerm_subscription': {
      const subscription = text('subscription_id') ?? known.subscription;
      return new Map([
        ['subscription_id', of(subscription)],
        ['id', of(`/subscriptions/${subscription}`)],
      ]);
    }
    case 'azurerm_management_group': {
      const name = text('name');
      return name === undefined
        ? new Map()
        : new Map([['id', of(`/providers/Microsoft.Management/managementGroups/${name}`)]]);
    }
    default:
      return idOnly(computedOf(values, known), known);
  }
}

/** An id that would need an attribute that the data source does not have is not known. */
function idOnly(
  computed: ReadonlyMap<string, AzureValue>,
  { address }: KnownResource,
): ReadonlyMap<string, AzureValue> {
  const id = computed.get('id');
  if (id === undefined || textValue(id)?.includes(`{${address.replaceAll('/', '|')}.`)) return new Map();
  return new Map([['id', id]]);
}
