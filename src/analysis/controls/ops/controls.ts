import type { Control } from '../control.ts';

export const OPS_CONTROLS: readonly Control[] = [];
