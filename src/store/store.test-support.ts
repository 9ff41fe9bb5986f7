import type { ChangeGroup } from '#model/answers.ts';
import type { ControlState } from '#model/control.ts';
import type { Finding, ScanAnswer } from '#model/scan.ts';
import type { Bundle } from '#source/bundle.ts';

/** A snapshot of one ConfigMap of that name. */
export function bundleNamed(name: string, taken: string): Bundle {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } };
  const at = Array.from({ length: 20 }, (_, index) => index + 1);
  return {
    apiVersion: 'ringfence.dev/v1',
    kind: 'Snapshot',
    ringfence: '0.1.0',
    taken,
    from: ['deploy'],
    diagnostics: [],
    items: [{ file: `${name}.yaml`, at, object }],
  };
}

export function findingOf(fingerprint: string, rest: Partial<Finding> = {}): Finding {
  return {
    control: 'NET-POL-001',
    title: 'Every workload namespace denies ingress by default',
    state: 'FAIL',
    severity: 'high',
    priority: 50,
    fingerprint,
    where: { kind: 'Namespace', namespace: '', name: 'shop', id: 'v1/Namespace//shop' },
    message: 'no policy isolates a new pod for ingress',
    evidence: [],
    suppressed: null,
    ...rest,
  };
}

export function scanWith(
  findings: readonly Finding[],
  taken: string,
  state: ControlState = findings.length > 0 ? 'FAIL' : 'PASS',
): ScanAnswer {
  const words = { title: '', why: '', rationale: '', remedy: '' };
  const control = { id: 'NET-POL-001', severity: 'high', state, frameworks: [], counts: {}, evidence: [] } as const;
  return {
    schema: 'ringfence.dev/scan/v1',
    engine: { profile: 'calico', why: 'chosen with --engine' },
    taken,
    version: '0.1.0',
    input: ['deploy'],
    controls: [{ ...control, ...words }],
    findings,
    open: [],
    frameworks: [],
    coverage: { resources: 1, unsupported: [] },
    internalErrors: [],
    assumptions: [],
    diagnostics: [],
  };
}

export function groupOf(change: ChangeGroup['change']): ChangeGroup {
  return {
    change,
    from: ['shop/Deployment/web'],
    to: ['shop/Deployment/db'],
    traffic: [{ protocol: 'TCP', ports: '5432' }],
  };
}

/** The moment so many hours into one day. */
export function hour(count: number): string {
  return new Date(Date.UTC(2026, 0, 1, count)).toISOString();
}
