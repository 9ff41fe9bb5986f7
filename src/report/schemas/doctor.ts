import { z } from 'zod';

/** `doctor -o json` */
export const doctorSchema = z
  .object({
    schema: z.literal('ringfence.dev/doctor/v1'),
    checks: z.array(z.object({ name: z.string(), state: z.enum(['ok', 'missing', 'failed']), detail: z.string() })),
  })
  .meta({ title: 'ringfence doctor', description: 'Environment and self-test' });
