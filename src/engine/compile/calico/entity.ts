import type { AddressRange, Cidr } from '#base/address.ts';
import { difference, isEmpty } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { CalicoEntity, CalicoHostEndpoint, CalicoPolicy, CalicoSelectorNode } from '#model/calico.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import { backendsOf } from '../backends.ts';
import { meetSpans, outsideOf } from '../span-sets.ts';
import type { Calico } from './context.ts';
import { hostPoints, matchesHost } from './hosts.ts';
import { IN_A_NAMESPACE, inNamespace, prefixed, selects, withAccount } from './labels.ts';

/** Whom an entity of a rule means; undefined where it does not restrict. */
export function pointsOfEntity(calico: Calico, entity: CalicoEntity, policy: CalicoPolicy): PointSpan | undefined {
  const parts: PointSpan[] = [];
  const expression = expressionOf(entity, policy);
  if (expression !== undefined) parts.push(owners(calico, expression));
  if (entity.notSelector !== undefined)
    parts.push(outsideOf(calico.world.everything, owners(calico, entity.notSelector.node)));
  if (entity.nets.length > 0) parts.push(covered(calico, entity.nets));
  if (entity.notNets.length > 0) parts.push(outsideOf(calico.world.everything, covered(calico, entity.notNets)));
  if (entity.service !== undefined) parts.push(behind(calico, entity.service));
  return parts.length === 0 ? undefined : parts.reduce(meetSpans);
}

/**
 * The scope of a rule's selectors (docs "EntityRule", felix/rules): in a namespaced policy any of selector, notSelector
 * and serviceAccounts means the own namespace unless namespaceSelector says otherwise; `all()` there is every namespace,
 * `global()` what has none.
 */
function expressionOf(entity: CalicoEntity, policy: CalicoPolicy): CalicoSelectorNode | undefined {
  const { selector, notSelector, namespaceSelector, serviceAccounts } = entity;
  const parts: CalicoSelectorNode[] = [];
  if (namespaceSelector !== undefined) parts.push(namespaces(namespaceSelector.node));
  else if (policy.namespace !== '' && (selector ?? notSelector ?? serviceAccounts) !== undefined)
    parts.push(inNamespace(policy.namespace));
  if (selector !== undefined) parts.push(selector.node);
  if (serviceAccounts !== undefined && serviceAccounts.names.length > 0) parts.push(withAccount(serviceAccounts.names));
  if (serviceAccounts?.selector !== undefined) parts.push(prefixed(serviceAccounts.selector.node, 'pcsa.'));
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : { kind: 'and', parts };
}

function namespaces(node: CalicoSelectorNode): CalicoSelectorNode {
  if (node.kind === 'all') return IN_A_NAMESPACE;
  if (node.kind === 'global') return { kind: 'not', inner: IN_A_NAMESPACE };
  return prefixed(node, 'pcns.');
}

/** Everything whose address is owned by an endpoint or a network set with such labels. */
function owners(calico: Calico, node: CalicoSelectorNode): PointSpan {
  return remembered(calico.answers, JSON.stringify(node), () => {
    const { sure, maybe } = calico.index.select(node);
    const doubts = sure === maybe ? [] : [{ reason: 'labels-unknown' as const, points: difference(maybe, sure) }];
    const pods: PointSpan = { must: sure, may: maybe, doubts };
    const sets = calico.sets.filter(({ labels }) => selects(node, labels)).flatMap(({ set }) => set.nets);
    const hosts = calico.hosts.filter((host) => matchesHost(node, host));
    return unionOf([
      pods,
      ...(sets.length > 0 ? [covered(calico, sets)] : []),
      ...hosts.map((host) => addressesOf(calico, host)),
    ]);
  });
}

/** A rule finds a host endpoint by its expected addresses only. */
function addressesOf(calico: Calico, host: CalicoHostEndpoint): PointSpan {
  return host.expectedIps.length > 0 ? covered(calico, host.expectedIps) : hostPoints(calico, host);
}

function covered({ compiling }: Calico, nets: readonly Cidr[]): PointSpan {
  return compiling.networks.coveredByAny(nets.map((cidr) => ({ cidr, except: [] })));
}

function behind(calico: Calico, { namespace, name }: NonNullable<CalicoEntity['service']>): PointSpan {
  const backends = backendsOf(calico.compiling, serviceFacts(calico, `${namespace}/${name}`));
  return backends.length === 0 ? exactly(calico.world.nothing) : unionOf(backends.map(({ points }) => points));
}

export function serviceFacts({ services, slices }: Pick<Calico, 'services' | 'slices'>, key: string) {
  return { service: services.get(key), slices: slices.get(key) ?? [] };
}

/** Every block that rules and sets name. */
export function rangesOfEntity({ nets, notNets }: CalicoEntity): AddressRange[] {
  return [...nets, ...notNets];
}

/** Whom a policy protects: pods, and where it is for the whole cluster host endpoints. */
export function subjectOf(calico: Calico, policy: CalicoPolicy): PointSpan {
  const parts: CalicoSelectorNode[] = [policy.selector.node];
  if (policy.namespace !== '') parts.push(inNamespace(policy.namespace));
  else if (policy.namespaceSelector !== undefined) parts.push(namespaces(policy.namespaceSelector.node));
  if (policy.serviceAccountSelector !== undefined) parts.push(prefixed(policy.serviceAccountSelector.node, 'pcsa.'));
  const node: CalicoSelectorNode = { kind: 'and', parts };
  const { sure, maybe } = calico.index.select(node);
  const pods: PointSpan =
    sure === maybe || isEmpty(difference(maybe, sure))
      ? exactly(sure)
      : { must: sure, may: maybe, doubts: [{ reason: 'labels-unknown' }] };
  if (policy.namespace !== '') return pods;
  const hosts = calico.hosts.filter((host) => matchesHost(node, host)).map((host) => hostPoints(calico, host));
  return hosts.length === 0 ? pods : { ...unionOf([pods, ...hosts]) };
}

/** Host endpoints alone: what untracked and pre-DNAT policy is for. */
export function hostSubjectOf(calico: Calico, policy: CalicoPolicy): PointSpan {
  const hosts = calico.hosts.filter((host) => matchesHost(policy.selector.node, host));
  return hosts.length === 0 ? exactly(calico.world.nothing) : unionOf(hosts.map((host) => hostPoints(calico, host)));
}
