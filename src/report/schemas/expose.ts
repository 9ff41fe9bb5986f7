import { z } from 'zod';
import { assumption, diagnostic, engine, origin, pathVerdict, reason, trafficList, unfiltered } from './common.ts';

export const exposure = z
  .object({
    scope: z.enum(['internet', 'network', 'cluster', 'node', 'none']).describe('Who stands before the door'),
    through: z.string().describe('`Service shop/web (LoadBalancer)`, `Ingress shop/shop`, `hostPort`'),
    at: z.string().describe('Where it is asked for: a URL, or an address and port'),
    protocol: z.string(),
    port: z.int(),
    to: z.string(),
    targetPort: z.int().exactOptional().describe("The pod's own port"),
    verdict: pathVerdict,
    notes: z.array(z.string()),
    reasons: z.array(reason),
    origin,
  })
  .meta({ id: 'Exposure', description: 'One way from the outside in' });

const reach = z
  .object({ from: z.string(), to: z.string(), allowed: trafficList, unknown: trafficList })
  .meta({ id: 'OutsideReach', description: 'By policy alone' });

const potential = z
  .object({
    endpoint: z.string(),
    direction: z.enum(['ingress', 'egress']),
    peer: z.string(),
    allowed: trafficList,
    origin: origin.exactOptional(),
  })
  .meta({ id: 'PotentialExposure', description: 'Who could come that is not in the input' });

/** `expose -o json` */
export const exposeSchema = z
  .object({
    schema: z.literal('ringfence.dev/expose/v1'),
    engine,
    exposures: z.array(exposure),
    unfiltered: unfiltered.describe('With a filter: how many exposures there are'),
    reach: z.array(reach),
    potential: z.array(potential),
    assumptions: z.array(assumption),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence expose', description: 'What the outside can reach' });
