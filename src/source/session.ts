import type { Readable } from 'node:stream';
import { escapeControl } from '#base/escape.ts';
import { CODES, type DiagnosticCode } from '#model/codes.ts';
import type { Diagnostic, Severity } from '#model/diagnostic.ts';
import type { SourceText } from '#parse/text/node.ts';

export interface Exclusion {
  readonly folder: string;
  readonly patterns: readonly string[];
}

export interface SourceOptions {
  /** Where relative paths begin; the current folder unless given. */
  readonly cwd?: string;
  /** Bytes of one file, packed or unpacked, and of one tool's output; 256 MiB unless given. */
  readonly maxFileSize?: number;
  /** `never` reads the files of a kustomization as they are; `auto`, the default, renders it. */
  readonly kustomize?: 'auto' | 'never';
  /** What `-` reads; the process's standard input unless given. */
  readonly standardInput?: Readable;
  /** Folders to look for kubectl, kustomize, helm and git in; the PATH of the environment unless given. */
  readonly searchPath?: string;
  /** Milliseconds that one run of a tool may take; 60,000 unless given. */
  readonly toolTimeout?: number;
  /** What folders hold and is not read: patterns as in .gitignore, which count from `folder`. */
  readonly exclude?: Exclusion;
  /** Told after each few files how many have been read. */
  readonly onProgress?: (files: number) => void;
  /** Gathers the temporary folders, so that a run that is interrupted can remove them. */
  readonly temporaryFolders?: string[];
}

/** One call of `readPaths`: its settled options, and what it has gathered. */
export interface Session {
  readonly cwd: string;
  readonly maxFileSize: number;
  readonly kustomize: 'auto' | 'never';
  readonly standardInput: Readable;
  readonly searchPath: string;
  readonly toolTimeout: number;
  readonly exclude: Exclusion | undefined;
  readonly onProgress: (files: number) => void;
  readonly files: SourceText[];
  readonly diagnostics: Diagnostic[];
  /** Real paths of what was read or walked: nothing is read twice, no link leads round in a circle. */
  readonly seen: Set<string>;
  readonly temporaryFolders: string[];
}

/** A file or folder: where it is, and how it is called in messages, control characters already escaped. */
export interface Place {
  readonly path: string;
  readonly name: string;
}

export function newSession(options: SourceOptions): Session {
  return {
    cwd: options.cwd ?? process.cwd(),
    maxFileSize: options.maxFileSize ?? DEFAULT_MAX_FILE_SIZE,
    kustomize: options.kustomize ?? 'auto',
    standardInput: options.standardInput ?? process.stdin,
    searchPath: options.searchPath ?? process.env['PATH'] ?? '',
    toolTimeout: options.toolTimeout ?? 60_000,
    exclude: options.exclude,
    onProgress: options.onProgress ?? (() => undefined),
    files: [],
    diagnostics: [],
    seen: new Set(),
    temporaryFolders: options.temporaryFolders ?? [],
  };
}

export interface Report {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** Name of the file or folder that it is about. */
  readonly name: string;
  readonly severity?: Severity;
  readonly help?: string;
}

export function report(session: Session, what: Report): void {
  session.diagnostics.push({
    code: what.code,
    severity: what.severity ?? CODES[what.code].severity,
    message: what.message,
    ...(what.help === undefined ? {} : { help: what.help }),
    origin: { file: what.name, line: 1, column: 1 },
  });
}

/** Says why the system refused to open or list something. */
export function reportUnreadable(session: Session, name: string, error: unknown): void {
  const code = errorCode(error);
  const why = REASONS.get(code) ?? `the system says ${escapeControl(code)}`;
  report(session, { code: 'RF1006', name, message: `\`${name}\` cannot be read: ${why}` });
}

export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'an unnamed error';
}

export function formatBytes(bytes: number): string {
  if (bytes >= 1 << 20) return `${Math.round(bytes / (1 << 20))} MiB`;
  return bytes >= 1024 ? `${Math.round(bytes / 1024)} KiB` : `${bytes} bytes`;
}

const DEFAULT_MAX_FILE_SIZE = 256 * 1024 * 1024;

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it does not exist'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ELOOP', 'its links lead round in a circle'],
  ['ENAMETOOLONG', 'the name is too long'],
]);
