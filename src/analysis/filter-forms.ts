import type { PolicyEntry } from '#model/answers.ts';
import { decidingOrigin, type Finding } from '#model/scan.ts';
import type { Filterable } from './filter.ts';

/** What a list can be filtered by. */
export interface ListForm<T> {
  readonly fields: readonly string[];
  readonly of: (entry: T) => Filterable;
}

/** Of `policies`. */
export const POLICY_FORM: ListForm<PolicyEntry> = {
  fields: ['kind', 'namespace', 'name', 'problem', 'selects', 'file'],
  of: ({ kind, namespace, name, problems, selects, origin, rules }) => ({
    fields: {
      kind: [kind],
      namespace: [namespace],
      name: [name],
      problem: problems.map(({ problem }) => problem),
      selects,
      file: [origin.file],
    },
    text: [kind, namespace, name, ...rules.map(({ says }) => says), ...problems.map(({ why }) => why)].join(' '),
  }),
};

/** Of `scan`. */
export const FINDING_FORM: ListForm<Finding> = {
  fields: ['control', 'severity', 'state', 'kind', 'namespace', 'name', 'file', 'accepted', 'fix'],
  of: (finding) => ({
    fields: {
      control: [finding.control],
      severity: [finding.severity],
      state: [finding.state],
      kind: [finding.where.kind],
      namespace: [finding.where.kind === 'Namespace' ? finding.where.name : finding.where.namespace],
      name: [finding.where.name],
      file: [decidingOrigin(finding)?.file],
      accepted: [finding.suppressed === null ? 'no' : 'yes'],
      fix: [finding.fix === undefined ? 'none' : finding.fix.automatic ? 'automatic' : 'manual'],
    },
    text: [finding.control, finding.title, finding.message, finding.where.namespace, finding.where.name].join(' '),
  }),
};
