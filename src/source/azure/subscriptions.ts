import type { Arm, ArmRefusal } from './arm.ts';
import { nameOf } from './follow-ups.ts';
import { type ResourceRow as Row, textAt } from './json.ts';
import { listAll } from './list.ts';
import { isSubscriptionId } from './scope.ts';
import { named, type Shortfall } from './shortfall.ts';

export interface Wanted {
  readonly subscriptions: readonly string[];
  readonly managementGroups: readonly string[];
}

export type SeenSubscriptions =
  | { readonly kind: 'ok'; readonly ids: readonly string[]; readonly shortfalls: readonly Shortfall[] }
  | { readonly kind: 'unreachable'; readonly message: string; readonly hint: string };

/**
 * The ids of the subscriptions that are wanted. Resource Graph leaves out without a word what the credentials cannot see
 * (learn.microsoft.com, "Permissions in Azure Resource Graph"), so it is found out here.
 */
export async function seenSubscriptions(arm: Arm, wanted: Wanted): Promise<SeenSubscriptions> {
  const listing = await listAll(arm, '/subscriptions?api-version=2022-12-01');
  if (!listing.ok && (listing.why === 'failed' || listing.why === 'signed-out'))
    return outOfReach(arm, listing.message);
  const visible = listing.ok ? listing.items.map(visibleOf) : undefined;
  const found = wanted.subscriptions.map((name) => lookup(name, visible));
  const slip = found.find((each) => each.kind === 'many');
  if (slip !== undefined) return severalOf(slip);
  const ids = found.flatMap((each) => (each.kind === 'one' ? [each.id] : []));
  if (ids.length === 0 && wanted.managementGroups.length === 0) return noneOf(wanted.subscriptions);
  const missed = found.flatMap((each) => (each.kind === 'none' ? [each.name] : []));
  const groups = await Promise.all(wanted.managementGroups.map((group) => hiddenIn(arm, group, visible)));
  const shortfalls = missed.map((name) => invisible(`subscription ${named(name)}`));
  return { kind: 'ok', ids: [...new Set(ids)], shortfalls: [...shortfalls, ...groups.flat()] };
}

interface Visible {
  readonly id: string;
  readonly name: string;
}

function visibleOf(row: Row): Visible {
  const id = (textAt(row, 'subscriptionId') ?? nameOf(row.id)).toLowerCase();
  return { id, name: textAt(row, 'displayName') ?? id };
}

type Lookup =
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'none'; readonly name: string }
  | { readonly kind: 'many'; readonly name: string; readonly ids: readonly string[] };

/** Without a list of what can be seen, an id may still be right. */
function lookup(name: string, visible: readonly Visible[] | undefined): Lookup {
  if (isSubscriptionId(name)) {
    const id = name.toLowerCase();
    return visible === undefined || visible.some((each) => each.id === id)
      ? { kind: 'one', id }
      : { kind: 'none', name };
  }
  const ids = (visible ?? []).filter((each) => each.name.toLowerCase() === name.toLowerCase()).map(({ id }) => id);
  if (ids.length === 0) return { kind: 'none', name };
  return ids.length === 1 ? { kind: 'one', id: ids[0]! } : { kind: 'many', name, ids };
}

/** Subscriptions of a management group that the credentials cannot see. */
async function hiddenIn(arm: Arm, group: string, visible: readonly Visible[] | undefined): Promise<Shortfall[]> {
  const path = `/providers/Microsoft.Management/managementGroups/${encodeURIComponent(group)}/descendants?api-version=2020-05-01`;
  const listing = await listAll(arm, path);
  const what = `subscriptions of management group ${named(group)}`;
  if (!listing.ok)
    return [
      {
        why: listing.why,
        said: `${listing.message} (some may be missing)`,
        what: `the list of ${what}`,
        decides: true,
      },
    ];
  if (visible === undefined) return [];
  const known = new Set(visible.map(({ id }) => id));
  const inside = listing.items.filter((row) => /\/subscriptions$/i.test(textAt(row, 'type') ?? ''));
  const hidden = inside.map(({ id }) => nameOf(id).toLowerCase()).filter((id) => !known.has(id));
  if (hidden.length === 0) return [];
  const some = hidden.slice(0, 3).map(named).join(', ');
  return [invisible(`${hidden.length} of ${inside.length} ${what} (${some}${hidden.length > 3 ? ', …' : ''})`)];
}

function invisible(what: string): Shortfall {
  return { why: 'invisible', what, said: '', decides: true };
}

function outOfReach({ endpoint }: Arm, message: ArmRefusal['message']): SeenSubscriptions {
  return {
    kind: 'unreachable',
    message: `Azure cannot be reached at \`${endpoint}\`: ${message}`,
    hint: 'behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1; for another cloud, --azure-cloud',
  };
}

function noneOf(names: readonly string[]): SeenSubscriptions {
  return {
    kind: 'unreachable',
    message: `the credentials can see no subscription ${names.map(named).join(' or ')}`,
    hint: '`az account list` tells what they can see',
  };
}

function severalOf({ name, ids }: Extract<Lookup, { kind: 'many' }>): SeenSubscriptions {
  return {
    kind: 'unreachable',
    message: `${ids.length} subscriptions are called ${named(name)}`,
    hint: `give the id of one: ${ids.slice(0, 5).join(', ')}`,
  };
}
