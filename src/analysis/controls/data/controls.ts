import type { Control } from '../control.ts';
import { dataEnc001 } from './data-enc-001/control.ts';
import { dataEnc002 } from './data-enc-002/control.ts';

export const DATA_CONTROLS: readonly Control[] = [dataEnc001, dataEnc002];
