import { escapeControl } from '#base/escape.ts';

/** A word as a shell reads it back. What must not reach a terminal is written by its number, in the quotes of bash and zsh. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (escapeControl(word) === word) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  return `$'${Array.from(word, ansiQuoted).join('')}'`;
}

function ansiQuoted(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`;
  if (escapeControl(character) === character) return character;
  return `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`;
}
