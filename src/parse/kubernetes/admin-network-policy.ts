import type { ClusterPolicy, ClusterPolicyPort, ClusterPolicyRule, Direction } from '#model/resource.ts';
import { PORT_PROTOCOLS } from '#model/traffic.ts';
import { policyGaps, readClusterPeer, readSubject } from './cluster-peer.ts';
import { checkDomainNames, checkNamedPorts, type RuleShape } from './cluster-rule.ts';
import { quote } from './draft.ts';
import { exactlyOne } from './exactly-one.ts';
import { isUnread } from './gaps.ts';
import type { Meta } from './meta.ts';
import type { Reader } from './reader.ts';
import { requiredPort } from './values.ts';

const ACTIONS = { Allow: 'allow', Deny: 'deny', Pass: 'pass' } as const;
/** v1alpha1 allows 100 rules, peers and ports where v1alpha2 allows 25. */
const MOST = 100;
const NAMED_PORTS: RuleShape = { ports: 'ports', named: 'namedPort', accept: 'Allow' };

/** `policy.networking.k8s.io/v1alpha1` AdminNetworkPolicy. */
export function readAdminNetworkPolicy(object: Reader, meta: Meta): ClusterPolicy {
  const spec = object.requiredChild('spec');
  if (!spec.has('priority')) spec.missing('priority');
  const priority = spec.integerWithin('priority', 0, 1000) ?? 0;
  const actions = ['Allow', 'Deny', 'Pass'] as const;
  return { ...meta, kind: 'AdminNetworkPolicy', tier: 'Admin', priority, ...readBody(object, spec, actions) };
}

/** `policy.networking.k8s.io/v1alpha1` BaselineAdminNetworkPolicy: one per cluster, by name. */
export function readBaselineAdminNetworkPolicy(object: Reader, meta: Meta): ClusterPolicy {
  const spec = object.requiredChild('spec');
  if (meta.name !== 'default') {
    object.childOrEmpty('metadata').refuse('RF2004', 'name', `is ${quote(meta.name)}; must be \`default\``);
  }
  const actions = ['Allow', 'Deny'] as const;
  return {
    ...meta,
    kind: 'BaselineAdminNetworkPolicy',
    tier: 'Baseline',
    priority: 0,
    ...readBody(object, spec, actions),
  };
}

type Actions = readonly (keyof typeof ACTIONS)[];
type Body = Pick<ClusterPolicy, 'subject' | 'ingress' | 'egress' | 'gaps'>;

function readBody(object: Reader, spec: Reader, actions: Actions): Body {
  return {
    subject: readSubject(spec),
    ingress: readRules(spec, 'ingress', actions),
    egress: readRules(spec, 'egress', actions),
    gaps: policyGaps(object, spec),
  };
}

function readRules(spec: Reader, direction: Direction, actions: Actions): ClusterPolicyRule[] {
  spec.bounded(direction, 0, MOST);
  return spec.children(direction).map((rule) => readRule(rule, direction, actions));
}

function readRule(rule: Reader, direction: Direction, actions: Actions): ClusterPolicyRule {
  const peersKey = direction === 'ingress' ? 'from' : 'to';
  const name = rule.text('name');
  if (name !== undefined && name.length > 100) rule.refuse('RF2004', 'name', 'must be at most 100 characters');
  if (!rule.has('action')) rule.missing('action');
  if (!rule.has(peersKey)) rule.missing(peersKey);
  rule.bounded(peersKey, 1, MOST);
  rule.bounded('ports', 1, MOST);
  checkNamedPorts(rule, NAMED_PORTS);
  checkDomainNames(rule, NAMED_PORTS);
  const ports = rule.children('ports').flatMap(readPorts);
  const gaps = rule.unread(peersKey);
  return {
    ...(name !== undefined && { name }),
    action: ACTIONS[rule.choice('action', actions) ?? 'Deny'],
    peers: rule.children(peersKey).map((peer) => readClusterPeer(peer, direction)),
    protocols: isUnread(rule, 'ports', gaps) ? [] : ports,
    path: rule.path,
    origin: rule.origin,
    gaps,
  };
}

const PORT_FIELDS = ['portNumber', 'portRange', 'namedPort'] as const;

/** None where the entry was refused, or where its fields are unknown, which is a gap of the rule. */
function readPorts(reader: Reader): ClusterPolicyPort[] {
  const field = exactlyOne(reader, PORT_FIELDS);
  if (field === undefined) return [];
  const place = { path: reader.path, origin: reader.origin };
  if (field === 'namedPort') return [{ kind: 'named', name: reader.text(field) ?? '', ...place }];
  const inner = reader.childOrEmpty(field);
  // v1alpha1 defaults the protocol to TCP; v1alpha2 has no default. Nor does v1alpha1 check that start comes before end.
  const protocol = inner.choice('protocol', PORT_PROTOCOLS) ?? 'TCP';
  const from = requiredPort(inner, field === 'portNumber' ? 'port' : 'start');
  const to = field === 'portNumber' ? from : requiredPort(inner, 'end');
  return [{ kind: 'range', protocol, from, to, ...place }];
}
