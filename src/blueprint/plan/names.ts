import type { Group } from '../azure/value.ts';
import type { Choices } from '../choices/choices.ts';

/** Names after the abbreviations of the Cloud Adoption Framework: `aks-shop-prod`. */
export interface Names {
  readonly of: (abbreviation: string, what?: string) => string;
  /** Where dashes are not allowed and names are global: a suffix that only this blueprint has. */
  readonly globally: (abbreviation: string, most?: number) => string;
  readonly group: (group: Group) => string;
}

/** The group that Azure makes for Network Watcher, and the name that it gives it. */
const WATCHER_GROUP = 'NetworkWatcherRG';

export function namesOf({ name, environment, region }: Choices): Names {
  const suffix = shortHash(`${name} ${environment} ${region}`);
  return {
    of: (abbreviation, what) => [abbreviation, name, environment, what].filter((part) => part !== undefined).join('-'),
    globally: (abbreviation, most = 24) => `${abbreviation}${name}${environment}${suffix}`.slice(0, most),
    group: (group) => (group === 'watcher' ? WATCHER_GROUP : `rg-${name}-${environment}-${group}`),
  };
}

export function watcherName({ region }: Choices): string {
  return `NetworkWatcher_${region}`;
}

/** FNV-1a of 32 bits: tells names apart, keeps no secret. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ unit.codePointAt(0)!, 0x01000193) >>> 0;
  return hash.toString(36).padStart(7, '0').slice(-5);
}
