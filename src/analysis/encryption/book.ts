import { meet, subtract, unite } from '#base/intervals.ts';
import { encryptionSources } from '#engine/compile/layer.ts';
import type { EncryptedPair, EncryptionSource } from '#engine/encryption.ts';
import type { Engine } from '#engine/engine.ts';
import { ENCRYPTIONS, type Encryption, type EncryptionFact } from '#model/encryption.ts';
import {
  ALL_TRAFFIC,
  NO_TRAFFIC,
  PORT_PROTOCOLS,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';

/** Traffic of one pair that is protected in one way. */
export interface Protected {
  readonly traffic: TrafficSet;
  readonly fact: EncryptionFact;
}

/** How connections are protected on the wire. */
export interface EncryptionBook {
  /** Of one connection between two points. */
  factOf(pair: EncryptedPair): EncryptionFact;
  /** `traffic` between two points, cut where its protection changes. Parts are disjoint and cover it. */
  partsOf(pair: Pick<EncryptedPair, 'from' | 'to'>, traffic: TrafficSet): Protected[];
}

const NOTHING: EncryptionFact = { encryption: 'plaintext', why: 'nothing in the input encrypts it' };

export function encryptionOf(engine: Engine): EncryptionBook {
  const sources = encryptionSources(engine.compiling, engine.snapshot);
  const mentioned = sources.flatMap(({ cuts }) => cuts ?? []);
  const cells = new Map<string, readonly TrafficSet[]>();
  return { factOf: (pair) => strongest(sources, pair), partsOf };

  function partsOf(pair: Pick<EncryptedPair, 'from' | 'to'>, traffic: TrafficSet): Protected[] {
    const parts = new Map<string, Protected>();
    for (const cell of cellsOf(pair.to)) {
      const inside = meet(cell, traffic);
      if (inside.length === 0) continue;
      const fact = strongest(sources, { ...pair, traffic: inside[0]! });
      const key = `${fact.encryption} ${fact.why}`;
      parts.set(key, { fact, traffic: unite(parts.get(key)?.traffic ?? NO_TRAFFIC, inside) });
    }
    return [...parts.values()];
  }

  /** Ports that some mechanism names, and those that the destination declares, stand for themselves; all others are alike. */
  function cellsOf(to: number): readonly TrafficSet[] {
    const { units } = engine.world.points[to]!;
    const declared = units.flatMap((unit) => engine.world.units[unit]!.shape.ports);
    const key = [...new Set(declared.map(({ protocol, port }) => `${protocol}/${port}`))].sort().join();
    let list = cells.get(key);
    if (list === undefined) {
      list = cutAll([...mentioned, ...declared.map(({ protocol, port }) => portTraffic(protocol, port))]);
      cells.set(key, list);
    }
    return list;
  }
}

/**
 * The first mechanism that protects it speaks; one that does not know leaves it open whether it does. Where none does,
 * the one that could have and says why not.
 */
function strongest(sources: readonly EncryptionSource[], pair: EncryptedPair): EncryptionFact {
  const facts = sources.map((source) => source.between(pair)).filter((fact) => fact !== undefined);
  return (
    facts.find(({ encryption }) => encryption !== 'plaintext') ??
    facts.find(({ hole }) => hole !== undefined) ??
    facts[0] ??
    NOTHING
  );
}

/** The parts into which sets of traffic and the protocols cut the whole axis. */
function cutAll(sets: readonly TrafficSet[]): TrafficSet[] {
  let cells: TrafficSet[] = [ALL_TRAFFIC];
  for (const set of [...PORT_PROTOCOLS.map((protocol) => protocolTraffic(protocol)), ...sets]) {
    cells = cells.flatMap((cell) => [meet(cell, set), subtract(cell, set)].filter((part) => part.length > 0));
  }
  return cells;
}

/** Of several, what holds for all: the weakest; unknown where one is. */
export function weakest(facts: readonly EncryptionFact[]): EncryptionFact {
  const rank = (encryption: Encryption) => ENCRYPTIONS.indexOf(encryption);
  return facts.reduce((worst, fact) => (rank(fact.encryption) > rank(worst.encryption) ? fact : worst));
}
