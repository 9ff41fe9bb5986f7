import type { Exposure } from '#model/answers.ts';
import type { Judged } from '#model/control.ts';
import { onlyPodPolicy } from '../../../analysis.ts';
import { workloadEndpoints } from '../../../endpoints.ts';
import { placeOf } from '../../assessment.ts';
import { quoted } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { entrancesIn } from '../../shared.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';

/** Ports that databases, caches, queues and key stores listen on. */
const DATA_PORTS: ReadonlySet<number> = new Set([
  ...[1433, 1521, 2379, 3306, 5432, 5433, 5672, 6379, 6380, 9042, 9092, 9200, 9300, 11_211, 27_017],
]);

/** Ways in from the internet to ports of data where no policy of the cluster limits who may come: the network alone decides. */
export function singleLayers(context: ControlContext): Judged[] {
  const entrances = entrancesIn(context);
  if (entrances.size === 0) return [];
  const open = unlimitedEndpoints(context);
  return context.podOwners.flatMap(({ object, endpoint }): Judged[] => {
    const [way] = (entrances.get(endpoint) ?? []).filter(({ targetPort }) => DATA_PORTS.has(targetPort ?? 0));
    if (way === undefined || !open.has(endpoint) || isSystemNamespace(context, object.namespace)) return [];
    return [
      { where: placeOf(object), endpoints: [endpoint], detail: `from the internet ${way.through}`, ...said(way) },
    ];
  });
}

function said({
  verdict,
  through,
  protocol,
  targetPort,
  origin,
}: Exposure): Pick<Judged, 'state' | 'message' | 'evidence'> {
  const port = `${protocol} ${targetPort}`;
  const evidence = [{ object: through, origin }];
  if (verdict === 'unknown')
    return {
      state: 'UNKNOWN',
      evidence,
      message: `whether the internet comes in to ${port} by ${quoted(through)} is not known, and no policy limits who may`,
    };
  return {
    state: 'FAIL',
    evidence,
    message: `the internet comes in to ${port} by ${quoted(through)}, and no policy of the cluster limits who may`,
  };
}

/** Endpoints of which some pod takes whatever comes, as far as policies of the cluster go. */
function unlimitedEndpoints({ analysis }: ControlContext): ReadonlySet<string> {
  const { engine } = onlyPodPolicy(analysis);
  const { rows } = engine.reach.ingress;
  const isUnlimited = (point: number) => rows[point]?.length === 1 && rows[point][0]?.isEveryone === true;
  return new Set(
    workloadEndpoints(engine)
      .filter(({ points }) => points.some(isUnlimited))
      .map(({ entry }) => entry.id),
  );
}
