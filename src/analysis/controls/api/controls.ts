import type { Control } from '../control.ts';

export const API_CONTROLS: readonly Control[] = [];
