import type { Control } from '../control.ts';

export const MON_CONTROLS: readonly Control[] = [];
