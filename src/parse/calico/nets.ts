import { type Cidr, cidrOf, parseAddress } from '#base/address.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readCidr } from '../kubernetes/values.ts';

/** Blocks, or addresses that stand for themselves. */
export function readNets(reader: Reader, key: string): Cidr[] {
  return reader.texts(key).flatMap((placed): Cidr[] => {
    const address = parseAddress(placed.text);
    if (address !== undefined) return [cidrOf(address, address.family === 4 ? 32 : 128)];
    const cidr = readCidr(reader.draft, placed, 'warned');
    return cidr === undefined ? [] : [cidr];
  });
}
