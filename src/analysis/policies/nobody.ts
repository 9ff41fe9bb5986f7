import { mergeRanges, subtractRanges } from '#base/address.ts';
import { isEmpty } from '#base/bits.ts';
import type { Engine } from '#engine/engine.ts';
import { matchesLabels } from '#engine/select.ts';
import type { ClusterPeer, LabelRequirement, LabelSelector, Labels, NetworkPolicyPeer } from '#model/resource.ts';
import { conditionsText, conditionText, witnessOf } from '../exposure/witness.ts';
import { nearestOf } from './nearest.ts';
import { blockText, namespacesText } from './says.ts';

/** Pods by namespace and label: `namespace` where there is no selector for namespaces. */
export interface Wanted {
  readonly namespace: string;
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
}

/** Why a peer can never match, whatever the cluster holds; undefined where it can. */
export function whyNever(peer: NetworkPolicyPeer | ClusterPeer): string | undefined {
  switch (peer.kind) {
    case 'pods':
      return contradictionIn(peer.podSelector) ?? contradictionIn(peer.namespaceSelector);
    case 'nodes':
      return contradictionIn(peer.selector);
    case 'ipBlock':
      if (subtractRanges(peer.cidr, mergeRanges(peer.except)).length > 0) return undefined;
      return `\`except\` leaves nothing of ${blockText(peer.cidr, [])}`;
    case 'networks':
    case 'domains':
    case 'unread':
      return undefined;
  }
}

export function contradictionIn(selector: LabelSelector | undefined): string | undefined {
  if (selector === undefined || witnessOf(selector) !== undefined) return undefined;
  return `no labels meet \`${conditionsText(selector)}\``;
}

/** Whether nobody in the input is such a peer. Addresses and domains always exist. */
export function isNobody({ compiling }: Engine, peer: NetworkPolicyPeer | ClusterPeer, namespace: string): boolean {
  if (peer.kind === 'pods') return isEmpty(compiling.selection.pods({ ...peer, namespace }).may);
  return peer.kind === 'nodes' && compiling.world.nodes.length > 0 && isEmpty(compiling.selection.nodes(peer.selector));
}

/** Why no pod of the input is meant, with the nearest label that would mean one. */
export function whyNobody(engine: Engine, wanted: Wanted): string {
  const namespaces = namespacesMeant(engine, wanted);
  const where = namespacesText(wanted.namespaceSelector, wanted.namespace);
  if (namespaces.length === 0) {
    const selector = wanted.namespaceSelector;
    if (selector === undefined) return `the input has no ${where}`;
    return `no namespace of the input has ${unmet(selector, namespaceLabels(engine))}`;
  }
  const own = new Set(namespaces);
  const labels = engine.world.units.filter(({ namespace }) => own.has(namespace)).map((unit) => unit.labels);
  if (labels.length === 0) return `${where} ${namespaces.length === 1 ? 'has' : 'have'} no pod in the input`;
  const { podSelector } = wanted;
  if (podSelector === undefined || podSelector.requirements.length === 0)
    return `no pod of ${anyOf(where)} is on the pod network`;
  return `no pod of ${anyOf(where)} has ${unmet(podSelector, labels)}`;
}

function anyOf(where: string): string {
  return where.replace(/^every /, 'any ');
}

function namespacesMeant({ world }: Engine, { namespace, namespaceSelector }: Wanted): string[] {
  if (namespaceSelector === undefined) return world.namespaces.has(namespace) ? [namespace] : [];
  return [...world.namespaces]
    .filter(([, { labels }]) => labels === undefined || matchesLabels(namespaceSelector, labels))
    .map(([name]) => name);
}

function namespaceLabels({ world }: Engine): Labels[] {
  return [...world.namespaces.values()].flatMap(({ labels }) => labels ?? []);
}

/** The condition that nothing meets, with a suggestion; all of them where each is met, but never together. */
function unmet(selector: LabelSelector, all: readonly Labels[]): string {
  for (const requirement of selector.requirements) {
    const alone = { ...selector, requirements: [requirement] };
    if (all.some((labels) => matchesLabels(alone, labels))) continue;
    return `\`${conditionText(requirement)}\`${suggestion(requirement, all)}`;
  }
  return `all of \`${conditionsText(selector)}\``;
}

function suggestion({ key, operator, values }: LabelRequirement, all: readonly Labels[]): string {
  if (operator === 'NotIn' || operator === 'DoesNotExist') return '';
  const present = new Set(all.flatMap((labels) => labels.get(key) ?? []));
  const value = values.map((wanted) => nearestOf(wanted, present)).find((found) => found !== undefined);
  if (value !== undefined) return `; did you mean \`${value}\`?`;
  if (present.size > 0) return '';
  const keys = new Set(
    all.filter((labels) => operator === 'Exists' || fits(labels, values)).flatMap((labels) => [...labels.keys()]),
  );
  const other = nearestOf(key, keys);
  return other === undefined ? '' : `; did you mean the label \`${other}\`?`;
}

function fits(labels: Labels, values: readonly string[]): boolean {
  return [...labels.values()].some((value) => values.includes(value));
}
