import { z } from 'zod';
import { BASELINE_STATES } from '#model/baselines.ts';
import { FRAMEWORK_IDS, SEVERITIES } from '#model/control.ts';
import {
  assumption,
  diagnostic,
  engine,
  origin,
  pathVerdict,
  reason,
  traffic,
  trafficList,
} from '#report/schemas/common.ts';
import { policyProblem } from '#report/schemas/policies.ts';

/** Answers about one workload and about the stack of rules, beyond what the verbs tell. */

const count = z.int().nonnegative();
const name = { kind: z.string(), namespace: z.string(), name: z.string() };

export const workloadAbout = z
  .object({
    ...name,
    labels: z.array(z.object({ key: z.string(), value: z.string() })).describe('Of its pods'),
    replicas: count.exactOptional().describe('As written; absent where its kind has none'),
    serviceAccount: z.string(),
    images: z.array(z.string()),
    owners: z.array(z.string()).describe('What made it, as `Rollout web`'),
    origin,
  })
  .meta({ id: 'WorkloadAbout', description: 'Who a workload is, as its manifest says' });

const shownNeed = z
  .object({
    with: z.string().describe('The other end, in words'),
    endpoint: z.string().exactOptional().describe('The other end, where it is an endpoint of the input'),
    asked: z.string().exactOptional().describe('The other end, as questions name it'),
    ports: z.array(traffic).describe('None: which ports is not known'),
    cause: z.string(),
    why: z.string(),
    verdict: pathVerdict.exactOptional().describe('What policy says to it, where both ends are workloads'),
    origin,
  })
  .meta({ id: 'ShownNeed', description: 'A connection that the input shows to be needed' });

export const workloadNeeds = z.object({
  out: z.array(shownNeed),
  in: z.array(shownNeed),
  open: z.array(z.object({ why: z.string(), origin })).describe('What may stand for more'),
});

export const isolationSchema = z.object({
  schema: z.literal('ringfence.dev/isolation/v1'),
  id: z.string(),
  ways: z
    .array(
      z.object({
        id: z.enum(['deny', 'default-deny', 'admin']),
        form: z.enum(['kubernetes', 'calico', 'cilium', 'bicep', 'terraform', 'az', 'diff']),
        kinds: z.array(z.string()),
        summary: z.string(),
        notes: z.array(z.string()),
        file: z.string().describe('A file that the input does not have'),
        text: z.string().describe('YAML'),
      }),
    )
    .describe('The one to take first comes first'),
  why: z.string().exactOptional().describe('Why there is none'),
  alsoIsolates: z.array(z.string()).describe('Other workloads that the labels select too'),
});

const someNames = z
  .object({ names: z.array(z.string()), total: count })
  .meta({ id: 'SomeNames', description: 'The first names of a list that may be long' });

const risk = z
  .object({
    control: z.string(),
    title: z.string(),
    severity: z.enum(SEVERITIES),
    message: z.string(),
    fingerprint: z.string(),
    findings: count,
  })
  .meta({ id: 'RuleRisk', description: 'Findings of one control that a rule is evidence of' });

const marks = { problems: z.array(policyProblem), risks: z.array(risk) };

const rulebookPolicy = z
  .object({
    lane: count.describe('Its place in `lanes`'),
    level: count.describe('From 1; policies of one level are asked side by side'),
    ...name,
    origin,
    selects: someNames,
    isolates: z.boolean(),
    rules: z.array(
      z.object({
        rule: z.string(),
        action: z.string(),
        says: z.string(),
        peers: someNames,
        traffic: trafficList,
        given: z.literal(true).exactOptional().describe('Stands in no document'),
        doubts: z.array(reason).describe('Why it matches some only perhaps'),
        origin,
        ...marks,
      }),
    ),
    ...marks,
  })
  .meta({ id: 'RulebookPolicy', description: 'One policy in one lane' });

export const rulebookSchema = z.object({
  schema: z.literal('ringfence.dev/rulebook/v1'),
  engine,
  lanes: z
    .array(
      z.object({
        direction: z.enum(['ingress', 'egress']),
        layer: z.string(),
        tier: z.string(),
        onEnd: z.enum(['deny', 'pass']).describe('For who is isolated by it and matched by none of its rules'),
        asked: z.enum(['together', 'in-order']),
        policies: count,
        rules: count,
      }),
    )
    .describe('In the order in which a connection meets them: egress, then ingress'),
  marks: z
    .array(z.object({ mark: z.string(), policies: count }))
    .describe('How many policies have each mark, whatever the filter'),
  total: count.describe('Policies, before they are paged'),
  policies: z.array(rulebookPolicy),
  unasked: z.array(z.object({ ...name, origin, why: z.string() })).describe('What nothing asks'),
  assumptions: z.array(assumption),
  diagnostics: z.array(diagnostic),
});

const baselineState = z.enum(BASELINE_STATES).meta({
  id: 'BaselineState',
  description: '`ACCEPTED`: all that fails is accepted; `NONE`: no control assesses it',
});

export const baselinesSchema = z.object({
  schema: z.literal('ringfence.dev/baselines/v1'),
  engine,
  taken: z.string(),
  frameworks: z.array(
    z.object({
      framework: z.enum(FRAMEWORK_IDS),
      title: z.string(),
      version: z.string(),
      source: z.string(),
      entries: count,
    }),
  ),
  scopes: z
    .array(z.object({ id: z.string(), kind: z.enum(['all', 'cluster', 'azure', 'namespace']), name: z.string() }))
    .describe('Those with most that fails first'),
  cells: z.array(
    z.object({
      framework: z.enum(FRAMEWORK_IDS),
      scope: z.string(),
      counts: z.partialRecord(baselineState, count).describe('Entries by state'),
    }),
  ),
  entries: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        state: baselineState,
        controls: z.array(z.string()),
        why: z.string().exactOptional(),
      }),
    )
    .describe('Of the framework and the scope that were asked for'),
});
