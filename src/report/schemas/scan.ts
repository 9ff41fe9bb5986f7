import { z } from 'zod';
import { CONTROL_STATES, FRAMEWORK_IDS, SEVERITIES } from '#model/control.ts';
import type { PlainValue } from '#model/plain.ts';
import { assumption, diagnostic, engine, origin } from './common.ts';

export const severity = z.enum(SEVERITIES).meta({ id: 'ControlSeverity' });
export const state = z.enum(CONTROL_STATES).meta({ id: 'ControlState' });
const frameworkId = z.enum(FRAMEWORK_IDS).meta({ id: 'FrameworkId' });
const value: z.ZodType<PlainValue> = z.json().meta({ id: 'Value' });

const place = z
  .object({
    kind: z.string(),
    namespace: z.string().describe('Empty where there is none'),
    name: z.string(),
    id: z.string().describe('The same for the same thing in every scan'),
    origin: origin.exactOptional(),
  })
  .meta({ id: 'Place', description: 'Where a control is judged' });

const evidence = z
  .object({
    object: z.string(),
    field: z.string().exactOptional(),
    value: value.exactOptional().describe('What stood there'),
    absent: z.literal(true).exactOptional().describe('Nothing stood there'),
    why: z.string().exactOptional(),
    origin: origin.exactOptional(),
  })
  .meta({ id: 'Evidence', description: 'Something that was seen, or asked for and not seen' });

const mapping = z.object({ framework: frameworkId, id: z.string() }).meta({ id: 'Mapping' });

const answer = z
  .object({ answer: z.enum(['yes', 'no']), by: z.string(), on: z.string(), note: z.string().exactOptional() })
  .meta({ id: 'ManualAnswer', description: 'How a person answered the question of a control' });

const count = z.int().nonnegative();

const control = z.object({
  id: z.string(),
  title: z.string(),
  severity,
  state,
  why: z.string(),
  rationale: z.string().describe('Why it matters'),
  remedy: z.string().describe('What a person does to close it'),
  frameworks: z.array(mapping),
  counts: z
    .object({
      PASS: count.exactOptional(),
      FAIL: count.exactOptional(),
      WARN: count.exactOptional(),
      MANUAL: count.exactOptional(),
      UNKNOWN: count.exactOptional(),
    })
    .describe('Places in each state'),
  evidence: z.array(evidence),
  question: z.string().exactOptional(),
  answer: answer.exactOptional(),
});

const known = z.union([z.boolean(), z.literal('unknown')]);

const blastRadius = z
  .object({
    fromInternet: known,
    entrances: z.array(z.string()),
    reaches: count.describe('Workloads that it can reach'),
    dataStores: z.array(z.string()),
    through: z.array(z.string()),
    toInternet: known,
  })
  .meta({ id: 'BlastRadius', description: 'What somebody who got into the place could do' });

const acceptance = z
  .object({
    reason: z.string(),
    owner: z.string(),
    until: z.string().exactOptional(),
    from: z.enum(['configuration', 'annotation', 'baseline', 'console']),
    origin: origin.exactOptional(),
  })
  .meta({ id: 'Acceptance', description: 'Why a finding does not count' });

/** What a fix was shown to do on the model. */
export const proof = z.object({
  closes: z.boolean(),
  worsens: z.array(z.string()),
  opened: count,
  closed: count,
  examples: z.array(z.string()),
});

const fix = z
  .object({
    automatic: z.boolean(),
    summary: z.string(),
    patches: z.array(
      z.object({
        form: z.enum(['kubernetes', 'calico', 'cilium', 'bicep', 'terraform', 'az', 'diff']),
        file: z.string().exactOptional(),
        text: z.string(),
      }),
    ),
    steps: z.array(z.string()),
    proof: proof.exactOptional(),
  })
  .meta({ id: 'Fix' });

export const finding = z.object({
  control: z.string(),
  title: z.string(),
  state: z.enum(['FAIL', 'WARN']),
  severity,
  priority: z.int().min(0).max(100),
  fingerprint: z.string(),
  where: place,
  message: z.string(),
  evidence: z.array(evidence),
  frame: z
    .string()
    .exactOptional()
    .describe('The lines around what decided, numbered, without anything secret; only where files were read'),
  blastRadius: blastRadius.exactOptional(),
  fix: fix.exactOptional(),
  suppressed: acceptance.nullable(),
  isNew: z.boolean().exactOptional(),
});

const open = z.object({
  control: z.string(),
  state: z.enum(['UNKNOWN', 'MANUAL']),
  where: place,
  message: z.string(),
  evidence: z.array(evidence),
});

const framework = z.object({
  framework: frameworkId,
  title: z.string(),
  version: z.string(),
  source: z.string(),
  entries: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      state: state.exactOptional().describe('Absent: no control assesses it'),
      controls: z.array(z.string()),
      why: z.string().exactOptional(),
    }),
  ),
});

export const scanSchema = z.object({
  schema: z.literal('ringfence.dev/scan/v1'),
  engine,
  taken: z.string().describe('RFC 3339, UTC'),
  version: z.string(),
  input: z.array(z.string()).describe('What was read: paths, names of clusters, subscriptions'),
  controls: z.array(control),
  findings: z.array(finding).describe('Those to close first come first'),
  open: z.array(open),
  frameworks: z.array(framework),
  coverage: z.object({
    resources: count,
    unsupported: z.array(z.object({ kind: z.string(), count })),
  }),
  internalErrors: z.array(z.object({ control: z.string(), message: z.string() })),
  assumptions: z.array(assumption),
  diagnostics: z.array(diagnostic),
});
