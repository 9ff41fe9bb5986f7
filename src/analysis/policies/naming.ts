import { formatRange } from '#base/address.ts';
import { type Bits, equalBits, hasBit, hashBits, nextBit } from '#base/bits.ts';
import type { Engine } from '#engine/engine.ts';
import { nodeEndpoints, workloadEndpoints } from '../endpoints.ts';
import { outsideRanges } from './ground.ts';

/** Points that are in a set for certain, and at most. */
export interface NamedSpan {
  readonly must: Bits;
  readonly may: Bits;
}

const UNSEEN = 0;
const UNSURE = 1;
const SURE = 2;

/** Names sets of points: ids of endpoints, outside addresses as text. Equal sets share one list. */
export interface Naming {
  /** What is in the set only perhaps has `perhaps ` in front. */
  namesOf(span: NamedSpan): readonly string[];
}

export function namingOf(engine: Engine): Naming {
  const endpoints = [...workloadEndpoints(engine), ...nodeEndpoints(engine.world)];
  const at = endpointsAt(engine.world.size, endpoints);
  const ids = endpoints.map(({ entry }) => entry.id);
  const state = new Uint8Array(endpoints.length);
  const known = new Map<number, { readonly span: NamedSpan; readonly names: readonly string[] }[]>();
  return { namesOf };

  function namesOf(span: NamedSpan): readonly string[] {
    const hash = hashBits(span.may) ^ (span.must === span.may ? 0 : hashBits(span.must));
    const list = known.get(hash) ?? [];
    known.set(hash, list);
    const found = list.find((each) => equalBits(each.span.may, span.may) && equalBits(each.span.must, span.must));
    if (found !== undefined) return found.names;
    const names = name(span);
    list.push({ span, names });
    return names;
  }

  function name({ must, may }: NamedSpan): string[] {
    const touched: number[] = [];
    const sure: number[] = [];
    const unsure: number[] = [];
    for (let point = nextBit(may, 0); point >= 0; point = nextBit(may, point + 1)) {
      const certain = hasBit(must, point);
      const here = at[point]!;
      for (let i = 0; i < here.length; i++) {
        const endpoint = here[i]!;
        if (state[endpoint] === UNSEEN) touched.push(endpoint);
        if (state[endpoint] !== SURE) state[endpoint] = certain ? SURE : UNSURE;
      }
      if (here.length === 0 && hasBit(engine.world.externals, point)) (certain ? sure : unsure).push(point);
    }
    const names = touched.map((endpoint) => (state[endpoint] === SURE ? ids[endpoint]! : perhaps(ids[endpoint]!)));
    for (const endpoint of touched) state[endpoint] = UNSEEN;
    return [...rangesText(sure), ...rangesText(unsure).map(perhaps), ...names];
  }

  function rangesText(points: readonly number[]): string[] {
    return outsideRanges(engine.world, points).flatMap(formatRange);
  }
}

function perhaps(name: string): string {
  return `perhaps ${name}`;
}

function endpointsAt(size: number, endpoints: readonly { readonly points: readonly number[] }[]): number[][] {
  const at: number[][] = Array.from({ length: size }, () => []);
  for (const [index, { points }] of endpoints.entries()) for (const point of points) at[point]!.push(index);
  return at;
}

/** `a, b, c and 4 more` */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
