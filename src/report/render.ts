import type { DiffAnswer, ExposeAnswer, MapAnswer, PathAnswer, PoliciesAnswer, TestAnswer } from '#model/answers.ts';
import type { EgressAnswer } from '#model/egress.ts';
import type { MigrateAnswer } from '#model/migration.ts';
import type { ScanAnswer } from '#model/scan.ts';
import type { Answer } from './answer.ts';
import { azureDevOpsText, githubText } from './data/annotations.ts';
import { csvText } from './data/csv.ts';
import { diffDot, mapDot } from './data/dot.ts';
import { jsonText } from './data/json.ts';
import { junitText } from './data/junit.ts';
import { migrateManifests } from './data/manifests.ts';
import { oscalText } from './data/oscal.ts';
import { OPEN_REPORTS, policyReportText, WG_POLICY } from './data/policy-report.ts';
import { sarifText } from './data/sarif.ts';
import { scanJunit } from './data/scan-junit.ts';
import { formatsOf } from './formats.ts';
import { blueprintPage } from './page/blueprint.ts';
import { canPage } from './page/can.ts';
import { controlsPage } from './page/controls.ts';
import { diffPage } from './page/diff.ts';
import { egressPage } from './page/egress.ts';
import { exposePage } from './page/expose.ts';
import { htmlText } from './page/html.ts';
import { mapPage, mapRowsPage } from './page/map.ts';
import { COMMENT_LIMIT, markdownText } from './page/markdown.ts';
import { migratePage } from './page/migrate.ts';
import { policiesPage } from './page/policies.ts';
import { scanPage } from './page/scan.ts';
import { scanReport } from './page/scan-report.ts';
import { testPage } from './page/test-verb.ts';
import { translatePage } from './page/translate.ts';
import { NO_PAINT, type Paint } from './paint.ts';
import { laneSvg } from './picture/lane.ts';
import { diffSvg, mapSvg } from './picture/picture.ts';
import { azureCompareText } from './text/azure-compare.ts';
import { azureQueriesText } from './text/azure-queries.ts';
import { blueprintText } from './text/blueprint.ts';
import { canText } from './text/can.ts';
import { controlsText } from './text/controls.ts';
import { diffText } from './text/diff.ts';
import { doctorText } from './text/doctor.ts';
import { egressText } from './text/egress.ts';
import { explainText } from './text/explain.ts';
import { exposeText } from './text/expose.ts';
import type { TextOptions } from './text/layout.ts';
import { mapText } from './text/map.ts';
import { migrateText } from './text/migrate.ts';
import { policiesText } from './text/policies.ts';
import { scanText } from './text/scan.ts';
import { snapshotsText } from './text/snapshots.ts';
import { testText } from './text/test-verb.ts';
import { translateText } from './text/translate.ts';

export interface RenderOptions {
  /** Colours of `text`; none unless given. */
  readonly paint?: Paint;
  /** Columns of the terminal for `text`; without it no line is broken. */
  readonly width?: number | undefined;
  /** In `text`, also what did not decide. */
  readonly verbose?: boolean;
  /** In `sarif`, also what was met and what is open. */
  readonly everything?: boolean;
}

/** Pieces of one report, to be written in order. */
export type Rendering = Iterable<string> | AsyncIterable<string>;

/** The format does not exist for this answer. `formats` are those that do. */
export class UnknownFormatError extends Error {
  readonly format: string;
  readonly formats: readonly string[];

  constructor(format: string, formats: readonly string[]) {
    super(`no format \`${format}\` for this answer: ${formats.join(', ')}`);
    this.name = 'UnknownFormatError';
    this.format = format;
    this.formats = formats;
  }
}

/** The answer in a format, as `-o FORMAT` prints it. Throws `UnknownFormatError` before anything is rendered. */
export function render(answer: Answer, format: string, options: RenderOptions = {}): Rendering {
  const writer = new Map(Object.entries(writersOf(answer))).get(ALIASES.get(format) ?? format);
  if (writer === undefined) throw new UnknownFormatError(format, formatsOf(answer.schema));
  return writer({ paint: NO_PAINT, ...options });
}

const ALIASES: ReadonlyMap<string, string> = new Map([['md', 'markdown']]);

type Writer = (options: TextOptions) => Rendering;
type Writers = Readonly<Record<string, Writer>>;

