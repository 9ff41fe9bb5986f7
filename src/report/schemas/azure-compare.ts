import { z } from 'zod';
import { diagnostic, origin } from './common.ts';

const fate = z.enum(['allowed', 'denied']);
const compared = z.object({ name: z.string(), id: z.string(), origin });

const witness = z.object({
  direction: z.enum(['ingress', 'egress']).exactOptional().describe('Of security groups'),
  source: z.string(),
  destination: z.string(),
  name: z.string().exactOptional().describe('What the client asks for there, where that decides'),
  protocol: z.string(),
  port: z.int().nonnegative().exactOptional(),
  sourcePort: z.int().nonnegative().exactOptional(),
  before: fate,
  after: fate,
});

/** `azure compare -o json` */
export const azureCompareSchema = z
  .object({
    schema: z.literal('ringfence.dev/azure-compare/v1'),
    kind: z.enum(['security-group', 'firewall']),
    before: compared,
    after: compared,
    equal: z.boolean().describe('Whether everything has the same end under both, for certain'),
    witnesses: z.array(witness).describe('One for each set of connections that rules tell apart; the first hundred'),
    unknown: z.int().nonnegative().describe('Parts of which it is not known what they do'),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence azure compare', description: 'What two security groups or firewalls do differently' });
