import { type Cidr, cidrOf, parseAddress } from '#base/address.ts';
import type { PlacedText } from './kubernetes/draft.ts';
import type { Reader } from './kubernetes/reader.ts';
import { readCidr } from './kubernetes/values.ts';

/** A list of blocks, or of addresses that stand for themselves. */
export function readNets(reader: Reader, key: string): Cidr[] {
  return reader.texts(key).flatMap((placed) => netOf(reader, placed));
}

/** One block or address. */
export function readNet(reader: Reader, key: string): Cidr | undefined {
  const text = reader.text(key);
  return text === undefined || text === '' ? undefined : netOf(reader, { ...reader.place(key), text })[0];
}

function netOf(reader: Reader, placed: PlacedText): Cidr[] {
  const address = parseAddress(placed.text);
  if (address !== undefined) return [cidrOf(address, address.family === 4 ? 32 : 128)];
  const cidr = readCidr(reader.draft, placed, 'warned');
  return cidr === undefined ? [] : [cidr];
}
