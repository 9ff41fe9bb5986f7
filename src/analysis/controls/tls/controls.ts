import type { Control } from '../control.ts';
import { tlsCrt001 } from './tls-crt-001/control.ts';
import { tlsCrt002 } from './tls-crt-002/control.ts';
import { tlsIng001 } from './tls-ing-001/control.ts';
import { tlsIng002 } from './tls-ing-002/control.ts';
import { tlsWl001 } from './tls-wl-001/control.ts';

export const TLS_CONTROLS: readonly Control[] = [tlsIng001, tlsIng002, tlsCrt001, tlsCrt002, tlsWl001];
