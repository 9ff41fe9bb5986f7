import type { KindFields } from '../kubernetes/field-support.ts';

export const CILIUM_FIELDS: readonly KindFields[] = [];
