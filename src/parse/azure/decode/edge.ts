import type {
  ApiGateway,
  ApplicationGateway,
  Bastion,
  FrontDoor,
  FrontDoorEndpoint,
  FrontDoorOrigin,
  FrontDoorRoute,
  GatewayListener,
  GatewayPool,
  GatewayRule,
  GatewayTarget,
  ScaleSet,
  TrafficController,
  TrafficPolicy,
  WafPolicy,
  WafSettings,
} from '#model/azure/edge.ts';
import { isUnsettled, type Settled } from '#model/azure/entity.ts';
import { azureKey } from '#model/azure/resource.ts';
import { type Body, parentKey, type Reading } from './body.ts';
import { frontend } from './routing.ts';

// ---------------------------------------------------------------- Application Gateway

export function applicationGateway({ body, entity }: Reading): ApplicationGateway {
  const p = body.at('properties');
  const ports = new Map(
    p.list('frontendPorts').map((each) => [childKey(each, entity.id, 'frontendPorts'), each.number('properties.port')]),
  );
  const maps = new Map(p.list('urlPathMaps').map((each) => [childKey(each, entity.id, 'urlPathMaps'), each]));
  const own = p.has('webApplicationFirewallConfiguration')
    ? ownFirewall(p.at('webApplicationFirewallConfiguration'))
    : undefined;
  return {
    ...entity,
    tier: p.text('sku.tier') ?? 'Standard_v2',
    subnets: p.list('gatewayIPConfigurations').flatMap((each) => each.ref('properties.subnet') ?? []),
    frontends: p.list('frontendIPConfigurations').map((each) => frontend(each, entity.id)),
    listeners: p.list('httpListeners').map((each) => listener(each, entity.id, ports)),
    rules: p.list('requestRoutingRules').map((each) => gatewayRule(each, maps)),
    pools: p.list('backendAddressPools').map((each) => pool(each, entity.id)),
    settings: p.list('backendHttpSettingsCollection').map((each) => {
      const port = each.number('properties.port');
      return {
        key: childKey(each, entity.id, 'backendHttpSettingsCollection'),
        ...(port !== undefined && { port }),
      };
    }),
    ...optional({ firewallPolicy: p.ref('firewallPolicy'), ownFirewall: own }),
  };
}

function childKey(body: Body, parent: string, segment: string): string {
  return azureKey(body.knownText('id') ?? `${parent}/${segment}/${body.knownText('name') ?? ''}`);
}

function listener(
  body: Body,
  parent: string,
  ports: ReadonlyMap<string, Settled<number> | undefined>,
): GatewayListener {
  const p = body.at('properties');
  const portRef = p.ref('frontendPort');
  const port = isUnsettled(portRef) ? portRef : portRef === undefined ? undefined : ports.get(portRef);
  return {
    key: childKey(body, parent, 'httpListeners'),
    name: body.knownText('name') ?? '',
    hosts: [...p.texts('hostName'), ...p.texts('hostNames')],
    isTls: p.knownText('protocol')?.toLowerCase() === 'https',
    ...optional({ frontend: p.ref('frontendIPConfiguration'), port, firewallPolicy: p.ref('firewallPolicy') }),
  };
}

function gatewayRule(body: Body, maps: ReadonlyMap<string, Body>): GatewayRule {
  const p = body.at('properties');
  const map = p.ref('urlPathMap');
  const paths = typeof map === 'string' ? maps.get(map) : undefined;
  return {
    name: body.knownText('name') ?? '',
    ...optional({ listener: p.ref('httpListener') }),
    targets: paths === undefined ? [target(p, 'backendAddressPool', 'backendHttpSettings')] : pathTargets(paths),
  };
}

function pathTargets(map: Body): GatewayTarget[] {
  const p = map.at('properties');
  return [
    ...p.list('pathRules').map((each): GatewayTarget => {
      const own = each.at('properties');
      return { ...target(own, 'backendAddressPool', 'backendHttpSettings'), paths: own.texts('paths') };
    }),
    target(p, 'defaultBackendAddressPool', 'defaultBackendHttpSettings'),
  ];
}

function target(p: Body, poolField: string, settingsField: string): GatewayTarget {
  return optional({
    pool: p.ref(poolField),
    settings: p.ref(settingsField),
    firewallPolicy: p.ref('firewallPolicy'),
  });
}

function pool(body: Body, parent: string): GatewayPool {
  const entries = body.list('properties.backendAddresses');
  return {
    key: childKey(body, parent, 'backendAddressPools'),
    name: body.knownText('name') ?? '',
    addresses: entries.flatMap((each) => each.addresses('ipAddress')),
    names: entries.flatMap((each) => each.texts('fqdn')),
  };
}

// ---------------------------------------------------------------- web application firewalls

const MODES = { prevention: 'prevention', detection: 'detection' } as const;

function ownFirewall(p: Body): WafSettings {
  return {
    isOn: p.flag('enabled', false),
    mode: p.word('firewallMode', MODES) ?? 'detection',
    checksBody: p.flag('requestBodyCheck', true),
  };
}

