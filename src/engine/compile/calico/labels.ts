import {
  addBit,
  addRange,
  type Bits,
  bitsOf,
  difference,
  emptyBits,
  emptyWords,
  fullBits,
  intersection,
  union,
} from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { CalicoSelectorNode } from '#model/calico.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Point, World } from '../../world.ts';
import {
  isNegative,
  type KnownLabels,
  type Leaf,
  matchesValue,
  NAMESPACE,
  ORCHESTRATOR,
  SERVICE_ACCOUNT,
  valuesNamed,
} from './expressions.ts';

/** Points that an expression selects for certain, and at most. `sure` is inside `maybe`. */
export interface Selected {
  readonly sure: Bits;
  readonly maybe: Bits;
}

/** Answers expressions over the labels of many, by looking labels up; equal ones are answered once. */
export interface LabelIndex {
  select(node: CalicoSelectorNode): Selected;
}

/** A service account with a longer name gets no label (workload endpoint defaulting). */
const LONGEST_ACCOUNT = 62;
/** Labels that follow from a name, so that they are known of what is not defined in the input. */
const OWN_NAME = 'projectcalico.org/name';
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * Labels of pods as Calico sees them (libcalico-go backend/k8s/conversion): own labels, `projectcalico.org/…`, and by
 * inheritance `pcns.<key>` of the namespace and `pcsa.<key>` of the service account. An own label beats an inherited one.
 * Host-network pods have no endpoint. Labels that are not in the input make a point selected perhaps.
 */
export function podIndexOf(world: World, snapshot: Snapshot): LabelIndex {
  return indexOver(world.pods, postingsOf(world, snapshot));
}

/** The same of a list: of network sets, of host endpoints. Points are positions in it. */
export function listIndexOf(list: readonly KnownLabels[]): LabelIndex {
  const values: Postings['values'] = new Map();
  for (const [position, { labels }] of list.entries()) addPostings(values, labels, position);
  const isOpen = list.some(({ isOpen: open }) => open !== undefined);
  return indexOver(fullBits(list.length), { values, open: (key) => (isOpen ? openIn(list, key) : undefined) });
}

function openIn(list: readonly KnownLabels[], key: string): Bits | undefined {
  const positions = [...list.keys()].filter((position) => list[position]!.isOpen?.(key) === true);
  return positions.length === 0 ? undefined : bitsOf(list.length, positions);
}

function indexOver(everyone: Bits, postings: Postings): LabelIndex {
  const answered = new Map<string, Selected>();
  const all: Selected = { sure: everyone, maybe: everyone };
  return { select };

  function select(node: CalicoSelectorNode): Selected {
    switch (node.kind) {
      case 'all':
      case 'global':
        return all;
      case 'not':
        return complement(select(node.inner));
      case 'and':
        return node.parts.map(select).reduce((a, b) => combined(a, b, intersection));
      case 'or':
        return node.parts.map(select).reduce((a, b) => combined(a, b, union));
      default:
        return remembered(answered, JSON.stringify(node), () => selectLeaf(node));
    }
  }

  function complement({ sure, maybe }: Selected): Selected {
    const without = difference(everyone, maybe);
    return { sure: without, maybe: maybe === sure ? without : difference(everyone, sure) };
  }

  function selectLeaf(leaf: Leaf): Selected {
    const positive = withValues(leaf);
    const sure = isNegative(leaf) ? difference(everyone, positive) : positive;
    const open = postings.open(leaf.key);
    if (open === undefined) return { sure, maybe: sure };
    return { sure: difference(sure, open), maybe: union(sure, open) };
  }

  /** Points whose label has one of the values that the leaf names, or (of a leaf that names parts) meets it. */
  function withValues(leaf: Leaf): Bits {
    const found = emptyWords(everyone.length);
    const byValue = postings.values.get(leaf.key);
    if (byValue === undefined) return found;
    const named = valuesNamed(leaf);
    if (named !== undefined) {
      for (const value of named) for (const point of byValue.get(value) ?? []) addBit(found, point);
      return found;
    }
    for (const [value, points] of byValue)
      if (matchesValue(leaf, value)) for (const point of points) addBit(found, point);
    return found;
  }
}

function combined(a: Selected, b: Selected, join: (a: Bits, b: Bits) => Bits): Selected {
  const sure = join(a.sure, b.sure);
  return { sure, maybe: a.sure === a.maybe && b.sure === b.maybe ? sure : join(a.maybe, b.maybe) };
}

interface Postings {
  readonly values: Map<string, Map<string, number[]>>;
  /** Points of which the value of a key is not in the input. */
  open(key: string): Bits | undefined;
}

