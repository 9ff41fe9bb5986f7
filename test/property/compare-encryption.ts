import { encryptionOf as bookOf } from '#analysis/encryption/book.ts';
import { buildEngine } from '#engine/engine.ts';
import { verdictBetween } from '#engine/reach.ts';
import type { MeshConfig } from '#model/istio.ts';
import type { Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Connection } from '#oracle/connection.ts';
import { encryptionOf } from '#oracle/encryption.ts';
import type { LinkerdValues } from '#parse/linkerd/mesh-values.ts';
import { everyOwner, pointOf } from './compare.ts';
import { describeConnection } from './connections.ts';

export interface AskedEncryption {
  readonly connections: Iterable<Connection>;
  readonly mesh?: MeshConfig;
  readonly linkerd?: LinkerdValues;
}

/** Asks how each allowed connection is protected. `vague`: the oracle knows, and the answer is unknown. */
export function compareEncryption(
  snapshot: Snapshot,
  profile: Profile,
  { connections, ...rest }: AskedEncryption,
): { readonly asked: number; readonly vague: readonly string[]; readonly wrong: readonly string[] } {
  const engine = buildEngine(snapshot, { profile, focus: everyOwner(snapshot) });
  const book = bookOf(engine);
  const oracle = encryptionOf({ snapshot, profile, ...rest });
  const vague: string[] = [];
  const wrong: string[] = [];
  let asked = 0;
  for (const connection of connections) {
    const from = pointOf(engine, connection.from);
    const to = pointOf(engine, connection.to);
    if (from === undefined || to === undefined) continue;
    if (verdictBetween(engine.reach, from, to, connection.traffic) !== 'allowed') continue;
    asked++;
    const told = book.factOf({ from, to, traffic: connection.traffic });
    const truth = oracle(connection);
    if (told.encryption === truth) continue;
    const list = told.encryption === 'unknown' ? vague : wrong;
    list.push(
      `${describeConnection(snapshot, connection)}: told ${told.encryption} (${told.why}), oracle says ${truth}`,
    );
  }
  return { asked, vague, wrong };
}
