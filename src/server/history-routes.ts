import { z } from 'zod';
import { StoreError } from '#store/store-error.ts';
import type { HistoryEntry } from './history.ts';
import { PAGE, text, wholeOr } from './parameters.ts';
import { HttpProblem } from './problem.ts';
import { type Answered, type Asked, object, type Route, reply, route } from './route.ts';
import { textOf } from './snapshot-of.ts';
import type { DriftSide, Side } from './worker/question.ts';

const SIDES = z.object({
  base: text(200).describe('Id of a snapshot, or `current`'),
  head: z.preprocess((given) => given ?? 'current', text(200)).describe('The same; `current` unless given'),
});

const FINGERPRINT = text(4_096).describe('As `/scan` tells it');

const ACCEPTANCE = z.object({
  fingerprint: z.string().min(1).max(4_096),
  reason: z.string().trim().min(1).max(1_000),
  owner: z.string().trim().min(1).max(200).describe('Who answers for it'),
  until: z.iso.date().describe('The last day; from the day after, the finding counts again'),
});

/** Snapshots, what changed between them, and findings over time. */
export const HISTORY_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/snapshots',
    id: 'snapshots',
    summary: 'The snapshots that are kept, with what each counted, and where history is kept',
    role: 'viewer',
    answer: 'history',
    ofRevision: false,
    query: z.object({ limit: wholeOr(100, 1, 1_000) }),
    run: async ({ history, query }) => historyAnswer(history, await listed(history, query.limit)),
  }),
  route({
    method: 'post',
    path: '/snapshots',
    id: 'takeSnapshot',
    summary: 'Keep what is answered about now',
    role: 'editor',
    answer: 'history',
    ofRevision: false,
    body: z.object({ note: z.string().trim().min(1).max(500).optional() }),
    run: async ({ history, recorder, identity, body: { note } }) => {
      const entry = await recorder.take({ by: identity.name, ...(note !== undefined && { note }) });
      return historyAnswer(history, [entry], 201);
    },
  }),
  route({
    method: 'get',
    path: '/snapshots/{id}',
    id: 'snapshot',
    summary: 'A snapshot as a file, which can be read wherever a path can',
    role: 'viewer',
    answer: 'snapshot-file',
    ofRevision: false,
    run: async ({ history, parts }) => {
      const id = parts['id'] ?? '';
      return { kind: 'file', name: `snapshot-${id.replace(/[^\w.-]/g, '_')}.json`, text: await textOf(history, id) };
    },
  }),
  route({
    method: 'delete',
    path: '/snapshots/{id}',
    id: 'removeSnapshot',
    summary: 'Remove a snapshot',
    role: 'admin',
    answer: 'nothing',
    ofRevision: false,
    run: async ({ history, parts }) => {
      if (!(await history.remove(parts['id'] ?? ''))) throw new HttpProblem(404, 'there is no such snapshot');
      return { kind: 'nothing' };
    },
  }),
  route({
    method: 'get',
    path: '/diff',
    id: 'diff',
    summary: 'What opened and what closed between two snapshots, or one and now, as `diff -o json`',
    role: 'viewer',
    answer: 'diff',
    ofRevision: false,
    query: SIDES.extend({ filter: PAGE.filter }),
    run: async ({ environment, history, query, today }) => {
      const [base, head] = [await sideOf(history, query.base), await sideOf(history, query.head)];
      return reply(await environment.ask({ kind: 'diff', base, head, filter: query.filter, today }));
    },
  }),
  route({
    method: 'get',
    path: '/drift',
    id: 'drift',
    summary: 'The same with the ways in, the controls and the assumptions that changed',
    role: 'viewer',
    answer: 'drift',
    ofRevision: false,
    query: SIDES,
    run: driftRun,
  }),
  route({
    method: 'get',
    path: '/finding',
    id: 'finding',
    summary: 'One finding, since when it is there, and who accepted it',
    role: 'viewer',
    answer: 'finding',
    ofRevision: false,
    query: z.object({ fingerprint: FINGERPRINT }),
    run: findingRun,
  }),
  route({
    method: 'get',
    path: '/acceptances',
    id: 'acceptances',
    summary: 'Findings that were accepted in the console, and not in what was read',
    role: 'viewer',
    answer: 'acceptances',
    ofRevision: false,
    run: async ({ history, today }) => acceptancesAnswer(history, today),
  }),
  route({
    method: 'post',
    path: '/acceptances',
    id: 'acceptFinding',
    summary: 'Accept a finding until a day; it stays a finding, and its control stays as it is',
    role: 'editor',
    answer: 'acceptances',
    ofRevision: false,
    body: ACCEPTANCE,
    run: acceptRun,
  }),
  route({
    method: 'post',
    path: '/acceptances/draft',
    id: 'draftAcceptance',
    summary:
      'The same as an edit of ringfence.yaml, which `preview` takes and a patch carries; nothing is written or kept',
    role: 'viewer',
    answer: 'fix',
    ofRevision: false,
    body: ACCEPTANCE,
    run: async ({ environment, body, today }) => reply(await environment.ask({ kind: 'acceptance', ...body, today })),
  }),
  route({
    method: 'delete',
    path: '/acceptances',
    id: 'withdrawAcceptance',
    summary: 'Have an accepted finding count again',
    role: 'editor',
    answer: 'nothing',
    ofRevision: false,
    query: z.object({ fingerprint: FINGERPRINT }),
    run: async ({ history, environment, query, now }) => {
      refuseMemory(history);
      if (!(await history.withdraw(query.fingerprint, new Date(now()).toISOString())))
        throw new HttpProblem(404, 'that finding was not accepted in the console');
      await environment.decide(await history.acceptances());
      return { kind: 'nothing' };
    },
  }),
];

