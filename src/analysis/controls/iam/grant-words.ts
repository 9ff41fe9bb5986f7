import { escapeControl } from '#base/escape.ts';
import type { Evidence } from '#model/control.ts';
import type { Grant } from '../../rbac/access.ts';
import type { RbacRule } from '../../rbac/rule.ts';
import { type Subject, subjectText } from '../../rbac/subject.ts';
import { seenAt } from '../evidence.ts';

/** ``service account `shop/web` and group `team` ``; of more than three, how many more. */
export function subjectsText(subjects: readonly Subject[]): string {
  const names = [...new Set(subjects.map(subjectText))];
  const shown = names.slice(0, 3);
  const more = names.length - shown.length;
  const parts = more > 0 ? [...shown, `${more} more`] : shown;
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? 'nobody');
}

/** Where a grant is for. */
export function scopeText({ scope }: Pick<Grant, 'scope'>): string {
  return scope === '' ? 'in the whole cluster' : `in namespace \`${escapeControl(scope)}\``;
}

/** `ClusterRole edit` */
export function roleText({ roleName }: Grant): string {
  return `\`${roleName.kind} ${escapeControl(roleName.name)}\``;
}

/** The subjects as the binding names them, its role, and the rules that decide, where they are written. */
export function evidenceOfGrant(
  { binding, role }: Grant,
  subjects: readonly Subject[],
  rules: readonly RbacRule[],
): readonly Evidence[] {
  const written = rules.flatMap(({ written: at }) => (at === undefined ? [] : [seenAt(at.role, at.path)]));
  const shipped = rules.some((rule) => rule.written === undefined) && role !== undefined && role.object === undefined;
  return [
    ...subjects.slice(0, 5).map(({ path }) => seenAt(binding, path)),
    seenAt(binding, ['roleRef', 'name'], shipped ? 'a role that every cluster has' : undefined),
    ...written.slice(0, 5),
  ];
}
