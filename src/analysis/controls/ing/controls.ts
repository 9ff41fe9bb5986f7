import type { Control } from '../control.ts';

export const ING_CONTROLS: readonly Control[] = [];
