import type { Control } from '../control.ts';
import { apiNet001 } from './api-net-001/control.ts';
import { apiNet002 } from './api-net-002/control.ts';
import { apiNet003 } from './api-net-003/control.ts';
import { apiNet004 } from './api-net-004/control.ts';
import { apiNet005 } from './api-net-005/control.ts';
import { apiNet006 } from './api-net-006/control.ts';

export const API_CONTROLS: readonly Control[] = [apiNet001, apiNet002, apiNet003, apiNet004, apiNet005, apiNet006];
