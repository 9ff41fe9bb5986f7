import type { KindFields } from '../kubernetes/field-support.ts';

export const LINKERD_FIELDS: readonly KindFields[] = [];
