import { z } from 'zod';
import { CHOICES } from './choices.ts';

/** The JSON Schema (draft 2020-12) of `blueprint.yaml`, as it is published: what has a default may be left out. */
export function choicesSchemaText(): string {
  const { $schema, ...rest } = z.toJSONSchema(CHOICES, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
  });
  const $id = 'https://ringfence.dev/schemas/blueprint.v1.schema.json';
  return `${JSON.stringify({ $schema, $id, ...rest }, null, 2)}\n`;
}
