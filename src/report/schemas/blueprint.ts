import { z } from 'zod';
import { DISAGREEMENTS } from '#model/egress.ts';
import { engine, pathVerdict, trafficList } from './common.ts';
import { severity, state } from './scan.ts';

const file = z
  .object({
    file: z.string(),
    outcome: z
      .enum(['written', 'merged', 'kept', 'removed', 'conflict'])
      .describe('`conflict`: left alone, with both texts in a file beside it that ends in `.merge`'),
  })
  .meta({ id: 'BlueprintFile' });

const control = z
  .object({ id: z.string(), title: z.string(), severity, state, why: z.string() })
  .meta({ id: 'BlueprintControl' });

const finding = z
  .object({
    control: z.string(),
    where: z.string(),
    message: z.string(),
    accepted: z
      .object({ reason: z.string(), owner: z.string() })
      .nullable()
      .describe('By `ringfence.yaml` of the blueprint; null: it counts'),
  })
  .meta({ id: 'BlueprintFinding' });

const exposure = z
  .object({
    scope: z.enum(['internet', 'network', 'cluster', 'node', 'none']),
    through: z.string(),
    at: z.string(),
    to: z.string(),
    verdict: pathVerdict,
  })
  .meta({ id: 'BlueprintExposure' });

const egress = z
  .object({
    asked: z.boolean().describe('Whether there is a cluster whose needs are known'),
    required: z.array(
      z.object({
        destination: z.string(),
        protocol: z.string(),
        port: z.int().nonnegative(),
        feature: z.string(),
        need: z.enum(['required', 'optional', 'perhaps']),
        verdict: pathVerdict,
      }),
    ),
    unneeded: z.array(z.string()).describe('Rules of the firewall that nobody needs'),
    disagreements: z.array(
      z.object({ state: z.enum(DISAGREEMENTS), from: z.array(z.string()), to: z.array(z.string()) }),
    ),
  })
  .meta({ id: 'BlueprintEgress' });

/** `blueprint build -o json` and `blueprint prove -o json` */
export const blueprintProofSchema = z
  .object({
    schema: z.literal('ringfence.dev/blueprint-proof/v1'),
    engine,
    files: z.array(file).exactOptional().describe('What building it did to its folder'),
    paid: z.array(z.object({ feature: z.string(), chosen: z.boolean(), lost: z.string() })),
    controls: z.array(control),
    findings: z.array(finding),
    invariants: z.array(
      z.object({ name: z.string(), state: z.enum(['holds', 'broken', 'unknown', 'invalid']), why: z.string() }),
    ),
    exposures: z.array(exposure),
    egress,
    connections: z
      .array(z.object({ from: z.string(), to: z.string(), allowed: trafficList, unknown: trafficList }))
      .describe('Between namespaces'),
    errors: z.array(z.string()),
    internalErrors: z.array(z.object({ control: z.string(), message: z.string() })),
  })
  .meta({ title: 'ringfence blueprint', description: 'What a built environment was found to be' });
