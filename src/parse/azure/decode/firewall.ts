import type { AddressItem, Settled, UnsettledField } from '#model/azure/entity.ts';
import type {
  ApplicationRule,
  Firewall,
  FirewallPolicy,
  FirewallRule,
  IpGroup,
  KubeSelectorGroup,
  RuleCollection,
  RuleCollectionGroup,
  ThreatIntelMode,
} from '#model/azure/firewall.ts';
import type { NetworkProtocol } from '#model/azure/network.ts';
import type { AzureValue } from '#model/azure/value.ts';
import type { LabelRequirement, LabelSelector, SelectorOperator } from '#model/resource.ts';
import { type Body, parentKey, type Reading } from './body.ts';
import { PROTOCOLS } from './network.ts';

const THREAT_INTEL: Readonly<Record<string, ThreatIntelMode>> = { off: 'Off', alert: 'Alert', deny: 'Deny' };

export function firewall({ body, entity }: Reading): Firewall {
  const p = body.at('properties');
  const policy = p.ref('firewallPolicy');
  const hub = p.ref('virtualHub');
  const configurations = p.list('ipConfigurations');
  const subnet = configurations.map((each) => each.ref('properties.subnet')).find((each) => each !== undefined);
  const address =
    configurations.map((each) => each.address('properties.privateIPAddress')).find((each) => each !== undefined) ??
    p.address('hubIPAddresses.privateIPAddress');
  return {
    ...entity,
    ...(policy !== undefined && { policy }),
    ...(subnet !== undefined && { subnet }),
    ...(hub !== undefined && { hub }),
    ...(address !== undefined && { privateAddress: address }),
    publicIps: configurations.flatMap((each) => each.ref('properties.publicIPAddress') ?? []),
    tier: p.text('sku.tier') ?? 'Standard',
    threatIntel: p.word('threatIntelMode', THREAT_INTEL) ?? 'Alert',
    collections: [
      ...p.list('natRuleCollections').map((each) => classicCollection(each, 'dnat')),
      ...p.list('networkRuleCollections').map((each) => classicCollection(each, 'network')),
      ...p.list('applicationRuleCollections').map((each) => classicCollection(each, 'application')),
    ],
  };
}

export function firewallPolicy({ body, entity }: Reading): FirewallPolicy {
  const p = body.at('properties');
  const base = p.ref('basePolicy');
  return {
    ...entity,
    ...(base !== undefined && { base }),
    tier: p.text('sku.tier') ?? 'Standard',
    threatIntel: p.word('threatIntelMode', THREAT_INTEL) ?? 'Alert',
    dnsProxy: p.flag('dnsSettings.enableProxy', false),
    dnsServers: p.texts('dnsSettings.servers'),
    intrusionDetection: p.text('intrusionDetection.mode') ?? 'Off',
    inspectsTls: p.has('transportSecurity.certificateAuthority'),
  };
}

export function ruleCollectionGroup({ body, entity }: Reading): RuleCollectionGroup {
  return {
    ...entity,
    policy: parentKey(entity),
    priority: body.number('properties.priority') ?? 0,
    collections: body.list('properties.ruleCollections').map(collection),
  };
}

export function ipGroup({ body, entity }: Reading): IpGroup {
  return { ...entity, addresses: body.addresses('properties.ipAddresses') };
}

// ---------------------------------------------------------------- collections

const ACTIONS = { allow: 'allow', deny: 'deny', dnat: 'dnat' } as const;

function collection(body: Body): RuleCollection {
  const isNat = body.knownText('ruleCollectionType')?.toLowerCase() === 'firewallpolicynatrulecollection';
  const rules = body.list('rules').map(policyRule);
  const kinds = new Set(rules.map(({ kind }) => kind));
  const [only] = kinds;
  return {
    name: body.knownText('name') ?? '',
    priority: body.number('priority') ?? 0,
    kind: isNat ? 'dnat' : kinds.size === 1 && (only === 'network' || only === 'application') ? only : 'mixed',
    action: body.word('action.type', ACTIONS) ?? (isNat ? 'dnat' : 'deny'),
    rules,
    path: body.path,
    origin: body.origin,
  };
}

function policyRule(body: Body): FirewallRule {
  switch (body.knownText('ruleType')?.toLowerCase()) {
    case 'natrule':
      return dnatRule(body, { protocols: 'ipProtocols' });
    case 'networkrule':
      return networkRule(body, { protocols: 'ipProtocols' });
    case 'applicationrule':
      return applicationRule(body);
    default:
      return { kind: 'unread', ...common(body) };
  }
}

/** Rules of a firewall without policy: the same with other names of fields. */
function classicCollection(body: Body, kind: 'dnat' | 'network' | 'application'): RuleCollection {
  const p = body.at('properties');
  const read = (rule: Body): FirewallRule => {
    if (kind === 'dnat') return dnatRule(rule, { protocols: 'protocols' });
    return kind === 'network' ? networkRule(rule, { protocols: 'protocols' }) : applicationRule(rule);
  };
  return {
    name: body.knownText('name') ?? '',
    priority: p.number('priority') ?? 0,
    kind,
    action: p.word('action.type', ACTIONS) ?? (kind === 'dnat' ? 'dnat' : 'deny'),
    rules: p.list('rules').map(read),
    path: body.path,
    origin: body.origin,
  };
}

interface FieldNames {
  readonly protocols: string;
}