function postingsOf(world: World, snapshot: Snapshot): Postings {
  const values: Postings['values'] = new Map();
  const unknown = new Map<string, number[]>();
  const inherited = inheritedOf(world, snapshot);
  for (const [point, facts] of world.points.entries()) {
    if (facts.kind !== 'pod' || facts.hostNetwork) continue;
    for (const key of facts.unknownKeys) remembered(unknown, key, () => []).push(point);
    addPostings(values, labelsOf(facts, inherited), point);
  }
  const potentials = bitsOf(world.size, world.potentials);
  const unnamed = union(accountsWithoutLabels(world, inherited.accounts), potentials);
  const unlabelled = namespacesWithoutLabels(world);
  return { values, open };

  function open(key: string): Bits | undefined {
    const parts: Bits[] = [];
    const own = unknown.get(key);
    if (own !== undefined) parts.push(bitsOf(world.size, own));
    if (key.startsWith('pcns.') && key !== `pcns.${OWN_NAME}` && key !== `pcns.${NAMESPACE_NAME}`)
      parts.push(unlabelled);
    // Nothing says as whom a pod runs that is not in the input.
    if (key === SERVICE_ACCOUNT || key === `pcsa.${OWN_NAME}`) parts.push(potentials);
    else if (key.startsWith('pcsa.')) parts.push(unnamed);
    const points = parts.reduce((a, b) => union(a, b), world.nothing);
    return points.every((word) => word === 0) ? undefined : points;
  }
}

function addPostings(values: Postings['values'], labels: Labels, point: number): void {
  for (const [key, value] of labels) {
    const byValue = remembered(values, key, () => new Map<string, number[]>());
    remembered(byValue, value, () => []).push(point);
  }
}

interface Inherited {
  readonly namespaces: ReadonlyMap<string, readonly (readonly [string, string])[]>;
  readonly accounts: ReadonlyMap<string, Labels>;
}

function inheritedOf(world: World, { serviceAccounts }: Snapshot): Inherited {
  return {
    namespaces: new Map([...world.namespaces.keys()].map((name) => [name, namespaceLabels(world, name)])),
    accounts: new Map(serviceAccounts.map(({ namespace, name, labels }) => [`${namespace}/${name}`, labels])),
  };
}

/** The later beat the earlier. */
function labelsOf({ namespace, serviceAccount, labels }: Point, { namespaces, accounts }: Inherited) {
  return new Map([
    ...(namespaces.get(namespace) ?? []),
    ...prefixed(accounts.get(`${namespace}/${serviceAccount}`), 'pcsa.'),
    ['pcsa.projectcalico.org/name', serviceAccount],
    ...labels,
    [NAMESPACE, namespace],
    [ORCHESTRATOR, 'k8s'],
    ...accountLabel(serviceAccount),
  ]);
}

function accountLabel(name: string): [string, string][] {
  return name !== '' && name.length <= LONGEST_ACCOUNT ? [[SERVICE_ACCOUNT, name]] : [];
}

function namespaceLabels(world: World, name: string): (readonly [string, string])[] {
  return [
    ...prefixed(world.namespaces.get(name)?.labels, 'pcns.'),
    [`pcns.${OWN_NAME}`, name],
    [`pcns.${NAMESPACE_NAME}`, name],
  ];
}

/** Labels of a network set: its own, and those of its namespace. */
export function setLabels(world: World, set: { readonly namespace: string; readonly labels: Labels }): KnownLabels {
  const { namespace, labels } = set;
  if (namespace === '') return { labels };
  const all = new Map([...namespaceLabels(world, namespace), ...labels, [NAMESPACE, namespace] as const]);
  const isDefined = world.namespaces.get(namespace)?.labels !== undefined;
  if (isDefined) return { labels: all };
  return { labels: all, isOpen: (key) => key.startsWith('pcns.') && !all.has(key) };
}

function prefixed(labels: Labels | undefined, prefix: string): [string, string][] {
  return [...(labels ?? [])].map(([key, value]) => [`${prefix}${key}`, value]);
}

function namespacesWithoutLabels(world: World): Bits {
  const all = emptyBits(world.size);
  for (const { labels, first, end } of world.namespaces.values()) if (labels === undefined) addRange(all, first, end);
  return intersection(all, world.pods);
}

function accountsWithoutLabels(world: World, accounts: ReadonlyMap<string, Labels>): Bits {
  const all = emptyBits(world.size);
  for (const [point, { kind, hostNetwork, namespace, serviceAccount }] of world.points.entries()) {
    if (kind === 'pod' && !hostNetwork && !accounts.has(`${namespace}/${serviceAccount}`)) addBit(all, point);
  }
  return all;
}
