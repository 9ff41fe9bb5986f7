import type { Evidence } from '#model/control.ts';
import type { ControlEntry, Finding, FrameworkEntryView, FrameworkView, PatchEntry, ScanAnswer } from '#model/scan.ts';
import { scanSummary } from '../text/scan.ts';
import { answeredBy, counts, radiusText, seenText } from '../text/scan-words.ts';
import { count, objectText, originText } from '../words.ts';
import { notesOf } from './notes.ts';
import { type Block, badge, code, codes, type Inline, type Page, place, type Run } from './page.ts';
import {
  acceptedTable,
  ofStates,
  placeRun,
  questionsTable,
  severityTable,
  stateBadge,
  undecidedTable,
} from './scan-parts.ts';

/** A scan in full, for somebody who has to vouch for it: every control of every framework, with what decided, to sign. */
export function scanReport(answer: ScanAnswer): Page {
  const judged = judgedOf(answer);
  return {
    title: 'Security assessment of a Kubernetes cluster',
    summary: [{ kind: 'strong', text: scanSummary(answer) }],
    blocks: [
      aboutBlock(answer),
      ...summaryBlocks(answer),
      ...findingBlocks(answer),
      ...acceptedBlocks(answer),
      ...undecidedBlocks(answer),
      ...manualBlocks(answer),
      ...answer.frameworks.flatMap((view) => frameworkBlocks(judged, view)),
      ...metBlocks(answer),
      ...coverageBlocks(answer),
      ...notesOf(answer),
      { kind: 'heading', text: 'Signatures' },
      { kind: 'paragraph', run: ['Who signs has read the findings, what is accepted, and what could not be decided.'] },
      { kind: 'signatures', roles: ['assessed by', 'reviewed by', 'accepted by'] },
    ],
  };
}

function aboutBlock({ input, taken, version, engine, coverage, controls, frameworks }: ScanAnswer): Block {
  const looked = coverage.unsupported.reduce((sum, each) => sum + each.count, 0);
  return {
    kind: 'facts',
    title: [],
    rows: [
      ['judged', codes(input)],
      ['on', [taken.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')]],
      ['with', [`Ringfence ${version}, ${count(controls.length, 'control')}`]],
      ['policy engine', [code(engine.profile), ` (${engine.why})`]],
      ['read', [`${count(coverage.resources, 'object')}; ${looked} more of kinds that no control looks at`]],
      ['frameworks', [frameworks.map(editionText).join('; ')]],
    ],
  };
}

/** The title with its version, unless it says that itself. */
function editionText({ title, version }: FrameworkView): string {
  return title.endsWith(version) ? title : `${title} ${version}`;
}

// ---------------------------------------------------------------- sums

function summaryBlocks(answer: ScanAnswer): Block[] {
  const { findings, frameworks, internalErrors } = answer;
  return [
    ...(findings.length === 0 ? [] : ([{ kind: 'heading', text: 'By severity' }, severityTable(answer)] as const)),
    ...(frameworks.length === 0
      ? []
      : ([{ kind: 'heading', text: 'By framework' }, frameworksTable(frameworks)] as const)),
    ...internalErrors.map(
      ({ control, message }): Block => ({
        kind: 'paragraph',
        run: [badge('problem', 'mistake of ours'), ' ', code(control), ` could not be judged: ${message}`],
      }),
    ),
  ];
}

const SUMS: readonly (readonly [column: string, ...states: readonly FrameworkEntryView['state'][]])[] = [
  ['not met', 'FAIL', 'PARTIAL'],
  ['warn', 'WARN'],
  ['not decided', 'UNKNOWN'],
  ['to answer', 'MANUAL'],
  ['met', 'PASS', 'PASS-PLATFORM'],
  ['does not apply', 'NA', 'NA-PROVIDER'],
  ['not assessed', undefined],
];

function frameworksTable(frameworks: readonly FrameworkView[]): Block {
  const rows = frameworks.map((view): readonly Run[] => [
    [editionText(view)],
    [`${view.entries.length}`],
    ...SUMS.map(([, ...states]): Run => [`${view.entries.filter(({ state }) => states.includes(state)).length}`]),
  ]);
  return { kind: 'table', columns: ['framework', 'entries', ...SUMS.map(([column]) => column)], rows, named: true };
}

// ---------------------------------------------------------------- findings

function findingBlocks(answer: ScanAnswer): Block[] {
  const open = answer.findings.filter(({ suppressed }) => suppressed === null);
  const byControl = Map.groupBy(open, ({ control }) => control);
  const blocks = [...byControl].flatMap(([id, findings]) => controlBlocks(answer, id, findings));
  const none: Block = { kind: 'paragraph', run: ['Nothing that was looked at fails or warns.'] };
  return [{ kind: 'heading', text: 'Findings' }, ...(blocks.length === 0 ? [none] : blocks)];
}

function controlBlocks(answer: ScanAnswer, id: string, findings: readonly Finding[]): Block[] {
  const control = answer.controls.find((each) => each.id === id);
  const title = control?.title ?? findings[0]!.title;
  const asked = [...Map.groupBy(control?.frameworks ?? [], ({ framework }) => framework)].map(
    ([framework, entries]) => `${framework} ${entries.map(({ id: entry }) => entry).join(', ')}`,
  );
  const rest = findings.slice(MOST_IN_FULL);
  return [
    { kind: 'heading', level: 3, text: `${id}: ${title}` },
    ...(control === undefined ? [] : ([{ kind: 'paragraph', run: [control.rationale] }] as const)),
    ...(asked.length === 0 ? [] : ([{ kind: 'paragraph', run: ['Asked for by ', ...codes(asked)] }] as const)),
    ...findings.slice(0, MOST_IN_FULL).flatMap(findingBlock),
    ...(rest.length === 0 ? [] : [restTable(rest)]),
  ];
}

/** More of one control are a table: they are alike, and somebody reads this. */
const MOST_IN_FULL = 25;

function findingBlock(finding: Finding): Block[] {
  const { where, state, severity, message, evidence, blastRadius, fix, isNew, frame } = finding;
  const radius = radiusText(blastRadius);
  const age = isNew === undefined ? '' : isNew ? ', new' : ', known before';
  const rows: readonly (readonly [string, Run])[] = [
    ['what', [message]],
    ['where', placeRun(finding)],
    ...evidence.map((each): readonly [string, Run] => ['evidence', evidenceRun(each, objectText(where))]),
    ...(radius === '' ? [] : ([['blast radius', [radius]]] as const)),
    ...(fix === undefined ? [] : fixRows(fix)),
  ];
  return [
    { kind: 'facts', title: [stateBadge(state), ' ', code(objectText(where)), ` ${severity}${age}`], rows },
    ...(frame === undefined ? [] : ([{ kind: 'code', text: frame }] as const)),
    ...(fix?.patches ?? []).filter(isLong).flatMap(({ form, text }): Block[] => [
      { kind: 'paragraph', run: [`the change, as ${form}:`] },
      { kind: 'code', text },
    ]),
  ];
}

/** Of a change to a file its name is told; of what is new the text, which is read line by line. */
function isLong({ file, text }: PatchEntry): boolean {
  return file === undefined && text.trimEnd().includes('\n');
}

/** What is seen at the place itself needs no name. */
function evidenceRun({ object, why, origin, ...rest }: Evidence, own: string): Run {
  const seen = seenText(rest);
  const parts: Run[] = [
    ...(object === own ? [] : [[code(object)]]),
    ...(seen === '' ? [] : [[code(seen)]]),
    ...(why === undefined ? [] : [[why]]),
    ...(origin === undefined ? [] : [place(originText(origin))]),
  ];
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ['; ', ...part]));
}

