import { z } from 'zod';
import {
  assumption,
  diagnostic,
  encryption,
  engine,
  origin,
  pathVerdict,
  reason,
  trafficList,
  verdict,
} from './common.ts';

const rule = z
  .object({
    kind: z.string(),
    namespace: z.string(),
    name: z.string(),
    rule: z.string().describe('`spec.egress[1]`'),
    action: z.string(),
    decides: z.boolean(),
    matches: z.enum(['yes', 'no', 'perhaps']),
    request: z.string().exactOptional().describe('Which requests the rule means, where it looks into them'),
    stage: z.string().exactOptional().describe('Of the security of the network: `security group of the subnet`'),
    why: z.string(),
    origin,
  })
  .meta({ id: 'Rule', description: 'How one rule took part in the decision' });

const conditions = z.array(z.string()).exactOptional().describe('Where only some requests get through: which');

const exceptions = z
  .array(z.string())
  .exactOptional()
  .describe('Requests that are refused on a connection that is allowed');

export const hop = z
  .object({
    layer: z
      .string()
      .describe('`service`, `address`, or an enforcement point (`pod`, `mesh`, `host`) and a direction: `pod-egress`'),
    at: z.string().describe('The endpoint whose policy it is'),
    verdict,
    rules: z.array(rule),
    why: z.string(),
    reasons: z.array(reason),
    conditions,
    exceptions,
    seenAs: z.string().exactOptional().describe('What is seen here in place of what the ends send'),
  })
  .meta({ id: 'Hop', description: 'One enforcement point on the way' });

const nearMiss = z
  .object({ rule: z.string(), why: z.string(), origin })
  .meta({ id: 'NearMiss', description: 'A rule that would have matched but for little' });

const change = z
  .object({
    summary: z.string(),
    policy: z.object({ kind: z.string(), namespace: z.string(), name: z.string() }),
    origin,
    patch: z.string().describe('The text to add, as YAML'),
    alsoOpens: z.int().nonnegative(),
    alsoCloses: z.int().nonnegative(),
  })
  .meta({ id: 'SmallestChange', description: 'An edit that would flip the verdict, and what else it would do' });

const branch = z
  .object({
    from: z.string(),
    to: z.string(),
    family: z.enum(['IPv4', 'IPv6', 'any']),
    protocol: z.string(),
    port: z.int().exactOptional(),
    verdict,
    encryption: z
      .object({ encryption, why: z.string(), close: z.string().exactOptional() })
      .exactOptional()
      .describe('How the connection is protected, where the input has anything that protects'),
    hops: z.array(hop),
    nearMisses: z.array(nearMiss),
  })
  .meta({ id: 'Branch', description: 'One of several ways that differ: a backend, a pod, an address family' });

/** `can -o json` */
export const pathSchema = z
  .object({
    schema: z.literal('ringfence.dev/path/v1'),
    engine,
    from: z.string(),
    to: z.string(),
    protocol: z.string(),
    port: z.int().exactOptional(),
    request: z.string().exactOptional().describe('The request that was asked about'),
    allowed: trafficList.exactOptional().describe('Every port that is allowed, where no port was asked about'),
    verdict: pathVerdict,
    reasons: z.array(reason),
    conditions,
    exceptions,
    hops: z.array(hop).describe('Of the only branch, or of the first that is not allowed'),
    nearMisses: z.array(nearMiss),
    branches: z.array(branch).describe('Where branches differ: all of them'),
    changes: z.array(change),
    assumptions: z.array(assumption),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence can', description: 'May FROM reach TO, hop by hop, and which rules decide' });
