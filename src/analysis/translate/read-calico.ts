import { type Cidr, cidrOf, isWithin } from '#base/address.ts';
import { familiesOf } from '#engine/compile/calico/families.ts';
import type { CalicoEntity, CalicoPolicy, CalicoPort, CalicoRule, CalicoSelector } from '#model/calico.ts';
import type { Direction } from '#model/resource.ts';
import { isPortProtocol } from '#model/traffic.ts';
import { type Alternatives, type Asked, alternativesOf, both } from './calico-selector.ts';
import {
  type Objecting,
  object,
  type PlainPeer,
  type PlainPods,
  type PlainPort,
  type PlainRule,
  type Reading,
  type Spot,
} from './plain.ts';

/** A policy of Calico: of the tier `default`, about pods, their labels and addresses. */
export function readCalico(policy: CalicoPolicy): Reading {
  const to: Objecting = { objections: [], origin: policy.origin };
  const spot = (key: string): Spot => ({ path: `spec.${key}`, origin: policy.origin });
  for (const gap of policy.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  if (policy.tier !== 'default') object(to, spot('tier'), ['priority', `it stands in tier \`${policy.tier}\``]);
  for (const key of ['preDnat', 'doNotTrack', 'applyOnForward'] as const)
    if (policy[key]) object(to, spot(key === 'preDnat' ? 'preDNAT' : key), ['host', 'it is for host endpoints']);
  if (policy.serviceAccountSelector !== undefined)
    object(to, spot('serviceAccountSelector'), ['service-account', 'it selects pods by their service accounts']);
  const subject = subjectOf(to, policy, spot);
  const rules = policy.types.flatMap((direction) =>
    policy[direction].flatMap((rule) => rulesOf(to, rule, { policy, direction })),
  );
  const { namespace, name, types } = policy;
  const logs = [...policy.ingress, ...policy.egress].some(({ action }) => action === 'log');
  const notes = logs ? ['rules that only write to the log are left out: they decide nothing'] : [];
  const policies = [{ source: policy, namespace, name, subject, isolates: types, rules, notes }];
  return { policies, objections: to.objections };
}

function subjectOf(
  to: Objecting,
  { selector, namespaceSelector, namespace }: CalicoPolicy,
  spot: (key: string) => Spot,
): PlainPods {
  const own = only(to, spot('selector'), alternativesOf(selector, 'pods'));
  const space =
    namespaceSelector === undefined
      ? NOTHING
      : only(to, spot('namespaceSelector'), alternativesOf(namespaceSelector, 'namespaces'));
  const asked = both(own, space);
  if (namespace === '') return { pods: asked.pods, namespaces: asked.namespaces };
  if (own.namespaces.length > 0)
    object(to, spot('selector'), ['selector', `\`${selector.text}\` asks for labels of the own namespace`]);
  return { pods: asked.pods };
}

const NOTHING: Asked = { pods: [], namespaces: [] };

/** A subject has no alternatives. */
function only(to: Objecting, spot: Spot, found: Alternatives): Asked {
  if ('reason' in found) {
    object(to, spot, [found.reason, found.why]);
    return NOTHING;
  }
  if (found.length !== 1) object(to, spot, ['selector', 'it has alternatives, or is met by nothing']);
  return found[0] ?? NOTHING;
}

interface Place {
  readonly policy: CalicoPolicy;
  readonly direction: Direction;
}

function rulesOf(to: Objecting, rule: CalicoRule, place: Place): PlainRule[] {
  const { action, path, origin } = rule;
  if (action === 'log') return [];
  for (const gap of rule.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  const { direction } = place;
  const far = direction === 'ingress' ? 'source' : 'destination';
  const near = direction === 'ingress' ? 'destination' : 'source';
  checkNear(to, rule, near);
  checkSource(to, rule);
  checkTraffic(to, rule);
  const peers = peersOf(to, rule, { ...place, far });
  const ports = portsOf(to, rule);
  if (ports?.length === 0) return [];
  return [{ direction, action, peers, ...(ports !== undefined && { ports }), path, origin }];
}

/** What narrows whom the rule protects, beside the selector of the policy. Ports of the destination are no such thing. */
function checkNear(to: Objecting, rule: CalicoRule, near: 'source' | 'destination'): void {
  const { nets, notNets, selector, notSelector, namespaceSelector, serviceAccounts } = rule[near];
  const narrows =
    nets.length + notNets.length > 0 || (selector ?? notSelector ?? namespaceSelector ?? serviceAccounts) !== undefined;
  if (narrows) object(to, below(rule, near), ['near-end', `\`${near}\` narrows the end that the policy protects`]);
}

function checkSource(to: Objecting, rule: CalicoRule): void {
  const { ports, notPorts } = rule.source;
  if (ports.length + notPorts.length > 0)
    object(to, below(rule, 'source.ports'), ['source-ports', 'it limits the port of the sender']);
}

function checkTraffic(to: Objecting, rule: CalicoRule): void {
  if (rule.http) object(to, below(rule, 'http'), ['request', 'it looks into requests']);
  if (rule.icmp !== undefined) object(to, below(rule, 'icmp'), ['protocol', 'it names types of ICMP']);
  if (rule.notIcmp !== undefined) object(to, below(rule, 'notICMP'), ['protocol', 'it names types of ICMP']);
  if (rule.notProtocol !== undefined)
    object(to, below(rule, 'notProtocol'), ['protocol', `every protocol but ${rule.notProtocol} has no name`]);
  if (rule.protocol !== undefined && !isPortProtocol(rule.protocol))
    object(to, below(rule, 'protocol'), ['protocol', `protocol ${rule.protocol} is none of TCP, UDP and SCTP`]);
}

function below({ path, origin }: CalicoRule, key: string): Spot {
  return { path: `${path}.${key}`, origin };
}

// ---------------------------------------------------------------- ports

/** None left: a rule for no port. */
function portsOf(to: Objecting, rule: CalicoRule): PlainPort[] | undefined {
  const { protocol, destination } = rule;
  if (protocol !== undefined && !isPortProtocol(protocol)) return undefined;
  const named = protocol ?? 'any';
  if (destination.notPorts.length > 0) return protocol === undefined ? [] : leftBy(to, rule, protocol);
  if (destination.ports.length === 0) return protocol === undefined ? undefined : [{ protocol }];
  return destination.ports.flatMap((port): PlainPort[] => {
    if ('name' in port) return [{ protocol: named, name: port.name }];
    return protocol === undefined ? [] : [{ protocol, from: port.from, to: port.to }];
  });
}

/** Ports that `notPorts` leaves, of those that `ports` names where it names any. */
function leftBy(to: Objecting, rule: CalicoRule, protocol: 'TCP' | 'UDP' | 'SCTP'): PlainPort[] {
  const { ports, notPorts } = rule.destination;
  const numbers = (list: readonly CalicoPort[]) => list.flatMap((port) => ('name' in port ? [] : [port]));
  if (numbers(notPorts).length < notPorts.length || numbers(ports).length < ports.length) {
    object(to, below(rule, 'destination.notPorts'), ['ports', 'every port but one that has a name cannot be listed']);
    return [];
  }
  let left = ports.length === 0 ? [{ from: 1, to: 65535 }] : numbers(ports);
  for (const hole of numbers(notPorts)) {
    left = left.flatMap(({ from, to: end }) => [
      ...(from < hole.from ? [{ from, to: Math.min(end, hole.from - 1) }] : []),
      ...(end > hole.to ? [{ from: Math.max(from, hole.to + 1), to: end }] : []),
    ]);
  }
  return left.map((range) => ({ protocol, ...range }));
}

// ---------------------------------------------------------------- peers

interface Far extends Place {
  readonly far: 'source' | 'destination';
}

function peersOf(to: Objecting, rule: CalicoRule, { policy, far }: Far): PlainPeer[] {
  const entity = rule[far];
  if (entity.service !== undefined) object(to, below(rule, `${far}.services`), ['service', 'it names a Service']);
  if (entity.serviceAccounts !== undefined)
    object(to, below(rule, `${far}.serviceAccounts`), ['service-account', 'it names service accounts']);
  const hasNets = entity.nets.length + entity.notNets.length > 0;
  const hasLabels = (entity.selector ?? entity.notSelector ?? entity.namespaceSelector) !== undefined;
  if (hasNets && hasLabels) {
    object(to, below(rule, far), ['peers', 'it asks for labels and addresses of one peer at once']);
    return [];
  }
  if (hasLabels) {
    if (rule.ipVersion !== undefined)
      object(to, below(rule, 'ipVersion'), ['peers', 'it asks for labels and an address family at once']);
    return podsOf(to, entity, { spot: below(rule, far), isNamespaced: policy.namespace !== '' });
  }
  if (hasNets || rule.ipVersion !== undefined) return blocksOf(rule, entity);
  return [{ kind: 'everybody' }];
}

interface LabelPlace {
  readonly spot: Spot;
  readonly isNamespaced: boolean;
}

function podsOf(to: Objecting, entity: CalicoEntity, { spot, isNamespaced }: LabelPlace): PlainPeer[] {
  const { selector, notSelector, namespaceSelector } = entity;
  if (!isNamespaced && selector === undefined && namespaceSelector === undefined) {
    object(to, { ...spot, path: `${spot.path}.notSelector` }, [
      'selector',
      'it means all addresses but those of some pods',
    ]);
    return [];
  }
  const negated: CalicoSelector | undefined = notSelector && {
    ...notSelector,
    node: { kind: 'not', inner: notSelector.node },
  };
  const parts: (readonly [string, Alternatives])[] = [
    ...(selector === undefined ? [] : [['selector', alternativesOf(selector, 'pods')] as const]),
    ...(negated === undefined ? [] : [['notSelector', alternativesOf(negated, 'pods')] as const]),
    ...(namespaceSelector === undefined
      ? []
      : [['namespaceSelector', alternativesOf(namespaceSelector, 'namespaces')] as const]),
  ];
  let all: readonly Asked[] = [NOTHING];
  for (const [key, found] of parts) {
    if ('reason' in found) {
      object(to, { ...spot, path: `${spot.path}.${key}` }, [found.reason, found.why]);
      return [];
    }
    all = all.flatMap((one) => found.map((other) => both(one, other)));
  }
  const isOwn = isNamespaced && namespaceSelector === undefined;
  return all.map((asked) => peerOf(to, asked, { spot, isOwn }));
}

function peerOf(to: Objecting, asked: Asked, { spot, isOwn }: { spot: Spot; isOwn: boolean }): PlainPeer {
  if (!isOwn) return { kind: 'pods', pods: asked.pods, namespaces: asked.namespaces };
  if (asked.namespaces.length > 0) object(to, spot, ['selector', 'it asks for labels of the own namespace']);
  return { kind: 'pods', pods: asked.pods };
}

/** Without `nets`, all addresses but those of `notNets`, of the families in which the rule counts at all. */
function blocksOf(rule: CalicoRule, { nets, notNets }: CalicoEntity): PlainPeer[] {
  const families = familiesOf(rule);
  const whole = families.map((family): Cidr => cidrOf({ family, value: 0n }, 0));
  const blocks = nets.length > 0 ? nets.filter(({ family }) => families.includes(family)) : whole;
  return blocks
    .filter((block) => !notNets.some((hole) => isWithin(block, hole)))
    .map((cidr): PlainPeer => ({ kind: 'block', cidr, except: notNets.filter((hole) => isWithin(hole, cidr)) }));
}
