import { FRAMEWORK_IDS, type FrameworkId, type Mapping } from '#model/control.ts';

/** Entries of frameworks by framework: `mappingsOf({ mcsb: ['NS-1', 'NS-2'] })`, in the order of `FRAMEWORK_IDS`. */
export function mappingsOf(lists: Readonly<Partial<Record<FrameworkId, readonly string[]>>>): readonly Mapping[] {
  return FRAMEWORK_IDS.flatMap((framework) => (lists[framework] ?? []).map((id) => ({ framework, id })));
}