/** Policies of gateways say `state`, `customRules` as a list; those of Front Door `enabledState`, `customRules.rules`. */
export function wafPolicy({ body, entity }: Reading): WafPolicy {
  const p = body.at('properties');
  const isDoor = entity.type.toLowerCase().includes('frontdoor');
  const custom = isDoor ? p.list('customRules.rules') : p.list('customRules');
  return {
    ...entity,
    of: isDoor ? 'front-door' : 'application-gateway',
    isOn: enabled(p, isDoor ? 'policySettings.enabledState' : 'policySettings.state', isDoor),
    mode: p.word('policySettings.mode', MODES) ?? 'detection',
    checksBody: isDoor
      ? enabled(p, 'policySettings.requestBodyCheck', true)
      : p.flag('policySettings.requestBodyCheck', true),
    customRules: custom.map((each) => ({
      name: each.knownText('name') ?? '',
      action: each.knownText('action') ?? '',
      isOn: (each.knownText('state') ?? each.knownText('enabledState') ?? 'Enabled').toLowerCase() === 'enabled',
    })),
    ruleSets: p.list('managedRules.managedRuleSets').map((each) => ({
      name: each.knownText('ruleSetType') ?? '',
      version: each.knownText('ruleSetVersion') ?? '',
    })),
  };
}

/** `Enabled` or `Disabled`. */
function enabled(p: Body, path: string, fallback: boolean): Settled<boolean> {
  const text = p.text(path);
  if (text === undefined) return fallback;
  return typeof text === 'string' ? text.toLowerCase() === 'enabled' : text;
}

// ---------------------------------------------------------------- Application Gateway for Containers

export function trafficController(
  { entity }: Reading,
  children: { frontends: readonly Reading[]; associations: readonly Reading[]; policies: readonly Reading[] },
): TrafficController {
  return {
    ...entity,
    frontends: children.frontends.map((each) => ({
      key: each.entity.key,
      name: each.entity.name,
      ...optional({ host: each.body.text('properties.fqdn') }),
    })),
    subnets: children.associations.flatMap(({ body }) => body.ref('properties.subnet') ?? []),
    policies: children.policies.map(trafficPolicy),
  };
}

function trafficPolicy({ body, entity }: Reading): TrafficPolicy {
  const firewallPolicy = body.ref('properties.wafPolicy');
  return { ...entity, kind: body.text('properties.policyType') ?? 'waf', ...optional({ firewallPolicy }) };
}

// ---------------------------------------------------------------- Front Door

export interface FrontDoorParts {
  readonly endpoints: readonly FrontDoorEndpoint[];
  readonly origins: readonly FrontDoorOrigin[];
  readonly securityPolicies: readonly Reading[];
}

/** Undefined for profiles of the content network that are no Front Door. */
export function frontDoor({ body, entity }: Reading, parts: FrontDoorParts): FrontDoor | undefined {
  const sku = body.text('sku.name') ?? '';
  if (typeof sku === 'string' && !sku.toLowerCase().includes('frontdoor')) return undefined;
  return {
    ...entity,
    sku,
    endpoints: parts.endpoints,
    origins: parts.origins,
    associations: parts.securityPolicies.flatMap((each) => {
      const p = each.body.at('properties.parameters');
      const firewallPolicy = p.ref('wafPolicy');
      return p.list('associations').map((one) => ({
        ...optional({ firewallPolicy }),
        domains: one.refs('domains'),
      }));
    }),
  };
}

export function frontDoorEndpoint({ body, entity }: Reading, routes: readonly Reading[]): FrontDoorEndpoint {
  return {
    ...entity,
    isOn: enabled(body, 'properties.enabledState', true),
    routes: routes.map(frontDoorRoute),
    ...optional({ host: body.text('properties.hostName') }),
  };
}

function frontDoorRoute({ body, entity }: Reading): FrontDoorRoute {
  const p = body.at('properties');
  return {
    ...entity,
    domains: p.refs('customDomains'),
    isOn: enabled(p, 'enabledState', true),
    protocols: p.texts('supportedProtocols'),
    ...optional({ group: p.ref('originGroup') }),
  };
}

export function frontDoorOrigin({ body, entity }: Reading): FrontDoorOrigin {
  const p = body.at('properties');
  return {
    ...entity,
    group: parentKey(entity),
    isOn: enabled(p, 'enabledState', true),
    httpPort: p.number('httpPort') ?? 80,
    httpsPort: p.number('httpsPort') ?? 443,
    ...optional({ host: p.text('hostName'), privateLink: p.ref('sharedPrivateLinkResource.privateLink') }),
  };
}

// ---------------------------------------------------------------- into the network

export function apiGateway({ body, entity }: Reading): ApiGateway {
  const p = body.at('properties');
  return {
    ...entity,
    mode: p.text('virtualNetworkType') ?? 'None',
    sku: body.text('sku.name') ?? '',
    ...optional({
      subnet: p.ref('virtualNetworkConfiguration.subnetResourceId'),
      publicIp: p.ref('publicIpAddressId'),
      publicAccess: p.text('publicNetworkAccess'),
    }),
  };
}

export function bastion({ body, entity }: Reading): Bastion {
  const list = body.list('properties.ipConfigurations').map((each) => each.at('properties'));
  const subnet = list.map((each) => each.ref('subnet')).find((ref) => ref !== undefined);
  return {
    ...entity,
    publicIps: list.flatMap((each) => each.ref('publicIPAddress') ?? []),
    ...optional({ subnet }),
  };
}

export function scaleSet({ body, entity }: Reading): ScaleSet {
  const path = 'properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations';
  return {
    ...entity,
    interfaces: body.list(path).map((each) => {
      const p = each.at('properties');
      const configurations = p.list('ipConfigurations').map((one) => one.at('properties'));
      return {
        subnets: configurations.flatMap((one) => one.ref('subnet') ?? []),
        publicIps: configurations.some((one) => one.has('publicIPAddressConfiguration')),
        groups: configurations.flatMap((one) => one.refs('applicationSecurityGroups')),
        ...optional({ securityGroup: p.ref('networkSecurityGroup') }),
      };
    }),
  };
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value. */
function optional<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
