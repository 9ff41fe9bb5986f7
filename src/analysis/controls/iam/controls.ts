import type { Control } from '../control.ts';
import { iamNet001 } from './iam-net-001/control.ts';
import { iamRbac001 } from './iam-rbac-001/control.ts';

export const IAM_CONTROLS: readonly Control[] = [iamRbac001, iamNet001];
