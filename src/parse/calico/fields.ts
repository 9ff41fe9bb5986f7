import type { KindFields } from '../kubernetes/field-support.ts';

export const CALICO_FIELDS: readonly KindFields[] = [];
