import type { KindEntry } from '../kubernetes/kind-entry.ts';

export const LINKERD_KINDS: readonly KindEntry[] = [];
