import { escapeControl } from '#base/escape.ts';
import type { Evidence, Judged, Together } from '#model/control.ts';
import type { Acceptance, Finding, FixEntry } from '#model/scan.ts';
import { placeOfNamespace } from '../controls/assessment.ts';
import type { ControlContext } from '../controls/context.ts';
import { endpointsInNamespace } from './affected.ts';

export type Failing = Judged & { readonly state: Finding['state'] };

/** A place that fails or warns, with what is done about it. */
export interface Told {
  readonly judged: Failing;
  readonly fix: FixEntry | undefined;
  readonly suppressed: Acceptance | null;
}

export function isOne(told: Told | readonly Told[]): told is Told {
  return !Array.isArray(told);
}

/**
 * Places of one namespace that are alike, in lists; every other one by itself. Those whose fix is made by itself are kept
 * apart from those that a person mends, and what is accepted from what counts.
 */
export function toldTogether(all: readonly Told[]): readonly (Told | readonly Told[])[] {
  const groups = new Map<string, Told[]>();
  for (const told of all) {
    const key = keyOf(told);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [told]);
    else group.push(told);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? group[0]! : group));
}

function keyOf({ judged, fix, suppressed }: Told): string {
  const { where, state, severity, detail, together: alike } = judged;
  if (alike === undefined || suppressed !== null || where.namespace === '')
    return JSON.stringify([where.id, detail ?? '']);
  return JSON.stringify([where.namespace, alike.key, state, severity ?? '', fix?.automatic === true]);
}

/** What is said of several places in place of each. */
export function together(context: ControlContext, all: readonly Told[]): Told {
  const [first] = all as readonly [Told, ...Told[]];
  const { state, severity, where, together: alike } = first.judged as Failing & { readonly together: Together };
  const count = `${all.length} workloads of namespace \`${escapeControl(where.namespace)}\``;
  const fixes = all.flatMap(({ fix }) => fix ?? []);
  const automatic = fixes.length === all.length && fixes.every((fix) => fix.automatic);
  return {
    judged: {
      where: placeOfNamespace(context, where.namespace, where.origin),
      state,
      message: `${alike.before} ${count}${alike.after}`,
      evidence: distinct(all.flatMap(({ judged }) => judged.evidence)),
      ...(severity !== undefined && { severity }),
      endpoints: all.flatMap(({ judged }) => judged.endpoints ?? endpointsInNamespace(context, judged.where)),
      detail: automatic ? alike.key : `${alike.key}, by hand`,
    },
    fix: {
      automatic,
      summary: `${alike.fix[0]} ${count}${alike.fix[1]}`,
      patches: [
        ...new Map(fixes.flatMap(({ patches }) => patches).map((patch) => [JSON.stringify(patch), patch])).values(),
      ],
      steps: [...new Set(fixes.flatMap(({ steps }) => steps))],
    },
    suppressed: null,
  };
}

function distinct(all: readonly Evidence[]): readonly Evidence[] {
  const keyOf = ({ object, field, origin }: Evidence) => JSON.stringify([object, field, origin?.file, origin?.line]);
  return [...new Map(all.map((each) => [keyOf(each), each])).values()];
}
