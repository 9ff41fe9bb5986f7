import { escapeControl } from '#base/escape.ts';
import type { Diagnostic, Severity } from '#model/diagnostic.ts';
import type { Tone } from '../paint.ts';
import { count } from '../words.ts';
import { dim } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

const TONES: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'unsure', info: 'accent' };
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
/** More of one code than this are told as one with a list of places. */
const ALIKE = 3;

/**
 * What is wrong with the input, worst first, each with its place, the lines around it and what to do. Many of one code
 * are told as one with all the places.
 */
export function* diagnosticsText(diagnostics: readonly Diagnostic[], options: TextOptions): Generator<string> {
  for (const group of groupsOf(diagnostics)) {
    if (group.length > ALIKE && options.verbose !== true) {
      yield `${alikeLines(group, options).join('\n')}\n\n`;
      continue;
    }
    for (const diagnostic of group) yield `${diagnosticLines(diagnostic, options).join('\n')}\n\n`;
  }
  if (diagnostics.length > 0) yield `${options.paint.strong(diagnosticsSummary(diagnostics))}\n`;
}

/** `2 errors, 1 warning` */
export function diagnosticsSummary(diagnostics: readonly Diagnostic[]): string {
  const parts: string[] = [];
  for (const severity of SEVERITIES) {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    if (number > 0) parts.push(count(number, severity === 'info' ? 'note' : severity));
  }
  return parts.join(', ');
}

/** `file:line:column`, for editors and terminals that make it a link. */
export function placeText(diagnostic: Diagnostic): string {
  const { origin } = diagnostic;
  if (origin === undefined || origin.file === '') return '';
  const file = escapeControl(origin.file);
  return origin.line > 0 ? `${file}:${origin.line}:${origin.column}` : file;
}

/** One list for each code, in order of severity and then of first appearance. */
function groupsOf(diagnostics: readonly Diagnostic[]): Diagnostic[][] {
  const groups = new Map<string, Diagnostic[]>();
  for (const severity of SEVERITIES) {
    for (const diagnostic of diagnostics) {
      if (diagnostic.severity !== severity) continue;
      const key = `${severity} ${diagnostic.code}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [diagnostic]);
      else group.push(diagnostic);
    }
  }
  return [...groups.values()];
}

function diagnosticLines(diagnostic: Diagnostic, options: TextOptions): string[] {
  const lines = [...headLines(diagnostic, diagnostic.message, options)];
  const place = [placeText(diagnostic), escapeControl(diagnostic.object ?? '')]
    .filter((part) => part !== '')
    .join('  ');
  if (place !== '') lines.push(...paragraphLines({ text: place, tone: 'accent' }, 2, options));
  for (const line of diagnostic.frame?.split('\n') ?? []) lines.push(`  ${escapeControl(line)}`.trimEnd());
  return [...lines, ...helpLines(diagnostic, options)];
}

function alikeLines(group: readonly Diagnostic[], options: TextOptions): string[] {
  const first = group[0]!;
  const lines = [...headLines(first, `${first.message}, and ${group.length - 1} more like it`, options)];
  const rows = group.map((diagnostic): Cell[] => [
    { text: placeText(diagnostic) || '(no place)', tone: 'accent' },
    dim(escapeControl(diagnostic === first ? (diagnostic.object ?? '') : diagnostic.message)),
  ]);
  return [...lines, ...tableLines(rows, { indent: 2 }, options), ...helpLines(first, options)];
}

function headLines(diagnostic: Diagnostic, message: string, options: TextOptions): string[] {
  const head: Cell = { text: `${diagnostic.severity}[${diagnostic.code}]`, tone: TONES[diagnostic.severity] };
  return tableLines([[head, escapeControl(message)]], { indent: 0 }, options);
}

function helpLines(diagnostic: Diagnostic, options: TextOptions): string[] {
  if (diagnostic.help === undefined) return [];
  return tableLines([[dim('help'), escapeControl(diagnostic.help)]], { indent: 2 }, options);
}
