import { describe, expect, test } from 'vitest';
import type { ControlState } from '#model/control.ts';
import type { Finding, ScanAnswer } from '#model/scan.ts';
import { changedFindings } from './changed-findings.ts';

const PLACE = { kind: 'Deployment', namespace: 'shop', name: 'web', id: 'apps/Deployment/shop/web' };

function finding(control: string): Finding {
  return {
    control,
    title: '',
    state: 'FAIL',
    severity: 'high',
    priority: 50,
    fingerprint: `${control} ${PLACE.id}`,
    where: PLACE,
    message: '',
    evidence: [],
    suppressed: null,
  };
}

interface Scan {
  readonly failing?: readonly string[];
  /** Unknown at the place. */
  readonly open?: readonly string[];
  /** Unknown as a whole, no place judged. */
  readonly whole?: readonly string[];
  readonly broken?: readonly string[];
}

function scan({ failing = [], open = [], whole = [], broken = [] }: Scan): ScanAnswer {
  const words = {
    title: '',
    why: '',
    rationale: '',
    remedy: '',
    frameworks: [],
    evidence: [],
    severity: 'high',
  } as const;
  const control = (id: string, state: ControlState, counts: object) => ({ ...words, id, state, counts });
  return {
    schema: 'ringfence.dev/scan/v1',
    engine: { profile: 'calico', why: '' },
    taken: '',
    version: '',
    input: [],
    controls: [
      ...failing.map((id) => control(id, 'FAIL', { FAIL: 1 })),
      ...open.map((id) => control(id, 'UNKNOWN', { UNKNOWN: 1 })),
      ...whole.map((id) => control(id, 'UNKNOWN', {})),
    ],
    findings: failing.map(finding),
    open: open.map((id) => ({ control: id, state: 'UNKNOWN', where: PLACE, message: '', evidence: [] })),
    frameworks: [],
    coverage: { resources: 0, unsupported: [] },
    internalErrors: broken.map((id) => ({ control: id, message: '' })),
    assumptions: [],
    diagnostics: [],
  };
}

describe('findings of two scans', () => {
  test.each<[string, Scan, Scan, readonly [readonly string[], readonly string[], readonly string[]]]>([
    ['the same', { failing: ['A'] }, { failing: ['A'] }, [[], [], []]],
    ['one came', {}, { failing: ['A'] }, [['A'], [], []]],
    ['one went', { failing: ['A'] }, {}, [[], ['A'], []]],
    ['its place is unknown now', { failing: ['A'] }, { open: ['A'] }, [[], [], ['A']]],
    ['its place was unknown', { open: ['A'] }, { failing: ['A'] }, [[], [], ['A']]],
    ['the control as a whole is unknown now', { failing: ['A'] }, { whole: ['A'] }, [[], [], ['A']]],
    ['the control failed by our mistake', { failing: ['A'] }, { broken: ['A'] }, [[], [], ['A']]],
    ['what is unknown elsewhere says nothing of it', { failing: ['A'] }, { open: ['B'] }, [[], ['A'], []]],
  ])('%s', (_, base, head, [come, go, unsettled]) => {
    const changed = changedFindings(scan(base), scan(head));
    const ids = (findings: readonly Finding[]) => findings.map(({ control }) => control);
    expect([ids(changed.come), ids(changed.go), ids(changed.unsettled)]).toEqual([come, go, unsettled]);
    expect(changed.left).toBe(head.failing?.length ?? 0);
  });
});
