import type { Control } from '../control.ts';

export const MESH_CONTROLS: readonly Control[] = [];
