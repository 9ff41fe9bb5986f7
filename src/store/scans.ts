import { type Kysely, sql, type Transaction } from 'kysely';
import type { ControlState } from '#model/control.ts';
import type { Finding, ScanAnswer } from '#model/scan.ts';
import { momentOf } from './moments.ts';
import { findSnapshot } from './snapshots.ts';
import type { ControlMoment, ScanEntry } from './store.ts';
import { StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';
import { alone } from './transactions.ts';

/** Keeps what a scan of a snapshot found. */
export async function addScan(
  db: Kysely<Tables>,
  environment: string,
  { snapshot, scan }: { readonly snapshot: number; readonly scan: ScanAnswer },
): Promise<ScanEntry> {
  return await alone(db, async (transaction) => {
    const row = await findSnapshot(transaction, environment, snapshot);
    if (row === undefined) throw new StoreError('refused', `the store has no snapshot ${snapshot}`);
    const at = row.taken.toISOString();
    await refuseLate(transaction, environment, row.taken);
    const id = await insertScan(transaction, snapshot, scan);
    await putFindings(transaction, { environment, id, findings: scan.findings });
    const counts = await moveSpans(transaction, { environment, id, at });
    const kept = transaction.updateTable('scan').set(counts).where('id', '=', id);
    return scanEntryOf(await kept.returningAll().executeTakeFirstOrThrow());
  });
}

/** Of one control, oldest first. */
export async function controlHistory(
  db: Kysely<Tables>,
  environment: string,
  control: string,
): Promise<ControlMoment[]> {
  const rows = await db
    .selectFrom('scan')
    .innerJoin('snapshot', 'snapshot.id', 'scan.snapshot')
    .select(['snapshot.taken', 'scan.controls'])
    .where('snapshot.environment', '=', environment)
    .orderBy('snapshot.taken')
    .orderBy('scan.id')
    .execute();
  return rows.flatMap(({ taken, controls }) => {
    const state = statesOf(controls)[control];
    return state === undefined ? [] : [{ taken: taken.toISOString(), state }];
  });
}

export function scanEntryOf({ taken, engine, controls, ...rest }: ScanRow): ScanEntry {
  return { ...rest, taken: taken.toISOString(), engine: JSON.parse(engine), controls: statesOf(controls) };
}

interface ScanRow extends Omit<ScanEntry, 'taken' | 'engine' | 'controls'> {
  readonly taken: Date;
  readonly engine: string;
  readonly controls: string;
}

interface Step {
  readonly environment: string;
  /** Of the scan. */
  readonly id: number;
}

/** Rows that go with one statement: PostgreSQL takes 65535 parameters. */
const ROWS = 1000;

function statesOf(controls: string): Readonly<Record<string, ControlState>> {
  return JSON.parse(controls);
}

/** When a finding came and went is known from the scan before: a scan cannot be put between two others. */
async function refuseLate(transaction: Transaction<Tables>, environment: string, taken: Date): Promise<void> {
  const later = await transaction
    .selectFrom('scan')
    .innerJoin('snapshot', 'snapshot.id', 'scan.snapshot')
    .select('snapshot.id')
    .where('snapshot.environment', '=', environment)
    .where('snapshot.taken', '>', taken)
    .executeTakeFirst();
  if (later === undefined) return;
  throw new StoreError('refused', `a later snapshot, ${later.id}, was scanned before`, {
    help: 'add scans in the order in which their snapshots were taken',
  });
}

async function insertScan(transaction: Transaction<Tables>, snapshot: number, scan: ScanAnswer): Promise<number> {
  const open = scan.findings.filter(({ suppressed }) => suppressed === null).length;
  const row = {
    snapshot,
    taken: momentOf(scan.taken),
    version: scan.version,
    engine: JSON.stringify(scan.engine),
    controls: JSON.stringify(Object.fromEntries(scan.controls.map(({ id, state }) => [id, state]))),
    open,
    accepted: scan.findings.length - open,
    opened: 0,
    resolved: 0,
  };
  return (await transaction.insertInto('scan').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

async function putFindings(
  transaction: Transaction<Tables>,
  { environment, id, findings }: Step & { readonly findings: readonly Finding[] },
): Promise<void> {
  const distinct = [...new Map(findings.map((finding) => [finding.fingerprint, finding])).values()];
  for (let at = 0; at < distinct.length; at += ROWS) {
    const rows = distinct.slice(at, at + ROWS).map((finding) => {
      const { fingerprint, control, severity, priority } = finding;
      return { environment, fingerprint, control, severity, priority, scan: id, body: JSON.stringify(finding) };
    });
    await transaction
      .insertInto('finding')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['environment', 'fingerprint']).doUpdateSet(({ ref }) => ({
          control: ref('excluded.control'),
          severity: ref('excluded.severity'),
          priority: ref('excluded.priority'),
          scan: ref('excluded.scan'),
          body: ref('excluded.body'),
        })),
      )
      .execute();
  }
}

/** Ends the spans of what this scan no longer has, carries on those of what it has, and begins those of what is new. */
async function moveSpans(
  transaction: Transaction<Tables>,
  { environment, id, at }: Step & { readonly at: string },
): Promise<{ readonly opened: number; readonly resolved: number }> {
  const open = sql`from ringfence.finding as f
    where f.id = s.finding and f.environment = ${environment} and s.resolved is null`;
  await sql`update ringfence.finding_span as s set seen = ${at} ${open} and f.scan = ${id}`.execute(transaction);
  const resolved =
    await sql`update ringfence.finding_span as s set resolved = ${at} ${open} and f.scan <> ${id}`.execute(transaction);
  // Resolved and back by two scans of one snapshot: as if it had never gone.
  const opened = await sql`insert into ringfence.finding_span (finding, opened, seen)
    select f.id, ${at}, ${at} from ringfence.finding as f
    where f.environment = ${environment} and f.scan = ${id} and not exists (
      select 1 from ringfence.finding_span as s where s.finding = f.id and s.resolved is null)
    on conflict (finding, opened) do update set seen = excluded.seen, resolved = null`.execute(transaction);
  return { opened: Number(opened.numAffectedRows ?? 0), resolved: Number(resolved.numAffectedRows ?? 0) };
}
