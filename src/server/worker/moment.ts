import { connectionCounts } from '#analysis/matrix/connection-counts.ts';
import { comparedConnections } from '#analysis/preview/compare.ts';
import { changedFindings } from '#analysis/scan/changed-findings.ts';
import type { DiffAnswer } from '#model/answers.ts';
import type { ChangedFindings, ScanAnswer } from '#model/scan.ts';
import type { Reachability } from '#store/store.ts';
import { sideOf } from './comparison.ts';
import { inputOf } from './environment-answer.ts';
import { type Material, resourcesOf } from './material.ts';
import type { MomentAsked } from './question.ts';
import { wholeScan } from './scan-answer.ts';
import { snapshotText } from './snapshot-text.ts';

/** What history keeps of a revision. */
export interface Moment {
  /** Of a snapshot file. */
  readonly text: string;
  readonly from: readonly string[];
  readonly resources: number;
  readonly scan: ScanAnswer;
  readonly reachability: Reachability;
  /** Whether it means something else than the snapshot that it was compared with; true where there was none. */
  readonly differs: boolean;
}

export function momentOf(
  material: Material,
  { taken, today, base }: MomentAsked,
  onProgress: (what: string) => void,
): Moment {
  const scan = wholeScan(material, today, onProgress);
  const before = base === undefined ? undefined : sideOf(material, { kind: 'snapshot', ...base });
  const diff = before && comparedConnections(before, material);
  const findings = before && changedFindings(wholeScan(before, today, onProgress), scan);
  const reachability = {
    ...connectionCounts(material.analysis.engine),
    ...(base !== undefined && { since: base.taken }),
    groups: diff?.groups ?? [],
  };
  return {
    text: snapshotText(material, taken),
    from: inputOf(material),
    resources: resourcesOf(material.snapshot),
    // The lines around a finding are in the snapshot, and kept once.
    scan: { ...scan, taken, findings: scan.findings.map(({ frame: _, ...finding }) => finding) },
    reachability,
    differs: diff === undefined || findings === undefined || differ(diff, findings),
  };
}

/** Connections, endpoints, findings, and who enforces: a policy that was written anew and says the same is no change. */
function differ(
  { changes, endpoints, engine, invariants }: DiffAnswer,
  { come, go, unsettled }: ChangedFindings,
): boolean {
  return (
    changes.length + endpoints.added.length + endpoints.removed.length > 0 ||
    come.length + go.length + unsettled.length > 0 ||
    engine.base.profile !== engine.head.profile ||
    invariants.some(({ base, head }) => base !== head)
  );
}
