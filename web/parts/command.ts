import { useLive } from '../api/live.ts';
import { shellWord } from './shell-word.ts';

/** `ringfence can shop/web shop/db 5432 examples/shop`: words that a shell would change are quoted. */
export function useCommand(words: readonly string[], options: readonly string[] = []): string {
  const input = useLive().environment?.input ?? [];
  return ['ringfence', ...[...words, ...input, ...options].map(shellWord)].join(' ');
}

/** `--filter`, where there is one: it means the same there. */
export function filtered(filter: string | null | undefined): readonly string[] {
  return (filter ?? '') === '' ? [] : ['--filter', filter!];
}
