import { union } from '#base/bits.ts';
import type { Exposure } from '#model/answers.ts';
import type { PortProtocol, TrafficSet } from '#model/traffic.ts';
import { withNotes } from './arrival.ts';
import type { Controller, FarController, PodController } from './controllers.ts';
import { compareScopes, type Exposing, type Scope } from './exposing.ts';
import {
  bitsOfPoints,
  inTurn,
  type Judgement,
  judgeAnySource,
  judgeConnection,
  judgeIngress,
  unknownBecause,
} from './judge.ts';
import { judgeTarget, type Target } from './targets.ts';

/** How clients get to a controller, for one port that they ask at. */
export interface FirstLeg {
  readonly scope: Scope;
  readonly judgement: Judgement;
}

/** What is known of the place where clients ask, besides the controller's own pods. */
export interface Front {
  readonly port: number;
  readonly protocol: PortProtocol;
  /** Where no pod of the controller settles it: by addresses, class and annotations. */
  readonly scope: Scope;
  readonly notes: readonly string[];
}

/**
 * Client to controller: the widest of the ways on which the controller's own pods are exposed. Two connections are made
 * and policy looks at each; the backend never sees the client.
 */
export function firstLeg(controller: Controller, ways: readonly Exposure[], front: Front): FirstLeg {
  if (controller.kind !== 'pods')
    return { scope: front.scope, judgement: { verdict: 'allowed', reasons: [], notes: front.notes } };
  const way = bestWay(
    ways.filter(({ to }) => to === controller.id),
    front,
  );
  if (way === undefined) {
    const notes = ['nothing in the input leads from outside to the controller'];
    return { scope: 'cluster', judgement: { verdict: 'allowed', reasons: [], notes } };
  }
  const { verdict, reasons } = way;
  return {
    scope: way.scope,
    judgement: { verdict, reasons, notes: [`clients come by ${way.through} at ${way.at}: ${verdict}`] },
  };
}

/** The entrance on the port that is asked at, else any; of those the widest, and a load balancer before a node port. */
function bestWay(ways: readonly Exposure[], { port, protocol }: Front): Exposure | undefined {
  const same = ways.filter((way) => way.port === port && way.protocol === protocol);
  const candidates = same.length > 0 ? same : ways.filter((way) => way.protocol === protocol);
  return [...candidates].sort((a, b) => compareScopes(a.scope, b.scope))[0];
}

/** Controller to backend. */
export function secondLeg(
  exposing: Exposing,
  controller: Controller,
  at: { target: Target; protocol: PortProtocol },
): Judgement {
  return judgeTarget(at.target, at.protocol, (traffic) => {
    const { points } = at.target;
    switch (controller.kind) {
      case 'pods':
        return fromPods(exposing, controller, { to: points, traffic });
      case 'far':
        return fromFar(exposing, controller, { to: points, traffic });
      case 'unknown':
        return fromUnknown(exposing, { to: points, traffic });
    }
  });
}

interface Reached {
  readonly to: readonly number[];
  readonly traffic: TrafficSet;
}

function fromPods({ engine }: Exposing, { id, points, hostNetwork }: PodController, at: Reached): Judgement {
  const judgement = judgeConnection(engine.reach, points, at);
  const seen = hostNetwork ? ['the controller is on the host network: backends see a node'] : [];
  return withNotes(judgement, [`${id} to backend: ${judgement.verdict}`, ...seen]);
}

function fromFar(exposing: Exposing, { family }: FarController, at: Reached): Judgement {
  const { reach, world } = exposing.engine;
  if (family.sends === 'proxy') {
    const judgement = judgeAnySource(reach, at.to, at.traffic);
    return unsettled(judgement, `${family.name} sends under an identity of its own, which these policies do not name`);
  }
  const nodes = bitsOfPoints(world, world.pointsOfNode.flat());
  const from = family.sends === 'network' ? exposing.network : union(union(world.externals, world.hosts), nodes);
  const judgement = judgeIngress(reach, { from, ...at });
  const source =
    family.sends === 'network'
      ? 'an address of its subnet in the virtual network'
      : 'a cloud or node address, by its settings';
  return unsettled(judgement, `${family.name} sends from ${source}`);
}

function fromUnknown({ engine }: Exposing, { to, traffic }: Reached): Judgement {
  return unsettled(
    judgeAnySource(engine.reach, to, traffic),
    'who sends to the backend is not known, so every source was considered',
  );
}

/** Sources that are told apart by policy, while it is not known which of them it is. */
function unsettled(judgement: Judgement, note: string): Judgement {
  if (judgement.verdict === 'allowed' || judgement.verdict === 'denied') return withNotes(judgement, [note]);
  const reasons =
    judgement.verdict === 'unknown' && judgement.reasons.length > 0
      ? judgement.reasons
      : (['backends-unknown'] as const);
  return { verdict: 'unknown', reasons, notes: [note] };
}

export function bothLegs(first: FirstLeg, second: Judgement): Judgement {
  return inTurn([first.judgement, second]);
}

/** A backend that is not in the input. */
export const NO_BACKEND: Judgement = unknownBecause('backends-unknown', 'the backend is not in the input');
