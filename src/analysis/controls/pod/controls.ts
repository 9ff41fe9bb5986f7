import type { Control } from '../control.ts';

export const POD_CONTROLS: readonly Control[] = [];