function common(body: Body) {
  return {
    name: body.knownText('name') ?? '',
    sources: [
      ...body.addresses('sourceAddresses'),
      ...groupsAt(body, 'sourceIpGroups', 'ip-group'),
      ...groupsAt(body, 'sourceKubeSelectorGroups', 'pods'),
    ],
    path: body.path,
    origin: body.origin,
  };
}

function groupsAt(body: Body, path: string, kind: 'ip-group' | 'pods'): AddressItem[] {
  return body
    .refs(path)
    .map(
      (ref): AddressItem =>
        typeof ref === 'string'
          ? { kind, key: ref, origin: body.origin }
          : { kind: 'unsettled', value: ref, origin: ref.origin },
    );
}

function dnatRule(body: Body, names: FieldNames): FirewallRule {
  const translatedAddress = body.address('translatedAddress') ?? namesAt(body, 'translatedFqdn')[0];
  const translatedPort = body.number('translatedPort');
  return {
    kind: 'dnat',
    ...common(body),
    protocols: protocolsAt(body, names.protocols),
    destinations: body.addresses('destinationAddresses'),
    ports: body.ports('destinationPorts'),
    ...(translatedAddress !== undefined && { translatedAddress }),
    ...(translatedPort !== undefined && { translatedPort }),
  };
}

function networkRule(body: Body, names: FieldNames): FirewallRule {
  return {
    kind: 'network',
    ...common(body),
    protocols: protocolsAt(body, names.protocols),
    destinations: [
      ...body.addresses('destinationAddresses'),
      ...groupsAt(body, 'destinationIpGroups', 'ip-group'),
      ...namesAt(body, 'destinationFqdns'),
    ],
    ports: body.ports('destinationPorts'),
  };
}

function protocolsAt(body: Body, path: string): Settled<NetworkProtocol>[] {
  return body.scalars(path).flatMap((value): Settled<NetworkProtocol>[] => {
    if (value.kind === 'unsettled') return [value];
    const known = PROTOCOLS[String(value.value).toLowerCase()];
    return known === undefined ? [] : [known];
  });
}

const WEB_PROTOCOLS = { http: 'http', https: 'https', mssql: 'mssql' } as const;
const USUAL_PORTS = { http: 80, https: 443, mssql: 1433 } as const;

function applicationRule(body: Body): ApplicationRule {
  return {
    kind: 'application',
    ...common(body),
    protocols: body.list('protocols').flatMap((each) => {
      const protocol = each.word('protocolType', WEB_PROTOCOLS);
      if (protocol === undefined) return [];
      const port = each.number('port') ?? (typeof protocol === 'string' ? USUAL_PORTS[protocol] : 0);
      return [{ protocol, port }];
    }),
    destinations: body.addresses('destinationAddresses'),
    names: [
      ...namesAt(body, 'targetFqdns'),
      ...[...namesAt(body, 'fqdnTags'), ...namesAt(body, 'webCategories')].filter(({ kind }) => kind === 'unsettled'),
    ],
    urls: namesAt(body, 'targetUrls'),
    tags: body.texts('fqdnTags'),
    categories: body.texts('webCategories'),
    terminatesTls: body.flag('terminateTLS', false),
  };
}

function namesAt(body: Body, path: string): AddressItem[] {
  return body.scalars(path).map((value): AddressItem => {
    if (value.kind === 'unsettled') return { kind: 'unsettled', value, origin: value.origin };
    return { kind: 'name', name: String(value.value).toLowerCase(), origin: value.origin };
  });
}

// ---------------------------------------------------------------- groups of pods

export function podGroup({ body, entity }: Reading): KubeSelectorGroup {
  const pods = selector(body, 'properties.podSelector');
  const namespaces = selector(body, 'properties.namespaceSelector');
  return {
    ...entity,
    // A selector of which a part is not known selects nobody knows whom, so every such part counts.
    unsettled: openParts(body.value('properties'), 'properties'),
    policy: parentKey(entity),
    ...(pods !== undefined && { pods }),
    ...(namespaces !== undefined && { namespaces }),
  };
}

function openParts(value: AzureValue | undefined, path: string): UnsettledField[] {
  switch (value?.kind) {
    case 'unsettled':
      return [{ path, value }];
    case 'list':
      return value.items.flatMap((item, index) => openParts(item, `${path}[${index}]`));
    case 'object':
      return [...value.entries].flatMap(([key, entry]) => openParts(entry, `${path}.${key}`));
    default:
      return [];
  }
}

const OPERATORS: Readonly<Record<string, SelectorOperator>> = {
  in: 'In',
  notin: 'NotIn',
  exists: 'Exists',
  doesnotexist: 'DoesNotExist',
};

function selector(body: Body, path: string): LabelSelector | undefined {
  if (!body.has(path)) return undefined;
  const own = body.at(path);
  const labels = own.value('matchLabels');
  const equal =
    labels?.kind === 'object'
      ? [...labels.entries].map(
          ([key, value]): LabelRequirement => ({
            key,
            operator: 'In',
            values: value.kind === 'scalar' ? [String(value.value)] : [],
          }),
        )
      : [];
  const others = own.list('matchExpressions').flatMap((each): LabelRequirement[] => {
    const operator = each.word('operator', OPERATORS);
    const key = each.knownText('key');
    return typeof operator !== 'string' || key === undefined ? [] : [{ key, operator, values: each.texts('values') }];
  });
  return { requirements: [...equal, ...others], origin: own.origin };
}
