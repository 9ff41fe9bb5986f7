import type { Arm } from './arm.ts';
import { type ResourceRow as Row, textAt } from './json.ts';
import { listAll } from './list.ts';
import type { Rows } from './resource-graph.ts';
import { named, type Shortfall } from './shortfall.ts';

/** What Resource Graph does not hold, asked of Azure Resource Manager for each resource of a type. */
interface FollowUp {
  /** Lower case. */
  readonly type: string;
  /** Behind the id of the resource. */
  readonly path: string;
  readonly apiVersion: string;
  readonly what: string;
  readonly decides: boolean;
  /** Of which resources of the type; of all unless given. */
  readonly of?: (row: Row) => boolean;
}

/** Subscriptions are no rows of what was read; they are asked for what stands in them by itself. */
const SUBSCRIPTION = 'microsoft.resources/subscriptions';

const NETWORK_API = '2024-05-01';
const CDN_API = '2023-05-01';

export const FOLLOW_UPS: readonly FollowUp[] = [
  {
    type: 'microsoft.containerservice/managedclusters',
    path: 'providers/Microsoft.Insights/diagnosticSettings',
    apiVersion: '2021-05-01-preview',
    what: 'diagnostic settings',
    decides: false,
  },
  {
    type: 'microsoft.containerservice/managedclusters',
    path: 'providers/Microsoft.ContainerService/deploymentSafeguards/default',
    apiVersion: '2025-07-01',
    what: 'deployment safeguards',
    decides: false,
  },
  {
    type: 'microsoft.containerservice/managedclusters',
    path: 'providers/Microsoft.Insights/dataCollectionRuleAssociations',
    apiVersion: '2022-06-01',
    what: 'associations with data collection rules',
    decides: false,
  },
  {
    type: 'microsoft.kubernetes/connectedclusters',
    path: 'providers/Microsoft.KubernetesConfiguration/extensions',
    apiVersion: '2023-05-01',
    what: 'extensions',
    decides: false,
  },
  {
    type: 'microsoft.network/networkwatchers',
    path: 'packetCaptures',
    apiVersion: NETWORK_API,
    what: 'packet captures',
    decides: false,
  },
  {
    type: SUBSCRIPTION,
    path: 'providers/Microsoft.Insights/diagnosticSettings',
    apiVersion: '2021-05-01-preview',
    what: 'settings of the activity log',
    decides: false,
  },
  {
    type: SUBSCRIPTION,
    path: 'providers/Microsoft.Insights/logProfiles',
    apiVersion: '2016-03-01',
    what: 'log profiles',
    decides: false,
  },
  {
    type: 'microsoft.network/privateendpoints',
    path: 'privateDnsZoneGroups',
    apiVersion: NETWORK_API,
    what: 'DNS zone groups',
    decides: true,
  },
  {
    type: 'microsoft.network/virtualhubs',
    path: 'routingIntent',
    apiVersion: NETWORK_API,
    what: 'routing intents',
    decides: true,
  },
  {
    type: 'microsoft.network/virtualhubs',
    path: 'hubRouteTables',
    apiVersion: NETWORK_API,
    what: 'hub route tables',
    decides: true,
  },
  {
    type: 'microsoft.cdn/profiles',
    path: 'originGroups',
    apiVersion: CDN_API,
    what: 'origin groups',
    decides: true,
    of: isFrontDoor,
  },
  {
    type: 'microsoft.cdn/profiles',
    path: 'securityPolicies',
    apiVersion: CDN_API,
    what: 'security policies',
    decides: true,
    of: isFrontDoor,
  },
  {
    type: 'microsoft.cdn/profiles/origingroups',
    path: 'origins',
    apiVersion: CDN_API,
    what: 'origins',
    decides: true,
  },
  {
    type: 'microsoft.cdn/profiles/afdendpoints',
    path: 'routes',
    apiVersion: CDN_API,
    what: 'routes',
    decides: true,
  },
  {
    type: 'microsoft.sql/servers',
    path: 'firewallRules',
    apiVersion: '2021-11-01',
    what: 'firewall rules',
    decides: true,
  },
  {
    type: 'microsoft.sql/servers',
    path: 'virtualNetworkRules',
    apiVersion: '2021-11-01',
    what: 'virtual network rules',
    decides: true,
  },
  {
    type: 'microsoft.dbforpostgresql/flexibleservers',
    path: 'firewallRules',
    apiVersion: '2022-12-01',
    what: 'firewall rules',
    decides: true,
  },
  {
    type: 'microsoft.dbformysql/flexibleservers',
    path: 'firewallRules',
    apiVersion: '2021-05-01',
    what: 'firewall rules',
    decides: true,
  },
];

