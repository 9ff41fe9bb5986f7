import type { Control } from '../control.ts';

export const CP_CONTROLS: readonly Control[] = [];
