import type { Control } from '../control.ts';
import { podCtx001 } from './pod-ctx-001/control.ts';
import { podNs001 } from './pod-ns-001/control.ts';
import { podQta001 } from './pod-qta-001/control.ts';

export const POD_CONTROLS: readonly Control[] = [podQta001, podNs001, podCtx001];