type Parts = Asked<unknown, unknown>;
type History = Parts['history'];

/** A store that fails is told with the list, which is then empty: the console goes on without it. */
async function listed(history: History, limit: number): Promise<readonly HistoryEntry[]> {
  try {
    return await history.list(limit);
  } catch (error) {
    if (error instanceof StoreError) return [];
    throw error;
  }
}

function historyAnswer(history: History, snapshots: readonly HistoryEntry[], status: 200 | 201 = 200): Answered {
  return object({ schema: 'ringfence.dev/history/v1', keeping: history.keeping(), snapshots }, status);
}

async function sideOf(history: History, id: string): Promise<Side> {
  return id === 'current' ? { kind: 'current' } : { kind: 'snapshot', id, text: await textOf(history, id) };
}

/** The texts of snapshots may be many megabytes: they are sent where the two were not compared yet. */
async function driftRun({
  environment,
  history,
  query,
  today,
}: Asked<z.infer<typeof SIDES>, unknown>): Promise<Answered> {
  const { base, head } = query;
  const first = await environment.ask({ kind: 'drift', base: { id: base }, head: { id: head }, today });
  if (first.kind !== 'problem' || first.problem !== 'wanting') return reply(first);
  const full = async (id: string): Promise<DriftSide> =>
    id === 'current' ? { id } : { id, text: await textOf(history, id) };
  return reply(await environment.ask({ kind: 'drift', base: await full(base), head: await full(head), today }));
}

async function findingRun({
  environment,
  history,
  query,
  today,
}: Asked<{ readonly fingerprint: string }, unknown>): Promise<Answered> {
  const { fingerprint } = query;
  const found = await environment.ask({ kind: 'finding', fingerprint, today });
  const past = await history.past(fingerprint).catch((error: unknown) => {
    if (error instanceof StoreError) return undefined;
    throw error;
  });
  if (found.kind !== 'json' && (past === undefined || past.spans.length + past.acceptances.length === 0))
    return reply(found);
  return object({
    schema: 'ringfence.dev/finding/v1',
    fingerprint,
    finding: found.kind === 'json' ? JSON.parse(found.text) : null,
    ...(past !== undefined && { past }),
    keeping: history.keeping(),
  });
}

async function acceptancesAnswer(history: History, today: string, status: 200 | 201 = 200): Promise<Answered> {
  const acceptances = (await history.acceptances()).map((each) => ({
    ...each,
    inForce: each.until === undefined || each.until >= today,
  }));
  return object({ schema: 'ringfence.dev/acceptances/v1', keeping: history.keeping(), acceptances }, status);
}

async function acceptRun(asked: Asked<unknown, z.infer<typeof ACCEPTANCE>>): Promise<Answered> {
  const { environment, history, identity, today, now, body } = asked;
  refuseMemory(history);
  if (body.until < today) throw new HttpProblem(400, '`until`: that day is over');
  const found = await environment.ask({ kind: 'finding', fingerprint: body.fingerprint, today });
  if (found.kind === 'problem') return reply(found);
  await history.accept({ ...body, by: identity.name, at: new Date(now()).toISOString() });
  await environment.decide(await history.acceptances());
  return acceptancesAnswer(history, today, 201);
}

/** A decision is evidence: one that ends with the process is none. */
function refuseMemory(history: History): void {
  if (history.keeping().kind !== 'memory') return;
  throw new HttpProblem(409, 'this server keeps nothing: start it with --store to accept findings here');
}
