import { z } from 'zod';
import { assumption, diagnostic, engine, invariantState, origin, trafficList, verdict } from './common.ts';

const witness = z
  .object({ from: z.string(), to: z.string(), traffic: trafficList, verdict })
  .meta({ id: 'Witness', description: 'A connection that breaks the invariant or leaves it unknown' });

const invariant = z
  .object({
    name: z.string(),
    kind: z.string(),
    state: invariantState,
    why: z.string(),
    witnesses: z.array(witness).describe('The first of them'),
    origin,
  })
  .meta({ id: 'Invariant' });

/** `test -o json` */
export const testSchema = z
  .object({
    schema: z.literal('ringfence.dev/test/v1'),
    engine,
    invariants: z.array(invariant),
    assumptions: z.array(assumption),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence test', description: 'Do the invariants hold' });
