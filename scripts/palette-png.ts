import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A PNG as browsers write it (8 bits, RGB or RGBA, not interlaced) as one of at most 256 colours, without transparency. */
export function palettePng(png: Buffer): Buffer {
  const image = decoded(png);
  const palette = paletteOf(image);
  const rows = Buffer.alloc(image.height * (image.width + 1));
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++)
      rows[y * (image.width + 1) + 1 + x] = palette.indexOf(colourAt(image, y * image.width + x));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(image.width, 0);
  header.writeUInt32BE(image.height, 4);
  header[8] = 8;
  header[9] = INDEXED;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const INDEXED = 3;

interface Image {
  readonly width: number;
  readonly height: number;
  /** Bytes of one pixel. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

function colourAt({ bytes, size }: Image, pixel: number): number {
  const at = pixel * size;
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

/** Drawn pages have few colours of which the most are shades between text and ground: the commonest 256 are close to all. */
function paletteOf(image: Image): {
  readonly colours: readonly number[];
  readonly indexOf: (colour: number) => number;
} {
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < image.width * image.height; pixel++) {
    const colour = colourAt(image, pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts.entries()]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 256)
    .map(([colour]) => colour);
  const known = new Map(colours.map((colour, index) => [colour, index]));
  return {
    colours,
    indexOf: (colour) => {
      const found = known.get(colour) ?? nearest(colours, colour);
      known.set(colour, found);
      return found;
    },
  };
}

function nearest(colours: readonly number[], wanted: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, colour] of colours.entries()) {
    const red = (colour >> 16) - (wanted >> 16);
    const green = ((colour >> 8) & 255) - ((wanted >> 8) & 255);
    const blue = (colour & 255) - (wanted & 255);
    const far = red * red + green * green + blue * blue;
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

function decoded(png: Buffer): Image {
  const [width, height, kind] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25]];
  if (png[24] !== 8 || (kind !== 2 && kind !== 6) || png[28] !== 0) throw new Error('not a PNG as browsers write it');
  const size = kind === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { width, height, size, bytes: unfiltered(inflateSync(Buffer.concat(parts)), width * size, size) };
}

/** PNG (Third Edition) 9.2: each row was made smaller by what is to the left of it and above. */
function unfiltered(rows: Buffer, stride: number, size: number): Uint8Array {
  const height = rows.length / (stride + 1);
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < size ? 0 : out[at - size]!;
      const up = y === 0 ? 0 : out[at - stride]!;
      const corner = x < size || y === 0 ? 0 : out[at - stride - size]!;
      out[at] = rows[y * (stride + 1) + 1 + x]! + predicted(filter, { left, up, corner });
    }
  }
  return out;
}

interface Near {
  readonly left: number;
  readonly up: number;
  readonly corner: number;
}

function predicted(filter: number, { left, up, corner }: Near): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  return filter === 4 ? paeth({ left, up, corner }) : 0;
}

function paeth({ left, up, corner }: Near): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}
