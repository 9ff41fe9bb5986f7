import type { Control } from '../control.ts';

export const NET_CONTROLS: readonly Control[] = [];
