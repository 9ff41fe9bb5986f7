import type { Origin } from '#model/origin.ts';
import { decidingOrigin, type Finding, type ScanAnswer } from '#model/scan.ts';
import { withoutSecrets } from '#parse/kubernetes/without-secrets.ts';
import { NOT_SHOWN } from '#parse/text/guarded-frame.ts';
import type { SourceText } from '#parse/text/node.ts';
import { codeFrame } from '#parse/text/positions.ts';

/** Lines that may hold a secret, of texts that were looked at while they were read: see `SnapshotOptions.onRead`. */
export type HiddenLines = ReadonlyMap<SourceText, ReadonlySet<number> | undefined>;

/** The answer with the lines that decided, as far as they were read from files and hold no secret. */
export function withFrames(
  answer: ScanAnswer,
  files: readonly SourceText[],
  hidden: HiddenLines = new Map(),
): ScanAnswer {
  const byName = new Map(files.map((source) => [source.file, source]));
  const cleaned = new Map<string, SourceText | undefined>();
  const cleanedOf = (file: string) => {
    const source = byName.get(file);
    if (!cleaned.has(file)) cleaned.set(file, source === undefined ? undefined : cleanedText(source, hidden));
    return cleaned.get(file);
  };
  const findings = answer.findings.map((finding) => {
    const origin = tellingOrigin(finding);
    const source = origin === undefined ? undefined : cleanedOf(origin.file);
    const frame = source === undefined || origin === undefined ? undefined : frameAt(source, origin);
    return frame === undefined ? finding : { ...finding, frame };
  });
  return { ...answer, findings };
}

function cleanedText(source: SourceText, hidden: HiddenLines): SourceText | undefined {
  if (!hidden.has(source)) return withoutSecrets(source);
  const lines = hidden.get(source);
  return lines === undefined ? undefined : withoutSecrets(source, lines);
}

/** Where an object begins, nothing is to be seen but that it does. */
function tellingOrigin(finding: Finding): Origin | undefined {
  const origin = decidingOrigin(finding);
  const whole = finding.where.origin;
  const isWhole = origin?.file === whole?.file && origin?.line === whole?.line;
  return isWhole ? undefined : origin;
}

/** None where the line itself is not shown: its neighbours alone say nothing. */
function frameAt(source: SourceText, { line, column }: Origin): string | undefined {
  const start = source.lineStarts?.[line - 1];
  if (start === undefined) return undefined;
  const end = source.text.indexOf('\n', start);
  const own = source.text.slice(start, end < 0 ? undefined : end);
  return own.trim() === NOT_SHOWN ? undefined : codeFrame(source, start + Math.min(column - 1, own.length));
}
