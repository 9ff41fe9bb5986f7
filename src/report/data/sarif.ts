import type { ControlSeverity, Evidence } from '#model/control.ts';
import type { Origin } from '#model/origin.ts';
import { type ControlEntry, decidingOrigin, type Finding, type OpenEntry, type ScanAnswer } from '#model/scan.ts';
import { evidenceText, radiusText } from '../text/scan-words.ts';
import { objectText } from '../words.ts';
import { valueText } from './json.ts';

/**
 * SARIF 2.1.0 (OASIS) as code scanning services take it: one result for each finding that counts, accepted ones with a
 * suppression. What is open or was met is left out unless `all`, because services list every result as a problem.
 */
export function* sarifText(answer: ScanAnswer, { all }: { readonly all: boolean }): Generator<string> {
  yield `${valueText(sarifOf(answer, all))}\n`;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const DOCS = 'https://ringfence.dev/controls/';
/** A service takes no more of one run (GitHub, SARIF support). */
const MOST_RESULTS = 25_000;

function sarifOf(answer: ScanAnswer, all: boolean): object {
  const results = [
    ...answer.findings.map((finding) => resultOf(answer, finding)),
    ...(all ? otherResults(answer) : []),
  ];
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Ringfence',
            version: answer.version,
            informationUri: 'https://ringfence.dev',
            rules: answer.controls.map(ruleOf),
          },
        },
        automationDetails: { id: 'ringfence/' },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: answer.internalErrors.length === 0,
            endTimeUtc: answer.taken,
            toolExecutionNotifications: answer.internalErrors.map(({ control, message }) => ({
              level: 'error',
              message: { text: `${control} failed by a mistake of Ringfence: ${message}` },
              associatedRule: { id: control },
            })),
          },
        ],
        results: results.slice(0, MOST_RESULTS),
      },
    ],
  };
}

function ruleOf(control: ControlEntry): object {
  const { id, title, severity, frameworks, rationale } = control;
  const tags = ['security', ...new Set(frameworks.map(({ framework, id: entry }) => `${framework}/${entry}`))];
  return {
    id,
    name: id,
    shortDescription: { text: title.slice(0, MOST_DESCRIBED) },
    fullDescription: { text: `${title}. ${rationale}`.slice(0, MOST_DESCRIBED) },
    helpUri: `${DOCS}${id}`,
    help: helpOf(control),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { 'security-severity': SCORES[severity], precision: 'high', tags: tags.slice(0, MOST_TAGS) },
  };
}

/** A service takes no more of a description, and no more tags (GitHub, SARIF support). */
const MOST_DESCRIBED = 1024;
const MOST_TAGS = 20;

function helpOf({ id, title, rationale, remedy, question }: ControlEntry): object {
  const asked = question === undefined ? '' : `\n\nA person is asked: ${question}`;
  const text = `${title}.\n\n${rationale}\n\nTo close it: ${remedy}${asked}\n\nSee ${DOCS}${id}`;
  const markdown = `**${title}**\n\n${rationale}\n\n**To close it:** ${remedy}${asked}\n\n[${id} in full](${DOCS}${id})`;
  return { text, markdown };
}

const LEVELS: Readonly<Record<ControlSeverity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** The middle of the bands that services cut: above 9 critical, 7 to 8.9 high, 4 to 6.9 medium, below low. */
const SCORES: Readonly<Record<ControlSeverity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.5',
};