function fixRows({ summary, steps, patches, proof }: NonNullable<Finding['fix']>): (readonly [string, Run])[] {
  const proven = proof === undefined ? '' : `; proven: ${proof.opened} connections opened, ${proof.closed} closed`;
  return [
    ...(summary === '' ? [] : [['fix', [`${summary}${proven}`]] as const]),
    ...steps.map((step): readonly [string, Run] => ['step', [step]]),
    ...patches
      .filter((patch) => !isLong(patch))
      .map(({ form, file, text }): readonly [string, Run] => ['change', [form, ' ', code(file ?? text.trimEnd())]]),
  ];
}

function restTable(findings: readonly Finding[]): Block {
  const rows = findings.map((finding): readonly Run[] => [
    [code(objectText(finding.where))],
    [stateBadge(finding.state), ' ', finding.severity],
    [finding.message],
    placeRun(finding),
  ]);
  return { kind: 'table', columns: ['place', 'state', 'what', 'where'], rows, named: true };
}

function acceptedBlocks({ findings }: ScanAnswer): Block[] {
  const accepted = findings.filter(({ suppressed }) => suppressed !== null);
  if (accepted.length === 0) return [];
  const what = 'They are not met, and somebody took the risk for a time: nothing here counts as met.';
  return [{ kind: 'heading', text: 'Accepted' }, { kind: 'paragraph', run: [what] }, acceptedTable(accepted)];
}

// ---------------------------------------------------------------- what nothing decides

function undecidedBlocks(answer: ScanAnswer): Block[] {
  const unknown = ofStates(answer, 'UNKNOWN');
  const places = answer.open.filter(({ control }) => !unknown.some(({ id }) => id === control));
  if (unknown.length + places.length === 0) return [];
  return [
    { kind: 'heading', text: 'What could not be decided' },
    { kind: 'paragraph', run: ['The evidence is not in the input. It is not known whether these are met.'] },
    ...(unknown.length === 0 ? [] : [undecidedTable(unknown)]),
    ...(places.length === 0 ? [] : [placesTable(places)]),
  ];
}

