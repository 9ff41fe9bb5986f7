import type { Control } from '../control.ts';
import { govCic001 } from './gov-cic-001/control.ts';
import { govCmp001 } from './gov-cmp-001/control.ts';
import { govRev001 } from './gov-rev-001/control.ts';

/** How what is right gets there, and how it stays so. */
export const DELIVERY_CONTROLS: readonly Control[] = [govCic001, govRev001, govCmp001];
