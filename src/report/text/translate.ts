import { escapeControl } from '#base/escape.ts';
import type { RefusedEntry, TranslateAnswer, TranslatedEntry, TranslationProof } from '#model/answers.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import { count, engineText, objectText, originText, trafficText } from '../words.ts';
import { dim } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

/** The documents, ready for `kubectl apply`, each with what it was made from. What was refused is in `translateNotes`. */
export function* translateText({ translated }: TranslateAnswer): Generator<string> {
  let separator = '';
  for (const { from, documents } of translated) {
    const sources = from.map((policy) => `# from ${objectText(policy)} ${originText(policy.origin)}`.trimEnd());
    for (const document of documents) {
      yield `${separator}${sources.join('\n')}\n`;
      yield* yamlText(document);
      separator = '---\n';
    }
  }
  if (separator === '') yield '# nothing was translated\n';
}

/** What stands beside the documents: what was refused and why, what to know, and how it was proven. */
export function translateNotes(answer: TranslateAnswer, options: TextOptions): string[] {
  const { paint } = options;
  const lines = [paint.strong(translateSummary(answer))];
  for (const refused of answer.refused) lines.push(...refusedLines(refused, options));
  const notes = notesOf(answer);
  if (notes.length > 0) lines.push('', paint.strong('to know'));
  for (const note of notes) lines.push(...paragraphLines(escapeControl(note), 2, options));
  const proofs = proofTexts(answer.translated);
  if (proofs.length > 0) lines.push('', paint.strong('proof'));
  for (const proof of proofs) lines.push(...paragraphLines(proof, 2, options));
  const rows = engineRows(answer);
  return rows.length === 0 ? lines : [...lines, '', ...tableLines(rows, { indent: 0 }, options)];
}

/** `3 policies translated to calico, 1 refused, 2 kept` */
export function translateSummary({ to, translated, refused, kept }: TranslateAnswer): string {
  const policies = translated.reduce((sum, { from }) => sum + from.length, 0);
  const stuck = new Set(refused.map((each) => objectText(each))).size;
  const parts = [`${count(policies, 'policy', 'policies')} translated to ${to}`];
  if (stuck > 0) parts.push(`${stuck} refused`);
  if (kept.length > 0) parts.push(`${kept.length} kept`);
  return parts.join(', ');
}

/** `pod a may reach pod b on TCP 80 before and not after` */
export function witnessText({ witness }: RefusedEntry): string | undefined {
  if (witness === undefined) return undefined;
  const { from, to, traffic, before, after, world } = witness;
  const where = world === 'made-up' ? ', of the made-up world' : '';
  const ends = `${escapeControl(from)} → ${escapeControl(to)}`;
  return `${ends}  ${trafficText(traffic)}: ${before} before, ${after} after${where}`;
}

function refusedLines(refused: RefusedEntry, options: TextOptions): string[] {
  const { paint } = options;
  const head = `${objectText(refused)}  ${paint.accent(originText(refused.origin))}`.trimEnd();
  const cells: Cell[] = [{ text: `✕ ${refused.reason}`, tone: 'bad' }, head];
  const why = `${escapeControl(refused.path)}: ${escapeControl(refused.why)}`;
  const witness = witnessText(refused);
  return [
    '',
    ...tableLines([cells], { indent: 0 }, options),
    ...paragraphLines(why, 2, options),
    ...(witness === undefined ? [] : paragraphLines(witness, 2, options)),
  ];
}

/** Each note once. */
export function notesOf({ translated }: TranslateAnswer): string[] {
  return [...new Set(translated.flatMap(({ notes }) => notes))];
}

/** One line for each way in which entries were proven: those of one namespace share a made-up world. */
export function proofTexts(translated: readonly TranslatedEntry[]): string[] {
  return [...new Set(translated.map(({ proof }) => proofText(proof)))];
}

/** `no verdict changed: 812 pairs of the input; 2,601 pairs of 48 made-up pods in 4 namespaces (24 of 24 …)` */
export function proofText({ input, madeUp }: TranslationProof): string {
  const { pairs, pods, namespaces, combinations, tried } = madeUp;
  const made = `${pairs} pairs of a made-up world of ${pods} pods in ${count(namespaces, 'namespace')}`;
  const labels = `with ${tried} of ${combinations} combinations of the labels that are mentioned`;
  const unknown = input.unknown + madeUp.unknown;
  const open = unknown === 0 ? '' : `; ${count(unknown, 'pair')} unknown before and after alike`;
  return `no verdict changed among ${count(input.pairs, 'pair')} of the input and ${made}, ${labels}${open}`;
}

function engineRows({ engines }: TranslateAnswer): Cell[][] {
  return engines.flatMap(({ of, source, result }): Cell[][] => {
    if (source.profile === result.profile) return [[dim(`engine for ${of}`), dim(engineText(source))]];
    return [
      [dim(`engine for ${of}`), dim(engineText(source))],
      [dim('engine for the result'), dim(engineText(result))],
    ];
  });
}
