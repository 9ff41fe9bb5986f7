import { API_CONTROLS } from './api/controls.ts';
import { ARC_CONTROLS } from './arc/controls.ts';
import { AZN_CONTROLS } from './azn/controls.ts';
import { CFG_CONTROLS } from './cfg/controls.ts';
import type { Control } from './control.ts';
import { CP_CONTROLS } from './cp/controls.ts';
import { DATA_CONTROLS } from './data/controls.ts';
import { GOV_CONTROLS } from './gov/controls.ts';
import { IAM_CONTROLS } from './iam/controls.ts';
import { IMG_CONTROLS } from './img/controls.ts';
import { ING_CONTROLS } from './ing/controls.ts';
import { MESH_CONTROLS } from './mesh/controls.ts';
import { MON_CONTROLS } from './mon/controls.ts';
import { NET_CONTROLS } from './net/controls.ts';
import { OPS_CONTROLS } from './ops/controls.ts';
import { POD_CONTROLS } from './pod/controls.ts';
import { TLS_CONTROLS } from './tls/controls.ts';

/** Every control, in the order in which reports list them. */
export const CONTROLS: readonly Control[] = [
  ...NET_CONTROLS,
  ...API_CONTROLS,
  ...CP_CONTROLS,
  ...TLS_CONTROLS,
  ...MESH_CONTROLS,
  ...ING_CONTROLS,
  ...AZN_CONTROLS,
  ...ARC_CONTROLS,
  ...MON_CONTROLS,
  ...GOV_CONTROLS,
  ...IAM_CONTROLS,
  ...CFG_CONTROLS,
  ...IMG_CONTROLS,
  ...DATA_CONTROLS,
  ...OPS_CONTROLS,
  ...POD_CONTROLS,
];
