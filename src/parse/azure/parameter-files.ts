import type { Diagnostic } from '#model/diagnostic.ts';
import type { Document } from '../text/node.ts';
import { diagnosticOf } from '../text/problem.ts';
import { mapOf } from './template/nodes.ts';
import { type Given, givenIn } from './template/parameters.ts';
import type { TemplateDocument } from './template/world.ts';

export interface GivenParameters {
  readonly values: ReadonlyMap<string, Given>;
  /** The files that the values are from. */
  readonly files: readonly string[];
}

/**
 * The values that files give a template: the files that the user names, or else the one beside it, as
 * `main.parameters.json` for `main.json`, or `parameters.json`. Azure refuses a file with a parameter that the template
 * does not have, so such a file is for another one.
 */
export function parametersFor(
  template: TemplateDocument,
  files: readonly Document[],
  named: readonly string[],
): GivenParameters {
  const chosen = files.filter(({ source, root }) => named.includes(source.file) && fits(template, root));
  const beside = namesBeside(template.source.file).map((name) =>
    files.find(({ source, root }) => source.file.toLowerCase() === name && fits(template, root)),
  );
  const used = chosen.length > 0 ? chosen : beside.filter((file) => file !== undefined).slice(0, 1);
  const values = new Map<string, Given>();
  for (const file of used) for (const [name, given] of givenIn(file)) values.set(name, given);
  return { values, files: used.map(({ source }) => source.file) };
}

export function parametersUnused(files: readonly Document[], used: ReadonlySet<string>): readonly Diagnostic[] {
  return files
    .filter(({ source }) => !used.has(source.file))
    .map(({ source, root }) => {
      const message = 'no template takes this file of parameters';
      return diagnosticOf(source, { code: 'RF5107', message, offset: root.start });
    });
}

/** A template is refused a parameter that it does not have. */
function fits({ root }: TemplateDocument, parameters: Document['root']): boolean {
  const has = new Set(mapOf(root, 'parameters')?.entries.map(({ key }) => key.toLowerCase()));
  return (mapOf(parameters, 'parameters')?.entries ?? []).every(({ key }) => has.has(key.toLowerCase()));
}

/** In the order in which they are looked for. */
function namesBeside(template: string): readonly string[] {
  const stem = template.replace(/\.[^./]+$/, '').toLowerCase();
  const folder = stem.slice(0, stem.lastIndexOf('/') + 1);
  return [`${stem}.parameters.json`, `${stem}.parameters.jsonc`, `${folder}parameters.json`];
}
