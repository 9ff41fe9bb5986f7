import { z } from 'zod';
import { CELLS, CHANGE_CELLS } from '#model/matrix.ts';
import { assumption, diagnostic, endpoint, engine, pathVerdict, reason } from '#report/schemas/common.ts';
import { changedFindings, diffSchema } from '#report/schemas/diff.ts';
import { exposure } from '#report/schemas/expose.ts';
import { connection } from '#report/schemas/map.ts';
import { hop } from '#report/schemas/path.ts';
import { policy } from '#report/schemas/policies.ts';
import { ANSWER_SCHEMAS } from '#report/schemas/published.ts';
import { state as controlState, finding, proof } from '#report/schemas/scan.ts';
import { baselinesSchema, isolationSchema, rulebookSchema, workloadAbout, workloadNeeds } from './rule-schemas.ts';

/** Answers that the command line has no verb for. Additions are free; a change of meaning is a new `schema`. */

const count = z.int().nonnegative();

export const status = z
  .object({
    state: z
      .enum(['loading', 'fresh', 'stale', 'failed'])
      .describe('`stale`: answers are about the last input that could be taken; `failed`: there was none'),
    revision: count,
    taken: z.string().exactOptional().describe('When that revision was read'),
    checked: z.string().exactOptional().describe('When the input was looked at last'),
    watching: z.enum(['files', 'polling', 'none']),
    why: z.string().exactOptional(),
    help: z.string().exactOptional(),
    diagnostics: z.array(diagnostic).describe('Of the input that could not be taken'),
  })
  .meta({ id: 'Status', description: 'How current the answers are' });

const statusSchema = z.object({ schema: z.literal('ringfence.dev/status/v1'), ...status.shape });

const environmentSchema = z.object({
  schema: z.literal('ringfence.dev/environment/v1'),
  revision: count,
  taken: z.string(),
  engine,
  versions: z.object({ ringfence: z.string(), node: z.string() }),
  input: z.array(z.string()),
  total: count.describe('Files, before they are paged'),
  sources: z.array(z.object({ file: z.string(), objects: count })),
  counts: z.object({
    namespaces: count,
    workloads: count,
    pods: count,
    nodes: count,
    services: count,
    azure: count.describe('Resources of Azure'),
  }),
  coverage: z.object({
    resources: count,
    others: z.array(z.object({ kind: z.string(), count })).describe('Kinds that have no say about traffic'),
  }),
  assumptions: z.array(assumption),
  diagnostics: z.array(diagnostic),
});

const endpointsSchema = z.object({
  schema: z.literal('ringfence.dev/endpoints/v1'),
  total: count,
  endpoints: z.array(endpoint),
});

const namesSchema = z.object({
  schema: z.literal('ringfence.dev/names/v1'),
  names: z.array(z.object({ name: z.string(), kind: z.string() })),
});

const matrixSchema = z.object({
  schema: z.literal('ringfence.dev/matrix/v1'),
  engine,
  level: z.enum(['namespace', 'workload']),
  size: count.describe('Rows, and columns'),
  cells: z
    .array(z.enum([...CELLS, ...CHANGE_CELLS]))
    .describe('What each number in a tile means, by its place in this list'),
  total: count,
  endpoints: z.array(
    z
      .object({
        ...endpoint.shape,
        index: count.describe('Its row and its column'),
        presence: z
          .enum(['both', 'base', 'head'])
          .exactOptional()
          .describe('With `base`: which of the snapshot and of what is there now has it'),
      })
      .meta({ id: 'NumberedEndpoint', description: 'An endpoint with its place in the matrix' }),
  ),
});

const spot = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const drawingSchema = z.object({
  schema: z.literal('ringfence.dev/drawing/v1'),
  engine,
  folded: z.boolean().describe('Boxes are namespaces'),
  counts: z.object({
    endpoints: count,
    connections: count,
    islands: count.describe('Namespaces that stand as one box'),
    left: count.describe('Boxes that are not drawn: those with the fewest lines'),
    undrawn: count.describe('Lines that are not drawn, being too many'),
  }),
  width: count,
  height: count,
  groups: z.array(
    z.object({ id: z.string(), label: z.string(), notes: z.array(z.string()), outside: z.boolean(), spot }),
  ),
  nodes: z.array(
    z.object({
      id: z.string(),
      group: z.string().exactOptional(),
      label: z.string(),
      lines: z.array(z.string()),
      spot,
      ask: z.string().exactOptional().describe('As questions name it'),
    }),
  ),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      label: z.string(),
      tone: z.enum(['allowed', 'mixed', 'unknown']),
      path: z.string().describe('As SVG takes it'),
      at: z.object({ x: z.number(), y: z.number() }).exactOptional().describe('Top left of its label'),
    }),
  ),
  svg: z.string().exactOptional(),
});

