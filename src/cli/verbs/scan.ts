import type { Control } from '#analysis/controls/control.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { FINDING_FORM } from '#analysis/filter-forms.ts';
import { nearest } from '#analysis/nearest.ts';
import { withFrames } from '#analysis/scan/frames.ts';
import { scanOf } from '#analysis/scan/scan.ts';
import { escapeControl } from '#base/escape.ts';
import { type ControlSeverity, SEVERITIES } from '#model/control.ts';
import type { Finding, ScanAnswer } from '#model/scan.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { hiddenLines } from '#parse/kubernetes/without-secrets.ts';
import type { SourceText } from '#parse/text/node.ts';
import type { DocumentsResult } from '#parse/text/read-documents.ts';
import { analysed, isIn, refuseUnknownNamespaces } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import { baselineAt, writeBaseline } from '../baseline.ts';
import type { ScanFlags } from '../commands/scan.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit.ts';
import { filterOf, kept } from '../filter.ts';
import { readInput } from '../input.ts';
import { didYouMean, Refusal } from '../refusal.ts';
import { runFixes } from '../run-fixes.ts';
import { settingsOf } from '../settings.ts';
import { VERSION } from '../version.ts';

export async function runScan(context: CliContext, flags: ScanFlags, paths: readonly string[]): Promise<ExitCode> {
  formatOf('ringfence.dev/scan/v1', flags);
  const controls = chosenControls(flags);
  const filter = filterOf(flags.filter, FINDING_FORM);
  const settings = await settingsOf(context, flags, paths);
  const baseline = flags.baseline === undefined ? undefined : await baselineAt(context, flags.baseline);
  const reading = { context, flags, settings, objects: true, findsAzure: true };
  const hidden = new Map<SourceText, ReadonlySet<number> | undefined>();
  const isFramed = FRAMED.has(flags.output ?? 'text');
  const onRead = (source: SourceText, read: DocumentsResult) => void hidden.set(source, hiddenLines(source, read));
  const input = await readInput({ ...reading, ...(isFramed && { onRead }) }, paths);
  const taken = new Date().toISOString();
  const contextOf = (snapshot: Snapshot) =>
    contextFor({
      analysis: analysed(snapshot, settings, { waysIn: true }),
      settings: settings.controls,
      today: taken.slice(0, 10),
      kind: settings.live === undefined ? 'manifests' : 'live',
    });
  const read = contextOf(input.snapshot);
  refuseUnknownNamespaces(read.analysis, settings);
  const fixed =
    flags.fix === undefined ? undefined : await runFixes({ reading, input, controls, contextOf, how: flags.fix });
  const times = timesOf(context, flags.profile === true);
  const all = scanOf(fixed?.judged ?? read, {
    controls,
    frameworks: flags.framework ?? [],
    version: VERSION,
    input: input.from,
    taken,
    onControl: times.onControl,
  });
  const wanted = againstBaseline(inNamespaces(all, new Set(settings.namespaces)), baseline);
  const answer = isFramed ? withFrames(wanted, fixed?.files ?? input.files, hidden) : wanted;
  if (flags.writeBaseline !== undefined) await writeBaseline(context, flags.writeBaseline, answer);
  // What is not printed is judged all the same: a filter changes no exit code and no baseline.
  const printed = { ...answer, findings: kept(answer.findings, filter, FINDING_FORM) };
  if (flags.fix !== 'diff')
    await printAnswer({ context, flags, everything: flags.sarifAll === true }, printed, 'errors');
  times.say();
  if (answer.internalErrors.length > 0) return EXIT.bug;
  return exitCodeOf(
    {
      care: answer.findings.some((finding) => counts(finding) && isAtLeast(finding.severity, flags.failOn ?? 'high')),
      unknown: flags.strict === true && answer.controls.some(({ state }) => state === 'UNKNOWN' || state === 'MANUAL'),
      diagnostics: answer.diagnostics,
    },
    settings.allowUnknown,
  );
}

/** Formats that show lines: for the others no file is read again. */
const FRAMED: ReadonlySet<string> = new Set(['text', 'json', 'html']);

/** Told once the run is over: the slowest controls first. */
function timesOf(context: CliContext, isWanted: boolean) {
  const times: { readonly id: string; readonly ms: number }[] = [];
  let running: { readonly id: string; readonly since: number } | undefined;
  return {
    onControl: (id: string | undefined) => {
      const now = performance.now();
      if (running !== undefined) times.push({ id: running.id, ms: now - running.since });
      running = id === undefined ? undefined : { id, since: now };
      if (id !== undefined) context.progress.show(`judging: ${id}`);
    },
    say: () => {
      if (!isWanted) return;
      for (const { id, ms } of times.sort((a, b) => b.ms - a.ms))
        context.surroundings.err.say(`${ms.toFixed(1).padStart(9)} ms  ${id}\n`);
    },
  };
}

function chosenControls({ control = [], framework = [] }: ScanFlags): readonly Control[] {
  for (const wanted of control) refuseUnknownControl(wanted);
  return CONTROLS.filter(
    ({ data: { id, mappings } }) =>
      (control.length === 0 || control.some((wanted) => id.startsWith(wanted.toUpperCase()))) &&
      (framework.length === 0 || mappings.some((mapping) => framework.includes(mapping.framework))),
  );
}

function refuseUnknownControl(wanted: string): void {
  const ids = CONTROLS.map(({ data }) => data.id);
  if (ids.some((id) => id.startsWith(wanted.toUpperCase()))) return;
  throw new Refusal(`no control \`${escapeControl(wanted)}\``, didYouMean(nearest(wanted.toUpperCase(), ids)));
}

function inNamespaces(answer: ScanAnswer, namespaces: ReadonlySet<string>): ScanAnswer {
  if (namespaces.size === 0) return answer;
  const isAbout = ({ where }: Pick<Finding, 'where'>) =>
    where.kind === 'Namespace' ? namespaces.has(where.name) : isIn(namespaces, `${where.namespace}/`);
  return { ...answer, findings: answer.findings.filter(isAbout), open: answer.open.filter(isAbout) };
}

function againstBaseline(answer: ScanAnswer, baseline: ReadonlySet<string> | undefined): ScanAnswer {
  if (baseline === undefined) return answer;
  const findings = answer.findings.map((finding) => ({ ...finding, isNew: !baseline.has(finding.fingerprint) }));
  return { ...answer, findings };
}

function counts({ suppressed, isNew, state }: Finding): boolean {
  return state === 'FAIL' && suppressed === null && isNew !== false;
}

function isAtLeast(severity: ControlSeverity, least: ControlSeverity | 'never'): boolean {
  return least !== 'never' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}
