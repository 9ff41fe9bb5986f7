import type { Control } from '../control.ts';
import { ingSvc001 } from './ing-svc-001/control.ts';
import { ingSvc002 } from './ing-svc-002/control.ts';
import { ingSvc003 } from './ing-svc-003/control.ts';

export const ING_CONTROLS: readonly Control[] = [ingSvc001, ingSvc002, ingSvc003];
