import type { Arm, ArmAnswer, ArmFailure } from './arm.ts';
import { isResourceRow, type ResourceRow as Row, textAt } from './json.ts';
import { ABOVE, type GraphQuery, PAGE } from './queries.ts';
import { named, type Shortfall } from './shortfall.ts';
import { waitForQuota } from './throttle.ts';

export interface Rows {
  readonly rows: readonly Row[];
  readonly shortfalls: readonly Shortfall[];
}

/** What one question is asked of: some subscriptions, or one management group. */
export type GraphTarget =
  | { readonly kind: 'subscriptions'; readonly ids: readonly string[] }
  | { readonly kind: 'management-group'; readonly name: string };

export interface GraphQuestion {
  readonly query: GraphQuery;
  readonly targets: readonly GraphTarget[];
  /** Bytes of all answers together. */
  readonly maxBytes: number;
}

/** All rows of a table, each once, in the order of targets and ids. What is missing is said and hides nothing else. */
export async function askGraph(arm: Arm, question: GraphQuestion): Promise<Rows> {
  const collected: Collected = { arm, question, rows: new Map(), shortfalls: [], bytes: 0 };
  for (const target of question.targets) await askTarget(collected, target);
  return { rows: [...collected.rows.values()], shortfalls: collected.shortfalls };
}

/** Subscriptions of one question (learn.microsoft.com, "Guidance for throttled requests": groups below 300). */
const MOST_SUBSCRIPTIONS = 250;

export function targetsOf(subscriptions: readonly string[], groups: readonly string[]): GraphTarget[] {
  const targets: GraphTarget[] = groups.map((name) => ({ kind: 'management-group', name }));
  for (let at = 0; at < subscriptions.length; at += MOST_SUBSCRIPTIONS)
    targets.push({ kind: 'subscriptions', ids: subscriptions.slice(at, at + MOST_SUBSCRIPTIONS) });
  return targets;
}

interface Collected {
  readonly arm: Arm;
  readonly question: GraphQuestion;
  /** By id in lower case: management groups and subscriptions may overlap. */
  readonly rows: Map<string, Row>;
  readonly shortfalls: Shortfall[];
  bytes: number;
}

/** Pages of one question. One million rows: more than any estate, and an end for a server that never stops. */
const MOST_PAGES = 1000;

const PATH = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';

async function askTarget(collected: Collected, target: GraphTarget): Promise<void> {
  const pages: Pages = { target, tokens: new Set(), rows: 0, token: undefined };
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await collected.arm.post(PATH, bodyOf(collected, target, pages.token));
    if (!answer.ok) return refused(collected, target, answer);
    const end = takePage(collected, pages, answer);
    if (end === 'more') {
      await collected.arm.sleep(waitForQuota(answer.headers));
      continue;
    }
    if (end !== 'done') miss(collected, target, end);
    return;
  }
  miss(collected, target, { why: 'truncated', said: `there are more than ${MOST_PAGES} pages` });
}

/** One subscription that may not be read must not hide the others: ask for halves. */
async function refused(
  collected: Collected,
  target: GraphTarget,
  { why, message }: { readonly why: ArmFailure; readonly message: string },
): Promise<void> {
  if (why === 'denied' && target.kind === 'subscriptions' && target.ids.length > 1) {
    const half = Math.ceil(target.ids.length / 2);
    await askTarget(collected, { kind: 'subscriptions', ids: target.ids.slice(0, half) });
    await askTarget(collected, { kind: 'subscriptions', ids: target.ids.slice(half) });
    return;
  }
  miss(collected, target, { why, said: message });
}

function bodyOf({ question: { query } }: Collected, target: GraphTarget, token: string | undefined): unknown {
  return {
    ...(target.kind === 'subscriptions' ? { subscriptions: target.ids } : { managementGroups: [target.name] }),
    query: query.text,
    options: {
      $top: PAGE,
      resultFormat: 'objectArray',
      ...(token !== undefined && { $skipToken: token }),
      ...(query.above && { authorizationScopeFilter: ABOVE }),
      // Without it a group with too many subscriptions is an error; with it the header below says so.
      ...(target.kind === 'management-group' && { allowPartialScopes: true }),
    },
  };
}

interface Pages {
  readonly target: GraphTarget;
  readonly tokens: Set<string>;
  rows: number;
  token: string | undefined;
}

type End = 'more' | 'done' | Pick<Shortfall, 'why' | 'said'>;

function takePage(collected: Collected, pages: Pages, answer: Extract<ArmAnswer, { ok: true }>): End {
  const { body, headers, size } = answer;
  const data = body['data'];
  if (!Array.isArray(data)) return { why: 'nonsense', said: 'the answer has no rows' };
  let strange = 0;
  for (const each of data) {
    if (isResourceRow(each)) collected.rows.set(each.id.toLowerCase(), each);
    else strange++;
  }
  pages.rows += data.length;
  collected.bytes += size;
  if (strange > 0)
    miss(collected, pages.target, { why: 'nonsense', said: `${strange} of ${data.length} rows are no resources` });
  if (headers.get('x-ms-tenant-subscription-limit-hit') === 'true')
    miss(collected, pages.target, {
      why: 'truncated',
      said: 'there are more subscriptions than Azure answers about at once',
    });
  if (collected.bytes > collected.question.maxBytes)
    return { why: 'truncated', said: 'there is more than may be held' };
  return nextOf(pages, body);
}

function nextOf(pages: Pages, body: Readonly<Record<string, unknown>>): End {
  const token = textAt(body, '$skipToken');
  if (token !== undefined) {
    if (pages.tokens.has(token)) return { why: 'nonsense', said: 'the same page comes again and again' };
    pages.tokens.add(token);
    pages.token = token;
    return 'more';
  }
  const total = body['totalRecords'];
  if (typeof total === 'number' && total > pages.rows)
    return { why: 'truncated', said: `Azure gave ${pages.rows} of ${total} rows` };
  if (/^true$/i.test(String(body['resultTruncated'])))
    return { why: 'truncated', said: 'Azure says that the result is cut, and gives no next page' };
  return 'done';
}

function miss({ question, shortfalls }: Collected, target: GraphTarget, missed: Pick<Shortfall, 'why' | 'said'>): void {
  const { table, decides } = question.query;
  shortfalls.push({ ...missed, what: `${named(table)} of ${targetText(target)}`, decides });
}

function targetText(target: GraphTarget): string {
  if (target.kind === 'management-group') return `management group ${named(target.name)}`;
  const [first = ''] = target.ids;
  return target.ids.length === 1 ? `subscription ${named(first)}` : `${target.ids.length} subscriptions`;
}
