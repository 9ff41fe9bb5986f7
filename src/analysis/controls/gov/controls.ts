import type { Control } from '../control.ts';

export const GOV_CONTROLS: readonly Control[] = [];
