import type { Control } from '../control.ts';
import { netCni001 } from './net-cni-001/control.ts';
import { netCni002 } from './net-cni-002/control.ts';
import { netCni003 } from './net-cni-003/control.ts';
import { netCni004 } from './net-cni-004/control.ts';
import { netPol001 } from './net-pol-001/control.ts';
import { netPol002 } from './net-pol-002/control.ts';
import { netPol003 } from './net-pol-003/control.ts';
import { netPol004 } from './net-pol-004/control.ts';
import { netPol005 } from './net-pol-005/control.ts';
import { netPol006 } from './net-pol-006/control.ts';
import { netPol007 } from './net-pol-007/control.ts';
import { netPol008 } from './net-pol-008/control.ts';
import { netPol009 } from './net-pol-009/control.ts';
import { netPol010 } from './net-pol-010/control.ts';
import { netPol011 } from './net-pol-011/control.ts';

export const NET_CONTROLS: readonly Control[] = [
  netCni001,
  netCni002,
  netCni003,
  netCni004,
  netPol001,
  netPol002,
  netPol003,
  netPol004,
  netPol005,
  netPol006,
  netPol007,
  netPol008,
  netPol009,
  netPol010,
  netPol011,
];
