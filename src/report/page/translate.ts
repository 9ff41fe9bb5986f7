import type { RefusedEntry, TranslateAnswer } from '#model/answers.ts';
import { yamlLines } from '../data/manifests.ts';
import { notesOf, proofTexts, translateSummary, witnessText } from '../text/translate.ts';
import { objectText, originText } from '../words.ts';
import { diagnosticsBlocks, engineRun } from './notes.ts';
import { type Block, badge, code, codes, type Page, place, type Run } from './page.ts';

/** What was refused first, then the documents, and how they were proven. */
export function translatePage(answer: TranslateAnswer): Page {
  const { to, refused, engines, diagnostics } = answer;
  const blocks: Block[] = [
    ...refusedBlocks(refused),
    ...documentBlocks(answer),
    ...listBlocks('To know', notesOf(answer)),
    ...listBlocks('Proof', proofTexts(answer.translated)),
    ...engines.map(({ of, source, result }): Block => {
      return { kind: 'paragraph', run: [`${of}: `, ...engineRun(source), '; result: ', ...engineRun(result)] };
    }),
    ...diagnosticsBlocks(diagnostics),
  ];
  return { title: `Policies as ${to}`, summary: [{ kind: 'strong', text: translateSummary(answer) }], blocks };
}

function refusedBlocks(refused: readonly RefusedEntry[]): Block[] {
  if (refused.length === 0) return [];
  const rows = refused.map((entry): readonly Run[] => [
    [badge('problem', entry.reason)],
    [code(objectText(entry))],
    [code(entry.path)],
    [entry.why, ...(witnessText(entry) === undefined ? [] : [`: ${witnessText(entry)}`])],
    place(originText(entry.origin)),
  ]);
  return [
    { kind: 'heading', text: 'Refused' },
    { kind: 'table', columns: ['reason', 'policy', 'field', 'why', 'origin'], rows },
  ];
}

function documentBlocks({ translated }: TranslateAnswer): Block[] {
  if (translated.length === 0) return [];
  const parts = translated.flatMap(({ from, documents }): Block[] => [
    {
      kind: 'paragraph',
      run: ['from ', ...codes(from.map((each) => `${objectText(each)} ${originText(each.origin)}`.trimEnd()))],
    },
    ...documents.map((document): Block => ({ kind: 'code', text: yamlLines(document).join('\n') })),
  ]);
  return [{ kind: 'heading', text: 'Documents' }, ...parts];
}

function listBlocks(title: string, texts: readonly string[]): Block[] {
  if (texts.length === 0) return [];
  return [
    { kind: 'heading', text: title },
    { kind: 'list', items: texts.map((text): Run => [text]) },
  ];
}
