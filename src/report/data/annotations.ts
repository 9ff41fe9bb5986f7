import { escapeControl } from '#base/escape.ts';
import { decidingOrigin, type Finding, type ScanAnswer } from '#model/scan.ts';
import { scanSummary } from '../text/scan.ts';
import { counts } from '../text/scan-words.ts';
import { objectText } from '../words.ts';

/** GitHub shows ten errors and ten warnings of a step (GitHub, workflow commands): those to close first. */
const MOST_SHOWN = 10;

/** Workflow commands of GitHub Actions: an annotation on the line of each finding that counts. */
export function* githubText(answer: ScanAnswer): Generator<string> {
  const counting = answer.findings.filter(counts);
  for (const kind of ['error', 'warning'] as const) {
    const own = counting.filter((finding) => kindOf(finding) === kind);
    for (const finding of own.slice(0, MOST_SHOWN)) yield githubLine(kind, finding);
    const left = own.length - MOST_SHOWN;
    if (left > 0) yield `::notice title=Ringfence::${data(`${left} more of kind ${kind}: see the report`)}\n`;
  }
  yield `::notice title=Ringfence::${data(scanSummary(answer))}\n`;
}

function githubLine(kind: 'error' | 'warning', finding: Finding): string {
  const origin = decidingOrigin(finding);
  const place = origin === undefined ? '' : `file=${property(origin.file)},line=${origin.line},col=${origin.column},`;
  return `::${kind} ${place}title=${property(`${finding.control} ${finding.title}`)}::${data(messageOf(finding))}\n`;
}

/** What has a meaning to the runner is escaped as it says (actions/toolkit, command.ts). */
function data(text: string): string {
  return escapeControl(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Logging commands of Azure Pipelines: an issue for each finding that counts, and how the task ended. */
export function* azureDevOpsText(answer: ScanAnswer): Generator<string> {
  const counting = answer.findings.filter(counts);
  for (const finding of counting) {
    const origin = decidingOrigin(finding);
    const place =
      origin === undefined
        ? ''
        : `sourcepath=${vso(origin.file)};linenumber=${origin.line};columnnumber=${origin.column};`;
    yield `##vso[task.logissue type=${kindOf(finding)};${place}code=${vso(finding.control)}]${vsoData(messageOf(finding))}\n`;
  }
  // Whether the task fails is said by how the program ends: that follows --fail-on.
  const result = counting.length > 0 ? 'SucceededWithIssues' : 'Succeeded';
  yield `##vso[task.complete result=${result}]${vsoData(scanSummary(answer))}\n`;
}

/** As the agent reads them back (azure-pipelines-task-lib, taskcommand.ts). */
function vsoData(text: string): string {
  return escapeControl(text).replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function vso(text: string): string {
  return vsoData(text).replaceAll(']', '%5D').replaceAll(';', '%3B');
}

function kindOf({ state, severity }: Finding): 'error' | 'warning' {
  return state === 'FAIL' && (severity === 'critical' || severity === 'high') ? 'error' : 'warning';
}

function messageOf({ where, message }: Finding): string {
  return `${objectText(where)}: ${message}`;
}
