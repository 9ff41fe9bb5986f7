import type { Evidence } from '#model/control.ts';
import { trafficEntries, trafficText } from '../../traffic-list.ts';
import type { Edge } from './edges.ts';

const MOST = 4;

/** Connections as evidence, each reason once. */
export function evidenceOfEdges(edges: readonly Edge[]): Evidence[] {
  const byWhy = [...Map.groupBy(edges, ({ fact }) => fact.why).values()];
  return byWhy.slice(0, MOST).map((same) => {
    const { from, to, traffic, fact } = same[0]!;
    const more = same.length > 1 ? ` (and ${same.length - 1} more)` : '';
    return {
      object: `${from} → ${to}${more}`,
      field: trafficText(trafficEntries(traffic)),
      value: fact.encryption,
      why: fact.why,
      ...(fact.origin !== undefined && { origin: fact.origin }),
    };
  });
}
