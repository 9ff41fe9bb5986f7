import { useSyncExternalStore } from 'react';

/** Files as they would be, which live in this tab until they are discarded: nothing is written anywhere. */
export interface DraftFile {
  readonly file: string;
  /** Null takes the file away. */
  readonly text: string | null;
}

export interface Draft extends DraftFile {
  /** What the file was when it was first edited, null where there was none; undefined until somebody who knows says so. */
  readonly base: string | null | undefined;
}

export type Drafts = ReadonlyMap<string, Draft>;

let drafts: Drafts = new Map();
const listeners = new Set<() => void>();

export function useDrafts(): Drafts {
  return useSyncExternalStore(subscribe, currentDrafts);
}

export function currentDrafts(): Drafts {
  return drafts;
}

/**
 * Edited files for the Change screen, which shows what they would do: `openDraft([…])`, then `go('/change')`. A file that
 * is edited already keeps what it was compared with; its text is replaced.
 */
export function openDraft(files: readonly DraftFile[]): void {
  const next = new Map(drafts);
  for (const { file, text } of files) next.set(file, { file, text, base: drafts.get(file)?.base });
  replace(next);
}

/** One file as it is being typed, with what it was before. Back to what it was is no draft any more. */
export function keepDraft({ file, text, base }: Draft): void {
  const next = new Map(drafts);
  if (text === base) next.delete(file);
  else next.set(file, { file, text, base });
  replace(next);
}

export function discardDraft(file: string): void {
  const next = new Map(drafts);
  next.delete(file);
  replace(next);
}

export function discardDrafts(): void {
  replace(new Map());
}

function replace(next: Drafts): void {
  if (drafts.size === 0 && next.size > 0) window.addEventListener('beforeunload', warn);
  if (drafts.size > 0 && next.size === 0) window.removeEventListener('beforeunload', warn);
  drafts = next;
  for (const listener of listeners) listener();
}

/** Drafts survive every way through the console, and no way out of it. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
