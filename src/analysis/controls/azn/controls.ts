import type { Control } from '../control.ts';
import { aznEgr001 } from './azn-egr-001/control.ts';
import { aznEgr002 } from './azn-egr-002/control.ts';
import { aznEgr003 } from './azn-egr-003/control.ts';
import { aznHyb001 } from './azn-hyb-001/control.ts';
import { aznNsg001 } from './azn-nsg-001/control.ts';
import { aznNsg002 } from './azn-nsg-002/control.ts';
import { aznNsg003 } from './azn-nsg-003/control.ts';
import { aznPe001 } from './azn-pe-001/control.ts';
import { aznRt001 } from './azn-rt-001/control.ts';
import { aznVnet001 } from './azn-vnet-001/control.ts';

export const AZN_CONTROLS: readonly Control[] = [
  aznEgr001,
  aznEgr002,
  aznEgr003,
  aznNsg001,
  aznNsg002,
  aznNsg003,
  aznVnet001,
  aznRt001,
  aznPe001,
  aznHyb001,
];
