import type { AnswerSchema } from './answer.ts';

/** The formats of an answer, the default first. */
export function formatsOf(schema: AnswerSchema): readonly string[] {
  return FORMATS[schema];
}

const FORMATS: Readonly<Record<AnswerSchema, readonly string[]>> = {
  'ringfence.dev/scan/v1': [
    'text',
    'json',
    'markdown',
    'html',
    'sarif',
    'junit',
    'csv',
    'github',
    'azure-devops',
    'policyreport',
    'wgpolicy',
    'oscal',
  ],
  'ringfence.dev/map/v1': ['text', 'json', 'csv', 'markdown', 'dot', 'svg', 'html'],
  'ringfence.dev/path/v1': ['text', 'json', 'csv', 'markdown', 'svg', 'html'],
  'ringfence.dev/expose/v1': ['text', 'json', 'csv', 'markdown', 'html'],
  'ringfence.dev/diff/v1': ['text', 'json', 'csv', 'markdown', 'dot', 'svg', 'html'],
  'ringfence.dev/test/v1': ['text', 'json', 'csv', 'markdown', 'junit', 'html'],
  'ringfence.dev/policies/v1': ['text', 'json', 'csv', 'markdown', 'html'],
  'ringfence.dev/migrate/v1': ['text', 'json', 'yaml', 'csv', 'markdown', 'html'],
  'ringfence.dev/egress/v1': ['text', 'json', 'csv', 'markdown', 'html'],
  'ringfence.dev/translate/v1': ['text', 'json', 'markdown'],
  'ringfence.dev/doctor/v1': ['text', 'json'],
  'ringfence.dev/explain/v1': ['text', 'json'],
  'ringfence.dev/controls/v1': ['text', 'json', 'markdown'],
  'ringfence.dev/snapshots/v1': ['text', 'json'],
  'ringfence.dev/azure-compare/v1': ['text', 'json'],
  'ringfence.dev/azure-queries/v1': ['text', 'json'],
  'ringfence.dev/blueprint-proof/v1': ['text', 'json', 'markdown', 'html'],
};
