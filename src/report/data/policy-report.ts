import type { Place } from '#model/control.ts';
import type { PlainObject } from '#model/plain.ts';
import type { Finding, OpenEntry, ScanAnswer } from '#model/scan.ts';
import { yamlText } from '#parse/text/print-yaml.ts';

/** Both kinds of reports have the same fields; they differ in their names. */
export interface PolicyReportForm {
  readonly apiVersion: 'openreports.io/v1alpha1' | 'wgpolicyk8s.io/v1alpha2';
  readonly kind: string;
  readonly clusterKind: string;
}

export const OPEN_REPORTS: PolicyReportForm = {
  apiVersion: 'openreports.io/v1alpha1',
  kind: 'Report',
  clusterKind: 'ClusterReport',
};

export const WG_POLICY: PolicyReportForm = {
  apiVersion: 'wgpolicyk8s.io/v1alpha2',
  kind: 'PolicyReport',
  clusterKind: 'ClusterPolicyReport',
};

/** An object of etcd may have about 1.5 MB: what does not fit is counted and left out. */
const MOST_RESULTS = 1000;

/**
 * One report for each namespace, and one for the cluster: what fails and warns, and what is open or to answer as skipped
 * with its state among the properties.
 */
export function* policyReportText(answer: ScanAnswer, form: PolicyReportForm): Generator<string> {
  const results = [
    ...answer.findings.map((finding) => ({ where: finding.where, result: findingResult(finding) })),
    ...answer.open.map((open) => ({ where: open.where, result: openResult(open) })),
  ];
  const byNamespace = Map.groupBy(results, ({ where }) => namespaceOf(where));
  let isFirst = true;
  for (const [namespace, own] of [...byNamespace].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!isFirst) yield '---\n';
    isFirst = false;
    yield* yamlText(
      reportOf(
        form,
        namespace,
        own.map(({ result }) => result),
      ),
    );
  }
  if (isFirst) yield* yamlText(reportOf(form, '', []));
}

/** A finding about a namespace is told in it, where its owners look. */
function namespaceOf({ kind, namespace, name }: Place): string {
  return kind === 'Namespace' ? name : namespace;
}

type Result = PlainObject & { readonly result: string };

function reportOf(form: PolicyReportForm, namespace: string, results: readonly Result[]): PlainObject {
  const count = (result: string) => results.filter((each) => each.result === result).length;
  const kept = results.slice(0, MOST_RESULTS);
  return {
    apiVersion: form.apiVersion,
    kind: namespace === '' ? form.clusterKind : form.kind,
    metadata: {
      name: 'ringfence',
      ...(namespace !== '' && { namespace }),
      labels: { 'app.kubernetes.io/managed-by': 'ringfence' },
      ...(kept.length < results.length && {
        annotations: { 'ringfence.dev/left-out': `${results.length - kept.length}` },
      }),
    },
    ...(form === OPEN_REPORTS && { source: 'ringfence' }),
    summary: { pass: 0, fail: count('fail'), warn: count('warn'), error: count('error'), skip: count('skip') },
    results: kept,
  };
}

function findingResult(finding: Finding): Result {
  const { control, where, state, severity, message, suppressed, fingerprint, priority } = finding;
  const result = suppressed !== null ? 'skip' : state === 'FAIL' ? 'fail' : 'warn';
  return {
    ...common(control, where),
    severity,
    result,
    message,
    properties: {
      fingerprint,
      priority: `${priority}`,
      ...(suppressed !== null && { state, acceptedBy: suppressed.owner, reason: suppressed.reason }),
    },
  };
}

function openResult({ control, where, state, message }: OpenEntry): Result {
  return { ...common(control, where), result: 'skip', message, properties: { state } };
}

function common(control: string, where: Place): PlainObject {
  return {
    source: 'ringfence',
    policy: control,
    category: control.split('-').slice(0, -1).join('-'),
    scored: true,
    ...subjectOf(where),
  };
}

/** What is no object of Kubernetes, a cloud resource or the cluster itself, is told among the properties alone. */
function subjectOf({ kind, namespace, name, id }: Place): PlainObject {
  const [group = '', ofKind] = id.split('/');
  if (ofKind !== kind) return {};
  const subject = { kind, name, ...(namespace !== '' && { namespace }), ...(group !== '' && { apiVersion: group }) };
  return { resources: [subject] };
}
