import { IMAGE_ENDS } from '../../../../data/controls/image-ends.ts';
import type { Image } from '../image.ts';

export interface ImageEnd {
  readonly name: string;
  readonly cycle: string;
  /** The last day on which it is mended. */
  readonly until: string;
  readonly source: string;
}

/**
 * Until when what is in an image is mended, by the version that its tag begins with; undefined where that is not known.
 * Only of official images and of copies that keep their path: what others call `node` may be anything.
 */
export function endOfImage({ registry, repository, tag }: Image): ImageEnd | undefined {
  const isOfficial = registry === 'docker.io' || registry === 'public.ecr.aws' || registry === 'mirror.gcr.io';
  const name = /(?:^|\/)library\/([a-z]+)$/.exec(repository)?.[1] ?? ELASTIC.exec(`${registry}/${repository}`)?.[1];
  if (
    name === undefined ||
    tag === undefined ||
    !(isOfficial || repository.includes('library/') || registry === 'docker.elastic.co')
  )
    return undefined;
  const ends = Object.hasOwn(IMAGE_ENDS, name) ? IMAGE_ENDS[name] : undefined;
  if (ends === undefined) return undefined;
  const cycle = cycleOf(tag, Object.keys(ends.cycles));
  return cycle === undefined ? undefined : { name: ends.name, cycle, until: ends.cycles[cycle]!, source: ends.source };
}

const ELASTIC = /^docker\.elastic\.co\/elasticsearch\/(elasticsearch)$/;

/** `3.8` for `3.8.2-slim`, not for `3.80`; the longest that fits. */
function cycleOf(tag: string, cycles: readonly string[]): string | undefined {
  return cycles
    .filter((cycle) => tag === cycle || (tag.startsWith(cycle) && /[.-]/.test(tag.charAt(cycle.length))))
    .toSorted((a, b) => b.length - a.length)[0];
}
