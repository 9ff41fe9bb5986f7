import type { KindEntry } from '../kubernetes/kind-entry.ts';

export const CILIUM_KINDS: readonly KindEntry[] = [];
