import type { Control } from '../control.ts';
import { arcCni001 } from './arc-cni-001/control.ts';
import { arcGw001 } from './arc-gw-001/control.ts';
import { arcPl001 } from './arc-pl-001/control.ts';

export const ARC_CONTROLS: readonly Control[] = [arcPl001, arcGw001, arcCni001];
