import type { Control } from '../control.ts';

export const ARC_CONTROLS: readonly Control[] = [];
