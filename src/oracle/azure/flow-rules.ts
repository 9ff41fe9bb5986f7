import { type Address, isInRange } from '#base/address.ts';
import type { AddressItem, PortItem, Settled } from '#model/azure/entity.ts';
import type { NetworkProtocol, Subnet } from '#model/azure/network.ts';
import { PORT_PROTOCOLS, type PortProtocol, trafficPoint } from '#model/traffic.ts';
import { holds } from './groups.ts';
import { type AzureQuestion, isPerhaps } from './question.ts';
import { METADATA, ownAddress, PLATFORM, wireAddress } from './where.ts';

/** What rules of security groups and of network managers have in common. */
export interface FlowRule {
  readonly name: string;
  readonly protocol: Settled<NetworkProtocol>;
  readonly sources: readonly AddressItem[];
  readonly sourcePorts: readonly PortItem[];
  readonly destinations: readonly AddressItem[];
  readonly destinationPorts: readonly PortItem[];
}

export interface Applied {
  /** Where the rule applies; undefined: at any subnet of the cluster. */
  readonly subnet: Subnet | undefined;
  readonly outward: boolean;
}

export function ruleMatches(question: AzureQuestion, rule: FlowRule, { subnet, outward }: Applied): boolean {
  const to = ownAddress(question, 'to');
  if (!matchesTraffic(question, rule)) return false;
  const meant = outward && isPlatform(to) ? rule.destinations.filter(isPlatformTag) : rule.destinations;
  if (!meant.some((item) => holds(question, item, { address: to, subnet }))) return false;
  return rule.sources.some((item) => holds(question, item, { address: wireAddress(question), subnet }));
}

/** "Not filtered by ordinary rules": only a rule that names a tag of the platform is about it. */
export function isPlatform(address: Address): boolean {
  return isInRange(address, PLATFORM) || isInRange(address, METADATA);
}

function isPlatformTag(item: AddressItem): boolean {
  return item.kind === 'unsettled' || (item.kind === 'tag' && item.tag.toLowerCase().startsWith('azureplatform'));
}

// ---------------------------------------------------------------- protocols and ports

function matchesTraffic(question: AzureQuestion, rule: FlowRule): boolean {
  const { name, protocol, destinationPorts, sourcePorts } = rule;
  if (typeof protocol === 'object') return isPerhaps(question, `protocol of ${name}`);
  if (!isOfProtocol(question, protocol)) return false;
  if (hasPorts(question) && !isAnyPort(question, rule, destinationPorts)) return false;
  if (!hasPorts(question) && protocol === 'any' && !isWhole(destinationPorts)) return false;
  return isWhole(sourcePorts) || isPerhaps(question, `the sender of ${name} uses such a port`);
}

function isOfProtocol({ traffic }: AzureQuestion, protocol: NetworkProtocol): boolean {
  const isOf = (name: PortProtocol | 'ICMP' | 'ICMPv6') =>
    traffic >= trafficPoint(name, 0) && traffic <= trafficPoint(name, 65_535);
  switch (protocol) {
    case 'any':
      return true;
    case 'tcp':
      return isOf('TCP');
    case 'udp':
      return isOf('UDP');
    case 'icmp':
      return isOf('ICMP') || isOf('ICMPv6');
    case 'esp':
      return traffic === trafficPoint('50');
    case 'ah':
      return traffic === trafficPoint('51');
  }
}

function bandOf({ traffic }: AzureQuestion): PortProtocol | undefined {
  return PORT_PROTOCOLS.find((name) => traffic >= trafficPoint(name, 1) && traffic <= trafficPoint(name, 65_535));
}

function hasPorts(question: AzureQuestion): boolean {
  return bandOf(question) !== undefined;
}

function isAnyPort(question: AzureQuestion, { name }: FlowRule, ports: readonly PortItem[]): boolean {
  const port = question.traffic - trafficPoint(bandOf(question)!, 0);
  if (ports.length === 0) return true;
  return ports.some((item) => {
    if (item.kind === 'range') return port >= item.from && port <= item.to;
    return item.kind === 'unsettled' && isPerhaps(question, `port ${item.value.expression} of ${name}`);
  });
}

/** Every port there is, however the rule writes it: then protocols without ports are meant too. */
function isWhole(ports: readonly PortItem[]): boolean {
  if (ports.length === 0) return true;
  for (let port = 1; port <= 65_535; ) {
    const next = ports.find((item) => item.kind === 'range' && item.from <= port && item.to >= port);
    if (next?.kind !== 'range') return false;
    port = next.to + 1;
  }
  return true;
}
