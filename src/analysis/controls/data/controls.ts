import type { Control } from '../control.ts';

export const DATA_CONTROLS: readonly Control[] = [];
