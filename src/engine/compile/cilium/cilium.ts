import type { Snapshot } from '#model/snapshot.ts';
import type { Layer, Rewrite } from '../../form.ts';
import type { Mentions } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { kubernetesPodLayer } from '../kubernetes.ts';

export function ciliumMentions(_snapshot: Snapshot): Mentions {
  return { labelKeys: new Set(), nodeLabelKeys: new Set(), ranges: [] };
}

export function ciliumPodLayer(compiling: Compiling, snapshot: Snapshot): Layer {
  return kubernetesPodLayer(compiling, snapshot);
}

export function ciliumRewrites(_compiling: Compiling, _snapshot: Snapshot): readonly Rewrite[] {
  return [];
}
