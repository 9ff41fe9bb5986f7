import type { MigrateAnswer } from '#model/migration.ts';
import type { PlainObject } from '#model/plain.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import { originText } from '../words.ts';

/** The manifests that keep the old meaning, ready for `kubectl apply`, each with a word on what it stands for. */
export function* migrateManifests({ rewrites }: MigrateAnswer): Generator<string> {
  if (rewrites.length === 0) yield '# no policy to write\n';
  for (const [index, rewrite] of rewrites.entries()) {
    if (index > 0) yield '---\n';
    const how = rewrite.action === 'replace' ? 'in place of' : 'beside';
    yield `# ${how} ${rewrite.for.policy} ${originText(rewrite.for.origin)}\n`;
    yield* yamlText(rewrite.object);
  }
}

export function yamlLines(object: PlainObject): string[] {
  return [...yamlText(object)].map((line) => line.trimEnd());
}
