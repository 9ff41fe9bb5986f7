import { matchesFilter, readFilter } from '#analysis/filter.ts';
import type { ListForm } from '#analysis/filter-forms.ts';
import { nearest } from '#analysis/nearest.ts';
import { escapeControl } from '#base/escape.ts';
import type { EndpointEntry } from '#model/answers.ts';
import { namespaceOf } from '#model/endpoint.ts';
import { RULE_FIELDS, type RulebookPolicy, type RuleLane, ruleFields } from '#model/rulebook.ts';
import type { Material } from './material.ts';
import { type Page, Refused } from './question.ts';

export interface Paged<T> {
  readonly list: readonly T[];
  /** After filtering, before cutting. */
  readonly total: number;
}

/** Filters and cuts. Throws `Refused` for a filter that means nothing. */
export function pageOf<T>(all: readonly T[], page: Page, form: ListForm<T>): Paged<T> {
  return cut(page.filter === undefined ? all : all.filter(keptBy(page.filter, form)), page);
}

export function cut<T>(kept: readonly T[], { limit, offset }: Page): Paged<T> {
  return { list: kept.slice(offset, offset + limit), total: kept.length };
}

/** Whether an entry stays. Throws `Refused` for a filter that means nothing. */
export function keptBy<T>(filter: string, form: ListForm<T>): (entry: T) => boolean {
  const reading = readFilter(filter, form.fields);
  if (reading.kind === 'problem') throw new Refused('asked', reading.message, reading.near);
  return (entry) => matchesFilter(reading.filter, form.of(entry));
}

export const ENDPOINT_FORM: ListForm<EndpointEntry> = {
  fields: ['id', 'kind', 'namespace', 'name', 'workload'],
  of: ({ id, kind, namespace, name, workload, ranges = [] }) => ({
    fields: { id: [id], kind: [kind], namespace: [namespace], name: [name], workload: [workload] },
    text: [id, ...ranges].join(' '),
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
