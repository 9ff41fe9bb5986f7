import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { readConfiguration } from '#cli/configuration.ts';
import { CODES, type DiagnosticCode } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { PROFILE_IDS, type ProfileId } from '#model/profile.ts';
import { readInvariants } from '#parse/invariants.ts';
import { snapshotOf } from '#parse/snapshot.ts';

/** Input that causes a code, or why no input alone can. */
export type CodeExample = InputExample | ExemptExample;

export interface InputExample {
  readonly kind: 'input';
  readonly file: string;
  readonly text: string;
  /** What the page shows where `text` is too long to print. */
  readonly shown: string;
  readonly engine?: ProfileId;
}

export interface ExemptExample {
  readonly kind: 'exempt';
  readonly reason: string;
  /** Lines of a terminal that help all the same. */
  readonly sketch?: string;
}

/** What an example says: of a diagnostic its message, of an assumption its text. */
export interface Said {
  readonly code: string;
  readonly message: string;
  readonly help?: string | undefined;
}

const FILE = 'docs/diagnostics/examples.yaml';

/** One example for each code that the file has, by code. */
export function codeExamples(): ReadonlyMap<DiagnosticCode, CodeExample> {
  const examples = new Map<DiagnosticCode, CodeExample>();
  for (const [code, entry] of Object.entries(recordOf(load(readFileSync(FILE, 'utf8'))))) {
    if (!isCode(code)) throw new Error(`${FILE}: no such code: ${code}`);
    examples.set(code, exampleOf(recordOf(entry)));
  }
  return examples;
}

/** Reads the input of an example and everything that is said about it. */
export function saidOf({ file, text, engine }: InputExample): Said[] {
  const source = { file, text };
  if (file === 'ringfence.yaml') return readConfiguration(source).diagnostics.map(saidBy);
  const { diagnostics, assumptions } = analyseSnapshot(snapshotOf([source]), engine === undefined ? {} : { engine });
  const all: Diagnostic[] = [...diagnostics, ...readInvariants([source]).diagnostics];
  return [...all.map(saidBy), ...assumptions.map(({ code, text: message }) => ({ code, message }))];
}

function saidBy({ code, message, help }: Diagnostic): Said {
  return { code, message, help };
}

function exampleOf(entry: Readonly<Record<string, unknown>>): CodeExample {
  const { exempt, input, file, shown, engine, sketch } = entry;
  if (typeof exempt === 'string') {
    return { kind: 'exempt', reason: exempt, ...(typeof sketch === 'string' && { sketch }) };
  }
  const text = String(input);
  const profile = PROFILE_IDS.find((id) => id === engine);
  return {
    kind: 'input',
    file: typeof file === 'string' ? file : 'example.yaml',
    text,
    shown: typeof shown === 'string' ? shown : text,
    ...(profile !== undefined && { engine: profile }),
  };
}

function isCode(text: string): text is DiagnosticCode {
  return Object.hasOwn(CODES, text);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error(`${FILE}: a mapping is wanted`);
  return value as Readonly<Record<string, unknown>>;
}