function writersOf(answer: Answer): Writers {
  const json: Writer = () => jsonText(answer);
  switch (answer.schema) {
    case 'ringfence.dev/scan/v1':
      return { json, ...scanWriters(answer) };
    case 'ringfence.dev/map/v1':
      return { json, ...mapWriters(answer) };
    case 'ringfence.dev/path/v1':
      return { json, ...canWriters(answer) };
    case 'ringfence.dev/expose/v1':
      return { json, ...exposeWriters(answer) };
    case 'ringfence.dev/diff/v1':
      return { json, ...diffWriters(answer) };
    case 'ringfence.dev/test/v1':
      return { json, ...testWriters(answer) };
    case 'ringfence.dev/policies/v1':
      return { json, ...policiesWriters(answer) };
    case 'ringfence.dev/migrate/v1':
      return { json, ...migrateWriters(answer) };
    case 'ringfence.dev/egress/v1':
      return { json, ...egressWriters(answer) };
    case 'ringfence.dev/translate/v1':
      return {
        json,
        text: () => translateText(answer),
        markdown: () => markdownText(translatePage(answer)),
      };
    case 'ringfence.dev/doctor/v1':
      return { json, text: (options) => doctorText(answer, options) };
    case 'ringfence.dev/explain/v1':
      return { json, text: (options) => explainText(answer, options) };
    case 'ringfence.dev/controls/v1':
      return {
        json,
        text: (options) => controlsText(answer, options),
        markdown: () => markdownText(controlsPage(answer)),
      };
    case 'ringfence.dev/snapshots/v1':
      return { json, text: (options) => snapshotsText(answer, options) };
    case 'ringfence.dev/azure-compare/v1':
      return { json, text: (options) => azureCompareText(answer, options) };
    case 'ringfence.dev/azure-queries/v1':
      return { json, text: () => azureQueriesText(answer) };
    case 'ringfence.dev/blueprint-proof/v1':
      return {
        json,
        text: (options) => blueprintText(answer, options),
        markdown: () => markdownText(blueprintPage(answer)),
        html: () => htmlText(blueprintPage(answer)),
      };
  }
}

const COMMENT_BOUNDS = {
  most: COMMENT_LIMIT,
  more: 'Run the same command with --output json or --output csv to see them all.',
};

function scanWriters(answer: ScanAnswer): Writers {
  return {
    text: (options) => scanText(answer, options),
    markdown: () => markdownText(scanPage(answer), COMMENT_BOUNDS),
    html: () => htmlText(scanReport(answer)),
    csv: () => csvText(answer),
    junit: () => scanJunit(answer),
    sarif: ({ everything = false }) => sarifText(answer, { all: everything }),
    github: () => githubText(answer),
    'azure-devops': () => azureDevOpsText(answer),
    policyreport: () => policyReportText(answer, OPEN_REPORTS),
    oscal: () => oscalText(answer),
    wgpolicy: () => policyReportText(answer, WG_POLICY),
  };
}

function mapWriters(answer: MapAnswer): Writers {
  return {
    text: (options) => mapText(answer, options),
    csv: () => csvText(answer),
    markdown: () => markdownText(mapPage(answer)),
    dot: () => mapDot(answer),
    svg: () => mapSvg(answer),
    html: () => htmlText(mapRowsPage(answer), mapSvg(answer)),
  };
}

function canWriters(answer: PathAnswer): Writers {
  return {
    text: (options) => canText(answer, options),
    csv: () => csvText(answer),
    markdown: () => markdownText(canPage(answer)),
    svg: () => laneSvg(answer),
    html: () => htmlText(canPage(answer), laneSvg(answer)),
  };
}

function exposeWriters(answer: ExposeAnswer): Writers {
  return {
    text: (options) => exposeText(answer, options),
    csv: () => csvText(answer),
    markdown: () => markdownText(exposePage(answer)),
    html: () => htmlText(exposePage(answer)),
  };
}

function diffWriters(answer: DiffAnswer): Writers {
  return {
    text: (options) => diffText(answer, options),
    csv: () => csvText(answer),
    markdown: () => markdownText(diffPage(answer), COMMENT_BOUNDS),
    dot: () => diffDot(answer),
    svg: () => diffSvg(answer),
    html: () => htmlText(diffPage(answer), answer.changes.length > 0 ? diffSvg(answer) : undefined),
  };
}

function testWriters(answer: TestAnswer): Writers {
  return {
    text: (options) => testText(answer, options),
    csv: () => csvText(answer),
    markdown: () => markdownText(testPage(answer)),
    junit: () => junitText(answer),
    html: () => htmlText(testPage(answer)),
  };
}

function policiesWriters(answer: PoliciesAnswer): Writers {
  return {
    text: (options) => policiesText(answer, options),
    csv: () => csvText(answer),
    markdown: () => markdownText(policiesPage(answer)),
    html: () => htmlText(policiesPage(answer)),
  };
}

function egressWriters(answer: EgressAnswer): Writers {
  return {
    text: (options) => egressText(answer, options),
    csv: () => csvText(answer),
    markdown: () => markdownText(egressPage(answer)),
    html: () => htmlText(egressPage(answer)),
  };
}

function migrateWriters(answer: MigrateAnswer): Writers {
  return {
    text: (options) => migrateText(answer, options),
    yaml: () => migrateManifests(answer),
    csv: () => csvText(answer),
    markdown: () => markdownText(migratePage(answer)),
    html: () => htmlText(migratePage(answer)),
  };
}
