import type { KindEntry } from '../kubernetes/kind-entry.ts';

export const CALICO_KINDS: readonly KindEntry[] = [];
