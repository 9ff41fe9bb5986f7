import { type Cidr, isWithin, mergeRanges, subtractRanges } from '#base/address.ts';
import { covers, unite } from '#base/intervals.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type {
  ClusterPolicy,
  ClusterPolicyPort,
  ClusterPolicyRule,
  LabelRequirement,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPort,
  NetworkPolicyRule,
  PodPeer,
} from '#model/resource.ts';
import { NO_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet } from '#model/traffic.ts';

/** A rule as it is written, with the policy that holds it. */
export type Written =
  | { readonly kind: 'network'; readonly policy: NetworkPolicy; readonly rule: NetworkPolicyRule }
  | { readonly kind: 'cluster'; readonly policy: ClusterPolicy; readonly rule: ClusterPolicyRule };

/**
 * Whether others cover a rule by what they say alone, so that it holds for pods that are not in the input too. Sound,
 * not complete: each peer with each port must lie within one other rule of a policy that selects at least as many pods.
 * Rules of another API are left aside: who is a pod (host-network pods, above all) is not the same to both.
 */
export function isCoveredAsWritten(written: Written, others: readonly Written[]): boolean {
  if (written.rule.gaps.length > 0 || written.policy.gaps.length > 0) return false;
  const able = others.filter(
    (other) =>
      other.kind === written.kind &&
      other.rule.gaps.length === 0 &&
      other.policy.gaps.length === 0 &&
      selectsAtLeast(other, written),
  );
  const asks = claimsOf(written);
  if (asks === undefined) return false;
  const offers = able.flatMap((other) => claimsOf(other) ?? []);
  return asks.every((ask) => offers.some((offer) => isWithinClaim(ask, offer)));
}

/** Whether every object with labels that meet `a` meets `b`. Sound, not complete. */
export function implies(a: LabelSelector, b: LabelSelector): boolean {
  return b.requirements.every((wanted) =>
    a.requirements.some((given) => given.key === wanted.key && meets(given, wanted)),
  );
}

function meets(given: LabelRequirement, wanted: LabelRequirement): boolean {
  const allIn = given.values.every((value) => wanted.values.includes(value));
  switch (wanted.operator) {
    case 'In':
      return given.operator === 'In' && allIn;
    case 'Exists':
      return given.operator === 'In' || given.operator === 'Exists';
    case 'DoesNotExist':
      return given.operator === 'DoesNotExist';
    case 'NotIn':
      if (given.operator === 'In') return !given.values.some((value) => wanted.values.includes(value));
      if (given.operator === 'NotIn') return wanted.values.every((value) => given.values.includes(value));
      return given.operator === 'DoesNotExist';
  }
}

// ---------------------------------------------------------------- claims

/** Pods by namespace and label; `anyone` is everybody, pods or not. */
type Who =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'pods'; readonly namespaces: LabelSelector; readonly pods: LabelSelector }
  | { readonly kind: 'block'; readonly cidr: Cidr; readonly except: readonly Cidr[] }
  | { readonly kind: 'nodes'; readonly selector: LabelSelector };

/** `ports` undefined: all traffic. Names hold for whatever number they have. */
interface Claim {
  readonly who: Who;
  readonly ports: TrafficSet | undefined;
  readonly names: readonly string[];
}

function selectsAtLeast(wide: Written, narrow: Written): boolean {
  const a = subjectOf(narrow);
  const b = subjectOf(wide);
  return implies(a.namespaces, b.namespaces) && implies(a.pods, b.pods);
}

function subjectOf({ kind, policy }: Written): { readonly namespaces: LabelSelector; readonly pods: LabelSelector } {
  if (kind === 'network') return { namespaces: named(policy), pods: policy.podSelector };
  return {
    namespaces: policy.subject.namespaceSelector,
    pods: policy.subject.podSelector ?? anyOf(policy.subject.namespaceSelector),
  };
}

function anyOf({ origin }: LabelSelector): LabelSelector {
  return { requirements: [], origin };
}

function named({ namespace, origin }: NetworkPolicy): LabelSelector {
  return { requirements: [{ key: NAMESPACE_NAME_LABEL, operator: 'In', values: [namespace] }], origin };
}

