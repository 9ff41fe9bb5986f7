import { resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { SourceText } from '#parse/text/node.ts';
import { isBundle } from './bundle.ts';
import { readFileText } from './read-file.ts';
import { newSession, type SourceOptions } from './session.ts';

export interface BundleFiles {
  readonly sources: SourceText[];
  readonly diagnostics: Diagnostic[];
}

/** Those of the files that are snapshots, as they are. */
export async function readBundleFiles(files: readonly string[], options: SourceOptions = {}): Promise<BundleFiles> {
  const session = newSession(options);
  const sources: SourceText[] = [];
  for (const file of files) {
    const source = await readFileText(session, { path: resolve(session.cwd, file), name: escapeControl(file) });
    if (source !== undefined && isBundle(source)) sources.push(source);
  }
  return { sources, diagnostics: session.diagnostics };
}
