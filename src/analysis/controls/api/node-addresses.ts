import { isWithin, parseAddress } from '#base/address.ts';
import { PRIVATE } from '#engine/compile/azure/address-items.ts';

/** Whether an address is none of the internet; text that is no address is taken for private. */
export function isPrivateAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined) return true;
  const { family, value } = address;
  return PRIVATE.some((range) => isWithin({ family, lo: value, hi: value }, range));
}
