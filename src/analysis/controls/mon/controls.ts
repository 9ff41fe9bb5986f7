import type { Control } from '../control.ts';
import { monAct001 } from './mon-act-001/control.ts';
import { monAct002 } from './mon-act-002/control.ts';
import { monCi001 } from './mon-ci-001/control.ts';
import { monDef001 } from './mon-def-001/control.ts';
import { monFlow001 } from './mon-flow-001/control.ts';
import { monLog001 } from './mon-log-001/control.ts';
import { monLog002 } from './mon-log-002/control.ts';
import { monNw001 } from './mon-nw-001/control.ts';
import { monNw002 } from './mon-nw-002/control.ts';
import { monNw003 } from './mon-nw-003/control.ts';

/** Monitoring and detection. */
export const MON_CONTROLS: readonly Control[] = [
  monNw001,
  monNw002,
  monNw003,
  monAct001,
  monAct002,
  monLog001,
  monLog002,
  monCi001,
  monDef001,
  monFlow001,
];
