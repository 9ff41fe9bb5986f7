import type { SourceText } from '#parse/text/node.ts';
import type { Arm } from './arm.ts';
import { subscriptionOf } from './follow-ups.ts';
import { type ResourceRow as Row, recordOf, textAt } from './json.ts';
import { LIVE, type Shortfall } from './shortfall.ts';

export interface ServiceTagsReading {
  readonly file?: SourceText;
  readonly shortfalls: readonly Shortfall[];
}

/**
 * The addresses of service tags, asked in the region of the first cluster, or of the first resource. Whatever the region,
 * Azure gives the list of the whole cloud (learn.microsoft.com, "Service Tags - List").
 */
export async function readServiceTags(arm: Arm, resources: readonly Row[]): Promise<ServiceTagsReading> {
  const cluster = resources.find((row) =>
    /^microsoft\.containerservice\/managedclusters$/i.test(textAt(row, 'type') ?? ''),
  );
  const placed = [cluster, ...resources].find((row) => row !== undefined && regionOf(row) !== undefined);
  if (placed === undefined) return { shortfalls: [] };
  const path = `/subscriptions/${subscriptionOf(placed.id)}/providers/Microsoft.Network/locations/${regionOf(placed)}/serviceTags?api-version=2024-05-01`;
  const values: unknown[] = [];
  const seen = new Set<string>();
  let changeNumber = '';
  let next: string | undefined = path;
  while (next !== undefined && !seen.has(next) && seen.size < MOST_PAGES) {
    seen.add(next);
    const answer = await arm.get(next);
    if (!answer.ok) return missing(answer.why, answer.message);
    const page = answer.body['values'];
    if (!Array.isArray(page)) return missing('nonsense', 'the answer has no `values`');
    values.push(...page.map(kept));
    changeNumber = String(answer.body['changeNumber'] ?? changeNumber);
    next = textAt(answer.body, 'nextLink');
  }
  const text = JSON.stringify({ name: 'Public', changeNumber, values }, null, 1);
  return { file: { file: `${LIVE} service tags`, text }, shortfalls: [] };
}

const MOST_PAGES = 100;

function regionOf(row: Row): string | undefined {
  const region = textAt(row, 'location')?.toLowerCase().replaceAll(' ', '');
  return region !== undefined && region !== 'global' && /^[a-z0-9-]+$/.test(region) ? region : undefined;
}

/** Name and addresses; the rest says nothing about traffic. */
function kept(value: unknown): unknown {
  const properties = recordOf(recordOf(value)?.['properties']);
  return { name: textAt(value, 'name'), properties: { addressPrefixes: properties?.['addressPrefixes'] } };
}

function missing(why: Shortfall['why'], said: string): ServiceTagsReading {
  return { shortfalls: [{ why, said, what: 'addresses of service tags', decides: true }] };
}
