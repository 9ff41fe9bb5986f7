import { bundleOf, bundleText } from '#source/bundle.ts';
import { sourceOf } from '#source/made-source.ts';
import { inputOf } from './environment-answer.ts';
import type { Material } from './material.ts';

/** The snapshot file of a revision, without secrets, as `snapshot take` writes it. */
export function snapshotText({ plan, texts, snapshot }: Material, taken: string): string {
  const bundle = bundleOf(texts.files.map(sourceOf), [...texts.problems.files, ...texts.problems.azure], {
    ringfence: plan.version,
    taken,
    from: inputOf({ plan }),
    azure: snapshot.azure,
  });
  return [...bundleText(bundle)].join('');
}
