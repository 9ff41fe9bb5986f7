import type { Control } from '../control.ts';
import { meshAuthz001 } from './mesh-authz-001/control.ts';
import { meshMtls001 } from './mesh-mtls-001/control.ts';
import { meshMtls002 } from './mesh-mtls-002/control.ts';
import { meshPerf001 } from './mesh-perf-001/control.ts';

export const MESH_CONTROLS: readonly Control[] = [meshMtls001, meshMtls002, meshAuthz001, meshPerf001];
