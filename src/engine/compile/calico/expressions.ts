import type { CalicoSelectorNode } from '#model/calico.ts';
import type { LabelRequirement, LabelSelector, Labels } from '#model/resource.ts';

export type Leaf = Extract<CalicoSelectorNode, { readonly key: string }>;

export const NAMESPACE = 'projectcalico.org/namespace';
export const ORCHESTRATOR = 'projectcalico.org/orchestrator';
export const SERVICE_ACCOUNT = 'projectcalico.org/serviceaccount';

/** Pods, and network sets of namespaces. */
export const IN_A_NAMESPACE: CalicoSelectorNode = { kind: 'has', key: NAMESPACE };
const IN_NO_NAMESPACE: CalicoSelectorNode = { kind: 'not', inner: IN_A_NAMESPACE };
export const WITH_AN_ACCOUNT: CalicoSelectorNode = { kind: 'has', key: SERVICE_ACCOUNT };
/** What every selector of pods in the Kubernetes kinds asks besides. */
export const A_KUBERNETES_POD: CalicoSelectorNode = {
  kind: 'compare',
  operator: '==',
  key: ORCHESTRATOR,
  value: 'k8s',
};

export function inNamespace(namespace: string): CalicoSelectorNode {
  return { kind: 'compare', operator: '==', key: NAMESPACE, value: namespace };
}

export function withAccount(names: readonly string[]): CalicoSelectorNode {
  return { kind: 'in', key: SERVICE_ACCOUNT, values: names };
}

export function allOf(parts: readonly CalicoSelectorNode[]): CalicoSelectorNode {
  return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
}

/** An expression about namespaces, said of the endpoints in them: `all()` is every namespace, `global()` what has none. */
export function aboutNamespaces(node: CalicoSelectorNode): CalicoSelectorNode {
  return rewritten(node, { prefix: 'pcns.', all: IN_A_NAMESPACE, global: IN_NO_NAMESPACE });
}

/** An expression about service accounts, said of the endpoints that run as them. */
export function aboutAccounts(node: CalicoSelectorNode): CalicoSelectorNode {
  return rewritten(node, { prefix: 'pcsa.' });
}

/** The same expression with something else for `all()`. */
export function withAll(node: CalicoSelectorNode, all: CalicoSelectorNode): CalicoSelectorNode {
  return rewritten(node, { prefix: '', all });
}

interface Rewriting {
  readonly prefix: string;
  readonly all?: CalicoSelectorNode;
  readonly global?: CalicoSelectorNode;
}

function rewritten(node: CalicoSelectorNode, rewriting: Rewriting): CalicoSelectorNode {
  switch (node.kind) {
    case 'all':
      return rewriting.all ?? node;
    case 'global':
      return rewriting.global ?? node;
    case 'not':
      return { kind: 'not', inner: rewritten(node.inner, rewriting) };
    case 'and':
    case 'or':
      return { ...node, parts: node.parts.map((part) => rewritten(part, rewriting)) };
    default:
      return { ...node, key: `${rewriting.prefix}${node.key}` };
  }
}

/** A selector of the Kubernetes kinds in Calico's language; undefined where it asks nothing. */
export function expressionOfLabels({ requirements }: LabelSelector): CalicoSelectorNode | undefined {
  return requirements.length === 0 ? undefined : allOf(requirements.map(expressionOf));
}

function expressionOf({ key, operator, values }: LabelRequirement): CalicoSelectorNode {
  switch (operator) {
    case 'In':
      return { kind: 'in', key, values };
    case 'NotIn':
      return { kind: 'not in', key, values };
    case 'Exists':
      return { kind: 'has', key };
    case 'DoesNotExist':
      return { kind: 'not', inner: { kind: 'has', key } };
  }
}

/** Labels of one object, and the keys of which its value is not in the input. */
export interface KnownLabels {
  readonly labels: Labels;
  readonly isOpen?: (key: string) => boolean;
}

/** What a label that is not there meets (libcalico-go lib/selector/parser): only what denies a value. */
export function isNegative(leaf: Leaf): boolean {
  return leaf.kind === 'not in' || (leaf.kind === 'compare' && leaf.operator === '!=');
}

/** The values that a leaf names, where it means just these or all but these. */
export function valuesNamed(leaf: Leaf): readonly string[] | undefined {
  if (leaf.kind === 'in' || leaf.kind === 'not in') return leaf.values;
  if (leaf.kind === 'compare' && (leaf.operator === '==' || leaf.operator === '!=')) return [leaf.value];
  return undefined;
}

export function matchesValue(leaf: Leaf, value: string): boolean {
  const named = valuesNamed(leaf);
  if (named !== undefined) return named.includes(value) !== isNegative(leaf);
  if (leaf.kind !== 'compare') return true;
  switch (leaf.operator) {
    case 'contains':
      return value.includes(leaf.value);
    case 'starts with':
      return value.startsWith(leaf.value);
    default:
      return value.endsWith(leaf.value);
  }
}
