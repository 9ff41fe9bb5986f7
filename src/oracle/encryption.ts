import type { Encryption } from '#model/encryption.ts';
import type { Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { OracleSetting } from './connection.ts';
import { istioProtection } from './istio/encryption.ts';
import { DEFAULT_MESH } from './istio/settings.ts';
import { linkerdProtection } from './linkerd/linkerd.ts';
import { DEFAULT_INSTALLATION } from './linkerd/settings.ts';
import { networkProtection } from './network-encryption.ts';
import type { Connection, Question } from './party.ts';
import { outcomesOf } from './world.ts';

/** How a connection is protected on the wire. Only for connections that are allowed does it mean anything. */
export function oracleEncryption(snapshot: Snapshot, profile: Profile, connection: Connection): Encryption {
  return encryptionOf({ snapshot, profile })(connection);
}

export function encryptionOf(setting: OracleSetting): (connection: Connection) => Encryption {
  const settings = { podRanges: [], mesh: DEFAULT_MESH, linkerd: DEFAULT_INSTALLATION, ...setting };
  return (connection) => {
    const { values, complete } = outcomesOf((world) => protectionOf({ ...settings, connection, world }), 2);
    const [only] = values;
    return values.size > 1 || !complete || only === undefined ? 'unknown' : only;
  };
}

/** A mesh, else the network between the nodes, else nothing. */
function protectionOf(question: Question): Encryption {
  return istioProtection(question) ?? linkerdProtection(question) ?? networkProtection(question) ?? 'plaintext';
}
