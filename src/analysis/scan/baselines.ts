import type { BaselineCell, BaselineEntry, BaselineScope, BaselineState } from '#model/baselines.ts';
import type { Assessment, ControlState, FrameworkId, Judged, Place } from '#model/control.ts';
import type { ControlEntry, Finding, FrameworkEntryView } from '#model/scan.ts';
import { stateOf } from '../controls/assessment.ts';
import type { Control } from '../controls/control.ts';
import { frameworkViews, type Said } from './framework-views.ts';

/** What a scan says, with the places behind it. */
export interface BaselineMaterial {
  readonly controls: readonly Control[];
  readonly entries: readonly ControlEntry[];
  readonly assessments: ReadonlyMap<string, Assessment>;
  readonly findings: readonly Finding[];
}

export interface Baselines {
  readonly scopes: readonly BaselineScope[];
  readonly cells: readonly BaselineCell[];
  readonly entriesOf: (framework: FrameworkId, scope: string) => readonly BaselineEntry[];
}

const ALL: BaselineScope = { id: 'all', kind: 'all', name: '' };
const CLUSTER: BaselineScope = { id: 'cluster', kind: 'cluster', name: '' };
const AZURE: BaselineScope = { id: 'azure', kind: 'azure', name: '' };

/**
 * Every framework by scope. An entry is judged in a scope by the places in it alone; a control that was judged without
 * any place speaks for the cluster as a whole. What fails and is accepted is no failure, and no pass either.
 */
export function baselinesOf(material: BaselineMaterial): Baselines {
  const scopes = scopesIn(material);
  const accepted = new Set(
    material.findings.flatMap(({ suppressed, control, where }) =>
      suppressed === null ? [] : [`${control} ${where.id}`],
    ),
  );
  const views = new Map(scopes.map((scope) => [scope.id, viewsIn(material, scope, accepted)]));
  const cells = scopes.flatMap(({ id }) =>
    [...views.get(id)!].map(
      ([framework, entries]): BaselineCell => ({ framework, scope: id, counts: countsOf(entries) }),
    ),
  );
  return {
    scopes: worstFirst(scopes, cells),
    cells,
    entriesOf: (framework, scope) => views.get(scope)?.get(framework) ?? [],
  };
}

/** Where a place belongs. */
export function scopeOfPlace({ kind, namespace, name }: Pick<Place, 'kind' | 'namespace' | 'name'>): BaselineScope {
  if (kind.includes('/')) return AZURE;
  const own = kind === 'Namespace' ? name : namespace;
  return own === '' ? CLUSTER : { id: `namespace:${own}`, kind: 'namespace', name: own };
}

function scopesIn({ assessments }: BaselineMaterial): readonly BaselineScope[] {
  const found = new Map<string, BaselineScope>([
    [ALL.id, ALL],
    [CLUSTER.id, CLUSTER],
  ]);
  for (const { places } of assessments.values())
    for (const { where } of places) {
      const scope = scopeOfPlace(where);
      found.set(scope.id, scope);
    }
  return [...found.values()];
}

type Views = ReadonlyMap<FrameworkId, readonly BaselineEntry[]>;

function viewsIn(material: BaselineMaterial, scope: BaselineScope, accepted: ReadonlySet<string>): Views {
  const counting = viewsOf(saidIn(material, scope, () => true));
  if (accepted.size === 0) return mapped(counting, (entry) => entryOf(entry, undefined, scope));
  const open = viewsOf(saidIn(material, scope, (control, { where }) => !accepted.has(`${control} ${where.id}`)));
  return mapped(counting, (entry, framework) =>
    entryOf(entry, open.get(framework)?.find(({ id }) => id === entry.id) ?? null, scope),
  );
}

function viewsOf(said: readonly Said[]): ReadonlyMap<FrameworkId, readonly FrameworkEntryView[]> {
  return new Map(frameworkViews(said).map(({ framework, entries }) => [framework, entries]));
}

function mapped(
  views: ReturnType<typeof viewsOf>,
  of: (entry: FrameworkEntryView, framework: FrameworkId) => BaselineEntry | undefined,
): Views {
  return new Map(
    [...views].map(([framework, entries]) => [framework, entries.flatMap((entry) => of(entry, framework) ?? [])]),
  );
}

const FAILING: ReadonlySet<ControlState> = new Set(['FAIL', 'PARTIAL', 'WARN']);

/** @param open The same without what is accepted, where anything is. */
function entryOf(
  { id, title, state, controls, why }: FrameworkEntryView,
  open: FrameworkEntryView | null | undefined,
  { kind }: BaselineScope,
): BaselineEntry | undefined {
  if (state === undefined) {
    if (kind !== 'all' && kind !== 'cluster') return undefined;
    // That another scope has places for it is no reason to say that nothing assesses it.
    return kind === 'all' ? { id, title, state: 'NONE', controls, ...(why !== undefined && { why }) } : undefined;
  }
  if (open === undefined || !FAILING.has(state)) return { id, title, state, controls };
  const left = open?.state;
  const isStillOpen = left !== undefined && FAILING.has(left);
  return { id, title, state: isStillOpen ? left : 'ACCEPTED', controls };
}

/** What each control says in a scope; controls that say nothing of it are left out. */
function saidIn(
  { controls, entries, assessments }: BaselineMaterial,
  scope: BaselineScope,
  counts: (control: string, judged: Judged) => boolean,
): readonly Said[] {
  return controls.flatMap((control, index): Said[] => {
    const entry = entries[index]!;
    const all = assessments.get(entry.id)?.places ?? [];
    if (all.length === 0)
      return scope.kind === 'all' || scope.kind === 'cluster' ? [{ control, entry, places: [] }] : [];
    const places = all.filter(
      (judged) => (scope.kind === 'all' || scopeOfPlace(judged.where).id === scope.id) && counts(entry.id, judged),
    );
    return places.length === 0 ? [] : [{ control, entry: { ...entry, state: stateOf(places) }, places }];
  });
}

function countsOf(entries: readonly BaselineEntry[]): BaselineCell['counts'] {
  const counts: Partial<Record<BaselineState, number>> = {};
  for (const { state } of entries) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

const ORDER: Readonly<Record<BaselineScope['kind'], number>> = { all: 0, cluster: 1, azure: 2, namespace: 3 };

function worstFirst(scopes: readonly BaselineScope[], cells: readonly BaselineCell[]): readonly BaselineScope[] {
  const failing = new Map<string, number>();
  for (const { scope, counts } of cells)
    failing.set(scope, (failing.get(scope) ?? 0) + (counts.FAIL ?? 0) + (counts.PARTIAL ?? 0));
  return scopes.toSorted(
    (a, b) =>
      ORDER[a.kind] - ORDER[b.kind] ||
      (failing.get(b.id) ?? 0) - (failing.get(a.id) ?? 0) ||
      (a.name < b.name ? -1 : 1),
  );
}
