import { useLive } from '../api/live.ts';

/** `ringfence can shop/web shop/db 5432 examples/shop`: words that a shell would change are quoted. */
export function useCommand(words: readonly string[], options: readonly string[] = []): string {
  const input = useLive().environment?.input ?? [];
  return ['ringfence', ...[...words, ...input, ...options].map(quoted)].join(' ');
}

/** `--filter`, where there is one: it means the same there. */
export function filtered(filter: string | null | undefined): readonly string[] {
  return (filter ?? '') === '' ? [] : ['--filter', filter!];
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
