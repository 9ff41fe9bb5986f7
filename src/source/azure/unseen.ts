import type { Diagnostic } from '#model/diagnostic.ts';
import { nameOf, subscriptionOf } from './follow-ups.ts';
import type { ResourceRow as Row } from './json.ts';
import { LIVE, named } from './shortfall.ts';

/**
 * Parts of networks that resources refer to and that were not read: in subscriptions that nobody named, or where the
 * credentials may read some groups and not others, about which Azure says nothing.
 */
export function unseenReferences(rows: readonly Row[], subscriptions: readonly string[]): Diagnostic[] {
  const read = new Set(rows.map(({ id }) => id.toLowerCase()));
  const unseen = new Map<string, string>();
  for (const row of rows) {
    for (const id of references(row['properties'])) {
      const key = id.toLowerCase();
      if (!read.has(key) && !isManaged(id)) unseen.set(key, id);
    }
  }
  const bySubscription = Map.groupBy(unseen.values(), subscriptionOf);
  const asked = new Set([...subscriptions, ...rows.map(({ id }) => subscriptionOf(id))]);
  return [...bySubscription].map(([subscription, ids]) => unseenIn(subscription, ids, asked.has(subscription)));
}

/** Types of which verdicts need the whole, and which are resources of their own. */
const NEEDED =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.network\/(?:virtualnetworks|networksecuritygroups|applicationsecuritygroups|routetables|natgateways|azurefirewalls|firewallpolicies|ipgroups|virtualhubs|loadbalancers)\/[^/]+)(?:\/.*)?$/i;

/** The resource behind each text that is an id, once for each time that it stands there. */
function* references(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    const id = value.startsWith('/') && value.length < LONGEST ? NEEDED.exec(value)?.[1] : undefined;
    if (id !== undefined) yield id;
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) yield* references(each);
  }
}

const LONGEST = 2048;

/** Azure keeps the network of a virtual hub in a subscription of its own, where nobody may look. */
function isManaged(id: string): boolean {
  return /\/virtualnetworks\/HV_/i.test(id);
}

function unseenIn(subscription: string, ids: readonly string[], isRead: boolean): Diagnostic {
  const names = ids.slice(0, 3).map((id) => named(nameOf(id)));
  const more = ids.length > names.length ? ` and ${ids.length - names.length} more` : '';
  const where = `subscription ${named(subscription)}${isRead ? '' : ', which is not read'}`;
  return {
    code: 'RF5125',
    severity: 'warning',
    message: `${names.join(', ')}${more} of ${where}: others refer to them, and they were not read`,
    help: isRead
      ? 'check whether they exist, and whether the credentials may read their resource groups'
      : `add --azure ${named(subscription)}`,
    origin: { file: LIVE, line: 1, column: 1 },
  };
}
