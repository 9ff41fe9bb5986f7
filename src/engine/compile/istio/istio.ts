import type { Snapshot } from '#model/snapshot.ts';
import type { EncryptionSource } from '../../encryption.ts';
import type { Layer, Rewrite } from '../../form.ts';
import type { Mentions } from '../../world.ts';
import type { Compiling } from '../context.ts';

export function istioMentions(_snapshot: Snapshot): Mentions {
  return { labelKeys: new Set(), nodeLabelKeys: new Set(), ranges: [] };
}

export function istioLayer(_compiling: Compiling, _snapshot: Snapshot): Layer | undefined {
  return undefined;
}

export function istioRewrites(_compiling: Compiling, _snapshot: Snapshot): readonly Rewrite[] {
  return [];
}

export function istioEncryption(_compiling: Compiling, _snapshot: Snapshot): EncryptionSource {
  return { name: 'istio', between: () => undefined };
}
