import { describe, expect, test } from 'vitest';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { exitCodeOf } from './exit.ts';
import { looksLikePort } from './verbs/can.ts';

const of = (severity: Diagnostic['severity']): Diagnostic => ({
  code: 'RF1001',
  severity,
  message: CODES.RF1001.title,
});

describe('exit codes', () => {
  test.each([
    [{ diagnostics: [] }, false, 0],
    [{ diagnostics: [of('warning'), of('info')] }, false, 0],
    [{ diagnostics: [of('error')] }, false, 3],
    [{ diagnostics: [of('error')] }, true, 0],
    [{ unknown: true, diagnostics: [] }, false, 3],
    [{ unknown: true, diagnostics: [] }, true, 0],
    [{ care: true, unknown: true, diagnostics: [of('error')] }, false, 1],
    [{ care: true, diagnostics: [] }, true, 1],
  ] as const)('%j, allow unknown %s → %i', (outcome, allowUnknown, code) => {
    expect(exitCodeOf(outcome, allowUnknown)).toBe(code);
  });
});

describe('what is a port and what is a path', () => {
  test.each(['80', '99999', '53/UDP', '53/udp', 'http/TCP', 'icmp', 'ICMP', 'icmpv6', 'proto/47'])(
    '%s is a port',
    (text) => {
      expect(looksLikePort(text)).toBe(true);
    },
  );

  test.each(['./80', 'deploy', 'k8s/prod', '.', '-', 'git:main', '80/', 'a.yaml', '8080.yaml', 'web/tcp/x'])(
    '%s is a path',
    (text) => {
      expect(looksLikePort(text)).toBe(false);
    },
  );
});
