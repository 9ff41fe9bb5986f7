import type { ChangedFindings, Finding, ScanAnswer } from '#model/scan.ts';

/**
 * Findings that one scan has and another has not. Where the other scan could not judge the place, nobody knows whether the
 * finding came or went: it is unsettled.
 */
export function changedFindings(base: ScanAnswer, head: ScanAnswer): ChangedFindings {
  const [gone, lost] = apart(without(base.findings, head.findings), undecidedIn(head));
  const [come, met] = apart(without(head.findings, base.findings), undecidedIn(base));
  return { come, go: gone, unsettled: [...met, ...lost], left: head.findings.length };
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(({ fingerprint }) => fingerprint));
  return findings.filter(({ fingerprint }) => !known.has(fingerprint));
}

type IsUndecided = (finding: Finding) => boolean;

function apart(findings: readonly Finding[], isUndecided: IsUndecided): readonly [Finding[], Finding[]] {
  return [findings.filter((finding) => !isUndecided(finding)), findings.filter(isUndecided)];
}

/** Whether a scan left open what a finding says: at its place, or for the control as a whole where no place was judged. */
function undecidedIn({ open, controls, internalErrors }: ScanAnswer): IsUndecided {
  const places = new Set(open.map(({ control, where }) => `${control} ${where.id}`));
  const whole = new Set([
    ...internalErrors.map(({ control }) => control),
    ...controls
      .filter(({ state, counts }) => (state === 'UNKNOWN' || state === 'MANUAL') && Object.keys(counts).length === 0)
      .map(({ id }) => id),
  ]);
  return ({ control, where }) => whole.has(control) || places.has(`${control} ${where.id}`);
}
