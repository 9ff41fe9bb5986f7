import { type AddressRange, isWithin, parseAddress, parseCidr } from '#base/address.ts';
import { PRIVATE } from '#engine/compile/azure/address-items.ts';
import { type Setting, settingAt, type WrittenCluster } from '../azure-facts.ts';
import type { ControlContext } from '../context.ts';

/** One entry of `authorizedIPRanges`. */
export interface AuthorizedRange {
  readonly text: string;
  /** Absent: a service tag, or no range at all. */
  readonly range?: AddressRange;
  /**
   * - `everything`: all of the internet; `wide`: more addresses than an organisation has for its administrators;
   * - `tag`: addresses of Azure, which other customers may have; `private`: of no effect, nobody comes with such an address;
   * - `not-admin`: outside of the ranges that `ringfence.yaml` says administrators come from.
   */
  readonly fault?: 'everything' | 'wide' | 'tag' | 'private' | 'not-admin';
}

export interface AuthorizedRanges {
  readonly setting: Setting;
  readonly items: readonly AuthorizedRange[];
}

/** Shortest prefix of a list that counts as narrow. */
const NARROW = { 4: 24, 6: 48 } as const;

/** The ranges that the API server of a cluster lets in, with what is wrong of each. */
export function authorizedRangesOf({ settings }: ControlContext, { resource }: WrittenCluster): AuthorizedRanges {
  const setting = settingAt(resource, 'properties', 'apiServerAccessProfile', 'authorizedIPRanges');
  const value = setting.state === 'value' && Array.isArray(setting.value) ? setting.value : [];
  const items = value.map((each) => itemOf(String(each).trim(), settings.adminRanges));
  return { setting, items };
}

function itemOf(text: string, admins: readonly AddressRange[] | undefined): AuthorizedRange {
  const range = rangeOf(text);
  if (range === undefined) return { text, fault: 'tag' };
  const { family, lo, hi } = range;
  if (hi - lo + 1n >= 1n << BigInt(family === 4 ? 31 : 127)) return { text, range, fault: 'everything' };
  if (isItself(range)) return { text, range };
  if (PRIVATE.some((each) => isWithin(range, each))) return { text, range, fault: 'private' };
  if (hi - lo + 1n > 1n << BigInt((family === 4 ? 32 : 128) - NARROW[family])) return { text, range, fault: 'wide' };
  const known = admins === undefined || admins.some((each) => isWithin(range, each));
  return known ? { text, range } : { text, range, fault: 'not-admin' };
}

/** `0.0.0.0/32` means the address with which the cluster itself leaves, and nobody else. */
function isItself({ family, lo, hi }: AddressRange): boolean {
  return family === 4 && lo === 0n && hi === 0n;
}

function rangeOf(text: string): AddressRange | undefined {
  const cidr = parseCidr(text)?.cidr;
  if (cidr !== undefined) return cidr;
  const address = parseAddress(text);
  return address === undefined ? undefined : { family: address.family, lo: address.value, hi: address.value };
}