const workloadSchema = z.object({
  schema: z.literal('ringfence.dev/workload/v1'),
  id: z.string(),
  engine,
  about: workloadAbout.exactOptional().describe('Absent where no manifest of it was read'),
  endpoints: z.array(endpoint).describe('Its parts, where pods of it differ'),
  in: z.array(connection),
  out: z.array(connection),
  outside: z.array(endpoint).describe('Peers outside of the cluster, with their ranges'),
  isolated: z.object({ ingress: z.boolean(), egress: z.boolean() }),
  policies: z.array(policy).describe('Those that select it'),
  exposures: z.array(exposure),
  findings: z.array(finding),
  needs: workloadNeeds,
  assumptions: z.array(assumption),
  diagnostics: z.array(diagnostic),
});

const azurePathSchema = z.object({
  schema: z.literal('ringfence.dev/azure-path/v1'),
  engine,
  from: z.string(),
  to: z.string(),
  protocol: z.string(),
  port: count.exactOptional(),
  verdict: pathVerdict,
  reasons: z.array(reason),
  branches: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      verdict: pathVerdict,
      layers: z.array(hop).describe('Of the cloud, in the order in which the connection meets them'),
    }),
  ),
  assumptions: z.array(assumption),
  diagnostics: z.array(diagnostic),
});

const historyEntry = z
  .object({
    id: z.string(),
    taken: z.string(),
    version: z.string(),
    from: z.array(z.string()),
    resources: count,
    note: z.string().exactOptional(),
    by: z.string().exactOptional().describe('Who took it; absent where it was taken by itself'),
    commit: z
      .object({ id: z.string(), author: z.string(), at: z.string(), subject: z.string() })
      .exactOptional()
      .describe('Checked out where it was read'),
    findings: z
      .object({ open: count, accepted: count, came: count, went: count })
      .exactOptional()
      .describe('`came` and `went`: since the snapshot before'),
    reachability: z
      .object({ endpoints: count, connections: count, unknown: count, opened: count, closed: count, unsettled: count })
      .exactOptional()
      .describe('Ordered pairs; `opened`, `closed`, `unsettled`: groups of them, since the snapshot before'),
  })
  .meta({ id: 'HistoryEntry', description: 'A snapshot that is kept' });

const keeping = z
  .object({
    kind: z.enum(['memory', 'folder', 'server']),
    where: z.string().exactOptional(),
    state: z.enum(['waiting', 'opening', 'open', 'failed']).describe('`waiting`: nobody needed it yet'),
    why: z.string().exactOptional(),
    help: z.string().exactOptional(),
  })
  .meta({ id: 'Keeping', description: 'Where history is kept, and whether that works' });

const decision = z.object({
  fingerprint: z.string(),
  reason: z.string(),
  owner: z.string(),
  until: z.string().exactOptional(),
  by: z.string().exactOptional().describe('Who wrote it down'),
  at: z.string(),
});

const driftSchema = z.object({
  schema: z.literal('ringfence.dev/drift/v1'),
  diff: diffSchema,
  exposures: z.object({
    come: z.array(exposure),
    go: z.array(exposure),
    changed: z
      .array(z.object({ base: pathVerdict, head: exposure }))
      .describe('Another verdict, and neither is denied'),
  }),
  controls: z
    .array(z.object({ id: z.string(), title: z.string(), base: controlState, head: controlState }))
    .describe('Those whose state changed'),
  assumptions: z.object({ come: z.array(assumption), go: z.array(assumption) }),
});

const findingSchema = z.object({
  schema: z.literal('ringfence.dev/finding/v1'),
  fingerprint: z.string(),
  finding: finding.nullable().describe('null: it is gone'),
  past: z
    .object({
      spans: z.array(z.object({ opened: z.string(), lastSeen: z.string(), resolved: z.string().exactOptional() })),
      acceptances: z.array(z.object({ ...decision.shape, withdrawn: z.string().exactOptional() })),
    })
    .exactOptional()
    .describe('Absent where history cannot be read'),
  keeping,
});