/** Asks for all of them, and for what those have in turn. Of what fails for several resources, one shortfall tells. */
export async function askFollowUps(arm: Arm, resources: readonly Row[]): Promise<Rows> {
  const first = await askRound(arm, [...resources, ...subscriptionsOf(resources)]);
  const second = await askRound(arm, first.rows);
  return { rows: [...first.rows, ...second.rows], shortfalls: [...first.shortfalls, ...second.shortfalls] };
}

function subscriptionsOf(resources: readonly Row[]): readonly Row[] {
  const clusters = resources.filter((row) => CLUSTER.test(textAt(row, 'type') ?? ''));
  const ids = new Set(clusters.map(({ id }) => subscriptionOf(id)).filter((id) => id !== ''));
  return [...ids].map((id) => ({ id: `/subscriptions/${id}`, type: SUBSCRIPTION }));
}

/** What controls ask of a subscription, they ask because a cluster is in it. */
const CLUSTER = /^microsoft\.(?:containerservice\/managedclusters|kubernetes\/connectedclusters)$/i;

/** CDN profiles of other tiers have none of what Front Door has. */
function isFrontDoor(row: Row): boolean {
  return /AzureFrontDoor/i.test(textAt(row, 'sku', 'name') ?? '');
}

async function askRound(arm: Arm, resources: readonly Row[]): Promise<Rows> {
  const byType = Map.groupBy(resources, (row) => textAt(row, 'type')?.toLowerCase() ?? '');
  const all = FOLLOW_UPS.map((each) => {
    const rows = byType.get(each.type) ?? [];
    return askFollowUp(arm, each, each.of === undefined ? rows : rows.filter(each.of));
  });
  const results = await Promise.all(all);
  return {
    rows: results.flatMap(({ rows }) => rows),
    shortfalls: results.flatMap(({ shortfalls }) => shortfalls),
  };
}

interface Failed {
  readonly why: Shortfall['why'];
  readonly said: string;
  readonly ids: string[];
}

async function askFollowUp(arm: Arm, followUp: FollowUp, resources: readonly Row[]): Promise<Rows> {
  const failed = new Map<string, Failed>();
  // A subscription that denied one of a kind denies them all: asking on would only use up the quota.
  const denied = new Set<string>();
  const lists = await Promise.all(
    resources.map(async ({ id }) => {
      const subscription = subscriptionOf(id);
      const answer = denied.has(subscription)
        ? ({ ok: false, why: 'denied', message: '' } as const)
        : await listAll(arm, pathOf(id, followUp));
      if (answer.ok) return answer.items;
      if (answer.why === 'denied') denied.add(subscription);
      // A part that was never set up is absent, and so is what went away in the meantime.
      if (answer.why !== 'absent') note(failed, answer, id);
      return [];
    }),
  );
  return { rows: lists.flat(), shortfalls: [...failed.values()].map((each) => shortfallOf(followUp, each)) };
}

function note(
  failed: Map<string, Failed>,
  { why, message }: { why: Shortfall['why']; message: string },
  id: string,
): void {
  const known = failed.get(why);
  if (known === undefined) failed.set(why, { why, said: message, ids: [id] });
  else known.ids.push(id);
}

function shortfallOf({ what, decides }: FollowUp, { why, said, ids }: Failed): Shortfall {
  const names = ids.slice(0, 3).map((id) => named(nameOf(id)));
  const rest = ids.length > names.length ? ` and ${ids.length - names.length} more` : '';
  return { why, said, decides, what: `${what} of ${names.join(', ')}${rest}` };
}

function pathOf(id: string, { path, apiVersion }: FollowUp): string {
  return `${escapedId(id)}/${path}?api-version=${apiVersion}`;
}

/** An id as a path: whatever a row says, it stays one. */
export function escapedId(id: string): string {
  const parts = id.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

export function subscriptionOf(id: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase() ?? '';
}

export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
