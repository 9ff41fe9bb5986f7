import type { AddressRange, Cidr } from '#base/address.ts';
import { type Bits, difference, isEmpty, members } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { CalicoEntity, CalicoPolicy, CalicoSelectorNode } from '#model/calico.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { perhaps, unionOf, within } from '../../spans.ts';
import { type Backend, backendsOf, type ServiceFacts } from '../backends.ts';
import { meetSpans, outsideOf } from '../span-sets.ts';
import type { Calico } from './context.ts';
import {
  aboutAccounts,
  aboutNamespaces,
  allOf,
  IN_A_NAMESPACE,
  inNamespace,
  WITH_AN_ACCOUNT,
  withAccount,
  withAll,
} from './expressions.ts';
import { behindHosts, hostsWhere } from './hosts.ts';

/** One end of a rule: what labels say of it, and what addresses do. What is absent does not restrict. */
export interface EntityParts {
  readonly expression?: CalicoSelectorNode;
  readonly addresses?: PointSpan;
}

export function partsOfEntity(calico: Calico, entity: CalicoEntity, namespace: string): EntityParts {
  const expression = expressionOf(entity, namespace);
  const spans: PointSpan[] = [];
  const everything = calico.world.everything;
  if (entity.notSelector !== undefined && expression === undefined)
    spans.push(outsideOf(everything, owners(calico, entity.notSelector.node)));
  if (entity.nets.length > 0) spans.push(covered(calico, entity.nets));
  if (entity.notNets.length > 0) spans.push(outsideOf(everything, covered(calico, entity.notNets)));
  return {
    ...(expression !== undefined && { expression }),
    ...(spans.length > 0 && { addresses: spans.reduce(meetSpans) }),
  };
}

/** Whom an end means; undefined where it does not restrict. */
export function pointsOf(calico: Calico, { expression, addresses }: EntityParts): PointSpan | undefined {
  const named = expression === undefined ? undefined : owners(calico, expression);
  return named === undefined || addresses === undefined ? (named ?? addresses) : meetSpans(named, addresses);
}

/** Pods of which the own labels meet an expression: whom the name of a port is about. */
export function podsWhere({ index, world }: Calico, expression: CalicoSelectorNode | undefined): PointSpan {
  if (expression === undefined) return exactly(world.pods);
  const { sure, maybe } = index.select(expression);
  return inDoubt(sure, maybe);
}

/**
 * The scope of a rule's selectors (libcalico-go syncersv1/updateprocessors/rules.go): in a namespaced policy any of
 * selector, notSelector and serviceAccounts means the own namespace unless namespaceSelector says otherwise; `all()`
 * there is every namespace, `global()` what has none. A negative selector beside a positive one narrows it, endpoint by
 * endpoint (felix/calc/rule_scanner.go combineMatchesIfPossible).
 */
function expressionOf(entity: CalicoEntity, namespace: string): CalicoSelectorNode | undefined {
  const { selector, notSelector, namespaceSelector, serviceAccounts } = entity;
  const parts: CalicoSelectorNode[] = [];
  if (namespaceSelector !== undefined) parts.push(aboutNamespaces(namespaceSelector.node));
  else if (namespace !== '' && (selector ?? notSelector ?? serviceAccounts) !== undefined)
    parts.push(inNamespace(namespace));
  if (selector !== undefined) parts.push(selector.node);
  if (serviceAccounts !== undefined && serviceAccounts.names.length > 0) parts.push(withAccount(serviceAccounts.names));
  if (serviceAccounts?.selector !== undefined) parts.push(aboutAccounts(serviceAccounts.selector.node));
  if (parts.length === 0) return undefined;
  if (notSelector !== undefined) parts.push({ kind: 'not', inner: notSelector.node });
  return allOf(parts);
}

