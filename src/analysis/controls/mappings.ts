import { FRAMEWORK_IDS, type FrameworkId, type Mapping } from '#model/control.ts';

/** Mappings written short: `{ mcsb: ['LT-3'] }`. */
export function mappingsOf(ids: Readonly<Partial<Record<FrameworkId, readonly string[]>>>): readonly Mapping[] {
  return FRAMEWORK_IDS.flatMap((framework) => (ids[framework] ?? []).map((id) => ({ framework, id })));
}
