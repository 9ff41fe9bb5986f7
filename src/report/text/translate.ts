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

/** `no verdict changed: 812 pairs of endpoints of the input, and 2601 of 2 made-up worlds, with …` */
export function proofTexts(translated: readonly TranslatedEntry[]): string[] {
  const first = translated[0];
  if (first === undefined) return [];
  const worlds = madeUpOf(translated);
  const sum = (part: (world: MadeUp) => number) => worlds.reduce((total, world) => total + part(world), 0);
  const input = inputOf(translated);
  const of = worlds.length === 1 ? 'a made-up world' : `${worlds.length} made-up worlds`;
  const made = `${sum(({ pairs }) => pairs)} of ${of} with ${count(
    sum(({ pods }) => pods),
    'pod',
  )}`;
  const labels = `${sum(({ tried }) => tried)} of ${count(
    sum(({ combinations }) => combinations),
    'combination',
  )}`;
  const ends = input.pairs === 0 ? '' : `${input.pairs} pairs of endpoints of the input, and `;
  const texts = [`no verdict changed: ${ends}${made} (${labels} of the labels that are mentioned)`];
  const unknown = input.unknown + sum(({ unknown: open }) => open);
  if (unknown > 0) texts.push(`${count(unknown, 'pair is', 'pairs are')} unknown before and after alike`);
  return texts;
}

type MadeUp = TranslationProof['madeUp'];

/** Entries of one namespace were proven in one world. */
function madeUpOf(translated: readonly TranslatedEntry[]): MadeUp[] {
  const keyOf = ({ from, proof }: TranslatedEntry) => `${from[0]?.namespace} ${JSON.stringify(proof.madeUp)}`;
  return [...new Map(translated.map((entry) => [keyOf(entry), entry.proof.madeUp])).values()];
}

/** Entries of one API were compared in the input at once; those of several, several times. */
function inputOf(translated: readonly TranslatedEntry[]): TranslationProof['input'] {
  const [first, ...rest] = translated.map(({ proof }) => proof.input);
  return rest.reduce((most, each) => (each.unknown > most.unknown ? each : most), first!);
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
