import type { ExpressionBuilder, Kysely } from 'kysely';
import type { ControlSeverity } from '#model/control.ts';
import { pastDecisions } from './decisions.ts';
import type { FindingEntry, FindingFilter, FindingHistory, FindingSpan } from './store.ts';
import type { Tables } from './tables.ts';
import { together } from './transactions.ts';

/** Those to close first come first. */
export async function listFindings(
  db: Kysely<Tables>,
  environment: string,
  { state, control, limit = 1000 }: FindingFilter,
): Promise<FindingEntry[]> {
  let query = db
    .selectFrom('finding')
    .select(['fingerprint', 'control', 'severity', 'priority'])
    .select((finding) => [
      spansOf(finding)
        .select(({ fn }) => fn.min('opened').as('first'))
        .as('first'),
      spansOf(finding)
        .select(({ fn }) => fn.max('seen').as('last'))
        .as('last'),
      // Null while a span is open.
      spansOf(finding).select('resolved').orderBy('opened', 'desc').limit(1).as('resolved'),
    ])
    .where('environment', '=', environment);
  if (control !== undefined) query = query.where('control', '=', control);
  if (state !== undefined) {
    query = query.where((finding) => {
      const open = finding.exists(spansOf(finding).select('finding').where('resolved', 'is', null));
      return state === 'open' ? open : finding.not(open);
    });
  }
  const rows = await query.orderBy('priority', 'desc').orderBy('fingerprint').limit(limit).execute();
  return rows.flatMap(({ first, last, resolved, severity, ...rest }) => {
    // Every finding has a span; the types of subqueries cannot say so.
    if (first === null || last === null) return [];
    const seen = { firstSeen: first.toISOString(), lastSeen: last.toISOString() };
    const entry = { ...rest, severity: severity as ControlSeverity, ...seen };
    return [resolved === null ? entry : { ...entry, resolved: resolved.toISOString() }];
  });
}

export async function findingHistory(
  db: Kysely<Tables>,
  environment: string,
  fingerprint: string,
): Promise<FindingHistory | undefined> {
  return await together(db, async (transaction) => {
    const row = await transaction
      .selectFrom('finding')
      .select(['id', 'control', 'severity', 'priority', 'body'])
      .where('environment', '=', environment)
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const ofIt = transaction.selectFrom('finding_span').selectAll().where('finding', '=', row.id);
    const spans = (await ofIt.orderBy('opened').execute()).map(spanOf);
    const [first, last] = [spans[0], spans.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const { control, severity, priority, body } = row;
    return {
      fingerprint,
      control,
      severity: severity as ControlSeverity,
      priority,
      firstSeen: first.opened,
      lastSeen: last.lastSeen,
      ...(last.resolved !== undefined && { resolved: last.resolved }),
      finding: JSON.parse(body),
      spans,
      acceptances: await pastDecisions(transaction, environment, fingerprint),
    };
  });
}

function spansOf(finding: ExpressionBuilder<Tables, 'finding'>) {
  return finding.selectFrom('finding_span').whereRef('finding_span.finding', '=', 'finding.id');
}

interface SpanRow {
  readonly opened: Date;
  readonly seen: Date;
  readonly resolved: Date | null;
}

function spanOf({ opened, seen, resolved }: SpanRow): FindingSpan {
  const span = { opened: opened.toISOString(), lastSeen: seen.toISOString() };
  return resolved === null ? span : { ...span, resolved: resolved.toISOString() };
}
