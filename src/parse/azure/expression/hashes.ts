import { uuidIn } from '#base/uuid.ts';

/**
 * Azure's `uniqueString`: the texts joined by `-`, as UTF-8, through a 64-bit variant of MurmurHash3, written as 13
 * digits to the base of 32. Microsoft documents it as a hash and no more; the values of its tests and of deployments
 * agree with this.
 */
export function uniqueText(text: string): string {
  let rest = murmur64(new TextEncoder().encode(text));
  let out = '';
  for (let i = 0; i < 13; i++) {
    out += DIGITS[Number(rest >> 59n)];
    rest = (rest << 5n) & MASK_64;
  }
  return out;
}

/** Azure's `guid`: a name-based UUID of the texts joined by `-`, in a namespace of its own. */
export function nameGuid(text: string): string {
  return uuidIn(GUID_NAMESPACE, text);
}

const DIGITS = 'abcdefghijklmnopqrstuvwxyz234567';
const MASK_64 = (1n << 64n) - 1n;
/** As the documentation of Bicep's `guid` names it. */
const GUID_NAMESPACE = '11fb06fb-712d-4ddd-98c7-e71bbd588830';

const C1 = 0x239b961b;
const C2 = 0xab0e9789;

function murmur64(bytes: Uint8Array): bigint {
  let low = 0;
  let high = 0;
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) {
    low = rotate(low ^ scrambleLow(littleEndian(bytes, at, 4)), 19);
    low = (Math.imul((low + high) | 0, 5) + 0x561ccd1b) | 0;
    high = rotate(high ^ scrambleHigh(littleEndian(bytes, at + 4, 4)), 13);
    high = (Math.imul((high + low) | 0, 5) + 0x0bcaa747) | 0;
  }
  const tail = bytes.length - whole;
  if (tail > 0) low ^= scrambleLow(littleEndian(bytes, whole, Math.min(4, tail)));
  if (tail > 4) high ^= scrambleHigh(littleEndian(bytes, whole + 4, tail - 4));
  low ^= bytes.length;
  high ^= bytes.length;
  low = (low + high) | 0;
  high = (high + low) | 0;
  low = avalanche(low);
  high = avalanche(high);
  low = (low + high) | 0;
  high = (high + low) | 0;
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

function scrambleLow(word: number): number {
  return Math.imul(rotate(Math.imul(word, C1), 15), C2);
}

function scrambleHigh(word: number): number {
  return Math.imul(rotate(Math.imul(word, C2), 17), C1);
}

function avalanche(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function littleEndian(bytes: Uint8Array, from: number, count: number): number {
  let word = 0;
  for (let i = 0; i < count; i++) word |= bytes[from + i]! << (8 * i);
  return word;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
