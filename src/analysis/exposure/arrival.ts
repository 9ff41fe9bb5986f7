import { type Bits, emptyBits, isEmpty, union } from '#base/bits.ts';
import type { ProfileId } from '#model/profile.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { Exposing } from './exposing.ts';
import { ALLOWED, bitsOfPoints, type Judgement, judgeIngress, unknownBecause } from './judge.ts';

/** Who comes, and with whose address the pod sees them. */
export interface Arrival {
  readonly clients: Bits;
  /** `node`: a node forwards it, and may or may not put its own address in place of the client's before policy looks. */
  readonly seenAs: 'client' | 'client-or-node';
}

const FORWARDED_NOTE = 'client address may be replaced by the address of a node (externalTrafficPolicy: Cluster)';

/** What pod policy says to traffic that arrives at points of one backend. */
export function judgeArrival(
  exposing: Exposing,
  { clients, seenAs }: Arrival,
  at: { to: readonly number[]; traffic: TrafficSet },
): Judgement {
  const { reach, options } = exposing.engine;
  const byClient = judgeIngress(reach, { from: clients, ...at });
  if (seenAs === 'client') return withNotes(byClient, ['client address is kept']);
  if (options.profile.forwardedTraffic === 'not-policed') return notPoliced(options.profile.id);
  const byNode = judgeIngress(exposing.forwarded(), { from: forwarders(exposing), ...at });
  if (byClient.verdict === byNode.verdict && byClient.verdict !== 'mixed') return withNotes(byClient, [FORWARDED_NOTE]);
  return unknownBecause(
    'engine-undefined',
    FORWARDED_NOTE,
    `policy says ${byClient.verdict} of client addresses and ${byNode.verdict} of node addresses`,
  );
}

function notPoliced(profile: ProfileId): Judgement {
  if (profile === 'none') return ALLOWED;
  return {
    ...ALLOWED,
    notes: ['this engine does not filter load balancer and node port traffic under externalTrafficPolicy: Cluster'],
  };
}

/** The nodes; where the input has none, any address could be one's. */
function forwarders({ engine: { world } }: Exposing): Bits {
  const nodes = bitsOfPoints(world, world.pointsOfNode.flat());
  return isEmpty(nodes) ? union(world.externals, emptyBits(world.size)) : nodes;
}

export function withNotes(judgement: Judgement, notes: readonly string[]): Judgement {
  return { ...judgement, notes: [...notes, ...judgement.notes] };
}
