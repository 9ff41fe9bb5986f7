import { isUnsettled, type PortItem } from '#model/azure/entity.ts';
import type { ApplicationRule, DnatRule, FirewallRule, NetworkRule } from '#model/azure/firewall.ts';
import { meansAddress, meansPod } from './firewall-items.ts';
import { destinationOf, nameOf, perhaps, type Question } from './firewall-packet.ts';

export interface Asked {
  /** Names the rule, for facts. */
  readonly place: string;
  /** A deny that looks into requests stops no connection. */
  readonly denies: boolean;
}

/** Whether a rule means the packet. */
export function matchesRule(question: Question, rule: FirewallRule, asked: Asked): boolean {
  const { place } = asked;
  if (rule.kind === 'unread') return perhaps(question, `${place} means the packet`);
  if (!comesFrom(question, rule, place)) return false;
  return rule.kind === 'application' ? matchesWeb(question, rule, asked) : matchesNetwork(question, rule, place);
}

function comesFrom(question: Question, { sources }: FirewallRule, place: string): boolean {
  const { source } = question.packet;
  return meansPod(question, sources) || meansAddress(question, sources, { address: source, where: `${place} sources` });
}

// ---------------------------------------------------------------- network rules

function matchesNetwork(question: Question, rule: NetworkRule | DnatRule, place: string): boolean {
  return (
    rule.protocols.some((protocol) =>
      isUnsettled(protocol)
        ? perhaps(question, `protocol of ${place}`)
        : matchesProtocol(question, { protocol, ports: rule.ports, place }),
    ) && goesTo(question, rule, place)
  );
}

interface Spoken {
  readonly protocol: string;
  readonly ports: readonly PortItem[];
  readonly place: string;
}

function matchesProtocol(question: Question, { protocol, ports, place }: Spoken): boolean {
  const spoken = question.packet.protocol;
  const isWide =
    ports.length === 0 || ports.some((each) => each.kind === 'range' && each.from <= 1 && each.to >= 65_535);
  const isPort = () => isWide || hasPort(question, ports, place);
  switch (protocol) {
    case 'any':
      return isWide || ((spoken === 'TCP' || spoken === 'UDP') && isPort());
    case 'tcp':
      return spoken === 'TCP' && isPort();
    case 'udp':
      return spoken === 'UDP' && isPort();
    case 'icmp':
      return spoken === 'ICMP' || spoken === 'ICMPv6';
    default:
      return false;
  }
}

function hasPort({ packet: { port = 0 }, world }: Question, ports: readonly PortItem[], place: string): boolean {
  return ports.some((item, index) => {
    if (item.kind === 'range') return item.from <= port && port <= item.to;
    return item.kind === 'unsettled' && world.choose(`port ${index} of ${place}`, [true, false]);
  });
}

function goesTo(question: Question, { destinations }: NetworkRule | DnatRule, place: string): boolean {
  const asked = question.packet;
  const byName = destinations.some((item) => {
    if (item.kind !== 'name') return false;
    if (asked.name === item.name) return question.sharesDns || perhaps(question, `${item.name} is looked up alike`);
    return asked.address !== undefined && perhaps(question, `${item.name} has the address`);
  });
  if (byName) return true;
  const address = destinationOf(question);
  return meansAddress(question, destinations, { address, where: `${place} destinations` });
}

// ---------------------------------------------------------------- application rules

function matchesWeb(question: Question, rule: ApplicationRule, { place, denies }: Asked): boolean {
  const { protocol, port } = question.packet;
  if (protocol !== 'TCP') return false;
  const isUsual = rule.protocols.length === 0 && rule.tags.length > 0;
  const spoken = rule.protocols.filter((each, index) =>
    isUnsettled(each.port) || each.port === 0 ? perhaps(question, `protocol ${index} of ${place}`) : each.port === port,
  );
  if (isUsual ? port !== 80 && port !== 443 : spoken.length === 0) return false;
  const isMeant = asksFor(question, rule, place) || (!denies && asksForUrl(question, rule, { place, spoken }));
  const isAnywhere = rule.destinations.length === 0 || rule.destinations.some(({ kind }) => kind === 'any');
  return isMeant && (isAnywhere || perhaps(question, `${place} also looks at the address`));
}

function asksFor(question: Question, { names, tags, categories }: ApplicationRule, place: string): boolean {
  const asked = nameOf(question);
  return (
    names.some((item, index) => {
      if (item.kind === 'unsettled') return perhaps(question, `name ${index} of ${place}`);
      return item.kind === 'name' && isNamed(question, item.name, asked);
    }) || [...tags, ...categories].some((group) => perhaps(question, `${group} holds ${asked}`))
  );
}

/** A star in front stands for any text; anywhere else nobody knows. */
function isNamed(question: Question, pattern: string, asked: string): boolean {
  if (pattern.lastIndexOf('*') > 0) return perhaps(question, `${pattern} is ${asked}`);
  return pattern.startsWith('*') ? asked.endsWith(pattern.slice(1)) : asked === pattern;
}

interface Web {
  readonly place: string;
  /** Protocols of the rule that have the port of the packet. */
  readonly spoken: ApplicationRule['protocols'];
}

/** A connection on which some request would be meant. */
function asksForUrl(question: Question, { urls, terminatesTls }: ApplicationRule, { place, spoken }: Web): boolean {
  const isReadable = spoken.some(
    ({ protocol }) => protocol === 'http' || (question.inspectsTls && terminatesTls === true),
  );
  return urls.some((item, index) => {
    if (item.kind === 'unsettled') return perhaps(question, `url ${index} of ${place}`);
    if (item.kind !== 'name') return false;
    const [host = ''] = item.name.replace(/^https?:\/\//, '').split('/');
    if (!isNamed(question, host, nameOf(question))) return false;
    return isReadable || perhaps(question, `url ${index} of ${place} is looked at`);
  });
}
