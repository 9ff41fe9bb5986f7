import type { Exposure } from '#model/answers.ts';
import type { ClusterObject } from '#model/object.ts';
import { type ControlContext, onceKey } from '../context.ts';
import { exposuresIn } from '../shared.ts';

/**
 * How far something is reachable: `internet` as the input shows; `assumed`: perhaps, for where it listens is not in the
 * input; `network`: from networks that are connected; `none`: from nowhere now.
 */
export type Reached = 'internet' | 'assumed' | 'network' | 'none';

const BY_OBJECT = onceKey<ReadonlyMap<string, readonly Exposure[]>>('exposures by object');

/** Ways in through an object: a Service, an Ingress, a route of Gateway API or of OpenShift. */
export function waysThrough(
  context: ControlContext,
  { kind, namespace, name }: Pick<ClusterObject, 'kind' | 'namespace' | 'name'>,
): readonly Exposure[] {
  const byObject = context.once(BY_OBJECT, (own) =>
    Map.groupBy(exposuresIn(own), ({ through }) => through.split(' ').slice(0, 2).join(' ')),
  );
  return byObject.get(`${kind} ${namespace}/${name}`) ?? [];
}

/** The widest of several ways. */
export function reachedBy(ways: readonly Exposure[]): Reached {
  const open = ways.filter(({ scope }) => scope === 'internet');
  if (open.some((way) => !isAssumed(way))) return 'internet';
  if (open.length > 0) return 'assumed';
  return ways.some(({ scope }) => scope === 'network') ? 'network' : 'none';
}

function isAssumed({ notes }: Exposure): boolean {
  return notes.some((note) => note.includes('the widest is assumed'));
}

/** Whether only some sources come in by a way: by a list of its Service, or by policy at the pods. */
export function isLimitedToSources({ notes, verdict }: Exposure): boolean {
  return verdict === 'mixed' || notes.some((note) => LIMIT.test(note));
}

const LIMIT = /^source ranges (?!do not)(?!.*(?:\b0\.0\.0\.0\/0|::\/0))|^policy admits only /;
