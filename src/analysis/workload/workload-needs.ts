import { escapeControl } from '#base/escape.ts';
import type { Engine } from '#engine/engine.ts';
import { verdictBetween } from '#engine/reach.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { PathVerdict, Verdict } from '#model/verdict.ts';
import type { ShownNeed, WorkloadNeeds } from '#model/workload.ts';
import type { NeedEnd, NeededEdge, NeededPort, Needs } from '../needs/needs.ts';

/** What the input shows that one workload asks and is asked for, and what policy says to it. */
export function needsOfWorkload(engine: Engine, { edges, open }: Needs, id: string): WorkloadNeeds {
  const isOwn = (end: NeedEnd) => end.kind === 'workload' && end.id === id;
  return {
    out: edges.filter(({ from }) => isOwn(from)).map((edge) => shownOf(engine, edge, edge.to)),
    in: edges.filter(({ to }) => isOwn(to)).map((edge) => shownOf(engine, edge, edge.from)),
    open: open.filter(({ workload }) => workload === id).map(({ why, origin }) => ({ why, origin })),
  };
}

function shownOf(engine: Engine, edge: NeededEdge, other: NeedEnd): ShownNeed {
  const { from, to, ports, cause, why, origin } = edge;
  const verdict =
    from.kind === 'workload' && to.kind === 'workload' && ports.length > 0
      ? verdictOfPorts(engine, [from.id, to.id], ports)
      : undefined;
  const asked = askedName(other);
  return {
    with: wordsOf(other),
    ...(other.kind === 'workload' && { endpoint: escapeControl(other.id) }),
    ...(asked !== undefined && { asked: escapeControl(asked) }),
    ports: ports.map(({ protocol, port }) => ({ protocol, ports: `${port}` })),
    cause,
    why,
    ...(verdict !== undefined && { verdict }),
    origin,
  };
}

/** As questions name it. */
function askedName(end: NeedEnd): string | undefined {
  switch (end.kind) {
    case 'workload':
      return end.id;
    case 'host':
      return `dns:${end.name}`;
    case 'address':
      return end.cidr.replace(/\/(?:32|128)$/, '');
    case 'api-server':
      return 'apiserver';
    case 'pods':
    case 'anyone':
      return undefined;
  }
}

function wordsOf(end: NeedEnd): string {
  switch (end.kind) {
    case 'pods':
      return escapeControl(podsText(end.namespace, Object.entries(end.labels)));
    case 'api-server':
      return 'the API server';
    case 'anyone':
      return 'somebody who is not in the input';
    case 'host':
      return escapeControl(end.name);
    case 'address':
      return end.cidr;
    case 'workload':
      return escapeControl(end.id);
  }
}

function podsText(namespace: string | undefined, labels: readonly (readonly [string, string])[]): string {
  const what = labels.length === 0 ? 'pods' : `pods with ${labels.map(([key, value]) => `${key}=${value}`).join(', ')}`;
  return namespace === undefined ? `${what} in any namespace` : `${what} in namespace ${namespace}`;
}

/** Over all pods of both, one port after the other: what differs is mixed. */
function verdictOfPorts(
  { world, reach }: Engine,
  [from, to]: readonly [string, string],
  ports: readonly NeededPort[],
): PathVerdict | undefined {
  const pointsOf = (id: string) => world.pointsOfOwner[world.owners.findIndex((owner) => owner.id === id)] ?? [];
  const [a, b] = [pointsOf(from), pointsOf(to)];
  const verdicts = new Set<Verdict>();
  for (const sender of a) {
    for (const receiver of b) {
      if ((world.points[sender]!.families & world.points[receiver]!.families) === 0) continue;
      for (const { protocol, port } of ports)
        verdicts.add(verdictBetween(reach, sender, receiver, trafficPoint(protocol, port)));
    }
  }
  const [first] = verdicts;
  return verdicts.size > 1 ? 'mixed' : first;
}
