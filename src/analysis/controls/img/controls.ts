import type { Control } from '../control.ts';

export const IMG_CONTROLS: readonly Control[] = [];
