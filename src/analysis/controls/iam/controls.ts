import type { Control } from '../control.ts';

export const IAM_CONTROLS: readonly Control[] = [];
