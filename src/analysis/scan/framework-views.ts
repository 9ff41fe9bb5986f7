import type { ControlEntry, FrameworkView } from '#model/scan.ts';

/** Each framework with what the controls say of its entries. */
export function frameworkViews(_controls: readonly ControlEntry[]): readonly FrameworkView[] {
  return [];
}
