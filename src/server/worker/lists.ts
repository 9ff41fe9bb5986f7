import { matchesFilter, readFilter } from '#analysis/filter.ts';
import type { ListForm } from '#analysis/filter-forms.ts';
import { nearest } from '#analysis/nearest.ts';
import { escapeControl } from '#base/escape.ts';
import type { Connection, EndpointEntry, Exposure } from '#model/answers.ts';
import { RULE_FIELDS, type RulebookPolicy, type RuleLane, ruleFields } from '#model/rulebook.ts';
import type { Material } from './material.ts';
import { type Page, Refused } from './question.ts';

export interface Paged<T> {
  readonly list: readonly T[];
  /** After filtering, before cutting. */
  readonly total: number;
}

/** Filters and cuts. Throws `Refused` for a filter that means nothing. */
export function pageOf<T>(all: readonly T[], { filter, limit, offset }: Page, form: ListForm<T>): Paged<T> {
  const reading = readFilter(filter ?? '', form.fields);
  if (reading.kind === 'problem') throw new Refused('asked', reading.message, reading.near);
  const { terms } = reading.filter;
  const kept = terms.length === 0 ? all : all.filter((entry) => matchesFilter(reading.filter, form.of(entry)));
  return { list: kept.slice(offset, offset + limit), total: kept.length };
}

export const ENDPOINT_FORM: ListForm<EndpointEntry> = {
  fields: ['id', 'kind', 'namespace', 'name', 'workload'],
  of: ({ id, kind, namespace, name, workload, ranges = [] }) => ({
    fields: { id: [id], kind: [kind], namespace: [namespace], name: [name], workload: [workload] },
    text: [id, ...ranges].join(' '),
  }),
};

export const CONNECTION_FORM: ListForm<Connection> = {
  fields: ['from', 'to', 'namespace', 'verdict', 'protocol', 'encryption'],
  of: (connection) => ({
    fields: {
      from: [connection.from],
      to: [connection.to],
      namespace: [namespaceOf(connection.from), namespaceOf(connection.to)],
      verdict: verdictsOf(connection),
      protocol: connection.allowed === 'all' ? ['all'] : connection.allowed.map(({ protocol }) => protocol),
      encryption: (connection.encryption ?? []).map(({ encryption }) => encryption),
    },
    text: [connection.from, connection.to, ...(connection.through ?? [])].join(' '),
  }),
};

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

/** Policies of a rulebook, by the lane that they are in and by what is in their rules. */
export function ruleForm(lanes: readonly RuleLane[]): ListForm<RulebookPolicy> {
  return {
    fields: RULE_FIELDS,
    of: (policy) => ruleFields(policy, lanes[policy.lane]!),
  };
}

export interface SourceEntry {
  readonly file: string;
  readonly objects: number;
}

export const SOURCE_FORM: ListForm<SourceEntry> = {
  fields: ['file'],
  of: ({ file }) => ({ fields: { file: [file] }, text: file }),
};

function verdictsOf({ allowed, mixed = [], unknown }: Connection): string[] {
  return [
    ...(allowed === 'all' || allowed.length > 0 ? ['allowed'] : []),
    ...(mixed.length > 0 ? ['mixed'] : []),
    ...(unknown.length > 0 ? ['unknown'] : []),
  ];
}

/** Of an endpoint by its id: `shop/Deployment/web`, `ns:shop`, `pod:shop/web-1`. */
export function namespaceOf(id: string): string | undefined {
  if (id.startsWith('ns:')) return id.slice(3);
  const own = id.startsWith('pod:') ? id.slice(4) : id;
  const slash = own.indexOf('/');
  return slash > 0 ? own.slice(0, slash) : undefined;
}

/** Whether an endpoint is in one of the namespaces; none are all. */
export function isIn(namespaces: readonly string[], id: string): boolean {
  return namespaces.length === 0 || namespaces.includes(namespaceOf(id) ?? '');
}

/** A namespace that nothing in the input mentions is a slip. */
export function refuseUnknownNamespaces({ analysis }: Material, namespaces: readonly string[]): void {
  const known = analysis.engine.world.namespaces;
  const unknown = namespaces.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new Refused('asked', `no namespace \`${escapeControl(unknown)}\` in the input`, nearest(unknown, known.keys()));
}
