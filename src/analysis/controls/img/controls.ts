import type { Control } from '../control.ts';
import { imgReg001 } from './img-reg-001/control.ts';

export const IMG_CONTROLS: readonly Control[] = [imgReg001];
