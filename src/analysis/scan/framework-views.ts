import type { ControlState, FrameworkId } from '#model/control.ts';
import type { ControlEntry, FrameworkEntryView, FrameworkView } from '#model/scan.ts';
import type { Framework, FrameworkEntry } from '../../data/frameworks/framework.ts';
import { FRAMEWORKS } from '../../data/frameworks/frameworks.ts';

/** Each framework with what the controls say of its entries; only `wanted` ones where any are named. */
export function frameworkViews(
  controls: readonly ControlEntry[],
  wanted: readonly FrameworkId[] = [],
): readonly FrameworkView[] {
  return Object.values(FRAMEWORKS)
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .map((framework) => viewOf(framework, controls));
}

function viewOf({ id, title, version, source, entries }: Framework, controls: readonly ControlEntry[]): FrameworkView {
  const byEntry = new Map<string, ControlEntry[]>();
  for (const control of controls) {
    for (const mapping of control.frameworks) {
      if (mapping.framework === id) byEntry.set(mapping.id, [...(byEntry.get(mapping.id) ?? []), control]);
    }
  }
  return {
    framework: id,
    title,
    version,
    source,
    entries: entries.map((entry) => entryView(entry, byEntry.get(entry.id) ?? [])),
  };
}

function entryView({ id, title, why }: FrameworkEntry, controls: readonly ControlEntry[]): FrameworkEntryView {
  const ids = controls.map((control) => control.id);
  const state = WORST_FIRST.find((each) => controls.some((control) => control.state === each));
  if (state !== undefined) return { id, title, state, controls: ids };
  return { id, title, controls: ids, why: why ?? 'no control that was asked for is mapped to it' };
}

/** What does not apply says nothing beside a control that does. */
const WORST_FIRST: readonly ControlState[] = [
  'FAIL',
  'PARTIAL',
  'WARN',
  'UNKNOWN',
  'MANUAL',
  'PASS',
  'PASS-PLATFORM',
  'NA-PROVIDER',
  'NA',
];
