import type { Control } from '../control.ts';
import { ingApi001 } from './ing-api-001/control.ts';
import { ingApi002 } from './ing-api-002/control.ts';
import { ingCtl001 } from './ing-ctl-001/control.ts';
import { ingCtl002 } from './ing-ctl-002/control.ts';
import { ingDdos001 } from './ing-ddos-001/control.ts';
import { ingRte001 } from './ing-rte-001/control.ts';
import { ingSrc001 } from './ing-src-001/control.ts';
import { ingSvc001 } from './ing-svc-001/control.ts';
import { ingSvc002 } from './ing-svc-002/control.ts';
import { ingSvc003 } from './ing-svc-003/control.ts';
import { ingWaf001 } from './ing-waf-001/control.ts';
import { ingWaf002 } from './ing-waf-002/control.ts';

export const ING_CONTROLS: readonly Control[] = [
  ingCtl001,
  ingCtl002,
  ingRte001,
  ingWaf001,
  ingWaf002,
  ingSrc001,
  ingApi001,
  ingApi002,
  ingDdos001,
  ingSvc001,
  ingSvc002,
  ingSvc003,
];
