import type { FieldPath, Written } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import { isPlainList, type PlainValue } from '#model/plain.ts';
import type { Locate } from '../text/positions.ts';

export interface Places<VALUE extends PlainValue> {
  readonly value: VALUE;
  /** Of every value and key, in the order of `Object.entries`. */
  readonly offsets: readonly number[];
  readonly originAt: Locate;
}

/** A value whose parts know where they stood. Keeps offsets in a compact form: there may be a hundred thousand of these. */
export class WrittenValue<VALUE extends PlainValue> implements Written<VALUE> {
  readonly value: VALUE;
  readonly #offsets: Uint32Array;
  readonly #locate: Locate;

  constructor({ value, offsets, originAt }: Places<VALUE>) {
    this.value = value;
    this.#offsets = packed(offsets);
    this.#locate = originAt;
  }

  get origin(): Origin {
    return this.#at(0);
  }

  originAt(path: FieldPath): Origin {
    let at = 0;
    let value: PlainValue = this.value;
    for (const step of path) {
      const inner = stepInto(value, step);
      if (inner === undefined) break;
      at += inner.skipped;
      value = inner.value;
    }
    return this.#at(at);
  }

  #at(index: number): Origin {
    return this.#locate(this.#offsets[index] ?? this.#offsets[0] ?? 0);
  }
}

/** Cut from larger pieces: what V8 keeps of an array with a buffer of its own is more than most of these hold. */
function packed(offsets: readonly number[]): Uint32Array {
  if (used + offsets.length > piece.length) {
    piece = new Uint32Array(Math.max(PIECE, offsets.length));
    used = 0;
  }
  const own = piece.subarray(used, used + offsets.length);
  own.set(offsets);
  used += offsets.length;
  return own;
}

const PIECE = 1 << 16;
let piece = new Uint32Array(0);
let used = 0;

interface Inner {
  readonly value: PlainValue;
  /** How many places lie between the one of the outer value and that of the inner one. */
  readonly skipped: number;
}

function stepInto(value: PlainValue, step: string | number): Inner | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  let skipped = 1;
  if (!isPlainList(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (key === step) return { value: child, skipped: skipped + 1 };
      skipped += 1 + sizeOf(child);
    }
    return undefined;
  }
  for (const [index, child] of value.entries()) {
    if (index === step) return { value: child, skipped };
    skipped += sizeOf(child);
  }
  return undefined;
}

/** How many places a value has: its own and those of all that is in it. */
function sizeOf(value: PlainValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  if (isPlainList(value)) for (const child of value) size += sizeOf(child);
  else for (const child of Object.values(value)) size += 1 + sizeOf(child);
  return size;
}
