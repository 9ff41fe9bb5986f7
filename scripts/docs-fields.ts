import type { FieldSupport } from '#parse/kubernetes/field-support.ts';
import { supportTable } from '#parse/kubernetes/fields.ts';

/** Groups whose kinds have a page of their own under docs/apis. */
export const DIALECT_GROUPS: ReadonlySet<string> = new Set([
  'projectcalico.org',
  'crd.projectcalico.org',
  'operator.tigera.io',
  'cilium.io',
  'security.istio.io',
  'networking.istio.io',
  'policy.linkerd.io',
  'workload.linkerd.io',
]);

const STATES: Readonly<Record<FieldSupport['state'], string>> = {
  supported: 'supported',
  partial: 'in part',
  unsupported: 'not supported',
  harmless: 'harmless',
};

export function fieldsPage(note: string): string {
  const lines = ['# The fields that Ringfence reads', '', note, ''];
  lines.push(
    'Every field of every kind that has a say in who can reach whom is in one of five states:',
    '',
    '| state | meaning |',
    '| --- | --- |',
    '| supported | read in full |',
    '| in part | read, with the limit that the note names |',
    '| not supported | may change an answer and is not read: the verdicts that it touches are [unknown](unknown.md), or [RF3009](diagnostics/RF3009.md) says so |',
    '| harmless | cannot change an answer |',
    '| not recognised | not in this table: [RF2013](diagnostics/RF2013.md) reports it where it may matter |',
    '',
    '`.*` stands for everything below, or for every name of a map. Objects of other kinds are counted and take no part.',
  );
  lines.push('', 'Fields of engines and meshes stand on their own pages: [apis](apis/README.md).');
  const own = supportTable().filter(({ group }) => !DIALECT_GROUPS.has(group));
  return `${lines.join('\n')}\n\n${fieldTables(own, '##')}`;
}

/** One table for each kind; what all kinds share stands in the first. */
export function fieldTables(fields: readonly FieldSupport[], heading: string): string {
  const kinds = byKind(fields);
  const [first = []] = kinds.values();
  const shared = new Set(first.filter(({ path }) => isCommon(path)).map(lineOf));
  const tables = [
    kindLines(
      `${heading} Every kind`,
      first.filter((field) => shared.has(lineOf(field))),
    ),
  ];
  for (const [kind, list] of kinds) {
    tables.push(
      kindLines(
        `${heading} ${kind}`,
        list.filter((field) => !shared.has(lineOf(field))),
      ),
    );
  }
  return `${tables.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function byKind(fields: readonly FieldSupport[]): Map<string, FieldSupport[]> {
  const kinds = new Map<string, FieldSupport[]>();
  for (const field of fields) {
    const key = `${field.kind} (${field.versions.map((version) => apiVersionOf(field.group, version)).join(', ')})`;
    const list = kinds.get(key);
    if (list === undefined) kinds.set(key, [field]);
    else list.push(field);
  }
  return kinds;
}

function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

function isCommon(path: string): boolean {
  return path === 'apiVersion' || path === 'kind' || path.startsWith('metadata.');
}

function kindLines(title: string, fields: readonly FieldSupport[]): string[] {
  const lines = [title, '', '| field | state | note |', '| --- | --- | --- |'];
  lines.push(...fields.map(lineOf));
  return lines;
}

function lineOf({ path, state, note }: FieldSupport): string {
  return `| \`${path}\` | ${STATES[state]} | ${note ?? ''} |`;
}
