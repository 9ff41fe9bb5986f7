import { z } from 'zod';

/** `explain -o json` */
export const explainSchema = z
  .object({
    schema: z.literal('ringfence.dev/explain/v1'),
    codes: z.array(
      z.object({
        code: z.string(),
        kind: z.enum(['diagnostic', 'reason']).describe('`reason`: why a verdict is unknown'),
        title: z.string(),
        severity: z.enum(['error', 'warning', 'info']).exactOptional().describe('Of diagnostics'),
        why: z.string().exactOptional().describe('Why it matters'),
        fix: z.string().exactOptional().describe('What to do'),
      }),
    ),
  })
  .meta({ title: 'ringfence explain', description: 'What codes mean' });
