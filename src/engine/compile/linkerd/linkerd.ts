import type { Snapshot } from '#model/snapshot.ts';
import type { EncryptionSource } from '../../encryption.ts';
import type { Layer, Rewrite } from '../../form.ts';
import type { Mentions } from '../../world.ts';
import type { Compiling } from '../context.ts';

export function linkerdMentions(_snapshot: Snapshot): Mentions {
  return { labelKeys: new Set(), nodeLabelKeys: new Set(), ranges: [] };
}

export function linkerdLayer(_compiling: Compiling, _snapshot: Snapshot): Layer | undefined {
  return undefined;
}

export function linkerdRewrites(_compiling: Compiling, _snapshot: Snapshot): readonly Rewrite[] {
  return [];
}

export function linkerdEncryption(_compiling: Compiling, _snapshot: Snapshot): EncryptionSource {
  return { name: 'linkerd', between: () => undefined };
}
