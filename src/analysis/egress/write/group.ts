import type { FirewallPolicy } from '#model/azure/firewall.ts';
import { OPEN_GROUP, OPEN_SUBSCRIPTION } from '#model/azure/resource.ts';
import type { NewRule } from './new-rules.ts';

/** A group of rules to add to a firewall policy. */
export interface NewGroup {
  readonly policy: Pick<FirewallPolicy, 'id' | 'name' | 'resourceGroup'>;
  readonly priority: number;
  readonly rules: readonly NewRule[];
}

export const GROUP_NAME = 'ringfence';
export const API_VERSION = '2024-05-01';
/** Network rules are asked first whatever their number. */
export const COLLECTIONS = {
  network: { name: 'ringfence-addresses', priority: 100 },
  application: { name: 'ringfence-names', priority: 200 },
} as const;

/** Whether an id was made up by the reader, because the input does not say where it is. */
export function isOpenId(id: string): boolean {
  return id.includes(OPEN_SUBSCRIPTION) || id.includes(OPEN_GROUP);
}
