import type { Control } from '../control.ts';
import { cfgPsa001 } from './cfg-psa-001/control.ts';
import { cfgSec001 } from './cfg-sec-001/control.ts';

export const CFG_CONTROLS: readonly Control[] = [cfgPsa001, cfgSec001];
