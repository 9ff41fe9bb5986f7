import type { Control } from '../control.ts';
import { podCtx001 } from './pod-ctx-001/control.ts';

export const POD_CONTROLS: readonly Control[] = [podCtx001];
