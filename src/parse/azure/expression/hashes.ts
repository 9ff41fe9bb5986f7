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

/** Azure's `guid`: a name-based UUID (RFC 4122 §4.3, version 5) of the texts joined by `-`, in a namespace of its own. */
export function nameGuid(text: string): string {
  const name = new TextEncoder().encode(text);
  const bytes = new Uint8Array(NAMESPACE.length + name.length);
  bytes.set(NAMESPACE);
  bytes.set(name, NAMESPACE.length);
  const digest = sha1(bytes).slice(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const DIGITS = 'abcdefghijklmnopqrstuvwxyz234567';
const MASK_64 = (1n << 64n) - 1n;
/** 11fb06fb-712d-4ddd-98c7-e71bbd588830, as the documentation of Bicep's `guid` names it. */
const NAMESPACE = Uint8Array.of(
  0x11,
  0xfb,
  6,
  0xfb,
  0x71,
  0x2d,
  0x4d,
  0xdd,
  0x98,
  0xc7,
  0xe7,
  0x1b,
  0xbd,
  0x58,
  0x88,
  0x30,
);

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

/** FIPS 180-4 §6.1. No room below the command line has a library for it. */
function sha1(message: Uint8Array): Uint8Array {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  for (let block = 0; block < padded.length; block += 64) addBlock(state, view, block);
  const digest = new DataView(new ArrayBuffer(20));
  for (const [i, word] of state.entries()) digest.setInt32(i * 4, word);
  return new Uint8Array(digest.buffer);
}

function addBlock(state: Int32Array, view: DataView, block: number): void {
  const words = new Int32Array(80);
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(block + i * 4);
  for (let i = 16; i < 80; i++) words[i] = rotate(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
  let [a, b, c, d, e] = [state[0]!, state[1]!, state[2]!, state[3]!, state[4]!];
  for (let i = 0; i < 80; i++) {
    const next = (rotate(a, 5) + roundOf(i, [b, c, d]) + e + words[i]!) | 0;
    [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
  }
  for (const [i, word] of [a, b, c, d, e].entries()) state[i] = (state[i]! + word) | 0;
}

function roundOf(round: number, [b, c, d]: readonly [number, number, number]): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
