import type { Kysely } from 'kysely';
import type { ChangeGroup } from '#model/answers.ts';
import { momentOf } from './moments.ts';
import { findSnapshot } from './snapshots.ts';
import type { Reachability, TimelineEntry } from './store.ts';
import { StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';
import { alone } from './transactions.ts';

/** Keeps how much a snapshot connects; replaces what was kept of it. */
export async function addReachability(
  db: Kysely<Tables>,
  environment: string,
  { snapshot, endpoints, connections, unknown, since, groups }: Reachability & { readonly snapshot: number },
): Promise<void> {
  const count = (change: ChangeGroup['change']): number => groups.filter((group) => group.change === change).length;
  const counts = { opened: count('opened'), closed: count('closed'), unsettled: count('unsettled') };
  const compared = since === undefined ? null : momentOf(since);
  const row = { endpoints, connections, unknown, since: compared, ...counts, groups: JSON.stringify(groups) };
  await alone(db, async (transaction) => {
    if ((await findSnapshot(transaction, environment, snapshot)) === undefined) {
      throw new StoreError('refused', `the store has no snapshot ${snapshot}`);
    }
    await transaction
      .insertInto('reachability')
      .values({ snapshot, ...row })
      .onConflict((conflict) => conflict.column('snapshot').doUpdateSet(row))
      .execute();
  });
}

export async function readReachability(
  db: Kysely<Tables>,
  environment: string,
  snapshot: number,
): Promise<Reachability | undefined> {
  if ((await findSnapshot(db, environment, snapshot)) === undefined) return undefined;
  const query = db.selectFrom('reachability').selectAll().where('snapshot', '=', snapshot);
  const row = await query.executeTakeFirst();
  if (row === undefined) return undefined;
  const { changes: _, ...counts } = reachabilityEntryOf(row);
  return { ...counts, groups: JSON.parse(row.groups) };
}

export interface ReachabilityRow {
  readonly endpoints: number;
  readonly connections: number;
  readonly unknown: number;
  readonly since: Date | null;
  readonly opened: number;
  readonly closed: number;
  readonly unsettled: number;
}

export function reachabilityEntryOf(row: ReachabilityRow): NonNullable<TimelineEntry['reachability']> {
  const { endpoints, connections, unknown, since, opened, closed, unsettled } = row;
  const changes = { opened, closed, unsettled };
  return { endpoints, connections, unknown, ...(since !== null && { since: since.toISOString() }), changes };
}
