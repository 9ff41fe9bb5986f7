import type { Exposure } from '#model/answers.ts';
import { exposeOf } from '../exposure/expose.ts';
import type { ControlContext } from './context.ts';
import { onceKey } from './context.ts';

const EXPOSED = onceKey<ReturnType<typeof exposeOf>>('exposed');

/** What `expose` answers: ways in through everything that the input has, and what the outside can do. */
export function exposedIn(context: ControlContext): ReturnType<typeof exposeOf> {
  return context.once(EXPOSED, ({ analysis }) => exposeOf(analysis.engine));
}

const ENTRANCES = onceKey<ReadonlyMap<string, readonly Exposure[]>>('entrances');

/** Ways in from the internet that are not denied, by the id of the endpoint that they lead to. */
export function entrancesIn(context: ControlContext): ReadonlyMap<string, readonly Exposure[]> {
  return context.once(ENTRANCES, () =>
    Map.groupBy(
      exposedIn(context).exposures.filter(({ scope, verdict }) => scope === 'internet' && verdict !== 'denied'),
      ({ to }) => to,
    ),
  );
}
