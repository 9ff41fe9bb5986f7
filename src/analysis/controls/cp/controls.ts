import type { Control } from '../control.ts';
import { cpCfg001 } from './cp-cfg-001/control.ts';
import { cpCfg002 } from './cp-cfg-002/control.ts';
import { cpNode001 } from './cp-node-001/control.ts';
import { cpTls001 } from './cp-tls-001/control.ts';
import { cpTls002 } from './cp-tls-002/control.ts';
import { cpTls003 } from './cp-tls-003/control.ts';

export const CP_CONTROLS: readonly Control[] = [cpTls001, cpTls002, cpTls003, cpCfg001, cpCfg002, cpNode001];
