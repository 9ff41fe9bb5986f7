import { isEmpty } from '#base/bits.ts';
import { portTraffic } from '#model/traffic.ts';
import { judgeIngress } from '../../exposure/judge.ts';
import type { ControlContext } from '../context.ts';

export type FromPods = 'allowed' | 'denied' | 'unknown';

/** Whether any pod of the input may open a TCP port of a workload, as far as policies decide about its own side. */
export function fromPods({ analysis }: ControlContext, endpoint: string, port: number): FromPods {
  const { world, reach } = analysis.engine;
  const owner = world.owners.findIndex(({ id }) => id === endpoint);
  if (owner < 0 || isEmpty(world.pods)) return 'unknown';
  const to = world.pointsOfOwner[owner] ?? [];
  const { verdict } = judgeIngress(reach, { from: world.pods, to, traffic: portTraffic('TCP', port) });
  return verdict === 'mixed' ? 'allowed' : verdict;
}
