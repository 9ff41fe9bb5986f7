import { isEmpty } from '#base/bits.ts';
import { subtract } from '#base/intervals.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { Rewrite } from '../../form.ts';
import { allInDoubt } from '../span-sets.ts';
import { groupsBy, type Mesh } from './mesh.ts';

/** Where a proxy takes what another proxy sends it, as a point of the traffic axis. */
const INBOUND = trafficPoint('TCP', 4143);
const NAME = 'Linkerd, TCP 4143';

/**
 * Between two proxies newer versions send every connection to one port of the other and name the application's port
 * inside; older ones do so for opaque ports alone (chart value `proxy.outboundTransportMode`). Which of them runs the
 * input does not say.
 */
export function rewritesOf(mesh: Mesh): readonly Rewrite[] {
  return groupsBy(mesh, ({ skippedInbound }) => skippedInbound).flatMap(({ on, value }) =>
    mesh.carriers.flatMap(({ peers, traffic }): Rewrite[] => {
      const carried = subtract(subtract(traffic, value), [INBOUND, INBOUND]);
      const from = allInDoubt(peers, 'version-dependent');
      if (isEmpty(from.may) || carried.length === 0) return [];
      return [{ from, to: on, traffic: carried, as: INBOUND, name: NAME, reason: 'version-dependent' }];
    }),
  );
}