function placesTable(open: ScanAnswer['open']): Block {
  const rows = open.map(({ control, where, state, message }): readonly Run[] => [
    [code(objectText(where))],
    [code(control)],
    [stateBadge(state)],
    [message],
  ]);
  return { kind: 'table', columns: ['place', 'control', 'state', 'why'], rows, named: true };
}

function manualBlocks(answer: ScanAnswer): Block[] {
  const asked = ofStates(answer, 'MANUAL');
  const answered = answer.controls.filter((control) => control.answer !== undefined);
  if (asked.length + answered.length === 0) return [];
  const rows = answered.map(({ id, state, question = '', answer: given }): readonly Run[] => [
    [code(id)],
    [question],
    [given?.answer ?? ''],
    [given === undefined ? '' : answeredBy(given)],
    [stateBadge(state)],
  ]);
  const columns = ['control', 'question', 'answer', 'by', 'state'];
  return [
    { kind: 'heading', text: 'What only a person knows' },
    ...(rows.length === 0 ? [] : ([{ kind: 'table', columns, rows, named: true }] as const)),
    ...(asked.length === 0
      ? []
      : ([{ kind: 'paragraph', run: ['Nobody answered these yet:'] }, questionsTable(asked)] as const)),
  ];
}

// ---------------------------------------------------------------- frameworks

function frameworkBlocks(judged: Judged, view: FrameworkView): Block[] {
  const { source, entries } = view;
  const assessed = entries.filter(({ state }) => state !== undefined);
  const left = entries.filter(({ state }) => state === undefined);
  const rows = assessed.map((entry): readonly Run[] => [
    [code(entry.id)],
    [entry.title],
    [entry.state === undefined ? '' : stateBadge(entry.state)],
    evidenceOf(judged, entry),
  ]);
  const leftRows = left.map(({ id, title: what, why = '' }): readonly Run[] => [[code(id)], [what], [why]]);
  return [
    { kind: 'heading', text: editionText(view) },
    { kind: 'paragraph', run: ['From ', code(source), '; entries are told in our own words.'] },
    ...(rows.length === 0
      ? []
      : ([{ kind: 'table', columns: ['entry', 'asks for', 'state', 'what decided'], rows, named: true }] as const)),
    ...(leftRows.length === 0
      ? []
      : ([
          { kind: 'heading', level: 3, text: 'Not assessed' },
          { kind: 'table', columns: ['entry', 'asks for', 'why not'], rows: leftRows, named: true },
        ] as const)),
  ];
}

/** `NET-POL-001 FAIL: 2 of 5 namespaces …` for each of its controls. */
function evidenceOf(judged: Judged, { controls: ids }: FrameworkEntryView): Run {
  return ids.flatMap((id, index): Inline[] => {
    const { control, findings = [] } = judged.get(id) ?? {};
    if (control === undefined) return [];
    const open = findings.filter(counts).length;
    const rest = findings.length - open;
    const found = findings.length === 0 ? '' : `, ${count(open, 'finding')}, ${rest} known or accepted`;
    return [...(index === 0 ? [] : ['; ']), code(id), ` ${control.state}: ${control.why}${found}`];
  });
}

/** Each control with its findings, by id. */
type Judged = ReadonlyMap<string, { readonly control: ControlEntry; readonly findings: readonly Finding[] }>;

function judgedOf({ controls, findings }: ScanAnswer): Judged {
  const byControl = Map.groupBy(findings, ({ control }) => control);
  return new Map(controls.map((control) => [control.id, { control, findings: byControl.get(control.id) ?? [] }]));
}

// ---------------------------------------------------------------- the rest

function metBlocks(answer: ScanAnswer): Block[] {
  const met = ofStates(answer, 'PASS', 'PASS-PLATFORM', 'NA', 'NA-PROVIDER');
  if (met.length === 0) return [];
  const rows = met.map(({ id, title, state, why }): readonly Run[] => [
    [code(id)],
    [title],
    [stateBadge(state)],
    [why],
  ]);
  return [
    { kind: 'heading', text: 'Met, and what does not apply' },
    { kind: 'table', columns: ['control', 'what holds', 'state', 'what decided'], rows, named: true },
  ];
}

function coverageBlocks({ coverage }: ScanAnswer): Block[] {
  if (coverage.unsupported.length === 0) return [];
  const rows = coverage.unsupported.map(({ kind, count: objects }): readonly Run[] => [[code(kind)], [`${objects}`]]);
  return [
    { kind: 'heading', text: 'Read, and looked at by no control' },
    { kind: 'table', columns: ['kind', 'objects'], rows, named: true },
  ];
}