/** One claim for each peer; undefined where a peer is not known or not settled by what is written. */
function claimsOf(written: Written): Claim[] | undefined {
  const ports = portsOf(written);
  const whos = written.kind === 'network' ? networkWhos(written.policy, written.rule) : clusterWhos(written.rule);
  return whos?.map((who) => ({ who, ...ports }));
}

function networkWhos(policy: NetworkPolicy, { peers }: NetworkPolicyRule): Who[] | undefined {
  if (peers.length === 0) return [{ kind: 'anyone' }];
  const whos: Who[] = [];
  for (const peer of peers) {
    if (peer.kind === 'unread') return undefined;
    whos.push(
      peer.kind === 'ipBlock' ? { kind: 'block', cidr: peer.cidr, except: peer.except } : podsWho(policy, peer),
    );
  }
  return whos;
}

function podsWho(policy: NetworkPolicy, { podSelector, namespaceSelector }: PodPeer): Who {
  return {
    kind: 'pods',
    namespaces: namespaceSelector ?? named(policy),
    pods: podSelector ?? anyOf(policy.podSelector),
  };
}

function clusterWhos({ peers }: ClusterPolicyRule): Who[] | undefined {
  const whos: Who[] = [];
  for (const peer of peers) {
    if (peer.kind === 'unread' || peer.kind === 'domains') return undefined;
    if (peer.kind === 'nodes') whos.push({ kind: 'nodes', selector: peer.selector });
    else if (peer.kind === 'networks')
      whos.push(...peer.cidrs.map((cidr): Who => ({ kind: 'block', cidr, except: [] })));
    else
      whos.push({
        kind: 'pods',
        namespaces: peer.namespaceSelector,
        pods: peer.podSelector ?? anyOf(peer.namespaceSelector),
      });
  }
  return whos;
}

function portsOf({ kind, rule }: Written): Pick<Claim, 'ports' | 'names'> {
  const list: readonly (NetworkPolicyPort | ClusterPolicyPort)[] = kind === 'network' ? rule.ports : rule.protocols;
  if (list.length === 0) return { ports: undefined, names: [] };
  let ports = NO_TRAFFIC;
  const names: string[] = [];
  for (const port of list) {
    const name = nameOf(port);
    if (name === undefined) ports = unite(ports, numbersOf(port));
    else names.push(name);
  }
  return { ports, names };
}

function nameOf(port: NetworkPolicyPort | ClusterPolicyPort): string | undefined {
  if ('kind' in port) return port.kind === 'named' ? `* ${port.name}` : undefined;
  return typeof port.port === 'string' ? `${port.protocol} ${port.port}` : undefined;
}

function numbersOf(port: NetworkPolicyPort | ClusterPolicyPort): TrafficSet {
  if ('kind' in port) return port.kind === 'range' ? portTraffic(port.protocol, port.from, port.to) : NO_TRAFFIC;
  if (typeof port.port !== 'number') return port.port === undefined ? protocolTraffic(port.protocol) : NO_TRAFFIC;
  return portTraffic(port.protocol, port.port, port.endPort ?? port.port);
}

function isWithinClaim(ask: Claim, offer: Claim): boolean {
  return isWithinWho(ask.who, offer.who) && isWithinPorts(ask, offer);
}

function isWithinPorts(ask: Claim, offer: Claim): boolean {
  if (offer.ports === undefined) return true;
  if (ask.ports === undefined || !covers(offer.ports, ask.ports)) return false;
  return ask.names.every((name) => offer.names.includes(name));
}

function isWithinWho(ask: Who, offer: Who): boolean {
  if (offer.kind === 'anyone') return true;
  if (ask.kind === 'pods' && offer.kind === 'pods')
    return implies(ask.namespaces, offer.namespaces) && implies(ask.pods, offer.pods);
  if (ask.kind === 'nodes' && offer.kind === 'nodes') return implies(ask.selector, offer.selector);
  return ask.kind === 'block' && offer.kind === 'block' && isWithinBlock(ask, offer);
}

type Block = Extract<Who, { kind: 'block' }>;

function isWithinBlock(ask: Block, offer: Block): boolean {
  if (!isWithin(ask.cidr, offer.cidr)) return false;
  const left = subtractRanges(ask.cidr, mergeRanges(ask.except));
  return left.every((range) =>
    offer.except.every((hole) => hole.family !== range.family || hole.hi < range.lo || hole.lo > range.hi),
  );
}
