import { escapeControl } from '#base/escape.ts';
import type {
  DiffAnswer,
  ExposeAnswer,
  MapAnswer,
  PathAnswer,
  PathBranch,
  PoliciesAnswer,
  TestAnswer,
} from '#model/answers.ts';
import type { EgressAnswer } from '#model/egress.ts';
import type { MigrateAnswer } from '#model/migration.ts';
import { decidingOrigin, type ScanAnswer } from '#model/scan.ts';
import { evidenceText } from '../egress-words.ts';
import { partsOf } from '../map-view.ts';
import { originText, trafficText } from '../words.ts';

type Row = readonly (string | number)[];
export type CsvAnswer =
  | ScanAnswer
  | MapAnswer
  | PathAnswer
  | ExposeAnswer
  | DiffAnswer
  | TestAnswer
  | PoliciesAnswer
  | MigrateAnswer
  | EgressAnswer;

/** One table with a header row (RFC 4180: CRLF, quotes doubled), a row for each smallest fact. */
export function* csvText(answer: CsvAnswer): Generator<string> {
  for (const row of rowsOf(answer)) yield `${row.map(cellText).join(',')}\r\n`;
}

function rowsOf(answer: CsvAnswer): Iterable<Row> {
  switch (answer.schema) {
    case 'ringfence.dev/scan/v1':
      return scanRows(answer);
    case 'ringfence.dev/map/v1':
      return mapRows(answer);
    case 'ringfence.dev/path/v1':
      return pathRows(answer);
    case 'ringfence.dev/expose/v1':
      return exposeRows(answer);
    case 'ringfence.dev/diff/v1':
      return diffRows(answer);
    case 'ringfence.dev/test/v1':
      return testRows(answer);
    case 'ringfence.dev/policies/v1':
      return policiesRows(answer);
    case 'ringfence.dev/migrate/v1':
      return migrateRows(answer);
    case 'ringfence.dev/egress/v1':
      return egressRows(answer);
  }
}

/**
 * A spreadsheet runs a cell that starts with one of these as a formula (OWASP, CSV injection); a quote before it says
 * that it is text. Control characters are escaped after the check, so that a leading tab is still seen.
 */
