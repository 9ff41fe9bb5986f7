import type { KindFields } from '../kubernetes/field-support.ts';

export const ISTIO_FIELDS: readonly KindFields[] = [];
