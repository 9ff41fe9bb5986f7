import type { NeededEdge, Needs } from '../../needs/needs.ts';
import { needsOf } from '../../needs/needs-of.ts';
import type { ControlContext } from '../context.ts';
import { onceKey } from '../context.ts';

const NEEDS = onceKey<Needs>('needs');

export function needsIn(context: ControlContext): Needs {
  return context.once(NEEDS, ({ snapshot }) => needsOf(snapshot));
}

interface ByWorkload {
  readonly into: ReadonlyMap<string, readonly NeededEdge[]>;
  readonly outOf: ReadonlyMap<string, readonly NeededEdge[]>;
  readonly unnamed: ReadonlyMap<string, readonly NeededEdge[]>;
}

const BY_WORKLOAD = onceKey<ByWorkload>('needs by workload');

/** What a workload is shown to take. */
export function neededInto(context: ControlContext, id: string): readonly NeededEdge[] {
  return byWorkload(context).into.get(id) ?? [];
}

/** What a workload is shown to ask for. */
export function neededOutOf(context: ControlContext, id: string): readonly NeededEdge[] {
  return byWorkload(context).outOf.get(id) ?? [];
}

/** Services of a namespace that somebody in it asks, and nothing shows who: it may be any workload there. */
export function unnamedIn(context: ControlContext, namespace: string): readonly NeededEdge[] {
  return byWorkload(context).unnamed.get(namespace) ?? [];
}

function byWorkload(context: ControlContext): ByWorkload {
  return context.once(BY_WORKLOAD, () => {
    const { edges } = needsIn(context);
    const idOf = ({ kind, ...end }: NeededEdge['to']) => (kind === 'workload' && 'id' in end ? end.id : '');
    const unnamed = edges.flatMap((edge) => {
      const { from, cause } = edge;
      return cause === 'service' && from.kind === 'pods' && from.namespace !== undefined
        ? [{ namespace: from.namespace, edge }]
        : [];
    });
    return {
      into: Map.groupBy(edges, ({ to }) => idOf(to)),
      outOf: Map.groupBy(edges, ({ from }) => idOf(from)),
      unnamed: new Map(
        [...Map.groupBy(unnamed, ({ namespace }) => namespace)].map(([name, list]) => [
          name,
          list.map(({ edge }) => edge),
        ]),
      ),
    };
  });
}
