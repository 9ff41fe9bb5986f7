import { z } from 'zod';
import { HOLE_KINDS } from '#model/encryption.ts';
import {
  assumption,
  diagnostic,
  encryption,
  endpoint,
  engine,
  mixedTraffic,
  origin,
  trafficList,
  unfiltered,
  unknownTraffic,
} from './common.ts';

export const connection = z
  .object({
    from: z.string(),
    to: z.string(),
    allowed: trafficList,
    unknown: z.array(unknownTraffic),
    mixed: z.array(mixedTraffic).exactOptional(),
    encryption: z
      .array(z.object({ protocol: z.string(), ports: z.string().exactOptional(), encryption, why: z.string() }))
      .exactOptional()
      .describe('With --encryption: how what is allowed is protected on the wire'),
    through: z.array(z.string()).exactOptional().describe('With --ingress: the front doors'),
  })
  .meta({
    id: 'Connection',
    description: 'One ordered pair with something allowed or unknown; a pair that is absent is denied',
  });

const hole = z
  .object({
    kind: z.enum(HOLE_KINDS),
    encryption,
    why: z.string(),
    close: z.string().describe('What would close it'),
    connections: z.int().positive(),
    examples: z.array(z.object({ from: z.string(), to: z.string(), traffic: trafficList })),
    origin: origin.exactOptional(),
  })
  .meta({ id: 'Hole', description: 'Connections that are less protected than they could be, for one reason' });

/** `map -o json` */
export const mapSchema = z
  .object({
    schema: z.literal('ringfence.dev/map/v1'),
    engine,
    protocols: z.array(z.string()).describe('The protocols that the answer is about'),
    folded: z.boolean().describe('Whether endpoints are namespaces'),
    endpoints: z.array(endpoint),
    connections: z.array(connection),
    unfiltered: unfiltered.describe(
      'With a filter: how many connections there are. A pair that is absent is then denied, or left out',
    ),
    holes: z.array(hole).exactOptional().describe('With --encryption: what is not protected by identity'),
    assumptions: z.array(assumption),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence map', description: 'Who can reach whom' });
