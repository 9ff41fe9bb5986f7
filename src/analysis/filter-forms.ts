import type { ChangedConnection, Connection, Exposure, PolicyEntry, TrafficList } from '#model/answers.ts';
import { namespaceOf } from '#model/endpoint.ts';
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

/** Of `map`. */
export const CONNECTION_FORM: ListForm<Connection> = {
  fields: ['from', 'to', 'namespace', 'verdict', 'protocol', 'encryption'],
  of: (connection) => ({
    fields: {
      from: [connection.from],
      to: [connection.to],
      namespace: [namespaceOf(connection.from), namespaceOf(connection.to)],
      verdict: verdictsOf(connection),
      protocol: protocolsOf(connection.allowed),
      encryption: (connection.encryption ?? []).map(({ encryption }) => encryption),
    },
    text: [connection.from, connection.to, ...(connection.through ?? [])].join(' '),
  }),
};

function verdictsOf({ allowed, mixed = [], unknown }: Connection): string[] {
  return [
    ...(isSome(allowed) ? ['allowed'] : []),
    ...(mixed.length > 0 ? ['mixed'] : []),
    ...(unknown.length > 0 ? ['unknown'] : []),
  ];
}

/** Of `expose`. */
export const EXPOSURE_FORM: ListForm<Exposure> = {
  fields: ['scope', 'verdict', 'to', 'through', 'namespace', 'protocol', 'port'],
  of: ({ scope, verdict, to, through, protocol, port, at, notes }) => ({
    fields: {
      scope: [scope],
      verdict: [verdict],
      to: [to],
      through: [through],
      namespace: [namespaceOf(to)],
      protocol: [protocol],
      port: [`${port}`],
    },
    text: [through, at, to, ...notes].join(' '),
  }),
};

const CHANGES = ['opened', 'closed', 'unsettled'] as const;

/** Of `diff`. */
export const CHANGE_FORM: ListForm<ChangedConnection> = {
  fields: ['from', 'to', 'namespace', 'change', 'protocol'],
  of: (connection) => ({
    fields: {
      from: [connection.from],
      to: [connection.to],
      namespace: [namespaceOf(connection.from), namespaceOf(connection.to)],
      change: CHANGES.filter((change) => isSome(connection[change])),
      protocol: CHANGES.flatMap((change) => protocolsOf(connection[change])),
    },
    text: `${connection.from} ${connection.to}`,
  }),
};

function isSome(list: TrafficList): boolean {
  return list === 'all' || list.length > 0;
}

function protocolsOf(list: TrafficList): string[] {
  return list === 'all' ? ['all'] : list.map(({ protocol }) => protocol);
}
