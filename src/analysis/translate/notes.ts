import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { Unit } from './prove.ts';
import type { Way } from './ways.ts';

/** What somebody who deploys the result must know, beside what the proof says. */
export function notesFor({ documents }: Unit, { to, dialect }: Way): string[] {
  const notes: string[] = [];
  if (to === 'cilium' && documents.some((document) => names(document, /CIDRSet$/)))
    notes.push('blocks of Cilium never mean pods or nodes, whatever addresses they have: it reads the source so too');
  if (to === 'kubernetes' && dialect === 'cilium' && documents.some((document) => names(document, /^ipBlock$/)))
    notes.push('under Cilium an ipBlock means addresses outside only; most other engines count pods and nodes in');
  if (to === 'calico' && dialect === 'cluster')
    notes.push('it stands in a tier of its own, in place of the one that Calico makes for the source');
  return notes;
}

function names(value: PlainValue | PlainObject, key: RegExp): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, child]) => (!Array.isArray(value) && key.test(name)) || names(child, key));
}
