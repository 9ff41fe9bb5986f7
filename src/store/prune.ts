import { type Kysely, sql, type Transaction } from 'kysely';
import { momentOf } from './moments.ts';
import type { Pruned, RetentionRules } from './store.ts';
import { StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';
import { alone } from './transactions.ts';

/** Deletes what is too old or too much. The newest snapshot stays whatever the rules say. */
export async function prune(
  db: Kysely<Tables>,
  environment: string,
  { before, keep, noted }: RetentionRules,
): Promise<Pruned> {
  if (keep !== undefined && !(Number.isSafeInteger(keep) && keep >= 0)) {
    throw new StoreError('refused', 'how many snapshots to keep is not a whole number');
  }
  const oldest = before === undefined ? undefined : momentOf(before);
  return await alone(db, async (transaction) => {
    const snapshots = await deleteSnapshots(transaction, { environment, before: oldest, keep, noted });
    const findings = await deleteFindings(transaction, environment);
    await sql`delete from ringfence.content as c where not exists (
      select 1 from ringfence.snapshot as s where s.digest = c.digest)`.execute(transaction);
    return { snapshots, findings };
  });
}

interface Rules {
  readonly environment: string;
  readonly before: string | undefined;
  readonly keep: number | undefined;
  readonly noted: 'stay' | undefined;
}

async function deleteSnapshots(
  transaction: Transaction<Tables>,
  { environment, before, keep, noted }: Rules,
): Promise<number> {
  const { numAffectedRows } = await sql`delete from ringfence.snapshot as s using (
      select id, note, row_number() over (order by taken desc, id desc) as place
      from ringfence.snapshot where environment = ${environment}) as ranked
    where s.id = ranked.id and ranked.place > 1
      and (ranked.note is null or ${noted ?? ''} <> 'stay') and (
      s.taken < ${before ?? null}::timestamptz or ranked.place > ${keep ?? null}::bigint)`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}

/** A finding goes with the last snapshot that had it: once it was resolved before all that are left. */
async function deleteFindings(transaction: Transaction<Tables>, environment: string): Promise<number> {
  const oldest = sql`(select min(taken) from ringfence.snapshot where environment = ${environment})`;
  await sql`delete from ringfence.finding_span as s using ringfence.finding as f
    where f.id = s.finding and f.environment = ${environment} and s.resolved < ${oldest}`.execute(transaction);
  const { numAffectedRows } = await sql`delete from ringfence.finding as f where f.environment = ${environment}
    and not exists (select 1 from ringfence.finding_span as s where s.finding = f.id)`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}
