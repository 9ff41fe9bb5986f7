import { matchesLabels } from '#engine/select.ts';
import type { Origin } from '#model/origin.ts';
import { entriesAt, listAt, type PlainObject, type PlainValue, textAt, textsAt } from '#model/plain.ts';
import type { LabelRequirement } from '#model/resource.ts';

/** Which objects an assignment is about: the parameters that every definition for Kubernetes has. */
export interface PolicyScope {
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly excludedNamespaces: readonly string[];
  readonly labelSelector: readonly LabelRequirement[];
  /** Names of containers that are left out. */
  readonly excludedContainers: readonly string[];
  /** Images that are left out; one that ends in `*` stands for all that begin so. */
  readonly excludedImages: readonly string[];
}

/** What definitions leave out where an assignment says nothing. */
const EXCLUDED = ['kube-system', 'gatekeeper-system', 'azure-arc', 'azure-extensions-usage-system'];
/** What the add-on keeps its webhook away from, whatever an assignment says. */
const ALWAYS_EXCLUDED = ['kube-system', 'gatekeeper-system', 'azure-arc'];

export function policyScopeOf(parameters: PlainObject): PolicyScope {
  const excluded =
    parameters['excludedNamespaces'] === undefined ? EXCLUDED : textsAt(parameters, 'excludedNamespaces');
  return {
    namespaces: textsAt(parameters, 'namespaces'),
    excludedNamespaces: [...ALWAYS_EXCLUDED, ...excluded],
    labelSelector: requirementsOf(parameters['labelSelector']),
    excludedContainers: textsAt(parameters, 'excludedContainers'),
    excludedImages: textsAt(parameters, 'excludedImages'),
  };
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

function requirementsOf(selector: PlainValue | undefined): readonly LabelRequirement[] {
  const labels = entriesAt(selector, 'matchLabels').flatMap(([key, value]): LabelRequirement[] =>
    typeof value === 'string' ? [{ key, operator: 'In', values: [value] }] : [],
  );
  const expressions = listAt(selector, 'matchExpressions').flatMap((each): LabelRequirement[] => {
    const operator = OPERATORS.find((word) => word === textAt(each, 'operator'));
    const key = textAt(each, 'key');
    return operator === undefined || key === undefined ? [] : [{ key, operator, values: textsAt(each, 'values') }];
  });
  return [...labels, ...expressions];
}

/** An object that an assignment may be about. */
export interface PolicySubject {
  readonly namespace: string;
  readonly metadata: PlainObject;
}

const NOWHERE: Origin = { file: '', line: 0, column: 0 };

/** Objects without a namespace are in every scope of namespaces (Gatekeeper, "Constraint match"). */
export function isInScope(scope: PolicyScope, { namespace, metadata }: PolicySubject): boolean {
  if (namespace !== '' && scope.excludedNamespaces.some((pattern) => meetsName(pattern, namespace))) return false;
  if (namespace !== '' && scope.namespaces.length > 0 && !scope.namespaces.some((each) => meetsName(each, namespace)))
    return false;
  const labels = new Map(
    entriesAt(metadata, 'labels').flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])),
  );
  return matchesLabels({ requirements: scope.labelSelector, origin: NOWHERE }, labels);
}

/** Names of namespaces may begin or end with `*` (Gatekeeper, "Constraint match"). */
function meetsName(pattern: string, name: string): boolean {
  if (pattern.startsWith('*') && pattern.endsWith('*') && pattern.length > 1)
    return name.includes(pattern.slice(1, -1));
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern;
}

/** Whether a container is left out by its name or its image. */
export function isExcluded({ excludedContainers, excludedImages }: PolicyScope, container: PlainValue): boolean {
  const image = textAt(container, 'image') ?? '';
  return (
    excludedContainers.includes(textAt(container, 'name') ?? '') ||
    excludedImages.some((each) => (each.endsWith('*') ? image.startsWith(each.slice(0, -1)) : image === each))
  );
}
