import { z } from 'zod';
import { assumption, diagnostic, engine, origin } from './common.ts';

export const policyProblem = z
  .object({
    problem: z.enum(['dead', 'shadowed', 'redundant', 'contradictory', 'unsupported', 'selects-nothing', 'inert']),
    rule: z.string(),
    why: z.string(),
    culprits: z.array(z.object({ rule: z.string(), origin })),
    origin,
  })
  .meta({
    id: 'PolicyProblem',
    description: 'A rule that does not do what it seems to, and the rules that make it so',
  });

export const policy = z
  .object({
    kind: z.string(),
    namespace: z.string(),
    name: z.string(),
    origin,
    selects: z.array(z.string()),
    isolates: z.array(z.enum(['ingress', 'egress'])),
    rules: z.array(
      z.object({
        rule: z.string(),
        action: z.string(),
        says: z.string().describe('In words: `from pods app=web of namespaces team=a on TCP 80`'),
        peers: z.array(z.string()),
        origin,
      }),
    ),
    problems: z.array(policyProblem),
  })
  .meta({ id: 'Policy' });

/** `policies -o json` */
export const policiesSchema = z
  .object({
    schema: z.literal('ringfence.dev/policies/v1'),
    engine,
    policies: z.array(policy),
    assumptions: z.array(assumption),
    diagnostics: z.array(diagnostic),
  })
  .meta({
    title: 'ringfence policies',
    description: 'What each policy does, and rules that do not do what they seem to',
  });
