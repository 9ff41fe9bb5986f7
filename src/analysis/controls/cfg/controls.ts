import type { Control } from '../control.ts';

export const CFG_CONTROLS: readonly Control[] = [];
