import { parseAddress } from '#base/address.ts';
import { includes, isNothing, meet } from '#base/intervals.ts';
import { grantIn } from '#engine/rows.ts';
import { externalPoint } from '#engine/world.ts';
import { portTraffic, trafficPoint } from '#model/traffic.ts';
import { type NetWorld, NODE_DNS } from './net-world.ts';

/** Whether a pod can ask for names: at the pods of DNS, or at the cache on its node. */
export function dnsOf({ engine, reach, dns, dnsKnown }: NetWorld, subject: number): 'kept' | 'lost' | 'unknown' {
  const { world } = engine;
  const nodes = NODE_DNS.map((text) => externalPoint(world, parseAddress(text)!));
  const ports = [trafficPoint('UDP', 53), trafficPoint('UDP', 5353)];
  const row = reach.egress.rows[subject]!;
  const grants = [...dns, ...nodes].map((peer) => grantIn(row, peer, reach.grants));
  const passes = (which: 'allowed' | 'possible') =>
    grants.some((grant) => ports.some((port) => includes(grant[which], port)));
  if (passes('allowed')) return 'kept';
  if (passes('possible')) return 'unknown';
  // Labels of a namespace that is not in the input may be what a rule asks for.
  const toSomebody = row.some(({ grant }) => !isNothing(meet(grant.possible, portTraffic('UDP', 53))));
  return !dnsKnown && toSomebody ? 'unknown' : 'lost';
}
