import type { Diagnostic } from '#model/diagnostic.ts';
import type { Document, Node, SourceText } from './node.ts';
import { diagnosticOf, type Problem } from './problem.ts';
import { readJson } from './read-json.ts';
import { type Part, readYaml } from './read-yaml.ts';

export interface DocumentsResult {
  readonly documents: readonly Document[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The documents of one YAML or JSON file, in order. A document that cannot be read gives a diagnostic and hides no
 * other. Each is parsed by itself, so memory beyond the result is that of the largest document. Never throws.
 */
export function readDocuments(source: SourceText): DocumentsResult {
  const documents: Document[] = [];
  const found: Found = { source, problems: [], templateAt: undefined, unlisted: 0 };
  for (const part of partsOf(source.text)) {
    const result = readPart(source, part);
    for (const root of result.roots) documents.push({ source, root });
    note(found, part, result);
  }
  return { documents, diagnostics: diagnosticsOf(found) };
}

interface PartResult {
  readonly roots: readonly Node[];
  readonly problems: readonly Problem[];
  readonly failed: boolean;
}

interface Found {
  readonly source: SourceText;
  readonly problems: Problem[];
  /** The first place that looks like a template. */
  templateAt: number | undefined;
  unlisted: number;
}

/** A line that ends one document or begins another, wherever it stands: YAML 1.2 §9.1.2 allows it nowhere else. */
const MARKER = /(?:^|[\r\n])(---|\.\.\.)(?=[ \t\r\n]|$)/g;
const DIRECTIVE_OR_NOTHING = /^(?:%.*|[ \t]*(?:#.*)?)\r?$/;
const JSON_NAME = /\.json(?:\.gz)?$/i;
const YAML_NAME = /\.ya?ml(?:\.gz)?$/i;
const BYTE_ORDER_MARK = 0xfeff;
/** A text that begins with a bracket and is not JSON may be YAML; beyond this size nobody wrote it by hand. */
const MAX_FLOW_YAML = 1 << 20;
/** Diagnostics for one file; nobody reads more, and each costs a frame. */
const MAX_PROBLEMS = 100;

function* partsOf(text: string): Generator<Part> {
  const marker = new RegExp(MARKER);
  const known = new Map<string, string>();
  let from = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  marker.lastIndex = from;
  if (from === 1 && /^(?:---)(?=[ \t\r\n]|$)/.test(text.slice(1, 5))) marker.lastIndex = 4;
  for (let match = marker.exec(text); match !== null; match = marker.exec(text)) {
    const mark = match.index + match[0].length - 3;
    const isEnd = match[1] === '...';
    if (!isEnd && (mark === from || holdsOnlyDirectives(text, from, mark))) continue;
    const to = isEnd ? mark + 3 : mark;
    yield { from, to, known };
    from = to;
  }
  yield { from, to: text.length, known };
}

/** `%YAML` and `%TAG` lines belong to the document whose `---` follows. */
function holdsOnlyDirectives(text: string, from: number, to: number): boolean {
  const first = firstVisible(text, from, to);
  if (first !== 0x25 && first !== 0x23) return false;
  let directives = false;
  for (let at = from; at < to; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 || newline > to ? to : newline;
    if (!DIRECTIVE_OR_NOTHING.test(text.slice(at, end))) return false;
    if (text.charCodeAt(at) === 0x25) directives = true;
    at = end + 1;
  }
  return directives;
}

function readPart(source: SourceText, part: Part): PartResult {
  const from = afterMarker(source.text, part);
  const first = firstVisible(source.text, from, part.to);
  if (first !== 0x7b && first !== 0x5b) return readYaml(source, part);
  const json = readJson(source, from, part.to);
  if (!json.failed || part.to - part.from > MAX_FLOW_YAML || JSON_NAME.test(source.file)) return json;
  const yaml = readYaml(source, part);
  if (yaml.failed && json.roots.length === 0 && YAML_NAME.test(source.file)) return yaml;
  return yaml.failed || yaml.roots.length < json.roots.length ? json : yaml;
}

function afterMarker(text: string, part: Part): number {
  return text.startsWith('---', part.from) ? part.from + 3 : part.from;
}

function firstVisible(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return code;
  }
  return -1;
}

/**
 * Repositories hold templates (Helm, Jinja, Go) under the names of manifests. One warning for such a file, in place of
 * an error for each of its parts: nobody will repair them as YAML.
 */
function note(found: Found, part: Part, result: PartResult): void {
  const isTemplate = result.failed && found.source.text.slice(part.from, part.to).includes('{{');
  for (const problem of result.problems) {
    if (isTemplate && problem.code === 'RF1001') found.templateAt ??= problem.offset;
    else if (found.problems.length < MAX_PROBLEMS) found.problems.push(problem);
    else found.unlisted++;
  }
}

function diagnosticsOf(found: Found): readonly Diagnostic[] {
  const { source } = found;
  const diagnostics = found.problems.map((problem) => diagnosticOf(source, problem));
  if (found.templateAt !== undefined) diagnostics.push(diagnosticOf(source, templateProblem(found.templateAt)));
  if (found.unlisted > 0) diagnostics.push(unlistedDiagnostic(source, found.unlisted));
  return diagnostics;
}

function templateProblem(offset: number): Problem {
  return {
    code: 'RF1001',
    severity: 'warning',
    message: 'looks like a template and not like YAML; the parts that cannot be read are left out',
    offset,
    help: 'render it first, for example with `helm template`, and point Ringfence at the output',
  };
}

function unlistedDiagnostic(source: SourceText, count: number): Diagnostic {
  const message = `${count} more problems in this file are not listed`;
  return { code: 'RF1001', severity: 'error', message, origin: { file: source.file, line: 1, column: 1 } };
}