function resultOf(answer: ScanAnswer, finding: Finding): object {
  const { control, severity, state, fingerprint, suppressed, isNew, evidence, where } = finding;
  const origin = decidingOrigin(finding);
  const level = LEVELS[severity];
  return {
    ruleId: control,
    ruleIndex: answer.controls.findIndex(({ id }) => id === control),
    kind: 'fail',
    level: state === 'WARN' && level === 'error' ? 'warning' : level,
    message: { text: messageOf(finding, isInFile(origin)) },
    locations: [locationOf(origin, where.id)],
    relatedLocations: evidence.flatMap(relatedOf).slice(0, MOST_RELATED),
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1` },
    ...flowsOf(finding, origin),
    ...(suppressed !== null && { suppressions: [suppressionOf(suppressed)] }),
    ...(isNew !== undefined && { baselineState: isNew ? 'new' : 'unchanged' }),
    properties: { priority: finding.priority, place: where.id },
  };
}

/** More are not shown (GitHub, SARIF support). */
const MOST_RELATED = 100;

function messageOf({ where, message, blastRadius, fix }: Finding, hasFile: boolean): string {
  const radius = radiusText(blastRadius);
  const mend = fix === undefined || fix.summary === '' ? [] : [`To close it: ${fix.summary.replace(/\.$/, '')}`];
  const sentences = [
    `${objectText(where)}: ${message}`,
    ...(radius === '' ? [] : [`Blast radius: ${radius}`]),
    ...mend,
    ...(hasFile ? [] : ['It stands in no file that was read: the place shown is made from its id']),
  ];
  // SARIF 2.1.0, 3.11.6: a bracket before a parenthesis is a link in plain text too, and a name must not make one.
  return sentences.map((sentence) => `${sentence.replaceAll('](', '] (')}.`).join(' ');
}

/**
 * Places are told by files of the repository. A live object and a cloud resource have none: they get a file of their own
 * that does not exist, named after their id.
 */
function locationOf(origin: Origin | undefined, id: string): object {
  const logicalLocations = [{ fullyQualifiedName: id }];
  const physicalLocation = isInFile(origin) ? physical(origin.file, origin) : physical(`ringfence-live/${id}`);
  return { physicalLocation, logicalLocations };
}

function isInFile(origin: Origin | undefined): origin is Origin {
  return origin !== undefined && origin.file !== '' && origin.line > 0;
}

function physical(file: string, origin?: Origin): object {
  const region = { startLine: origin?.line ?? 1, startColumn: Math.max(1, origin?.column ?? 1) };
  return { artifactLocation: { uri: uriOf(file) }, region };
}

/** Relative to the repository, each part escaped (RFC 3986). */
function uriOf(file: string): string {
  const parts = file
    .replaceAll('\\', '/')
    .replace(/^(?:\.?\/)+/, '')
    .split('/');
  return parts.map((part) => encodeURIComponent(part)).join('/');
}

function relatedOf(evidence: Evidence, id: number): object[] {
  const { origin } = evidence;
  if (!isInFile(origin)) return [];
  return [{ id, physicalLocation: physical(origin.file, origin), message: { text: evidenceText(evidence) } }];
}

/** The way of somebody from the internet to the data, as far as both are known. */
function flowsOf({ where, message, blastRadius }: Finding, origin: Origin | undefined): object {
  if (blastRadius === undefined || blastRadius.fromInternet !== true) return {};
  const { entrances, through, dataStores } = blastRadius;
  const steps = [
    ...entrances.slice(0, 1).map((at) => `from the internet by ${at}`),
    `${where.kind} ${where.name}: ${message}`,
    ...through.slice(0, 20).map((id) => `on to ${id}`),
    ...dataStores.slice(0, 5).map((id) => `data in ${id}`),
  ];
  const locations = steps.map((text) => ({ location: { ...locationOf(origin, where.id), message: { text } } }));
  return { codeFlows: [{ threadFlows: [{ locations }] }] };
}

function suppressionOf({ reason, owner, until }: NonNullable<Finding['suppressed']>): object {
  const end = until === undefined ? '' : `, until ${until}`;
  return { kind: 'external', status: 'accepted', justification: `${reason} (${owner}${end})` };
}

function otherResults(answer: ScanAnswer): object[] {
  const index = new Map(answer.controls.map(({ id }, at) => [id, at]));
  const open = answer.open.map((entry: OpenEntry) => ({
    ruleId: entry.control,
    ruleIndex: index.get(entry.control) ?? -1,
    kind: entry.state === 'MANUAL' ? 'review' : 'open',
    level: 'none',
    message: { text: entry.message },
    locations: [locationOf(entry.where.origin, entry.where.id)],
  }));
  const whole = answer.controls.flatMap(({ id, state, why }) => {
    const kind = KINDS[state];
    if (kind === undefined) return [];
    return [{ ruleId: id, ruleIndex: index.get(id) ?? -1, kind, level: 'none', message: { text: why } }];
  });
  return [...open, ...whole];
}

const KINDS: Readonly<Partial<Record<ControlEntry['state'], string>>> = {
  PASS: 'pass',
  'PASS-PLATFORM': 'pass',
  NA: 'notApplicable',
  'NA-PROVIDER': 'notApplicable',
  MANUAL: 'review',
  UNKNOWN: 'open',
};
