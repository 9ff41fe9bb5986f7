import type { Control } from '../control.ts';
import { iamAad001 } from './iam-aad-001/control.ts';
import { iamMi001 } from './iam-mi-001/control.ts';
import { iamNet001 } from './iam-net-001/control.ts';
import { iamRbac001 } from './iam-rbac-001/control.ts';
import { iamRbac002 } from './iam-rbac-002/control.ts';
import { iamWi001 } from './iam-wi-001/control.ts';

export const IAM_CONTROLS: readonly Control[] = [iamAad001, iamRbac001, iamRbac002, iamMi001, iamWi001, iamNet001];
