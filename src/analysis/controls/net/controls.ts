import type { Control } from '../control.ts';
import { netPol001 } from './net-pol-001/control.ts';
import { netPol002 } from './net-pol-002/control.ts';
import { netPol003 } from './net-pol-003/control.ts';

export const NET_CONTROLS: readonly Control[] = [netPol001, netPol002, netPol003];
