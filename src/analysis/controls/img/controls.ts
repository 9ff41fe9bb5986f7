import type { Control } from '../control.ts';
import { imgPatch001 } from './img-patch-001/control.ts';
import { imgReg001 } from './img-reg-001/control.ts';
import { imgScan001 } from './img-scan-001/control.ts';

export const IMG_CONTROLS: readonly Control[] = [imgScan001, imgReg001, imgPatch001];
