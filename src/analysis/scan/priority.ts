import type { ControlSeverity } from '#model/control.ts';
import type { BlastRadius, Finding } from '#model/scan.ts';

const BASE: Readonly<Record<ControlSeverity, number>> = { critical: 70, high: 52, medium: 34, low: 16, info: 4 };

/**
 * From 0 to 100: mostly how severe it is; then whether the internet gets there, which data stores lie behind, and how much
 * else does. One step of severity is worth 18, and everything else together less than two.
 */
export function priorityOf(
  severity: ControlSeverity,
  state: Finding['state'],
  radius: BlastRadius | undefined,
): number {
  const base = BASE[severity] * (state === 'WARN' ? 0.6 : 1);
  if (radius === undefined) return Math.round(base);
  const internet = radius.fromInternet === true ? 14 : radius.fromInternet === 'unknown' ? 5 : 0;
  const data = Math.min(8, radius.dataStores.length * 4);
  const wide = Math.min(5, Math.log2(1 + radius.reaches));
  const out = radius.toInternet === false ? 0 : 3;
  return Math.min(100, Math.round(base + internet + data + wide + out));
}
