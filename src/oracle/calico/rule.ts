import { type Cidr, isInRange } from '#base/address.ts';
import { includes } from '#base/intervals.ts';
import type { CalicoEntity, CalicoIcmp, CalicoPort, CalicoRule } from '#model/calico.ts';
import { icmpTraffic, isPortProtocol, type PortProtocol, protocolTraffic } from '#model/traffic.ts';
import { hasPorts, isNetworkedPod, isPerhaps, isToPort, namedPorts, type Question, type Side } from '../party.ts';
import { addressOf } from '../where.ts';
import { ACCOUNT, accountLabelOf, NAMESPACE, namespaceLabelOf, type Owner, ownersOf } from './labels.ts';
import { sourcePortBounds } from './mentions.ts';
import { holds } from './selector.ts';
import { isBackend } from './service.ts';

/** A rule, and the namespace that its policy is in: empty where it is in none. */
export interface PlacedRule {
  readonly rule: CalicoRule;
  readonly namespace: string;
  /** Names the policy, for facts. */
  readonly policy: string;
}

/** All of what a rule says must hold; of a list any entry, of a negative list none. */
export function ruleMatches(question: Question, placed: PlacedRule): boolean {
  const { rule } = placed;
  if (rule.gaps.length > 0) return isPerhaps(question, `${placed.policy} ${rule.path} matches`);
  return (
    protocolMatches(question, rule) &&
    isRendered(question, rule) &&
    entityMatches(question, placed, 'from') &&
    entityMatches(question, placed, 'to') &&
    requestMatches(question, placed)
  );
}

/** Only the add-on for the application layer looks into requests; others take the rule for one about the port. */
function requestMatches(question: Question, { rule, policy }: PlacedRule): boolean {
  if (!rule.http || question.request === undefined) return true;
  return isPerhaps(question, `the request is one of ${policy} ${rule.path}`);
}

function protocolMatches(question: Question, rule: CalicoRule): boolean {
  const { traffic } = question.connection;
  const { protocol, notProtocol, icmp, notIcmp } = rule;
  if (protocol !== undefined && !includes(protocolTraffic(protocol), traffic)) return false;
  if (notProtocol !== undefined && includes(protocolTraffic(notProtocol), traffic)) return false;
  if (icmp !== undefined && !isIcmp(traffic, icmp)) return false;
  return notIcmp === undefined || !isIcmp(traffic, notIcmp);
}

function isIcmp(traffic: number, { type, code }: CalicoIcmp): boolean {
  return (['ICMP', 'ICMPv6'] as const).some((protocol) =>
    includes(type === undefined ? protocolTraffic(protocol) : icmpTraffic(protocol, type, code), traffic),
  );
}

/** Felix writes a rule down for each family; one that has networks of the other family only is left out. */
function isRendered(question: Question, { ipVersion, source, destination }: CalicoRule): boolean {
  const { family } = addressOf(question, 'to');
  if (ipVersion !== undefined && ipVersion !== family) return false;
  const lists = [source.nets, source.notNets, destination.nets, destination.notNets];
  return lists.every((nets) => nets.length === 0 || nets.some((net) => net.family === family));
}

function entityMatches(question: Question, placed: PlacedRule, side: Side): boolean {
  const entity = placed.rule[side === 'from' ? 'source' : 'destination'];
  return (
    netsMatch(question, entity, side) &&
    isSelected(question, placed, side) &&
    isBackendOf(question, placed, side) &&
    portsMatch(question, placed, side)
  );
}

function netsMatch(question: Question, { nets, notNets }: CalicoEntity, side: Side): boolean {
  const isIn = (net: Cidr) => isInRange(addressOf(question, side), net);
  return (nets.length === 0 || nets.some(isIn)) && !notNets.some(isIn);
}

function isBackendOf(question: Question, { rule, namespace }: PlacedRule, side: Side): boolean {
  const service = (side === 'from' ? rule.source : rule.destination).service;
  if (service === undefined) return true;
  return isBackend(question, { name: service.name, namespace: service.namespace || namespace, side });
}

// ---------------------------------------------------------------- selectors

/**
 * The positive conditions are one selector, of which any owner of the address must meet all. The negative one is part of
 * it; alone, it is met by every address that no owner of which meets what it forbids.
 */
function isSelected(question: Question, placed: PlacedRule, side: Side): boolean {
  const entity = placed.rule[side === 'from' ? 'source' : 'destination'];
  const owners = ownersOf(question, side);
  if (isScoped(entity, placed.namespace)) return owners.some((owner) => meets(entity, placed.namespace, owner));
  return !owners.some((owner) => forbids(entity, owner));
}

