import { addBit, type Bits, emptyBits, hasBit } from '#base/bits.ts';
import type { ControlContext } from '../controls/context.ts';
import { onceKey } from '../controls/context.ts';
import { endpointsOf, type Placed } from '../endpoints.ts';
import { linksOf } from '../map/connections.ts';
import { internetPoints } from '../outside.ts';

/** Who may send whom something, by numbers of endpoints: what a blast radius is reckoned from. */
export interface Neighbours {
  readonly ids: readonly string[];
  readonly at: ReadonlyMap<string, number>;
  /** Numbers of endpoints that are workloads. */
  readonly workloads: Bits;
  /** By sender: receivers to which something is allowed, in whole or in part. Senders of one row share it. */
  readonly to: readonly Bits[];
  /** By sender: whether it may send something to the internet. */
  readonly toInternet: readonly (boolean | 'unknown')[];
}

const NEIGHBOURS = onceKey<Neighbours>('neighbours');

export function neighboursIn(context: ControlContext): Neighbours {
  return context.once(NEIGHBOURS, ({ analysis: { engine } }) => {
    const endpoints = endpointsOf(engine);
    const size = endpoints.length;
    const workloads = emptyBits(size);
    for (const [index, { entry }] of endpoints.entries()) if (entry.kind === 'workload') addBit(workloads, index);
    const internet = internetPoints(engine.world);
    const isInternet = endpoints.map(
      ({ entry, points }) => entry.kind === 'external' && points.some((point) => hasBit(internet, point)),
    );
    const to = endpoints.map(() => emptyBits(size));
    const toInternet = endpoints.map((): boolean | 'unknown' => false);
    for (const { from, to: receiver, allowed, mixed } of linksOf(engine, endpoints)) {
      const isCertain = allowed.length + mixed.length > 0;
      if (isCertain) addBit(to[from]!, receiver);
      if (isInternet[receiver] === true && toInternet[from] !== true) toInternet[from] = isCertain ? true : 'unknown';
    }
    return { ids: endpoints.map(idOf), at: positions(endpoints), workloads, to: shared(to), toInternet };
  });
}

function idOf({ entry }: Placed): string {
  return entry.id;
}

/** Parts of a workload are found under its own id too: the first of them. */
function positions(endpoints: readonly Placed[]): ReadonlyMap<string, number> {
  const at = new Map<string, number>();
  for (const [index, { entry }] of endpoints.entries()) {
    at.set(entry.id, index);
    const whole = entry.id.replace(/#\d+$/, '');
    if (!at.has(whole)) at.set(whole, index);
  }
  return at;
}

/** Endpoints that may send to the same share one set, so that what is reckoned from it is reckoned once. */
function shared(rows: readonly Bits[]): readonly Bits[] {
  const known = new Map<string, Bits>();
  return rows.map((row) => {
    const key = row.join();
    const first = known.get(key) ?? row;
    known.set(key, first);
    return first;
  });
}
