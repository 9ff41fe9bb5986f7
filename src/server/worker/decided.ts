import type { ScanAnswer } from '#model/scan.ts';
import type { FindingDecision } from '#store/store.ts';

/**
 * The scan with what people accepted in the console. The finding stays, and so does the state of its control: an acceptance
 * makes nothing pass. What the input itself says goes first, and an acceptance that ended says nothing.
 */
export function withDecisions(scan: ScanAnswer, decisions: readonly FindingDecision[], today: string): ScanAnswer {
  const inForce = decisions.filter(({ until }) => until === undefined || until >= today);
  if (inForce.length === 0) return scan;
  const byFingerprint = new Map(inForce.map((decision) => [decision.fingerprint, decision]));
  const findings = scan.findings.map((finding) => {
    const decision = finding.suppressed === null ? byFingerprint.get(finding.fingerprint) : undefined;
    if (decision === undefined) return finding;
    const { reason, owner, until } = decision;
    const suppressed = { reason, owner, from: 'console', ...(until !== undefined && { until }) } as const;
    return { ...finding, suppressed };
  });
  return { ...scan, findings };
}
