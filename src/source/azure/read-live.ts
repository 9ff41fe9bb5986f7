import type { Diagnostic } from '#model/diagnostic.ts';
import type { SourceText } from '#parse/text/node.ts';
import { type Arm, connectArm } from './arm.ts';
import { type AzureCloud, CLOUD_HOSTS } from './clouds.ts';
import { defaultCredential, signInTrouble } from './credential.ts';
import { askDeployments } from './deployments.ts';
import { askEffectiveRules } from './effective-rules.ts';
import { askFollowUps } from './follow-ups.ts';
import type { ResourceRow as Row } from './json.ts';
import { GRAPH_QUERIES } from './queries.ts';
import { askGraph, type GraphTarget, targetsOf } from './resource-graph.ts';
import { readServiceTags } from './service-tags.ts';
import { LIVE, type Shortfall, shortfallDiagnostics } from './shortfall.ts';
import { seenSubscriptions } from './subscriptions.ts';
import type { Credential } from './token.ts';
import { unseenReferences } from './unseen.ts';

export interface AzureLive {
  /** Ids or names. */
  readonly subscriptions: readonly string[];
  readonly managementGroups: readonly string[];
  readonly cloud?: AzureCloud | undefined;
  /** Whatever way to sign in is there unless given. */
  readonly credential?: Credential;
  /** Another Azure Resource Manager than that of the cloud. */
  readonly endpoint?: string;
  /** Waits between tries; the clock's unless given. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Milliseconds that one answer may take; 60,000 unless given. */
  readonly timeout?: number;
  /** Bytes of all answers for one table; 256 MiB unless given. */
  readonly maxFileSize?: number;
  /** Told after each table how many resources have been read. */
  readonly onProgress?: (resources: number) => void;
}

/** What Azure said, or why it could not be asked and what to do about it. */
export type AzureLiveReading =
  | { readonly kind: 'ok'; readonly files: readonly SourceText[]; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'unreachable'; readonly message: string; readonly hint: string };

/**
 * Reads subscriptions and management groups as they are: Resource Graph, what it lacks from Azure Resource Manager, and
 * the service tags, as documents in the shapes that Azure gives them. Read-only. What may not be read, is throttled or
 * comes truncated is a diagnostic and hides nothing else.
 */
export async function readAzureLive(live: AzureLive): Promise<AzureLiveReading> {
  const cloud = live.cloud ?? 'public';
  const { endpoint, scope } = CLOUD_HOSTS[cloud];
  const credential = live.credential ?? (await defaultCredential(cloud));
  const { sleep, timeout } = live;
  let arm: Arm;
  try {
    arm = await connectArm({ endpoint: live.endpoint ?? endpoint, scope, credential, sleep, timeout });
  } catch (error) {
    return { kind: 'unreachable', ...signInTrouble(error, cloud) };
  }
  const seen = await seenSubscriptions(arm, live);
  if (seen.kind === 'unreachable') return seen;
  const targets = targetsOf(seen.ids, live.managementGroups);
  return readTargets(arm, live, { targets, subscriptions: seen.ids, shortfalls: seen.shortfalls });
}

interface Begun {
  readonly targets: readonly GraphTarget[];
  /** Ids of the subscriptions that are read by name or id. */
  readonly subscriptions: readonly string[];
  readonly shortfalls: readonly Shortfall[];
}

async function readTargets(arm: Arm, live: AzureLive, begun: Begun): Promise<AzureLiveReading> {
  const maxBytes = live.maxFileSize ?? 256 * 1024 * 1024;
  let count = 0;
  const tables = await Promise.all(
    GRAPH_QUERIES.map(async (query) => {
      const answer = await askGraph(arm, { query, targets: begun.targets, maxBytes });
      count += answer.rows.length;
      live.onProgress?.(count);
      return { ...answer, name: query.table };
    }),
  );
  const failures = tables.map(({ shortfalls }) => shortfalls.find(({ why }) => why !== 'truncated'));
  if (count === 0 && failures.every((failure) => failure !== undefined)) return nothing(failures[0]!);
  const resources = tables.find(({ name }) => name === 'resources')?.rows ?? [];
  const networks = tables.find(({ name }) => name === 'networkresources')?.rows ?? [];
  const [followUps, deployments, tags, effective] = await Promise.all([
    askFollowUps(arm, resources),
    askDeployments(arm, resources, networks),
    readServiceTags(arm, resources),
    askEffectiveRules(arm, resources),
  ]);
  const shortfalls = [
    ...begun.shortfalls,
    ...tables.flatMap((table) => table.shortfalls),
    ...followUps.shortfalls,
    ...deployments.shortfalls,
  ];
  return {
    kind: 'ok',
    files: [
      ...tables.map(({ name, rows }) => documentOf(name, rows)),
      documentOf('resource manager', [...followUps.rows, ...deployments.rows]),
      ...(effective.rows.length === 0 ? [] : [documentOf('effective rules', effective.rows)]),
      ...(tags.file === undefined ? [] : [tags.file]),
    ],
    diagnostics: [
      ...shortfallDiagnostics([...shortfalls, ...tags.shortfalls]),
      ...unseenReferences([...resources, ...networks], begun.subscriptions),
      ...effective.diagnostics,
    ],
  };
}

function nothing({ what, said }: Shortfall): AzureLiveReading {
  return {
    kind: 'unreachable',
    message: `nothing of Azure can be read; of ${what} Azure says: ${said}`,
    hint: 'docs/azure-live.md tells which permissions are needed; `az account list` tells what the credentials can see',
  };
}

/** In the shape in which Resource Graph answers, with one line for each value. */
function documentOf(name: string, rows: readonly Row[]): SourceText {
  const answer = { totalRecords: rows.length, count: rows.length, resultTruncated: 'false', data: rows };
  return { file: `${LIVE} ${name}`, text: JSON.stringify(answer, null, 1) };
}
