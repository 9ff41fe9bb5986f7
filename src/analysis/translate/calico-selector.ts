import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type { CalicoSelector, CalicoSelectorNode } from '#model/calico.ts';
import type { LabelRequirement } from '#model/resource.ts';
import type { TranslationRefusal } from '#model/translation.ts';

/** What an expression of Calico asks of a pod, in requirements that all must hold. */
export interface Asked {
  readonly pods: readonly LabelRequirement[];
  readonly namespaces: readonly LabelRequirement[];
}

/** Why an expression cannot be said so. */
export interface Unsayable {
  readonly reason: TranslationRefusal;
  readonly why: string;
}

/** One of several alternatives must hold. */
export type Alternatives = readonly Asked[] | Unsayable;

/** More alternatives than anybody wants to read. */
const MOST = 16;
const NOTHING_ASKED: Asked = { pods: [], namespaces: [] };

/** `about`: whose labels the expression is about where it names none that say so themselves. */
export function alternativesOf({ node, text }: CalicoSelector, about: keyof Asked): Alternatives {
  const found = disjuncts(node, { about, negated: false });
  if ('reason' in found) return { ...found, why: `\`${text}\`: ${found.why}` };
  return found.length > MOST
    ? { reason: 'selector', why: `\`${text}\`: it has more than ${MOST} alternatives` }
    : found;
}

interface Where {
  readonly about: keyof Asked;
  readonly negated: boolean;
}

function disjuncts(node: CalicoSelectorNode, where: Where): Alternatives {
  const { negated } = where;
  switch (node.kind) {
    case 'all':
      return negated ? [] : [NOTHING_ASKED];
    case 'global':
      return { reason: 'selector', why: '`global()` means what is in no namespace' };
    case 'not':
      return disjuncts(node.inner, { ...where, negated: !negated });
    case 'and':
    case 'or':
      return (node.kind === 'and') === negated ? anyOf(node.parts, where) : everyOf(node.parts, where);
    default:
      return leaf(node, where);
  }
}

function anyOf(parts: readonly CalicoSelectorNode[], where: Where): Alternatives {
  const all: Asked[] = [];
  for (const part of parts) {
    const found = disjuncts(part, where);
    if ('reason' in found) return found;
    all.push(...found);
  }
  return all;
}

function everyOf(parts: readonly CalicoSelectorNode[], where: Where): Alternatives {
  let all: readonly Asked[] = [NOTHING_ASKED];
  for (const part of parts) {
    const found = disjuncts(part, where);
    if ('reason' in found) return found;
    all = all.flatMap((one) => found.map((other) => both(one, other)));
    if (all.length > MOST) return { reason: 'selector', why: `it has more than ${MOST} alternatives` };
  }
  return all;
}

export function both(a: Asked, b: Asked): Asked {
  return { pods: [...a.pods, ...b.pods], namespaces: [...a.namespaces, ...b.namespaces] };
}

type Leaf = Extract<CalicoSelectorNode, { readonly key: string }>;

function leaf(node: Leaf, { about, negated }: Where): Alternatives {
  const { key } = node;
  const requirement = requirementOf(node, negated);
  if ('reason' in requirement) return requirement;
  if (about === 'namespaces') {
    const own = key === 'projectcalico.org/name' ? NAMESPACE_NAME_LABEL : key;
    return [{ pods: [], namespaces: [{ ...requirement, key: own }] }];
  }
  return ofPods(requirement);
}

/** Labels that Calico gives pods besides their own (3.5 of its label model). */
function ofPods(requirement: LabelRequirement): Alternatives {
  const { key, operator, values } = requirement;
  if (key === 'projectcalico.org/orchestrator') {
    const isMet = operator === 'Exists' || (operator === 'In') === values.includes('k8s');
    return isMet && operator !== 'DoesNotExist' ? [NOTHING_ASKED] : [];
  }
  if (key === 'projectcalico.org/namespace') return ofNamespace({ ...requirement, key: NAMESPACE_NAME_LABEL });
  if (key.startsWith('pcns.')) {
    const own = key.slice('pcns.'.length);
    return ofNamespace({ ...requirement, key: own === 'projectcalico.org/name' ? NAMESPACE_NAME_LABEL : own });
  }
  if (key.startsWith('pcsa.') || key === 'projectcalico.org/serviceaccount')
    return { reason: 'service-account', why: `\`${key}\` is about service accounts` };
  return [{ pods: [requirement], namespaces: [] }];
}

function ofNamespace(requirement: LabelRequirement): Alternatives {
  return [{ pods: [], namespaces: [requirement] }];
}

function requirementOf(node: Leaf, negated: boolean): LabelRequirement | Unsayable {
  const { key } = node;
  if (node.kind === 'has') return { key, operator: negated ? 'DoesNotExist' : 'Exists', values: [] };
  if (node.kind === 'compare') {
    if (node.operator !== '==' && node.operator !== '!=')
      return { reason: 'selector', why: `label selectors have no \`${node.operator}\`` };
    return { key, operator: (node.operator === '==') === negated ? 'NotIn' : 'In', values: [node.value] };
  }
  if (node.values.length === 0) return { reason: 'selector', why: 'an empty set is met by nothing' };
  return { key, operator: (node.kind === 'in') === negated ? 'NotIn' : 'In', values: node.values };
}