function cellText(value: string | number): string {
  if (typeof value === 'number') return `${value}`;
  const text = (/^[=+\-@\t\r]/.test(value) ? "'" : '') + escapeControl(value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row for each finding, and for each place and control that is open. */
function* scanRows({ findings, open, controls }: ScanAnswer): Generator<Row> {
  yield [
    'control',
    'state',
    'severity',
    'priority',
    'kind',
    'namespace',
    'name',
    'message',
    'place',
    'accepted',
    'new',
  ];
  for (const finding of findings) {
    const { where, suppressed, isNew, ...rest } = finding;
    const origin = decidingOrigin(finding);
    const accepted = suppressed === null ? '' : `${suppressed.owner}: ${suppressed.reason}`;
    const fresh = isNew === undefined ? '' : isNew ? 'yes' : 'no';
    const { control, state, severity, priority, message } = rest;
    const place = [where.kind, where.namespace, where.name];
    yield [control, state, severity, priority, ...place, message, originText(origin) || where.id, accepted, fresh];
  }
  for (const { control, state, where, message } of open) {
    const place = [where.kind, where.namespace, where.name];
    yield [control, state, '', '', ...place, message, originText(where.origin) || where.id, '', ''];
  }
  for (const { id, state, severity, counts, why } of controls) {
    if (Object.keys(counts).length === 0) yield [id, state, severity, '', '', '', '', why, '', '', ''];
  }
}

function* mapRows(answer: MapAnswer): Generator<Row> {
  yield ['from', 'to', 'state', 'traffic', 'notes'];
  for (const connection of answer.connections) {
    for (const part of partsOf(connection)) {
      yield [connection.from, connection.to, part.state, part.traffic, part.notes.join('; ')];
    }
  }
}

function* pathRows(answer: PathAnswer): Generator<Row> {
  yield [
    'from',
    'to',
    'protocol',
    'port',
    'hop',
    'layer',
    'at',
    'verdict',
    'kind',
    'namespace',
    'name',
    'rule',
    'action',
    'matches',
    'decides',
    'why',
    'origin',
  ];
  const whole = { ...answer, family: 'any', verdict: 'unknown' } as const;
  const branches: readonly PathBranch[] = answer.branches.length > 0 ? answer.branches : [whole];
  for (const branch of branches) yield* branchRows(branch);
}

function* branchRows(branch: PathBranch): Generator<Row> {
  for (const [index, hop] of branch.hops.entries()) {
    const lead: Row = [
      branch.from,
      branch.to,
      branch.protocol,
      branch.port ?? '',
      index + 1,
      hop.layer,
      hop.at,
      hop.verdict,
    ];
    if (hop.rules.length === 0) yield [...lead, '', '', '', '', '', '', '', hop.why, ''];
    for (const rule of hop.rules) {
      const { kind, namespace, name, action, matches, decides, why, origin } = rule;
      yield [...lead, kind, namespace, name, rule.rule, action, matches, `${decides}`, why, originText(origin)];
    }
  }
}

function* exposeRows(answer: ExposeAnswer): Generator<Row> {
  yield ['section', 'scope', 'through', 'at', 'from', 'to', 'traffic', 'target port', 'verdict', 'notes', 'origin'];
  for (const {
    scope,
    through,
    at,
    to,
    protocol,
    port,
    targetPort,
    verdict,
    notes,
    reasons,
    origin,
  } of answer.exposures) {
    const told = [...notes, ...reasons].join('; ');
    yield [
      'exposure',
      scope,
      through,
      at,
      '',
      to,
      `${protocol} ${port}`,
      targetPort ?? '',
      verdict,
      told,
      originText(origin),
    ];
  }
  for (const { from, to, allowed, unknown } of answer.reach) {
    if (trafficText(allowed) !== '') yield ['reach', '', '', '', from, to, trafficText(allowed), '', 'allowed', '', ''];
    if (trafficText(unknown) !== '') yield ['reach', '', '', '', from, to, trafficText(unknown), '', 'unknown', '', ''];
  }
  for (const { endpoint, direction, peer, allowed, origin } of answer.potential) {
    const ends = direction === 'ingress' ? [peer, endpoint] : [endpoint, peer];
    yield ['potential', '', '', '', ...ends, trafficText(allowed), '', 'allowed', '', originText(origin)];
  }
}

function* diffRows(answer: DiffAnswer): Generator<Row> {
  yield ['from', 'to', 'change', 'traffic'];
  for (const { from, to, ...lists } of answer.changes) {
    for (const change of ['opened', 'closed', 'unsettled'] as const) {
      if (trafficText(lists[change]) !== '') yield [from, to, change, trafficText(lists[change])];
    }
  }
}

function* testRows(answer: TestAnswer): Generator<Row> {
  yield ['name', 'kind', 'state', 'why', 'origin', 'from', 'to', 'traffic', 'verdict'];
  for (const { name, kind, state, why, origin, witnesses } of answer.invariants) {
    const lead: Row = [name, kind, state, why, originText(origin)];
    if (witnesses.length === 0) yield [...lead, '', '', '', ''];
    for (const { from, to, traffic, verdict } of witnesses) yield [...lead, from, to, trafficText(traffic), verdict];
  }
}

function* policiesRows(answer: PoliciesAnswer): Generator<Row> {
  yield ['kind', 'namespace', 'name', 'entry', 'what', 'says', 'origin'];
  for (const policy of answer.policies) {
    const lead: Row = [policy.kind, policy.namespace, policy.name];
    yield [...lead, 'policy', policy.isolates.join(' '), policy.selects.join(' '), originText(policy.origin)];
    for (const rule of policy.rules) yield [...lead, 'rule', rule.rule, rule.says, originText(rule.origin)];
    for (const { problem, rule, why, origin } of policy.problems) {
      yield [...lead, 'problem', problem, `${rule} ${why}`.trim(), originText(origin)];
    }
  }
}

function* migrateRows({ changes, entries }: MigrateAnswer): Generator<Row> {
  yield ['cause', 'change', 'from', 'to', 'traffic', 'policies'];
  for (const { causes, groups, places } of changes) {
    const behind = places.map(({ policy, path, origin }) => `${policy} ${path} ${originText(origin)}`).join('; ');
    for (const { change, from, to, traffic } of groups)
      yield [causes.join(' + '), change, from.join(' '), to.join(' '), trafficText(traffic), behind];
  }
  for (const { causes, before, after, through, at, to, origin } of entries)
    yield [causes.join(' + '), `${before} to ${after}`, `${through} ${at}`, to, '', originText(origin)];
}

function* egressRows(answer: EgressAnswer): Generator<Row> {
  yield ['section', 'state', 'severity', 'what', 'from', 'to', 'traffic', 'evidence', 'source'];
  for (const { destination, protocol, port, feature, need, verdict, from, by, source } of answer.required) {
    const evidence = by.map(evidenceText).join('; ');
    yield ['required', verdict, need, feature, from.join(' '), destination, `${protocol} ${port}`, evidence, source];
  }
  for (const { state, from, to, traffic, layers, by } of answer.disagreements) {
    const evidence = by.map(evidenceText).join('; ');
    yield [
      'disagreement',
      state,
      '',
      layers.join(' '),
      from.join(' '),
      to.join(' '),
      trafficText(traffic),
      evidence,
      '',
    ];
  }
  for (const { kind, name, rule, evidence } of answer.unneeded)
    yield ['unneeded', '', '', `${kind} ${name} ${rule}`, '', '', '', originText(evidence.origin), ''];
  for (const section of FACT_SECTIONS) {
    for (const { state, severity, message, evidence, source } of answer[section])
      yield [section, state, severity, message, '', '', '', evidence.map(evidenceText).join('; '), source];
  }
}

const FACT_SECTIONS = ['wide', 'bypasses', 'flows', 'addressPlan', 'retirements'] as const;
