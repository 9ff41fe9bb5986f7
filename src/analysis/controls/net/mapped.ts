import { FRAMEWORK_IDS, type FrameworkId, type Mapping } from '#model/control.ts';

/** Mappings by framework: `mapped({ mcsb: ['NS-1'] })`. */
export function mapped(ids: Readonly<Partial<Record<FrameworkId, readonly string[]>>>): readonly Mapping[] {
  return FRAMEWORK_IDS.flatMap((framework) => (ids[framework] ?? []).map((id) => ({ framework, id })));
}
