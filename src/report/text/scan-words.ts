import { escapeControl } from '#base/escape.ts';
import type { Evidence } from '#model/control.ts';
import type { BlastRadius, Finding, ManualAnswer } from '#model/scan.ts';
import { count } from '../words.ts';

/** `from the internet by https://shop.example.com/; reaches 14 workloads; data in shop/StatefulSet/postgres` */
export function radiusText(radius: BlastRadius | undefined): string {
  if (radius === undefined) return '';
  const { fromInternet, entrances, reaches, dataStores, toInternet } = radius;
  const parts: string[] = [];
  if (fromInternet === true) parts.push(`from the internet by ${entrances.slice(0, 2).map(escapeControl).join(', ')}`);
  if (fromInternet === 'unknown') parts.push('perhaps from the internet');
  if (reaches > 0) parts.push(`reaches ${count(reaches, 'workload')}`);
  if (dataStores.length > 0) parts.push(`data in ${dataStores.slice(0, 3).map(escapeControl).join(', ')}`);
  if (toInternet === true) parts.push('may send to the internet');
  return parts.join('; ');
}

/** Whether it is one to close: nobody accepted it, and no baseline knows it. */
export function counts({ suppressed, isNew }: Finding): boolean {
  return suppressed === null && isNew !== false;
}

export function acceptedText({ reason, owner, until }: NonNullable<Finding['suppressed']>): string {
  const end = until === undefined ? '' : ` until ${escapeControl(until)}`;
  return `accepted by ${escapeControl(owner)}${end}: ${escapeControl(reason)}`;
}

/** `Ada on 2026-10-01: ticket 12` */
export function answeredBy({ by, on, note }: ManualAnswer): string {
  return `${by} on ${on}${note === undefined ? '' : `: ${note}`}`;
}

/** `Deployment shop/web spec.replicas: 3; more than one` */
export function evidenceText({ object, why, ...seen }: Evidence): string {
  const what = seenText(seen);
  return escapeControl(`${object}${what === '' ? '' : ` ${what}`}${why === undefined ? '' : `; ${why}`}`);
}

/** `spec.replicas: 3`, `spec.replicas: absent`, or only which field it is. */
export function seenText({ field, value, absent }: Pick<Evidence, 'field' | 'value' | 'absent'>): string {
  if (field === undefined) return '';
  if (absent === true) return `${field}: absent`;
  return value === undefined ? field : `${field}: ${JSON.stringify(value)}`;
}
