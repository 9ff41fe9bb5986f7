import type { AddressItem } from '#model/azure/entity.ts';
import { NO_ORIGIN } from '#model/origin.ts';

/** A service tag that no document names. */
export function tagItem(tag: string): AddressItem {
  return { kind: 'tag', tag, origin: NO_ORIGIN };
}
