import type { ConnectionsPreview, FindingsPreview } from '#analysis/preview/live-preview.ts';
import type { TextsAnswer } from '../api/answers.ts';
import type { DraftFile } from '../api/drafts.ts';

/** What a worker is told. `turn` grows with each: of several that wait, only the last is answered. */
export type PreviewRequest =
  | { readonly kind: 'open'; readonly texts: TextsAnswer }
  | { readonly kind: 'connections' | 'findings'; readonly turn: number; readonly edits: readonly DraftFile[] };

export type PreviewReply =
  | { readonly kind: 'connections'; readonly turn: number; readonly preview: ConnectionsPreview; readonly ms: number }
  | { readonly kind: 'findings'; readonly turn: number; readonly preview: FindingsPreview; readonly ms: number }
  /** What is being judged. */
  | { readonly kind: 'progress'; readonly turn: number; readonly what: string }
  | { readonly kind: 'failed'; readonly turn: number; readonly message: string };
