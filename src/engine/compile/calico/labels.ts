import { addAll, addBit, addRange, type Bits, difference, emptyBits, intersection, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { CalicoSelectorNode } from '#model/calico.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { World } from '../../world.ts';

/** Points that an expression selects for certain, and at most. `sure` is inside `maybe`. */
export interface Selected {
  readonly sure: Bits;
  readonly maybe: Bits;
}

/** Answers expressions over the labels that Calico gives pods: own ones and those of profiles. */
export interface LabelIndex {
  readonly pods: Bits;
  select(node: CalicoSelectorNode): Selected;
}

const NAMESPACE = 'projectcalico.org/namespace';
const ORCHESTRATOR = 'projectcalico.org/orchestrator';
const SERVICE_ACCOUNT = 'projectcalico.org/serviceaccount';
/** A service account with a longer name gets no label (workload endpoint defaulting). */
const LONGEST_ACCOUNT = 62;

/**
 * Labels of pods as Calico sees them (libcalico-go backend/k8s/conversion): own labels, `projectcalico.org/…`, and by
 * inheritance `pcns.<key>` of the namespace and `pcsa.<key>` of the service account. An own label beats an inherited one.
 * Host-network pods have no endpoint. Labels that are not in the input make a point selected perhaps.
 */
export function labelIndexOf(world: World, snapshot: Snapshot): LabelIndex {
  const inherited: Inherited = { namespaces: inheritedByNamespace(world), accounts: accountLabels(snapshot) };
  const { values, unknown } = indexLabels(world, inherited);
  const open = { 'pcns.': namespacesWithoutLabels(world), 'pcsa.': accountsWithoutLabels(world, inherited.accounts) };
  const cache = new Map<string, Selected>();
  return { pods: world.pods, select };

  function select(node: CalicoSelectorNode): Selected {
    switch (node.kind) {
      case 'all':
        return { sure: world.pods, maybe: world.pods };
      case 'global':
        return { sure: world.nothing, maybe: world.nothing };
      case 'not':
        return complement(select(node.inner));
      case 'and':
        return node.parts.map(select).reduce((a, b) => ({
          sure: intersection(a.sure, b.sure),
          maybe: intersection(a.maybe, b.maybe),
        }));
      case 'or':
        return node.parts
          .map(select)
          .reduce((a, b) => ({ sure: union(a.sure, b.sure), maybe: union(a.maybe, b.maybe) }));
      default:
        return remembered(cache, JSON.stringify(node), () => selectLeaf(node));
    }
  }

  function complement({ sure, maybe }: Selected): Selected {
    const without = difference(world.pods, maybe);
    return { sure: without, maybe: maybe === sure ? without : difference(world.pods, sure) };
  }

  function selectLeaf(leaf: Leaf): Selected {
    const sure = listedBy(leaf);
    const unsure = unknownFor(leaf.key);
    if (unsure === undefined) return { sure, maybe: sure };
    return { sure: difference(sure, unsure), maybe: union(sure, unsure) };
  }

  /** Values are looked up: a label such as `app` has as many as there are workloads. */
  function listedBy(leaf: Leaf): Bits {
    const wanted = valuesOf(leaf);
    const byValue = values.get(leaf.key);
    const listed = emptyBits(world.size);
    for (const value of wanted ?? byValue?.keys() ?? []) {
      const points = byValue?.get(value);
      if (points !== undefined && (wanted !== undefined || matchesValue(leaf, value))) addAll(listed, points);
    }
    return isNegative(leaf) ? difference(world.pods, listed) : listed;
  }

  /** Points of which the value of a key is not in the input. */
  function unknownFor(key: string): Bits | undefined {
    const own = unknown.get(key);
    const prefix = key.startsWith('pcns.') ? 'pcns.' : key.startsWith('pcsa.') ? 'pcsa.' : undefined;
    const inherits = prefix === undefined || ALWAYS_KNOWN.has(key.slice(prefix.length)) ? undefined : open[prefix];
    if (inherits === undefined) return own;
    return own === undefined ? inherits : union(own, inherits);
  }
}

/** Points by label and value, and those of which a label's value is not known. */
function indexLabels(world: World, inherited: Inherited) {
  const values = new Map<string, Map<string, Bits>>();
  const unknown = new Map<string, Bits>();
  for (const [point, { kind, hostNetwork, unknownKeys, labels, namespace, serviceAccount }] of world.points.entries()) {
    if (kind !== 'pod' || hostNetwork) continue;
    for (const key of unknownKeys)
      addBit(
        remembered(unknown, key, () => emptyBits(world.size)),
        point,
      );
    const own = new Map([
      ...inheritedLabels(inherited, namespace, serviceAccount),
      ...labels,
      ...builtIn(namespace, serviceAccount),
    ]);
    for (const [key, value] of own) {
      const byValue = remembered(values, key, () => new Map<string, Bits>());
      addBit(
        remembered(byValue, value, () => emptyBits(world.size)),
        point,
      );
    }
  }
  return { values, unknown };
}

/** Labels that follow from a name, so that they are known of what is not defined in the input. */
const ALWAYS_KNOWN: ReadonlySet<string> = new Set(['projectcalico.org/name', 'kubernetes.io/metadata.name']);

type Leaf = Extract<CalicoSelectorNode, { readonly key: string }>;

/** Whether a label set as it is written is selected: of network sets and host endpoints. */
export function selects(node: CalicoSelectorNode, labels: Labels): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'global':
      return !labels.has(NAMESPACE);
    case 'not':
      return !selects(node.inner, labels);
    case 'and':
      return node.parts.every((part) => selects(part, labels));
    case 'or':
      return node.parts.some((part) => selects(part, labels));
    default: {
      const value = labels.get(node.key);
      return value === undefined ? isNegative(node) : matchesValue(node, value);
    }
  }
}

