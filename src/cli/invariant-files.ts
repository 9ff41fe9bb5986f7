import type { Diagnostic } from '#model/diagnostic.ts';
import { readInvariants } from '#parse/invariants.ts';
import type { SourceText } from '#parse/text/node.ts';
import { readPaths } from '#source/read-paths.ts';
import type { CliContext } from './context.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

export interface InvariantsRead {
  readonly invariants: ReturnType<typeof readInvariants>['invariants'];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Wanted {
  /** Of `--invariants`. */
  readonly named: readonly string[] | undefined;
  readonly settings: Settings;
  /** Where they are looked for when no file is named. */
  readonly among: readonly SourceText[];
}

/** The invariants of the named files, or of the configuration's, or those that lie among the manifests. */
export async function invariantsFor(context: CliContext, { named, settings, among }: Wanted): Promise<InvariantsRead> {
  const files = named ?? settings.invariants;
  if (files.length === 0) return readInvariants(among);
  const { files: sources, diagnostics } = await readPaths(files, { cwd: context.surroundings.folder });
  const [problem] = diagnostics.filter(({ severity }) => severity === 'error');
  if (problem !== undefined) throw new Refusal(problem.message, problem.help);
  const read = readInvariants(sources);
  return { invariants: read.invariants, diagnostics: [...diagnostics, ...read.diagnostics] };
}

/** Files of invariants may lie among the manifests: what is wrong with their text is told once. */
export function together(first: readonly Diagnostic[], second: readonly Diagnostic[]): Diagnostic[] {
  const known = new Set(first.map(keyOf));
  return [...first, ...second.filter((diagnostic) => !known.has(keyOf(diagnostic)))];
}

function keyOf({ code, message, origin }: Diagnostic): string {
  return JSON.stringify([code, message, origin]);
}
