/**
 * The same UUID for the same name: version 5 (RFC 9562 §5.5). SHA-1 is what that version is made of; nothing here rests on
 * it for security.
 */
export function uuidIn(namespace: string, name: string): string {
  const prefix = namespace
    .replaceAll('-', '')
    .match(/../g)!
    .map((byte) => Number.parseInt(byte, 16));
  const bytes = sha1(Uint8Array.of(...prefix, ...new TextEncoder().encode(name))).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = hexOf(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** FIPS 180-4 §6.1: the pure rooms have no other cryptography, and take none from the platform. */
export function sha1(message: Uint8Array): Uint8Array {
  const view = new DataView(padded(message));
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Uint32Array(80);
  for (let at = 0; at < view.byteLength; at += BLOCK) {
    for (let t = 0; t < 16; t++) words[t] = view.getUint32(at + 4 * t);
    for (let t = 16; t < 80; t++)
      words[t] = rotated(words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!, 1);
    compress(state, words);
  }
  const out = new DataView(new ArrayBuffer(20));
  for (const [index, word] of state.entries()) out.setUint32(4 * index, word);
  return new Uint8Array(out.buffer);
}

const BLOCK = 64;

/** A one bit, zeros, and the length in bits as 64 bits at the end (§5.1.1). */
function padded(message: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(Math.ceil((message.length + 9) / BLOCK) * BLOCK);
  new Uint8Array(buffer).set(message);
  const view = new DataView(buffer);
  view.setUint8(message.length, 0x80);
  view.setBigUint64(buffer.byteLength - 8, BigInt(message.length) * 8n);
  return buffer;
}

function compress(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (const [t, word] of words.entries()) {
    const next = (rotated(a, 5) + mixed(t, b, { c, d }) + e + CONSTANTS[Math.floor(t / 20)]! + word) >>> 0;
    [e, d, c, b, a] = [d, c, rotated(b, 30), a, next];
  }
  for (const [index, value] of [a, b, c, d, e].entries()) state[index] = (state[index]! + value) >>> 0;
}

const CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

/** Choose, parity, majority, parity: one for each twenty rounds (§4.1.1). */
function mixed(t: number, b: number, { c, d }: { readonly c: number; readonly d: number }): number {
  if (t < 20) return ((b & c) ^ (~b & d)) >>> 0;
  if (t < 40 || t >= 60) return (b ^ c ^ d) >>> 0;
  return ((b & c) ^ (b & d) ^ (c & d)) >>> 0;
}

function rotated(value: number, by: number): number {
  return ((value << by) | (value >>> (32 - by))) >>> 0;
}
