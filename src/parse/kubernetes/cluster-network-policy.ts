import type { ClusterPolicy, ClusterPolicyPort, ClusterPolicyRule, Direction } from '#model/resource.ts';
import type { PortProtocol } from '#model/traffic.ts';
import { policyGaps, readClusterPeer, readSubject } from './cluster-peer.ts';
import { checkDomainNames, checkNamedPorts, type RuleShape } from './cluster-rule.ts';
import { exactlyOne } from './exactly-one.ts';
import { isUnread } from './gaps.ts';
import type { Meta } from './meta.ts';
import type { Reader } from './reader.ts';
import { requiredPort } from './values.ts';

const ACTIONS = { Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const;
const MOST = 25;
const NAMED_PORTS: RuleShape = { ports: 'protocols', named: 'destinationNamedPort', accept: 'Accept' };

/** `policy.networking.k8s.io/v1alpha2` ClusterNetworkPolicy. */
export function readClusterNetworkPolicy(object: Reader, meta: Meta): ClusterPolicy {
  const spec = object.requiredChild('spec');
  for (const key of ['tier', 'priority']) if (!spec.has(key)) spec.missing(key);
  return {
    ...meta,
    kind: 'ClusterNetworkPolicy',
    tier: spec.choice('tier', ['Admin', 'Baseline']) ?? 'Admin',
    priority: spec.integerWithin('priority', 0, 1000) ?? 0,
    subject: readSubject(spec),
    ingress: readRules(spec, 'ingress'),
    egress: readRules(spec, 'egress'),
    gaps: policyGaps(object, spec),
  };
}

function readRules(spec: Reader, direction: Direction): ClusterPolicyRule[] {
  spec.bounded(direction, 0, MOST);
  return spec.children(direction).map((rule) => readRule(rule, direction));
}

function readRule(rule: Reader, direction: Direction): ClusterPolicyRule {
  const peersKey = direction === 'ingress' ? 'from' : 'to';
  const name = rule.text('name');
  if (name !== undefined && name.length > 100) rule.refuse('RF2004', 'name', 'must be at most 100 characters');
  if (!rule.has('action')) rule.missing('action');
  if (!rule.has(peersKey)) rule.missing(peersKey);
  rule.bounded(peersKey, 1, MOST);
  rule.bounded('protocols', 1, MOST);
  checkNamedPorts(rule, NAMED_PORTS);
  checkDomainNames(rule, NAMED_PORTS);
  const protocols = rule.children('protocols').flatMap(readProtocols);
  const gaps = rule.unread(peersKey);
  return {
    ...(name !== undefined && { name }),
    action: ACTIONS[rule.choice('action', ['Accept', 'Deny', 'Pass']) ?? 'Deny'],
    peers: rule.children(peersKey).map((peer) => readClusterPeer(peer, direction)),
    protocols: isUnread(rule, 'protocols', gaps) ? [] : protocols,
    path: rule.path,
    origin: rule.origin,
    gaps,
  };
}

const BY_FIELD: Readonly<Record<'tcp' | 'udp' | 'sctp', PortProtocol>> = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' };
const PROTOCOL_FIELDS = ['tcp', 'udp', 'sctp', 'destinationNamedPort'] as const;

/** None where the entry was refused, or where its fields are unknown, which is a gap of the rule. */
function readProtocols(reader: Reader): ClusterPolicyPort[] {
  const field = exactlyOne(reader, PROTOCOL_FIELDS);
  if (field === undefined) return [];
  const place = { path: reader.path, origin: reader.origin };
  if (field === 'destinationNamedPort') return [{ kind: 'named', name: reader.text(field) ?? '', ...place }];
  const range = readDestinationPort(reader.childOrEmpty(field));
  return range === undefined ? [] : [{ kind: 'range', protocol: BY_FIELD[field], ...range, ...place }];
}

/** The schema wants at least one field here: "every port" has to be written as the range 1 to 65535. */
function readDestinationPort(protocol: Reader): { from: number; to: number } | undefined {
  if (exactlyOne(protocol, ['destinationPort']) === undefined) return undefined;
  const port = protocol.childOrEmpty('destinationPort');
  const field = exactlyOne(port, ['number', 'range']);
  if (field === 'number') {
    const number = requiredPort(port, field);
    return { from: number, to: number };
  }
  if (field === undefined) return undefined;
  const range = port.childOrEmpty(field);
  const from = requiredPort(range, 'start');
  const to = requiredPort(range, 'end');
  if (from > 0 && to > 0 && from >= to)
    range.refuse('RF2008', 'end', `is ${to}; must be larger than \`start\` ${from}`);
  return { from, to };
}