/** Whether only what Calico knows can match. In a policy of a namespace already a negative selector makes it so. */
function isScoped(entity: CalicoEntity, namespace: string): boolean {
  const { selector, namespaceSelector, serviceAccounts, notSelector } = entity;
  if (selector !== undefined || namespaceSelector !== undefined || hasAccounts(serviceAccounts)) return true;
  return namespace !== '' && notSelector !== undefined;
}

function hasAccounts(accounts: CalicoEntity['serviceAccounts']): boolean {
  return accounts !== undefined && (accounts.names.length > 0 || accounts.selector !== undefined);
}

function meets(entity: CalicoEntity, namespace: string, owner: Owner): boolean {
  const { selector, namespaceSelector } = entity;
  const inNamespace = owner.labelOf(NAMESPACE) !== undefined;
  if (namespaceSelector !== undefined) {
    const selected = { labelOf: namespaceLabelOf(owner.labelOf), all: inNamespace, global: !inNamespace };
    if (!holds(namespaceSelector.node, selected)) return false;
  } else if (namespace !== '' && owner.labelOf(NAMESPACE) !== namespace) return false;
  if (selector !== undefined && !holds(selector.node, { labelOf: owner.labelOf, all: true, global: true }))
    return false;
  return accountMatches(entity.serviceAccounts, owner) && !forbids(entity, owner);
}

/** One of the names, and the selector. */
function accountMatches(accounts: CalicoEntity['serviceAccounts'], { labelOf }: Owner): boolean {
  if (accounts === undefined) return true;
  const { names, selector } = accounts;
  if (names.length > 0 && !names.some((name) => name === labelOf(ACCOUNT))) return false;
  return selector === undefined || holds(selector.node, { labelOf: accountLabelOf(labelOf), all: true, global: true });
}

function forbids({ notSelector }: CalicoEntity, { labelOf }: Owner): boolean {
  return notSelector !== undefined && holds(notSelector.node, { labelOf, all: true, global: true });
}

// ---------------------------------------------------------------- ports

function portsMatch(question: Question, placed: PlacedRule, side: Side): boolean {
  const { ports, notPorts } = placed.rule[side === 'from' ? 'source' : 'destination'];
  const isOne = (port: CalicoPort) =>
    side === 'to' ? isDestinationPort(question, placed, port) : isSourcePort(question, port);
  return (ports.length === 0 || ports.some(isOne)) && !notPorts.some(isOne);
}

/** A name is that of the destination pod itself, which must meet the rule's selector by its own labels. */
function isDestinationPort(question: Question, { rule, namespace }: PlacedRule, port: CalicoPort): boolean {
  if (!('name' in port)) return isNumber(question, port);
  const { to } = question.connection;
  if (!isNetworkedPod(to)) return false;
  const owner = ownersOf(question, 'to').find(({ pod }) => pod !== undefined);
  const isMeant =
    !isScoped(rule.destination, namespace) || (owner !== undefined && meets(rule.destination, namespace, owner));
  return isMeant && namedPorts(question, to, port.name).some(({ protocol }) => protocol === protocolOfNames(rule));
}

/** Without a protocol of ports in the rule a name stands for TCP. */
function protocolOfNames({ protocol }: CalicoRule): PortProtocol {
  if (protocol === undefined) return 'TCP';
  return isPortProtocol(protocol) ? protocol : (PROTOCOL_NUMBERS[protocol] ?? 'TCP');
}

const PROTOCOL_NUMBERS: Readonly<Record<string, PortProtocol>> = { '6': 'TCP', '17': 'UDP', '132': 'SCTP' };

function isNumber(question: Question, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return (['TCP', 'UDP', 'SCTP'] as const).some((protocol) => isToPort(question, protocol, [Math.max(from, 1), to]));
}

/** A connection has one port that it comes from, and which is not known. A name may stand for any. */
function isSourcePort(question: Question, port: CalicoPort): boolean {
  if (!hasPorts(question)) return false;
  if ('name' in port) return isPerhaps(question, `the connection comes from port ${port.name}`);
  const bounds = [1, ...sourcePortBounds(question.snapshot)].filter((number) => number >= 1 && number <= 65535);
  const own = question.world.choose('the port that the connection comes from', [...new Set(bounds)]);
  return own >= port.from && own <= port.to;
}
