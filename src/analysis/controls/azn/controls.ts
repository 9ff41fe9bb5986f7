import type { Control } from '../control.ts';

export const AZN_CONTROLS: readonly Control[] = [];
