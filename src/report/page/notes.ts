import type { Assumption, EngineEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { diagnosticsSummary, placeText } from '../text/diagnostics.ts';
import { type Block, code, place, type Run } from './page.ts';

/** What the answer rests on: engine profile, assumptions and, folded, what is wrong with the input. */
export function notesOf(answer: {
  readonly engine: EngineEntry;
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}): Block[] {
  const items: Run[] = [engineRun(answer.engine)];
  for (const { code: id, text } of answer.assumptions) items.push(['assumed: ', text, ' ', code(id)]);
  return [
    { kind: 'heading', text: 'What this rests on' },
    { kind: 'list', items },
    ...diagnosticsBlocks(answer.diagnostics),
  ];
}

/** `engine azure-npm (why)` */
export function engineRun(engine: EngineEntry): Run {
  return ['engine ', code(engine.profile), ` (${engine.why})`];
}

export function diagnosticsBlocks(diagnostics: readonly Diagnostic[]): Block[] {
  if (diagnostics.length === 0) return [];
  const rows = diagnostics.map((diagnostic): readonly Run[] => [
    [code(diagnostic.code)],
    [diagnostic.severity],
    [diagnostic.message],
    place(placeText(diagnostic)),
    [diagnostic.help ?? ''],
  ]);
  const table: Block = { kind: 'table', columns: ['code', 'severity', 'message', 'place', 'help'], rows };
  return [{ kind: 'details', summary: `About the input: ${diagnosticsSummary(diagnostics)}`, blocks: [table] }];
}
