import type { Control } from '../control.ts';
import { iamRbac001 } from './iam-rbac-001/control.ts';

export const IAM_CONTROLS: readonly Control[] = [iamRbac001];
