import type { AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import { isNull, scalar } from '../values.ts';

/** What version 3 of the provider took where nothing is written, and later versions do not. */
const VERSION_3: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  azurerm_subnet: { private_endpoint_network_policies: 'Enabled' },
  azurerm_public_ip: { sku: 'Basic' },
  azurerm_lb: { sku: 'Basic' },
};

/** Names under which the same was said another way. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  private_endpoint_network_policies: [
    'private_endpoint_network_policies_enabled',
    'enforce_private_link_endpoint_network_policies',
  ],
};

/** Adds the defaults of an old version of the provider, where the configuration asks for it. */
export function addOldDefaults(entries: Map<string, AzureValue>, type: string, at: OldVersion): void {
  if (at.version !== 3) return;
  for (const [name, value] of Object.entries(VERSION_3[type] ?? {})) {
    const isSaid = [name, ...(OTHER_NAMES[name] ?? [])].some((each) => entries.has(each) && !isNull(entries.get(each)));
    if (!isSaid) entries.set(name, scalar(value, at.origin));
  }
}

export interface OldVersion {
  /** The major version of azurerm; undefined where the configuration leaves it open. */
  readonly version: number | undefined;
  readonly origin: Origin;
}

/**
 * The major version that a constraint asks for: `~> 3.0`, `3.117.0`, `>= 3.0, < 4.0`. Without an upper bound the newest
 * is taken, which is what `terraform init` takes.
 */
export function majorVersion(constraint: string): number | undefined {
  for (const part of constraint.split(',')) {
    const [, operator = '', major = '', rest = ''] = /^\s*(~>|<=|<|=)?\s*v?([0-9]+)(\S*)\s*$/.exec(part) ?? [];
    if (major === '') continue;
    const isExcluded = operator === '<' && !/[1-9]/.test(rest);
    // `~> 3` alone allows version 4 too.
    if (operator === '~>' && !rest.includes('.')) continue;
    return isExcluded ? Number(major) - 1 : Number(major);
  }
  return undefined;
}