const acceptancesSchema = z.object({
  schema: z.literal('ringfence.dev/acceptances/v1'),
  keeping,
  acceptances: z.array(z.object({ ...decision.shape, inForce: z.boolean() })),
});

const historySchema = z.object({
  schema: z.literal('ringfence.dev/history/v1'),
  keeping,
  snapshots: z.array(historyEntry).describe('Newest first'),
});

const previewSchema = z.object({
  schema: z.literal('ringfence.dev/preview/v1'),
  revision: count.describe('What it was compared with'),
  diff: diffSchema,
  exposures: z
    .object({ come: z.array(exposure), go: z.array(exposure) })
    .describe('Ways in from outside; one that says something else than before is in both'),
  findings: changedFindings,
  diagnostics: z.array(diagnostic).describe('Of the edited files'),
});

const textsSchema = z.object({
  schema: z.literal('ringfence.dev/texts/v1'),
  revision: count,
  whole: z.boolean().describe('Whether the texts as they are given say all that was read'),
  why: z.string().exactOptional().describe('Why not'),
  files: z.array(
    z.object({
      file: z.string(),
      readAs: z.enum(['files', 'azure', 'invariants', 'settings']),
      text: z.string().exactOptional().describe('Absent where it cannot be told what in it may be a secret'),
      hidden: z.array(count).describe('Lines of which something is hidden'),
      fixed: z.string().exactOptional().describe('Why it cannot be edited'),
      renderedBy: z.enum(['kustomize', 'helm']).exactOptional(),
      places: z
        .object({ files: z.array(z.string()), offsets: z.array(count), at: z.array(count) })
        .exactOptional()
        .describe('Of a text that was made: where its values stood'),
    }),
  ),
  settings: z.looseObject({}).describe('How it is judged'),
});

const fixSchema = z.object({
  schema: z.literal('ringfence.dev/fix/v1'),
  fingerprint: z.string(),
  made: z.boolean(),
  why: z.string().exactOptional().describe('Why it was not made'),
  summary: z.string().exactOptional(),
  proof: proof.exactOptional(),
  files: z
    .array(z.object({ file: z.string(), text: z.string().nullable() }))
    .describe('As they would be, hidden as in `texts`'),
  patch: z.string().exactOptional().describe('As `git apply` takes it'),
  withoutPatch: z.string().exactOptional().describe('Why there is none'),
});

const sourceSchema = z.object({
  schema: z.literal('ringfence.dev/source/v1'),
  file: z.string(),
  line: count,
  of: count.describe('Lines of the file'),
  lines: z.array(
    z.object({
      number: count,
      text: z.string(),
      hidden: z.literal(true).exactOptional().describe('It may hold a secret'),
    }),
  ),
});

export const ROLES = ['viewer', 'editor', 'admin'] as const;

const sessionSchema = z.object({
  schema: z.literal('ringfence.dev/session/v1'),
  role: z.enum(ROLES).describe('`viewer` asks; `editor` also takes snapshots and what is broken; `admin` also removes'),
  name: z.string(),
  until: z.string().exactOptional().describe('When the session ends; absent where a token is sent each time'),
});

const signedOutSchema = z.object({
  schema: z.literal('ringfence.dev/signed-out/v1'),
  next: z.string().describe('Where the session at the issuer ends'),
});

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().describe('A page about it, or `about:blank`'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().exactOptional(),
    near: z.array(z.string()).exactOptional().describe('Names and values that come near'),
    diagnostics: z.array(diagnostic).exactOptional(),
    signIn: z.string().exactOptional().describe('Where a person can sign in at the issuer'),
  })
  .meta({ id: 'Problem', description: 'Why there is no answer (RFC 9457)' });

/** By the name in the answer's `schema` field. */
export const API_SCHEMAS = {
  ...ANSWER_SCHEMAS,
  status: statusSchema,
  environment: environmentSchema,
  endpoints: endpointsSchema,
  names: namesSchema,
  drawing: drawingSchema,
  matrix: matrixSchema,
  workload: workloadSchema,
  isolation: isolationSchema,
  rulebook: rulebookSchema,
  baselines: baselinesSchema,
  'azure-path': azurePathSchema,
  history: historySchema,
  drift: driftSchema,
  finding: findingSchema,
  acceptances: acceptancesSchema,
  preview: previewSchema,
  texts: textsSchema,
  fix: fixSchema,
  source: sourceSchema,
  session: sessionSchema,
  'signed-out': signedOutSchema,
} as const;

export type ApiAnswer = keyof typeof API_SCHEMAS;