/** The values that a condition names, to have one or (where it is negative) none of; undefined where it describes them. */
function valuesOf(leaf: Leaf): readonly string[] | undefined {
  if (leaf.kind === 'in' || leaf.kind === 'not in') return leaf.values;
  return leaf.kind === 'compare' && (leaf.operator === '==' || leaf.operator === '!=') ? [leaf.value] : undefined;
}

/** What a label that is not there meets (libcalico-go lib/selector/parser): only what denies a value. */
function isNegative(leaf: Leaf): boolean {
  return leaf.kind === 'not in' || (leaf.kind === 'compare' && leaf.operator === '!=');
}

function matchesValue(leaf: Leaf, value: string): boolean {
  if (leaf.kind === 'has') return true;
  if (leaf.kind === 'compare') return compares(leaf.operator, value, leaf.value);
  return leaf.values.includes(value) === (leaf.kind === 'in');
}

function compares(operator: Extract<Leaf, { kind: 'compare' }>['operator'], value: string, wanted: string): boolean {
  switch (operator) {
    case '==':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case 'contains':
      return value.includes(wanted);
    case 'starts with':
      return value.startsWith(wanted);
    case 'ends with':
      return value.endsWith(wanted);
  }
}

/** `has(projectcalico.org/namespace)`: pods and network sets of namespaces. */
export const IN_A_NAMESPACE: CalicoSelectorNode = { kind: 'has', key: NAMESPACE };

export function inNamespace(namespace: string): CalicoSelectorNode {
  return { kind: 'compare', operator: '==', key: NAMESPACE, value: namespace };
}

export function withAccount(names: readonly string[]): CalicoSelectorNode {
  return { kind: 'in', key: SERVICE_ACCOUNT, values: names };
}

/** An expression about namespaces (`pcns.`) or service accounts (`pcsa.`), said of the endpoints that inherit from them. */
export function prefixed(node: CalicoSelectorNode, prefix: 'pcns.' | 'pcsa.'): CalicoSelectorNode {
  switch (node.kind) {
    case 'all':
    case 'global':
      return node;
    case 'not':
      return { kind: 'not', inner: prefixed(node.inner, prefix) };
    case 'and':
    case 'or':
      return { ...node, parts: node.parts.map((part) => prefixed(part, prefix)) };
    default:
      return { ...node, key: `${prefix}${node.key}` };
  }
}

/** Labels that a network set has: its own, and of its namespace. */
export function setLabels(world: World, set: { readonly namespace: string; readonly labels: Labels }): Labels {
  if (set.namespace === '') return set.labels;
  const inherited = prefixAll(world.namespaces.get(set.namespace)?.labels, 'pcns.');
  const named = [
    ['pcns.projectcalico.org/name', set.namespace],
    [NAMESPACE, set.namespace],
  ] as const;
  return new Map([...inherited, ...set.labels, ...named]);
}

function builtIn(namespace: string, account: string): [string, string][] {
  const labels: [string, string][] = [
    [NAMESPACE, namespace],
    [ORCHESTRATOR, 'k8s'],
  ];
  if (account !== '' && account.length <= LONGEST_ACCOUNT) labels.push([SERVICE_ACCOUNT, account]);
  return labels;
}

interface Inherited {
  readonly namespaces: ReadonlyMap<string, readonly [string, string][]>;
  readonly accounts: ReadonlyMap<string, Labels>;
}

function inheritedLabels({ namespaces, accounts }: Inherited, namespace: string, account: string): [string, string][] {
  const ofAccount = prefixAll(accounts.get(`${namespace}/${account}`), 'pcsa.');
  return [...(namespaces.get(namespace) ?? []), ...ofAccount, ['pcsa.projectcalico.org/name', account]];
}

function inheritedByNamespace(world: World): Map<string, [string, string][]> {
  return new Map(
    [...world.namespaces].map(([name, { labels }]) => [
      name,
      [
        ...prefixAll(labels, 'pcns.'),
        ['pcns.projectcalico.org/name', name],
        ['pcns.kubernetes.io/metadata.name', name],
      ],
    ]),
  );
}

function accountLabels({ serviceAccounts }: Snapshot): Map<string, Labels> {
  return new Map(serviceAccounts.map(({ namespace, name, labels }) => [`${namespace}/${name}`, labels]));
}

function prefixAll(labels: Labels | undefined, prefix: string): [string, string][] {
  return [...(labels ?? [])].map(([key, value]) => [`${prefix}${key}`, value]);
}

function namespacesWithoutLabels(world: World): Bits | undefined {
  const nameless = emptyBits(world.size);
  let any = false;
  for (const { labels, first, end } of world.namespaces.values()) {
    if (labels !== undefined) continue;
    addRange(nameless, first, end);
    any = true;
  }
  return any ? intersection(nameless, world.pods) : undefined;
}

function accountsWithoutLabels(world: World, accounts: ReadonlyMap<string, Labels>): Bits | undefined {
  const nameless = emptyBits(world.size);
  let any = false;
  for (const [point, { kind, hostNetwork, namespace, serviceAccount }] of world.points.entries()) {
    if (kind !== 'pod' || hostNetwork || accounts.has(`${namespace}/${serviceAccount}`)) continue;
    addBit(nameless, point);
    any = true;
  }
  return any ? nameless : undefined;
}
