import { type Analysis, type AnalysisOptions, analyseSnapshot } from '#analysis/analysis.ts';
import { type Scope, scopeOf } from '#analysis/scope.ts';
import { escapeControl } from '#base/escape.ts';
import { namespaceOf } from '#model/endpoint.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

/** The engine over what was read, as the settings want it. */
export function analysed(
  snapshot: Snapshot,
  settings: Settings,
  asked: Pick<AnalysisOptions, 'world' | 'waysIn'> = {},
): Analysis {
  return analyseSnapshot(snapshot, {
    podRanges: settings.podRanges,
    staged: settings.staged,
    ...(settings.engine !== undefined && { engine: settings.engine }),
    ...asked,
  });
}

export function scopeNamed(protocols: readonly string[]): Scope {
  const scope = scopeOf(protocols);
  if (scope !== undefined) return scope;
  const unknown = protocols.find((name) => scopeOf([name]) === undefined) ?? '';
  throw new Refusal(
    `\`${escapeControl(unknown)}\` is not a protocol`,
    'tcp, udp, sctp, icmp, icmpv6, a number from 0 to 255, or all',
  );
}

/** Whether an endpoint is in one of the namespaces: by its id, `shop/Deployment/web` or `ns:shop`. */
export function isIn(namespaces: ReadonlySet<string>, id: string): boolean {
  return namespaces.size === 0 || namespaces.has(namespaceOf(id) ?? '');
}

/** A namespace that nothing in the input mentions is a slip. */
export function refuseUnknownNamespaces(analysis: Analysis, { namespaces }: Settings): void {
  const known = analysis.engine.world.namespaces;
  const unknown = namespaces.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const list = [...known.keys()]
    .sort()
    .slice(0, MOST_LISTED)
    .map((name) => `\`${escapeControl(name)}\``);
  const more = known.size > MOST_LISTED ? `, and ${known.size - MOST_LISTED} more` : '';
  throw new Refusal(`no namespace \`${escapeControl(unknown)}\` in the input`, `it has ${list.join(', ')}${more}`);
}

const MOST_LISTED = 12;
