import type { Control } from '../control.ts';
import { opsBck001 } from './ops-bck-001/control.ts';

export const OPS_CONTROLS: readonly Control[] = [opsBck001];
