import { describe, expect, test } from 'vitest';
import type { Finding, ScanAnswer } from '#model/scan.ts';
import { withFrames } from './frames.ts';

const TEXT = `kind: Deployment
metadata: {name: web}
spec:
  env:
  - name: DB_PASSWORD
    value: hunter2
  privileged: true
---
kind: Secret
stringData:
  any: correct-horse
type: Opaque
`;

function answerAt(line: number, file = 'a.yaml'): ScanAnswer {
  const where = { kind: 'Deployment', namespace: '', name: 'web', id: 'web' };
  const evidence = [{ object: 'web', origin: { file, line, column: 3 } }];
  const finding: Finding = {
    ...{ control: 'POD-CTX-001', title: 't', state: 'FAIL', severity: 'high', priority: 1, fingerprint: 'f' },
    ...{ where, message: 'm', evidence, suppressed: null },
  };
  return {
    ...{ schema: 'ringfence.dev/scan/v1', engine: { profile: 'upstream', why: '' }, taken: '', version: '', input: [] },
    ...{ controls: [], findings: [finding], open: [], frameworks: [], internalErrors: [], assumptions: [] },
    ...{ coverage: { resources: 0, unsupported: [] }, diagnostics: [] },
  };
}

function frameAt(line: number, file?: string): string | undefined {
  return withFrames(answerAt(line, file), [{ file: 'a.yaml', text: TEXT }]).findings[0]!.frame;
}

describe('frames', () => {
  test('show the line with its neighbours, and no secret', () => {
    expect(frameAt(7)).toBe(
      ['  6 |     (not shown: it may hold a secret)', '> 7 |   privileged: true', '    |   ^', '  8 | ---'].join('\n'),
    );
  });

  test('there is none on a line that holds a secret', () => {
    expect(frameAt(6)).toBeUndefined();
    expect(frameAt(11)).toBeUndefined();
  });

  test.each(Array.from({ length: 14 }, (_, line) => line))('line %i shows no secret', (line) => {
    expect(frameAt(line) ?? '').not.toMatch(/hunter2|correct-horse/);
  });

  test('there is none of an object as a whole', () => {
    const answer = answerAt(7);
    const origin = { file: 'a.yaml', line: 7, column: 3 };
    const findings = answer.findings.map((each) => ({ ...each, where: { ...each.where, origin } }));
    expect(withFrames({ ...answer, findings }, [{ file: 'a.yaml', text: TEXT }]).findings[0]!.frame).toBeUndefined();
  });

  test('there is none where the file was not read', () => {
    expect(frameAt(7, 'b.yaml')).toBeUndefined();
  });
});
