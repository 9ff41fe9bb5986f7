import { doorWays } from './door-ways.ts';
import { firewallWays } from './firewall-ways.ts';
import { gatewayWays } from './gateway-ways.ts';
import type { Inbound } from './inbound.ts';
import { routerWays } from './router-ways.ts';
import { loadBalancerWays, nodeWays } from './service-ways.ts';
import type { WayIn } from './way-in.ts';

/** Every way that the input shows from outside to pods of the cluster. */
export function waysIn(inbound: Inbound): WayIn[] {
  const own = [...loadBalancerWays(inbound), ...nodeWays(inbound)];
  const around = edgeWays(inbound);
  // Controllers of routes stand behind any of these.
  return [...own, ...around, ...routerWays(inbound, [...own, ...around])];
}

/** Those through what stands before the cluster. */
export function edgeWays(inbound: Inbound): WayIn[] {
  return [...gatewayWays(inbound), ...doorWays(inbound), ...firewallWays(inbound)];
}
