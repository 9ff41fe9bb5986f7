import type { ControlState, FrameworkId, Judged, Mapping } from '#model/control.ts';
import type { ControlEntry, FrameworkEntryView, FrameworkView } from '#model/scan.ts';
import { type CisCheck, nameOfCheck } from '../../data/frameworks/cis-check.ts';
import { CIS_CHECKS } from '../../data/frameworks/cis-checks.ts';
import type { Framework, FrameworkEntry } from '../../data/frameworks/framework.ts';
import { FRAMEWORKS } from '../../data/frameworks/frameworks.ts';
import { stateOf, worstOf } from '../controls/assessment.ts';
import type { Control } from '../controls/control.ts';

/** What a control says, for the input as a whole and of each place. */
export interface Said {
  readonly control: Control;
  readonly entry: ControlEntry;
  readonly places: readonly Judged[];
}

/** Each framework with what the controls say of its entries; only `wanted` ones where any are named. */
export function frameworkViews(said: readonly Said[], wanted: readonly FrameworkId[] = []): readonly FrameworkView[] {
  return Object.values(FRAMEWORKS)
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .map((framework) => viewOf(framework, said));
}

function viewOf({ id, title, version, source, entries }: Framework, said: readonly Said[]): FrameworkView {
  const byEntry = new Map<string, Said[]>();
  for (const each of said) {
    for (const mapping of each.entry.frameworks) {
      if (mapping.framework === id) byEntry.set(mapping.id, [...(byEntry.get(mapping.id) ?? []), each]);
    }
  }
  return {
    framework: id,
    title,
    version,
    source,
    entries: entries.map((entry) => entryView(id, entry, byEntry.get(entry.id) ?? [])),
  };
}

function entryView(
  framework: FrameworkId,
  { id, title, why }: FrameworkEntry,
  said: readonly Said[],
): FrameworkEntryView {
  const controls = said.map(({ entry }) => entry.id);
  const state = worstOf(said.map((each) => stateFor(each, { framework, id })));
  if (state !== undefined) return { id, title, state, controls };
  return { id, title, controls, why: why ?? 'no control that was asked for is mapped to it' };
}

/** Of the places of a control, only those that are about the entry count. */
function stateFor({ control, entry, places }: Said, mapping: Mapping): ControlState {
  const checks = CIS_CHECKS.filter((check) => isOf(check, control, mapping));
  if (places.length === 0) return checks.length > 0 && entry.state === 'NA' ? 'UNKNOWN' : entry.state;
  if (checks.length === 0 && control.stateFor === undefined) return entry.state;
  const names = new Set<string | undefined>(checks.map(nameOfCheck));
  const states = places.flatMap((judged) => {
    const ofCheck = names.has(judged.detail) ? judged.state : undefined;
    const state = names.size > 0 ? ofCheck : control.stateFor?.(judged, mapping);
    return state === undefined ? [] : [{ state }];
  });
  return states.length === 0 ? 'UNKNOWN' : stateOf(states);
}

function isOf(check: CisCheck, { data }: Control, { framework, id }: Mapping): boolean {
  const own = framework === 'cis-kubernetes' ? check.kubernetes : framework === 'cis-aks' ? check.aks : undefined;
  return own === id && check.control === data.id;
}
