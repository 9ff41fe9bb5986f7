import {
  addAll,
  addBit,
  addRange,
  type Bits,
  copyBits,
  difference,
  emptyBits,
  intersection,
  isEmpty,
  keepAll,
  removeAll,
  union,
} from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { LabelRequirement, LabelSelector, Labels } from '#model/resource.ts';
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

interface LabelIndex {
  readonly kind: 'pod' | 'node';
  readonly all: Bits;
  readonly postings: Postings;
  /** Points for which a key's value is not known, by key. */
  readonly unknown: ReadonlyMap<string, Bits>;
}

export function selectionOf(world: World): Selection {
  const pods = indexLabels(world, 'pod');
  const nodes = indexLabels(world, 'node');
  const answered = new Map<string, PointSpan>();
  const scopes = new Map<string, PointSpan>();
  const podSpans = new Map<string, PointSpan>();

  return { pods: podsWhere, nodes: (selector) => byLabels(nodes, selector).must };

  function podsWhere(where: PodQuery): PointSpan {
    const scopeKey = scopeKeyOf(where);
    const { podSelector } = where;
    if (podSelector === undefined || podSelector.requirements.length === 0) return scopeOf(where, scopeKey);
    const key = `${scopeKey} ${keyOf(podSelector)}`;
    return remembered(podSpans, key, () => narrowed(scopeOf(where, scopeKey), byLabels(pods, podSelector)));
  }

  function scopeOf({ namespace, namespaceSelector }: PodQuery, key: string): PointSpan {
    let span = scopes.get(key);
    if (span === undefined) {
      span = namespaceSelector === undefined ? ofNamespace(namespace ?? '') : ofNamespaces(world, namespaceSelector);
      scopes.set(key, span);
    }
    return span;
  }

  function ofNamespace(namespace: string): PointSpan {
    const bits = podsOfNamespace(world, namespace);
    return { must: bits, may: bits, doubts: [] };
  }

  function byLabels(index: LabelIndex, selector: LabelSelector): PointSpan {
    const key = `${index.kind} ${keyOf(selector)}`;
    return remembered(answered, key, () => answer(index, selector));
  }
}

/** Points that meet every requirement; those that lack only labels not known yet meet it perhaps. */
function answer(index: LabelIndex, selector: LabelSelector): PointSpan {
  const must = copyBits(index.all);
  const open = selector.requirements.filter(({ key }) => index.unknown.has(key));
  for (const requirement of selector.requirements) applyRequirement(must, index.postings, requirement);
  if (open.length === 0) return { must, may: must, doubts: [] };
  return answerPerhaps(index, selector, must);
}

function answerPerhaps(index: LabelIndex, selector: LabelSelector, meets: Bits): PointSpan {
  const must = copyBits(meets);
  const may = copyBits(index.all);
  for (const requirement of selector.requirements) {
    const unknown = index.unknown.get(requirement.key);
    const fitting = copyBits(index.all);
    applyRequirement(fitting, index.postings, requirement);
    keepAll(may, unknown === undefined ? fitting : union(fitting, unknown));
    if (unknown !== undefined) removeAll(must, unknown);
  }
  const unsure = difference(may, must);
  if (isEmpty(unsure)) return { must, may: must, doubts: [] };
  return { must, may, doubts: [{ reason: 'label-generated', points: unsure }] };
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

function scopeKeyOf({ namespace, namespaceSelector }: PodQuery): string {
  return namespaceSelector === undefined ? `=${namespace}` : `~${keyOf(namespaceSelector)}`;
}

function narrowed(scope: PointSpan, matching: PointSpan): PointSpan {
  const must = intersection(scope.must, matching.must);
  if (scope.must === scope.may && matching.must === matching.may) return { must, may: must, doubts: [] };
  return { must, may: intersection(scope.may, matching.may), doubts: [...scope.doubts, ...matching.doubts] };
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
  const may = copyBits(must);
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

function indexLabels(world: World, kind: 'pod' | 'node'): LabelIndex {
  const postings = new Map<string, Map<string, number[]>>();
  const unknown = new Map<string, Bits>();
  const all = emptyBits(world.size);
  for (const [number, point] of world.points.entries()) {
    if (point.kind !== kind) continue;
    addBit(all, number);
    for (const key of point.unknownKeys) {
      const bits = unknown.get(key) ?? emptyBits(world.size);
      unknown.set(key, bits);
      addBit(bits, number);
    }
    for (const [key, value] of point.labels) {
      const values = remembered(postings, key, () => new Map<string, number[]>());
      remembered(values, value, () => []).push(number);
    }
  }
  return { kind, all, postings, unknown };
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
