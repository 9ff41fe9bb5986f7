// Writes schemas/: the published JSON Schema of every answer, and of the choices of blueprints. A test says when they are behind.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choicesSchemaText } from '#blueprint/choices/choices-schema.ts';
import { ANSWER_SCHEMAS, type AnswerName, schemaFile, schemaText } from '#report/schemas/published.ts';

mkdirSync('schemas', { recursive: true });
for (const name of Object.keys(ANSWER_SCHEMAS) as AnswerName[]) {
  writeFileSync(join('schemas', schemaFile(name)), schemaText(name));
}
writeFileSync(join('schemas', schemaFile('blueprint')), choicesSchemaText());
