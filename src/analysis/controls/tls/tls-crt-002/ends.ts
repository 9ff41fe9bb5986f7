import type { Judged } from '#model/control.ts';
import type { Certificate } from '#parse/certificate.ts';
import { daysBetween } from '../../days.ts';

const URGENT = 7;
const SOON = 30;
/** The longest that public authorities may issue for (CA/Browser Forum, baseline requirements §6.3.2). */
const LONGEST = 398;

export function daysLeft(today: string, notAfter: string): number {
  return daysBetween(today.slice(0, 10), notAfter.slice(0, 10));
}

/** What the dates of a certificate say by themselves. Certificates of private authorities may live for long. */
export function judgedEnd(
  today: string,
  { notBefore, notAfter, isAuthority, isSelfIssued }: Certificate,
): Pick<Judged, 'state' | 'message'> {
  const left = daysLeft(today, notAfter);
  const on = notAfter.slice(0, 10);
  if (left < 0) return { state: 'FAIL', message: `it ended on ${on}` };
  if (left < URGENT) return { state: 'FAIL', message: `it ends on ${on}, in ${left} days` };
  if (left < SOON) return { state: 'WARN', message: `it ends on ${on}, in ${left} days` };
  const isLeaf = !isAuthority && !isSelfIssued;
  const life = daysBetween(notBefore.slice(0, 10), notAfter.slice(0, 10));
  if (isLeaf && life > LONGEST)
    return { state: 'WARN', message: `it lives for ${life} days: a stolen key is of use as long` };
  return { state: 'PASS', message: `it ends on ${on}` };
}
