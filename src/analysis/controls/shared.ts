import type { Exposure } from '#model/answers.ts';
import { waysInto } from '../exposure/expose.ts';
import type { ControlContext } from './context.ts';
import { onceKey } from './context.ts';
import { objectId } from './objects.ts';
import type { PodOwner } from './pod-owners.ts';

const EXPOSURES = onceKey<readonly Exposure[]>('exposures');

/** What `expose` answers of ways in, through everything that the input has. */
export function exposuresIn(context: ControlContext): readonly Exposure[] {
  return context.once(EXPOSURES, ({ analysis }) => waysInto(analysis.engine));
}

const ENTRANCES = onceKey<ReadonlyMap<string, readonly Exposure[]>>('entrances');

/** Ways in from the internet that are not denied, by the id of the endpoint that they lead to. */
export function entrancesIn(context: ControlContext): ReadonlyMap<string, readonly Exposure[]> {
  return context.once(ENTRANCES, () =>
    Map.groupBy(
      exposuresIn(context).filter(({ scope, verdict }) => scope === 'internet' && verdict !== 'denied'),
      ({ to }) => to,
    ),
  );
}

const OWNERS = onceKey<ReadonlyMap<string, PodOwner>>('owners-by-id');

/** What makes the pods of a place, by the id of the place. */
export function ownerAt(context: ControlContext, id: string): PodOwner | undefined {
  return context.once(OWNERS, ({ podOwners }) => firstBy(podOwners, ({ object }) => objectId(object))).get(id);
}

const BY_ENDPOINT = onceKey<ReadonlyMap<string, PodOwner>>('owners-by-endpoint');

/** What makes the pods of an endpoint of answers: `shop/Deployment/web`. */
export function ownerOfEndpoint(context: ControlContext, id: string): PodOwner | undefined {
  return context.once(BY_ENDPOINT, byEndpoint).get(id);
}

function byEndpoint({ podOwners }: ControlContext): ReadonlyMap<string, PodOwner> {
  const pairs = podOwners.flatMap((owner) => [owner.endpoint, ...owner.siblings].map((id) => [id, owner] as const));
  // Of several objects with one name, the first.
  return new Map(pairs.reverse());
}

/** Of several with one key, the first. */
export function firstBy<T>(list: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, T> {
  const out = new Map<string, T>();
  for (const each of list) {
    const key = keyOf(each);
    if (!out.has(key)) out.set(key, each);
  }
  return out;
}
