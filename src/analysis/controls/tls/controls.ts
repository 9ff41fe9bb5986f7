import type { Control } from '../control.ts';

export const TLS_CONTROLS: readonly Control[] = [];
