import type { Evidence, Judged } from '#model/control.ts';
import { placeOf } from '../../assessment.ts';
import { titleOf } from '../../context.ts';
import type { ApiServer } from '../control-plane.ts';

/** What the CIS benchmark asks for, 1.2.16 to 1.2.19: days, files, megabytes. */
const LEAST = [
  ['audit-log-maxage', 30],
  ['audit-log-maxbackup', 10],
  ['audit-log-maxsize', 100],
] as const;

export function judgedServer(server: ApiServer): Judged {
  const where = placeOf(server.owner.object);
  const policy = evidenceOfFlag(server, 'audit-policy-file');
  if (!hasValue(server, 'audit-policy-file'))
    return { where, state: 'FAIL', message: 'the API server has no audit policy', evidence: [policy], endpoints: [] };
  const isSent = hasValue(server, 'audit-webhook-config-file');
  const path = evidenceOfFlag(server, 'audit-log-path');
  if (!isSent && !hasValue(server, 'audit-log-path')) {
    const message = 'the API server writes its audit log nowhere';
    return { where, state: 'FAIL', message, evidence: [policy, path], endpoints: [] };
  }
  // Standard output is kept by whoever collects it; what is sent is kept by its receiver.
  if (isSent || server.flags.get('audit-log-path')?.value === '-')
    return { where, state: 'PASS', message: 'audit events leave the API server', evidence: [policy, path] };
  const short = LEAST.filter(([flag, least]) => !(Number(server.flags.get(flag)?.value ?? Number.NaN) >= least));
  const evidence = [policy, path, ...LEAST.map(([flag]) => evidenceOfFlag(server, flag))];
  if (short.length === 0) return { where, state: 'PASS', message: 'audit events are written and kept', evidence };
  const message = `the audit log is kept too short: ${short.map(([flag, least]) => `\`--${flag}\` should be ${least} or more`).join(', ')}`;
  return { where, state: 'WARN', severity: 'medium', message, evidence, endpoints: [] };
}

function hasValue({ flags }: ApiServer, flag: string): boolean {
  return (flags.get(flag)?.value ?? '') !== '';
}

function evidenceOfFlag({ owner: { object }, flags, path }: ApiServer, name: string): Evidence {
  const flag = flags.get(name);
  const base = { object: titleOf(object), field: `--${name}` };
  return flag === undefined
    ? { ...base, origin: object.originAt(path) }
    : { ...base, value: flag.value, origin: object.originAt(flag.path) };
}
