import { hasBit } from '#base/bits.ts';
import { includes } from '#base/intervals.ts';
import type { EncryptionFact } from '#model/encryption.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { EncryptedPair, EncryptionSource } from '../../encryption.ts';
import { grantsTo, grantsToRoute } from './authorizations.ts';
import { defaultClient, type Mesh, TCP } from './mesh.ts';
import { routesOf } from './routes.ts';
import { servedPorts } from './servers.ts';

/**
 * Mutual TLS between pods with a proxy: always tried, and required where nobody without an identity is let in. Skipped
 * ports, other protocols and ends without a proxy are plain (linkerd.io reference "automatic mTLS").
 */
export function encryptionOf(mesh: Mesh): EncryptionSource {
  const { members } = mesh;
  const served = servedPorts(mesh);
  const strict = served.map(({ server }) => {
    const access = defaultClient(mesh, server.accessPolicy);
    const grants = [
      ...grantsTo(mesh, server),
      ...routesOf(mesh, server).flatMap((route) => grantsToRoute(mesh, route)),
    ];
    const clients = [...(access === undefined ? [] : [access]), ...grants.map(({ client }) => client)];
    return clients.every(({ identity }) => identity !== 'none');
  });
  const cuts: TrafficSet[] = [
    ...served.map(({ traffic }) => traffic),
    ...members.of.flatMap(({ meshed, skippedInbound, skippedOutbound, requireIdentity }) =>
      meshed === 'no' ? [] : [skippedInbound, skippedOutbound, requireIdentity],
    ),
  ];
  const distinct = [...new Map(cuts.map((cut) => [cut.join(), cut])).values()];
  return { name: 'Linkerd', cuts: distinct, between };

  function between(pair: EncryptedPair): EncryptionFact | undefined {
    const { from, to, traffic } = pair;
    const [client, server] = [members.of[from]!, members.of[to]!];
    if ((client.meshed === 'no' && server.meshed === 'no') || !includes(TCP, traffic)) return undefined;
    if (includes(server.skippedInbound, traffic))
      return skipped('the destination keeps this port out of its proxy', 'config.linkerd.io/skip-inbound-ports');
    if (includes(client.skippedOutbound, traffic))
      return skipped('the client keeps this port out of its proxy', 'config.linkerd.io/skip-outbound-ports');
    const detour = detourOf(mesh, pair);
    if (detour === 'certain')
      return skipped('the destination keeps the client out of its proxy', 'config.linkerd.io/skip-subnets');
    if (client.meshed === 'no' || server.meshed === 'no')
      return outside(client.meshed === 'no' ? 'client' : 'destination');
    if (client.meshed === 'perhaps' || server.meshed === 'perhaps')
      return { encryption: 'unknown', why: 'whether both ends have a proxy of Linkerd is not certain' };
    if (detour === 'perhaps')
      return { encryption: 'unknown', why: 'whether the destination keeps the client out of its proxy is not certain' };
    return BY_DEMAND[isRequired(to, traffic)];
  }

  /** Whether each of the Servers that may count, and the default where none does for certain, asks for an identity. */
  function isRequired(to: number, traffic: number): 'yes' | 'no' | 'perhaps' {
    const answers: boolean[] = [];
    for (const [index, { on, traffic: own }] of served.entries()) {
      if (!includes(own, traffic) || !hasBit(on.may, to)) continue;
      answers.push(strict[index]!);
      if (hasBit(on.must, to)) return agreed(answers);
    }
    const { defaultPolicies, requireIdentity } = members.of[to]!;
    const isStrict = includes(requireIdentity, traffic);
    const defaults = defaultPolicies.map((policy) => isStrict || defaultClient(mesh, policy)?.identity !== 'none');
    return agreed([...answers, ...defaults]);
  }
}

/** By whether the destination demands an identity. */
const BY_DEMAND: Readonly<Record<'yes' | 'no' | 'perhaps', EncryptionFact>> = {
  yes: {
    encryption: 'mtls-required',
    why: 'both ends have a proxy, and the destination lets in nobody without an identity',
  },
  no: {
    encryption: 'mtls-opportunistic',
    why: 'both ends have a proxy, and the destination also lets in clients without an identity',
    hole: {
      kind: 'permissive',
      close: 'authorize with a MeshTLSAuthentication, or set the default policy all-authenticated',
    },
  },
  perhaps: {
    encryption: 'unknown',
    why: 'whose word counts for the port, and so whether it asks for an identity, is not certain',
  },
};

/** Whether what the client sends goes past the proxy of the destination, by the client's address. */
function detourOf({ detours }: Mesh, { from, to }: EncryptedPair): 'no' | 'perhaps' | 'certain' {
  const found = detours.filter(({ pods, peers }) => hasBit(pods.may, to) && hasBit(peers.may, from));
  if (found.length === 0) return 'no';
  return found.some(({ pods, peers }) => hasBit(pods.must, to) && hasBit(peers.must, from)) ? 'certain' : 'perhaps';
}

function agreed(answers: readonly boolean[]): 'yes' | 'no' | 'perhaps' {
  if (answers.every((answer) => answer)) return 'yes';
  return answers.some((answer) => answer) ? 'perhaps' : 'no';
}

function skipped(why: string, annotation: string): EncryptionFact {
  return { encryption: 'plaintext', why, hole: { kind: 'skipped-port', close: `take it out of ${annotation}` } };
}

function outside(end: 'client' | 'destination'): EncryptionFact {
  return {
    encryption: 'plaintext',
    why: `the ${end} has no proxy of Linkerd`,
    hole: { kind: 'outside-mesh', close: `bring the ${end} into the mesh: linkerd.io/inject: enabled` },
  };
}
