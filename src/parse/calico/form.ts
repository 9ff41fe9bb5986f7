import type { Gap } from '#model/resource.ts';
import type { Reader } from '../kubernetes/reader.ts';

/**
 * How an object came in. Calico's validator stands before the `projectcalico.org` form; the storage form
 * (`crd.projectcalico.org`) may hold what it would refuse, and Felix then does what it does.
 */
export interface Form {
  readonly namespace: string;
  readonly stored: boolean;
  /** What is in the object although the validator refuses it, where what Felix makes of it is not documented. */
  readonly doubts: Gap[];
}

export function formOf({ namespace, apiVersion }: { readonly namespace: string; readonly apiVersion: string }): Form {
  return { namespace, stored: apiVersion.startsWith('crd.'), doubts: [] };
}

/** One thing that the validator refuses. */
export interface Fault {
  readonly at?: string;
  readonly text: string;
}

/** Refused by the validator, and by what Felix makes of it plain to read: written past the validator it counts as it stands. */
export function refuseAsked({ stored }: Form, reader: Reader, { at, text }: Fault): void {
  if (stored)
    reader.draft.warn('RF3012', reader.place(at), `${text}: Calico's validator refuses it, and it counts as it stands`);
  else reader.refuse('RF2016', at, text);
}

/** Refused by the validator; written past it, what comes of it is not known. */
export function refuseOrDoubt(form: Form, reader: Reader, { at, text }: Fault): void {
  if (form.stored) {
    reader.draft.warn(
      'RF3012',
      reader.place(at),
      `${text}: Calico's validator refuses it, and what comes of it is not documented`,
    );
    form.doubts.push({ path: reader.path, reason: 'engine-undefined', origin: reader.origin });
  } else reader.refuse('RF2016', at, text);
}
