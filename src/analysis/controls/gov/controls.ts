import type { Control } from '../control.ts';
import { DELIVERY_CONTROLS } from './delivery.ts';
import { govPol001 } from './gov-pol-001/control.ts';
import { govPol002 } from './gov-pol-002/control.ts';

/** Governance. */
export const GOV_CONTROLS: readonly Control[] = [govPol001, govPol002, ...DELIVERY_CONTROLS];
