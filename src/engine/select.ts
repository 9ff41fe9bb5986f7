import { addAll, addBit, addRange, type Bits, emptyBits, intersection, isEmpty, keepAll, removeAll } from '#base/bits.ts';
import type { Labels, LabelRequirement, LabelSelector } from '#model/resource.ts';
import type { Doubt, PointSpan } from './form.ts';
import { NAMESPACE_NAME_LABEL, podsOfNamespace, type World } from './world.ts';

/** Answers label selectors from an index of labels, never by scanning; equal selectors are answered once. */
export interface Selection {
  /** Pods by namespace and own labels. A selector that is absent does not restrict. Host-network pods included. */
  pods(where: PodQuery): PointSpan;
  /** Nodes by label. */
  nodes(selector: LabelSelector): Bits;
}

export interface PodQuery {
  /** The only namespace; used where `namespaceSelector` is absent. */
  readonly namespace?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
}

type Postings = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

export function selectionOf(world: World): Selection {
  const podLabels = indexLabels(world, 'pod');
  const nodeLabels = indexLabels(world, 'node');
  const answered = new Map<string, Bits>();
  const namespaceSpans = new Map<string, PointSpan>();

  return { pods, nodes: (selector) => byLabels(nodeLabels, 'node', selector) };

  function pods(where: PodQuery): PointSpan {
    const scope = scopeOf(where);
    if (where.podSelector === undefined || where.podSelector.requirements.length === 0) return scope;
    const matching = byLabels(podLabels, 'pod', where.podSelector);
    const must = intersection(scope.must, matching);
    if (scope.must === scope.may) return { must, may: must, doubts: [] };
    return { must, may: intersection(scope.may, matching), doubts: scope.doubts };
  }

  function scopeOf({ namespace, namespaceSelector }: PodQuery): PointSpan {
    const key = namespaceSelector === undefined ? `=${namespace}` : `~${keyOf(namespaceSelector)}`;
    let span = namespaceSpans.get(key);
    if (span === undefined) {
      span = namespaceSelector === undefined ? ofNamespace(namespace ?? '') : ofNamespaces(world, namespaceSelector);
      namespaceSpans.set(key, span);
    }
    return span;
  }

  function ofNamespace(namespace: string): PointSpan {
    const bits = podsOfNamespace(world, namespace);
    return { must: bits, may: bits, doubts: [] };
  }

  function byLabels(postings: Postings, kind: 'pod' | 'node', selector: LabelSelector): Bits {
    const key = `${kind} ${keyOf(selector)}`;
    let bits = answered.get(key);
    if (bits === undefined) {
      bits = emptyBits(world.size);
      for (const [index, point] of world.points.entries()) if (point.kind === kind) addBit(bits, index);
      for (const requirement of selector.requirements) applyRequirement(bits, postings, requirement);
      answered.set(key, bits);
    }
    return bits;
  }
}

/** Kubernetes' label selector semantics (apimachinery `labels.Requirement.Matches`): NotIn and DoesNotExist match an absent key. */
export function matchesLabels(selector: LabelSelector, labels: Labels): boolean {
  return selector.requirements.every((requirement) => {
    const value = labels.get(requirement.key);
    switch (requirement.operator) {
      case 'In':
        return value !== undefined && requirement.values.includes(value);
      case 'NotIn':
        return value === undefined || !requirement.values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
    }
  });
}

/** Equal for selectors that ask for the same, whatever the order in which they are written. */
export function keyOf(selector: LabelSelector): string {
  const parts = selector.requirements.map((r) => JSON.stringify([r.key, r.operator, [...r.values].sort()]));
  return parts.sort().join('&');
}

/** A namespace whose labels are not in the input matches perhaps, unless the selector asks for its name only. */
function ofNamespaces(world: World, selector: LabelSelector): PointSpan {
  const must = emptyBits(world.size);
  const unsure = emptyBits(world.size);
  for (const [name, facts] of world.namespaces) {
    const match = facts.labels === undefined ? matchesName(selector, name) : matchesLabels(selector, facts.labels);
    if (match === undefined) addRange(unsure, facts.first, facts.end);
    else if (match) addRange(must, facts.first, facts.end);
  }
  if (isEmpty(unsure)) return { must, may: must, doubts: [] };
  const may = must.slice();
  addAll(may, unsure);
  const doubt: Doubt = { reason: 'labels-unknown', points: unsure };
  return { must, may, doubts: [doubt] };
}

/** What a selector says of a namespace of which only the name is known; undefined where that does not settle it. */
function matchesName(selector: LabelSelector, name: string): boolean | undefined {
  const onName = selector.requirements.filter((requirement) => requirement.key === NAMESPACE_NAME_LABEL);
  const known = matchesLabels({ ...selector, requirements: onName }, new Map([[NAMESPACE_NAME_LABEL, name]]));
  if (!known) return false;
  return onName.length === selector.requirements.length ? true : undefined;
}

function indexLabels(world: World, kind: 'pod' | 'node'): Postings {
  const index = new Map<string, Map<string, number[]>>();
  for (const [number, point] of world.points.entries()) {
    if (point.kind !== kind) continue;
    for (const [key, value] of point.labels) {
      let values = index.get(key);
      if (values === undefined) index.set(key, (values = new Map()));
      const list = values.get(value);
      if (list === undefined) values.set(value, [number]);
      else list.push(number);
    }
  }
  return index;
}

function applyRequirement(bits: Bits, postings: Postings, requirement: LabelRequirement): void {
  const values = postings.get(requirement.key) ?? new Map<string, readonly number[]>();
  const listed = emptyBits(bits.length * 32);
  const all = requirement.operator === 'Exists' || requirement.operator === 'DoesNotExist';
  for (const list of all ? values.values() : requirement.values.map((value) => values.get(value) ?? [])) {
    for (const member of list) addBit(listed, member);
  }
  if (requirement.operator === 'In' || requirement.operator === 'Exists') keepAll(bits, listed);
  else removeAll(bits, listed);
}