/** Everything whose address is owned by an endpoint or a network set with such labels. */
function owners(calico: Calico, node: CalicoSelectorNode): PointSpan {
  return remembered(calico.answers, JSON.stringify(node), () => {
    const { sure, maybe } = calico.index.select(node);
    const chosen = calico.setIndex.select(node);
    const sets = netsOf(calico, chosen.sure);
    const open = chosen.sure === chosen.maybe ? [] : netsOf(calico, difference(chosen.maybe, chosen.sure));
    return unionOf([
      inDoubt(sure, maybe),
      ...(sets.length > 0 ? [covered(calico, sets)] : []),
      ...(open.length > 0 ? [perhaps(covered(calico, open).may, 'labels-unknown')] : []),
      ...addressesOfHosts(
        calico,
        hostsWhere(calico, node).flatMap(({ expectedIps }) => expectedIps),
      ),
    ]);
  });
}

function netsOf({ sets }: Calico, chosen: Bits): Cidr[] {
  return [...members(chosen)].flatMap((position) => sets[position]!.nets);
}

/** A rule finds a host endpoint by the addresses that it states, and by nothing else. Pods have addresses of their own. */
export function addressesOfHosts(calico: Calico, stated: readonly Cidr[]): PointSpan[] {
  const { everything, pods } = calico.world;
  return stated.length === 0 ? [] : [within(covered(calico, stated), difference(everything, pods))];
}

function inDoubt(sure: PointSpan['must'], maybe: PointSpan['may']): PointSpan {
  if (sure === maybe) return exactly(sure);
  const points = difference(maybe, sure);
  return isEmpty(points) ? exactly(sure) : { must: sure, may: maybe, doubts: [{ reason: 'labels-unknown', points }] };
}

function covered({ compiling }: Calico, nets: readonly Cidr[]): PointSpan {
  return compiling.networks.coveredByAny(nets.map((cidr) => ({ cidr, except: [] })));
}

/** Where a Service leads; undefined where the input does not say, by endpoints or by a selector. */
export function backendsBehind(
  calico: Calico,
  { namespace, name }: NonNullable<CalicoEntity['service']>,
): readonly Backend[] | undefined {
  const facts = serviceFacts(calico, `${namespace}/${name}`);
  if (facts.slices.length === 0 && facts.service?.selector === undefined) return undefined;
  return backendsOf(calico.compiling, facts);
}

export function serviceFacts({ services, slices }: Pick<Calico, 'services' | 'slices'>, key: string): ServiceFacts {
  return { service: services.get(key), slices: slices.get(key) ?? [] };
}

/** Every block that an end of a rule names. */
export function rangesOfEntity({ nets, notNets }: CalicoEntity): AddressRange[] {
  return [...nets, ...notNets];
}

/** Whom a policy protects: pods, and where it is for the whole cluster host endpoints. */
export function subjectOf(calico: Calico, policy: CalicoPolicy): PointSpan {
  const node = subjectExpression(policy);
  const pods = podsWhere(calico, node);
  if (policy.namespace !== '' || calico.hosts.length === 0) return pods;
  const hosts = hostsWhere(calico, node);
  return hosts.length === 0 ? pods : unionOf([pods, behindHosts(calico, hosts)]);
}

/** Host endpoints alone: what untracked and pre-DNAT policy is for. */
export function hostSubjectOf(calico: Calico, policy: CalicoPolicy): PointSpan {
  const hosts = policy.namespace === '' ? hostsWhere(calico, subjectExpression(policy)) : [];
  return hosts.length === 0 ? exactly(calico.world.nothing) : behindHosts(calico, hosts);
}

/**
 * `all()` beside a selector of namespaces is what has one, beside one of service accounts what runs as one, wherever in
 * the selectors it stands (syncersv1/updateprocessors/globalnetworkpolicyprocessor.go).
 */
function subjectExpression(policy: CalicoPolicy): CalicoSelectorNode {
  const { selector, namespace, namespaceSelector, serviceAccountSelector } = policy;
  let parts: CalicoSelectorNode[] = selector.text.trim() === '' ? [] : [selector.node];
  if (namespaceSelector !== undefined)
    parts = [...parts.map((part) => withAll(part, IN_A_NAMESPACE)), aboutNamespaces(namespaceSelector.node)];
  if (serviceAccountSelector !== undefined)
    parts = [...parts, aboutAccounts(serviceAccountSelector.node)].map((part) => withAll(part, WITH_AN_ACCOUNT));
  if (namespace !== '') parts.push(inNamespace(namespace));
  return parts.length === 0 ? { kind: 'all' } : allOf(parts);
}
