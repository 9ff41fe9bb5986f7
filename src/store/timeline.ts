import type { Kysely } from 'kysely';
import { reachabilityEntryOf } from './reachability.ts';
import { scanEntryOf } from './scans.ts';
import { listSnapshots } from './snapshots.ts';
import type { TimelineEntry, TimeRange } from './store.ts';
import type { Tables } from './tables.ts';
import { together } from './transactions.ts';

/** Snapshots with the last scan of each and what changed, oldest first. */
export async function timeline(db: Kysely<Tables>, environment: string, range: TimeRange): Promise<TimelineEntry[]> {
  return await together(db, async (transaction) => {
    const snapshots = (await listSnapshots(transaction, environment, range)).reverse();
    if (snapshots.length === 0) return [];
    const ids = snapshots.map(({ id }) => id);
    const scans = await transaction
      .selectFrom('scan')
      .selectAll()
      .distinctOn('snapshot')
      .where('snapshot', 'in', ids)
      .orderBy('snapshot')
      .orderBy('id', 'desc')
      .execute();
    const reached = await transaction
      .selectFrom('reachability')
      .select(['snapshot', 'endpoints', 'connections', 'unknown', 'since', 'opened', 'closed', 'unsettled'])
      .where('snapshot', 'in', ids)
      .execute();
    const scanOf = new Map(scans.map((row) => [row.snapshot, scanEntryOf(row)]));
    const reachabilityOf = new Map(reached.map((row) => [row.snapshot, reachabilityEntryOf(row)]));
    return snapshots.map((snapshot) => {
      const scan = scanOf.get(snapshot.id);
      const reachability = reachabilityOf.get(snapshot.id);
      return { snapshot, ...(scan && { scan }), ...(reachability && { reachability }) };
    });
  });
}
