import { hasBit } from '#base/bits.ts';
import type { Azure } from '#engine/compile/azure/context.ts';
import { type SubnetWays, type Way, waysOf } from '#engine/compile/azure/routes.ts';
import type { HopEntry } from '#model/answers.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Verdict } from '#model/verdict.ts';
import type { Inbound } from './inbound.ts';
import type { Sender, Step } from './way-in.ts';

/** Worked out once for each network: every client of every way asks for it. */
const WAYS = new WeakMap<Azure, readonly SubnetWays[]>();

type Return = Extract<Step, { kind: 'return' }>;

function waysIn(azure: Azure): readonly SubnetWays[] {
  const known = WAYS.get(azure) ?? waysOf(azure);
  WAYS.set(azure, known);
  return known;
}

interface Returned {
  readonly verdict: Verdict;
  readonly why?: string;
  readonly reasons: readonly ReasonCode[];
}

const DIRECT: Returned = { verdict: 'allowed', reasons: [] };

/**
 * "Packets arrive at the load balancer's public address and answers leave by the firewall's private one: it drops them,
 * because it is stateful and knows of no session" (AKS, limit egress traffic). What has no session arrives all the same.
 */
export function returnOf(inbound: Inbound, { domain, protocol }: Return, point: number): Returned {
  const subnets = inbound.azure.fronts.get(domain)?.subnets ?? [];
  const all = waysIn(inbound.azure).filter(({ subnet }) => subnets.includes(subnet.key));
  const answers = all.flatMap(({ ways }) => {
    const found = ways.find(({ peers }) => hasBit(peers, point));
    return found === undefined ? [] : [answerBy(found.way)];
  });
  const [first = DIRECT, ...others] = answers;
  if (others.some(({ verdict }) => verdict !== first.verdict))
    return {
      verdict: 'unknown',
      why: 'nodes of several subnets answer on different ways',
      reasons: ['node-placement'],
    };
  return protocol === 'UDP' ? { ...first, verdict: 'allowed', reasons: [] } : first;
}

function answerBy({ hop, name, firewall, reason }: Way): Returned {
  if (hop === 'none') return { verdict: 'denied', why: `answers have no way back (${name})`, reasons: [] };
  if (firewall !== undefined) {
    const why = `answers leave by firewall ${firewall.name} (${name}), which knows nothing of the connection and drops them`;
    return { verdict: 'denied', why, reasons: [] };
  }
  if (hop !== 'unknown' || reason === 'domain-name') return DIRECT;
  const why = `whether answers come back is not known (${name})`;
  return { verdict: 'unknown', why, reasons: [reason ?? 'cloud-expression'] };
}

/** Told where it matters. */
export function returnHops(inbound: Inbound, step: Return, { points: [point] }: Sender): HopEntry[] {
  if (point === undefined) return [];
  const { verdict, why, reasons } = returnOf(inbound, step, point);
  if (why === undefined) return [];
  return [{ layer: 'route-egress', at: step.id, verdict, rules: [], why, reasons }];
}
