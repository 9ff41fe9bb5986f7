import type { Snapshot } from '#model/snapshot.ts';
import type { Layer } from '../../form.ts';
import type { Mentions } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { kubernetesPodLayer } from '../kubernetes.ts';

export function calicoMentions(_snapshot: Snapshot): Mentions {
  return { labelKeys: new Set(), nodeLabelKeys: new Set(), ranges: [] };
}

export function calicoPodLayer(compiling: Compiling, snapshot: Snapshot): Layer {
  return kubernetesPodLayer(compiling, snapshot);
}

export function calicoHostLayer(_compiling: Compiling, _snapshot: Snapshot): Layer | undefined {
  return undefined;
}
