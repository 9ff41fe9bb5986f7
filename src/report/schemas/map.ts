import { z } from 'zod';
import { assumption, diagnostic, endpoint, engine, mixedTraffic, trafficList, unknownTraffic } from './common.ts';

const connection = z
  .object({
    from: z.string(),
    to: z.string(),
    allowed: trafficList,
    unknown: z.array(unknownTraffic),
    mixed: z.array(mixedTraffic).exactOptional(),
    through: z.array(z.string()).exactOptional().describe('With --ingress: the front doors'),
  })
  .meta({
    id: 'Connection',
    description: 'One ordered pair with something allowed or unknown; a pair that is absent is denied',
  });

/** `map -o json` */
export const mapSchema = z
  .object({
    schema: z.literal('ringfence.dev/map/v1'),
    engine,
    protocols: z.array(z.string()).describe('The protocols that the answer is about'),
    folded: z.boolean().describe('Whether endpoints are namespaces'),
    endpoints: z.array(endpoint),
    connections: z.array(connection),
    assumptions: z.array(assumption),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence map', description: 'Who can reach whom' });
