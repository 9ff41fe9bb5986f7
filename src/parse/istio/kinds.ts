import type { KindEntry } from '../kubernetes/kind-entry.ts';

export const ISTIO_KINDS: readonly KindEntry[] = [];
