import type { PlainObject } from '#model/plain.ts';
import { yamlText } from '#parse/text/print-yaml.ts';

/** Choices as `blueprint.yaml`. */
export function choicesText(choices: PlainObject): string {
  const { schema: _schema, ...rest } = choices;
  const lines = [...yamlText({ schema: 'ringfence.dev/blueprint/v1', ...rest })];
  return `# What the environment is to be. \`ringfence blueprint build\` builds it, and proves that it is.\n${lines.join('')}`;
}
