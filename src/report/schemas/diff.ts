import { z } from 'zod';
import { changeGroup, diagnostic, endpoint, engine, invariantState, trafficList, unfiltered } from './common.ts';
import { finding } from './scan.ts';

const names = z.array(z.string());

const change = z
  .object({
    from: z.string(),
    to: z.string(),
    opened: trafficList,
    closed: trafficList,
    unsettled: trafficList.describe('Known on one side and unknown on the other'),
  })
  .meta({ id: 'ChangedConnection' });

const findings = z.array(finding);

/** How the findings of two scans differ. */
export const changedFindings = z.object({
  come: findings,
  go: findings,
  unsettled: findings.describe('On one side only, and the other could not judge the place'),
  left: z.int().nonnegative().describe('How many there are afterwards'),
});

/** `diff -o json` */
export const diffSchema = z
  .object({
    schema: z.literal('ringfence.dev/diff/v1'),
    engine: z.object({ base: engine, head: engine }),
    endpoints: z.object({ added: names, removed: names }),
    about: z.array(endpoint).exactOptional().describe('The endpoints that the changes name'),
    policies: z.object({ added: names, removed: names, changed: names }),
    groups: z.array(changeGroup),
    changes: z.array(change),
    unfiltered: unfiltered.describe('With a filter: how many connections changed'),
    invariants: z.array(z.object({ name: z.string(), base: invariantState, head: invariantState })),
    findings: changedFindings.exactOptional().describe('Absent with `--no-findings`'),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence diff', description: 'What opened and what closed between two inputs' });
