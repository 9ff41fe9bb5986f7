import type { PolicyName } from '#model/answers.ts';
import type { NotKept, PolicyPlace, Rewrite } from '#model/migration.ts';
import type { Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { TranslationTarget } from '#model/translation.ts';
import { translateOf } from '../../translate/translate.ts';
import { placeOf } from '../places.ts';

/** Policies of kinds that the new engine does not enforce, in a form that it does, where that form can say it. */
export function keepKinds(
  snapshot: Snapshot,
  places: readonly PolicyPlace[],
  to: Profile,
): { readonly rewrites: readonly Rewrite[]; readonly notKept: readonly NotKept[] } {
  const behind = new Map(places.map((place) => [place.policy, place]));
  const rewrites: Rewrite[] = [];
  const notKept: NotKept[] = [];
  if (behind.size === 0) return { rewrites, notKept };
  const result = translateOf(snapshot, { to: TARGETS[to.model] });
  if (result.kind === 'problem') return { rewrites, notKept };
  for (const { from, documents } of result.answer.translated) {
    const own = from.map(placeNamed).filter(({ policy }) => behind.has(policy));
    if (own.length === 0) continue;
    for (const object of documents)
      rewrites.push({ action: 'replace', for: own[0]!, causes: ['kind-not-enforced'], object });
  }
  for (const { why, path, ...name } of result.answer.refused) {
    const place = placeNamed(name);
    if (!behind.has(place.policy)) continue;
    const help = 'write it anew in a form that the new engine enforces';
    notKept.push({ cause: 'kind-not-enforced', places: [{ ...place, path }], why, help });
  }
  return { rewrites, notKept };
}

const TARGETS: Readonly<Record<Profile['model'], TranslationTarget>> = {
  kubernetes: 'kubernetes',
  calico: 'calico',
  cilium: 'cilium',
};

function placeNamed({ kind, namespace, name, origin }: PolicyName): PolicyPlace {
  return placeOf({ kind, namespace, name, origin });
}
