/** What a sentence asks: `shop/web to shop/db on 5432`. */
export interface Question {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

/** The word that the reader is at, and what belongs there. */
export interface Slot {
  readonly kind: 'from' | 'to' | 'port';
  readonly word: string;
  /** Where the word begins in the text. */
  readonly start: number;
}

/** Words that make a sentence of it and ask nothing. */
const FILLERS = new Set(['can', 'may', 'does', 'why', 'cannot', 'reach', 'to', 'on', 'port', '->', '→', '?']);
const SLOTS = ['from', 'to', 'port'] as const;

/** What is not said stays empty. */
export function questionOf(sentence: string): Question {
  const [from = '', to = '', port = ''] = wordsOf(sentence).map(({ text }) => text);
  return { from, to, port };
}

export function sentenceOf({ from, to, port }: Question): string {
  const told = [from, ...(to === '' ? [] : ['to', to]), ...(port === '' ? [] : ['on', port])];
  return told.filter((word) => word !== '').join(' ');
}

/** By the text before the caret. */
export function slotOf(before: string): Slot {
  const words = wordsOf(before);
  const last = words.at(-1);
  const inWord = last !== undefined && last.end === before.length;
  const at = inWord ? words.length - 1 : words.length;
  return {
    kind: SLOTS[Math.min(at, SLOTS.length - 1)]!,
    word: inWord ? last.text : '',
    start: inWord ? last.start : before.length,
  };
}

function wordsOf(sentence: string): { text: string; start: number; end: number }[] {
  return [...sentence.matchAll(/\S+/g)]
    .filter(([word]) => !FILLERS.has(word.toLowerCase()))
    .map((found) => ({ text: found[0].replace(/\?$/, ''), start: found.index, end: found.index + found[0].length }));
}
