import { textAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { type NetNamespace, namespacesIn } from '../places.ts';

/** Which namespaces belong together, and by what that is known. */
export interface Grouping {
  readonly by: string;
  /** Inferred from names: somebody may have meant something else by them. */
  readonly isInferred: boolean;
  readonly groups: ReadonlyMap<string, readonly NetNamespace[]>;
}

/** Labels that are commonly used to say of which environment or how sensitive something is. */
const LABELS = [
  'environment',
  'env',
  'app.kubernetes.io/environment',
  'stage',
  'sensitivity',
  'data-sensitivity',
  'data-classification',
  'classification',
  'security-zone',
  'tenant',
];
const ENVIRONMENT = /(?:^|[-_.])(dev|development|test|qa|int|uat|staging|stage|preprod|prod|production)(?:$|[-_.])/;
const SAME: Readonly<Record<string, string>> = { development: 'dev', production: 'prod', stage: 'staging' };

/** The label that is set, else the first known one that tells namespaces apart, else environments in their names. */
export function groupingOf(context: ControlContext): Grouping | undefined {
  const spaces = namespacesIn(context).filter(({ isSystem }) => !isSystem);
  const { groupLabel } = context.settings;
  if (groupLabel !== undefined)
    return grouped(spaces, `label ${groupLabel}`, false, (space) => labelOf(space, groupLabel));
  for (const label of LABELS) {
    const found = grouped(spaces, `label ${label}`, false, (space) => labelOf(space, label));
    if (found !== undefined) return found;
  }
  return grouped(spaces, 'names of namespaces', true, ({ name }) => {
    const word = ENVIRONMENT.exec(name)?.[1];
    return word === undefined ? undefined : (SAME[word] ?? word);
  });
}

// biome-ignore lint/complexity/useMaxParams: one line for each way of grouping
function grouped(
  spaces: readonly NetNamespace[],
  by: string,
  isInferred: boolean,
  groupOf: (space: NetNamespace) => string | undefined,
): Grouping | undefined {
  const groups = new Map<string, NetNamespace[]>();
  for (const space of spaces) {
    const group = groupOf(space);
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), space]);
  }
  return groups.size < 2 ? undefined : { by, isInferred, groups };
}

function labelOf({ object }: NetNamespace, label: string): string | undefined {
  return textAt(object?.value, 'metadata', 'labels', label);
}
