import type { AddressRange } from '#base/address.ts';
import type { Origin } from '../origin.ts';
import type { AzureUnsettled } from './value.ts';

/** What every resource of Azure has, and every child that has an id of its own. */
export interface AzureEntity {
  /** `/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/virtualNetworks/hub`, as written. */
  readonly id: string;
  /** The id in lower case: what references are compared by. */
  readonly key: string;
  /** `Microsoft.Network/virtualNetworks`, as written. */
  readonly type: string;
  readonly name: string;
  /** Lower case; empty where it is not in the id. */
  readonly resourceGroup: string;
  /** `westeurope`: lower case, without spaces. */
  readonly location?: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Present where it is not certain that it exists. */
  readonly condition?: AzureUnsettled;
  /** Parts that are not known and matter for what the entity decides, with the field they stand in. */
  readonly unsettled: readonly UnsettledField[];
  readonly origin: Origin;
}

export interface UnsettledField {
  /** `properties.securityRules[0].properties.sourceAddressPrefix` */
  readonly path: string;
  readonly value: AzureUnsettled;
}

/** The key of another entity, or an expression that could not be evaluated. */
export type AzureRef = string | AzureUnsettled;

/** A scalar, or an expression that could not be evaluated. */
export type Settled<T extends string | number | boolean> = T | AzureUnsettled;

/** One entry of a list of addresses, wherever Azure takes one. */
export type AddressItem =
  | { readonly kind: 'any'; readonly origin: Origin }
  | { readonly kind: 'range'; readonly range: AddressRange; readonly text: string; readonly origin: Origin }
  /** A service tag: `VirtualNetwork`, `AzureKeyVault.WestEurope`. */
  | { readonly kind: 'tag'; readonly tag: string; readonly origin: Origin }
  | { readonly kind: 'asg'; readonly key: string; readonly origin: Origin }
  | { readonly kind: 'ip-group'; readonly key: string; readonly origin: Origin }
  /** A group of pods of Azure Firewall (`kubeSelectorGroups`). */
  | { readonly kind: 'pods'; readonly key: string; readonly origin: Origin }
  /** A name: `api.partner.com`, `*.data.mcr.microsoft.com`, `*`. */
  | { readonly kind: 'name'; readonly name: string; readonly origin: Origin }
  | { readonly kind: 'unsettled'; readonly value: AzureUnsettled; readonly origin: Origin }
  /** Text that is nothing of this: Azure would refuse it. */
  | { readonly kind: 'invalid'; readonly text: string; readonly origin: Origin };

/** Inclusive; `*` is 0 to 65535. */
export type PortItem =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'unsettled'; readonly value: AzureUnsettled }
  | { readonly kind: 'invalid'; readonly text: string };

export function isUnsettled(value: unknown): value is AzureUnsettled {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'unsettled' && 'why' in value;
}
