import type { Kysely } from 'kysely';
import type { ManualAnswer } from '#model/scan.ts';
import { momentOf } from './moments.ts';
import type { FindingDecision, PastDecision } from './store.ts';
import type { Tables } from './tables.ts';
import { alone } from './transactions.ts';

/** Accepts a finding; an acceptance that is in force ends by it. */
export async function acceptFinding(
  db: Kysely<Tables>,
  environment: string,
  { fingerprint, reason, owner, until, by, at }: FindingDecision,
): Promise<void> {
  const accepted = momentOf(at);
  await alone(db, async (transaction) => {
    await withdraw(transaction, { environment, fingerprint, at: accepted });
    const row = { environment, fingerprint, reason, owner, until: until ?? null, accepted, by: by ?? null };
    await transaction.insertInto('acceptance').values(row).execute();
  });
}

/** Whether an acceptance was in force. */
export async function withdrawAcceptance(
  db: Kysely<Tables>,
  environment: string,
  { fingerprint, at }: Pick<FindingDecision, 'fingerprint' | 'at'>,
): Promise<boolean> {
  const moment = momentOf(at);
  return await alone(db, async (transaction) => await withdraw(transaction, { environment, fingerprint, at: moment }));
}

/** Of all findings, by fingerprint. */
export async function acceptancesInForce(db: Kysely<Tables>, environment: string): Promise<FindingDecision[]> {
  const query = db.selectFrom('acceptance').selectAll().where('environment', '=', environment);
  const rows = await query.where('withdrawn', 'is', null).orderBy('fingerprint').execute();
  return rows.map(decisionOf);
}

/** Of one finding, oldest first. */
export async function pastDecisions(
  db: Kysely<Tables>,
  environment: string,
  fingerprint: string,
): Promise<PastDecision[]> {
  const query = db.selectFrom('acceptance').selectAll().where('environment', '=', environment);
  const rows = await query.where('fingerprint', '=', fingerprint).orderBy('id').execute();
  return rows.map(decisionOf);
}

export async function answerControl(
  db: Kysely<Tables>,
  environment: string,
  { control, answer, by, on, note }: ManualAnswer & { readonly control: string },
): Promise<void> {
  const row = { environment, control, answer, by, on, note: note ?? null };
  await alone(db, async (transaction) => await transaction.insertInto('answer').values(row).execute());
}

/** The last answer to each question, by id of the control. */
export async function lastAnswers(db: Kysely<Tables>, environment: string): Promise<Map<string, ManualAnswer>> {
  const rows = await db
    .selectFrom('answer')
    .select(['control', 'answer', 'by', 'on', 'note'])
    .distinctOn('control')
    .where('environment', '=', environment)
    .orderBy('control')
    .orderBy('id', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.control, answerOf(row)]));
}

interface AcceptanceRow {
  readonly fingerprint: string;
  readonly reason: string;
  readonly owner: string;
  readonly until: string | null;
  readonly accepted: Date;
  readonly withdrawn: Date | null;
  readonly by: string | null;
}

interface AnswerRow {
  readonly answer: string;
  readonly by: string;
  readonly on: string;
  readonly note: string | null;
}

async function withdraw(
  db: Kysely<Tables>,
  { environment, fingerprint, at }: { readonly environment: string; readonly fingerprint: string; readonly at: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('acceptance')
    .set({ withdrawn: at })
    .where('environment', '=', environment)
    .where('fingerprint', '=', fingerprint)
    .where('withdrawn', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function decisionOf({ fingerprint, reason, owner, until, accepted, withdrawn, by }: AcceptanceRow): PastDecision {
  return {
    fingerprint,
    reason,
    owner,
    ...(until !== null && { until }),
    ...(by !== null && { by }),
    at: accepted.toISOString(),
    ...(withdrawn !== null && { withdrawn: withdrawn.toISOString() }),
  };
}

function answerOf({ answer, by, on, note }: AnswerRow): ManualAnswer {
  return { answer: answer === 'yes' ? 'yes' : 'no', by, on, ...(note !== null && { note }) };
}
