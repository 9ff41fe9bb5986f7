import { hasBit } from '#base/bits.ts';
import { includes } from '#base/intervals.ts';
import type { EncryptionFact, EncryptionHole } from '#model/encryption.ts';
import type { ClientTlsMode, DestinationRule } from '#model/istio.ts';
import type { Origin } from '#model/origin.ts';
import type { EncryptedPair, EncryptionSource } from '../../encryption.ts';
import { type ArrivalGroup, anyIdentity, pointsOfKind } from './arrivals.ts';
import { TCP } from './capture.ts';
import type { ClientScope } from './client-scopes.ts';
import { cidrsOf } from './conditions.ts';
import { clientModeOf } from './destination-rules.ts';
import { type Answer, type Through, takesThrough } from './dialing.ts';
import type { Mesh } from './mesh.ts';
import { isGatewayTls } from './routes.ts';
import { ambientModes, type ModeBy } from './server-modes.ts';

/**
 * How the mesh protects a connection. Where it does not and could, the fact is `plaintext` with what would close the
 * hole; where neither end is in the mesh it says nothing.
 */
export function encryptionOf(mesh: Mesh): EncryptionSource {
  return { name: 'istio', between: (pair) => (includes(TCP, pair.traffic) ? factOf(mesh, pair) : undefined) };
}

function factOf(mesh: Mesh, pair: EncryptedPair): EncryptionFact | undefined {
  const groups = mesh
    .arrivals()
    .at(pair.to)
    .filter(({ proxy }) => proxy !== 'none');
  const originated = originatedTls(mesh, pair);
  if (originated !== undefined) return originated;
  const [group, ...others] = groups;
  if (group === undefined) return toOutside(mesh, pair);
  if (others.length > 0 || !isCertain(mesh, group, pair.to))
    return unknown('whether the server has a proxy of the mesh is not certain');
  if (group.proxy === 'gateway') return atGateway(mesh, pair);
  return inMesh(mesh, group, pair);
}

function isCertain(mesh: Mesh, { proxy }: ArrivalGroup, point: number): boolean {
  return hasBit(pointsOfKind(mesh, proxy).must, point);
}

function isClient({ membership, proxies }: Mesh, point: number): 'yes' | 'no' | 'perhaps' {
  if (hasBit(proxies.must, point) || hasBit(membership.ambient.must, point)) return 'yes';
  return hasBit(proxies.may, point) || hasBit(membership.ambient.may, point) ? 'perhaps' : 'no';
}

function toOutside(mesh: Mesh, { from, to }: EncryptedPair): EncryptionFact | undefined {
  if (isClient(mesh, from) !== 'yes') return undefined;
  const isPod = mesh.world.points[to]!.kind === 'pod';
  return plain('the server has no proxy of the mesh', {
    kind: 'outside-mesh',
    close: isPod ? 'take the server into the mesh' : 'originate TLS in a DestinationRule of its host',
  });
}

function inMesh(mesh: Mesh, group: ArrivalGroup, pair: EncryptedPair): EncryptionFact {
  const slice = group.slices.find(({ traffic }) => includes(traffic, pair.traffic));
  if (slice === undefined) {
    const close = 'take the port out of `traffic.sidecar.istio.io/excludeInboundPorts` of the server';
    return plain('the proxy of the server does not see the port', { kind: 'skipped-port', close });
  }
  const identity = anyIdentity(slice);
  if (hasBit(identity.must, pair.from)) return mutual(mesh, group, pair);
  if (hasBit(identity.may, pair.from)) return unknown('whether the client uses mutual TLS is not certain');
  return withoutIdentity(mesh, pair);
}

function mutual(mesh: Mesh, { proxy }: ArrivalGroup, pair: EncryptedPair): EncryptionFact {
  const { mode, by } = modeAt(mesh, proxy, pair);
  const named = by === undefined ? "Istio's default" : `PeerAuthentication ${by.namespace}/${by.name}`;
  const both = proxy === 'ambient' ? 'both ends are carried by HBONE' : 'the client has a proxy that uses mutual TLS';
  const origin = by === undefined ? {} : { origin: by.origin };
  if (mode === 'STRICT') {
    return { encryption: 'mtls-required', why: `${named} requires mutual TLS, and ${both}`, ...origin };
  }
  const where = by === undefined ? `namespace ${mesh.world.points[pair.to]!.namespace}` : `${by.namespace}/${by.name}`;
  const close = `set \`mtls.mode: STRICT\` in a PeerAuthentication of ${where}`;
  return {
    encryption: 'mtls-opportunistic',
    why: `${both}; ${named} takes plain connections to the port too`,
    hole: { kind: 'permissive', close },
    ...origin,
  };
}

function modeAt(mesh: Mesh, proxy: ArrivalGroup['proxy'], { to, traffic }: EncryptedPair): ModeBy {
  const own = mesh.servers.modesAt(to);
  const modes = proxy === 'ambient' ? ambientModes(own) : own;
  return modes.ports.get(traffic) ?? modes.base;
}

/** Why no identity is shown, the reason that is closest to the user first. */
function withoutIdentity(mesh: Mesh, pair: EncryptedPair): EncryptionFact {
  const client = isClient(mesh, pair.from);
  if (client === 'perhaps') return unknown('whether the client has a proxy of the mesh is not certain');
  if (client === 'no') {
    return plain('the client has no proxy of the mesh', {
      kind: 'outside-mesh',
      close: 'take the client into the mesh',
    });
  }
  const scope = mesh.scopes.find(({ clients }) => hasBit(clients.may, pair.from));
  if (scope !== undefined && !isTaken(mesh, scope, pair)) {
    const close = 'take it out of `excludeOutboundPorts` and `excludeOutboundIPRanges` of the client';
    return plain('the proxy of the client does not take the connection', { kind: 'skipped-port', close });
  }
  return bySettings(mesh, pair);
}

/** Whether the proxy of the client takes what the application dials to get there. */
function isTaken(mesh: Mesh, scope: ClientScope, { to, traffic }: EncryptedPair): boolean {
  const bindings = mesh.hosts.bindings[to]!.filter(({ target }) => target === traffic);
  if (bindings.length === 0) return includes(scope.capture.outbound, traffic);
  return bindings.some((binding) => takesThrough(mesh.world, scope, { point: to, binding }) !== 'no');
}

function bySettings(mesh: Mesh, pair: EncryptedPair): EncryptionFact {
  const spoken = modesBetween(mesh, pair);
  const disabled = spoken.find(({ mode }) => mode === 'DISABLE');
  if (disabled?.rule !== undefined) {
    const name = `DestinationRule ${disabled.rule.namespace}/${disabled.rule.name}`;
    const hole: EncryptionHole = {
      kind: 'disabled',
      close: `set \`tls.mode: ISTIO_MUTUAL\` in ${name}, or take its \`tls\` out`,
    };
    return plain(`${name} turns mutual TLS off`, hole, disabled.rule.origin);
  }
  const { mode, by } = modeAt(mesh, 'sidecar', pair);
  const disabledByNamespace = mesh.servers.disables(mesh.world.points[pair.to]!.namespace) === 'yes';
  if (mode === 'DISABLE' || disabledByNamespace) {
    const name = by === undefined ? 'PeerAuthentication' : `PeerAuthentication ${by.namespace}/${by.name}`;
    return plain(
      `${name} turns mutual TLS off`,
      { kind: 'disabled', close: `set \`mtls.mode: STRICT\` in ${name}` },
      by?.origin,
    );
  }
  if (!mesh.config.autoMtls) {
    const close = 'set `enableAutoMtls: true` in the mesh configuration';
    return plain('the mesh configuration turns automatic mutual TLS off', { kind: 'disabled', close });
  }
  const close = 'speak to a Service that selects the pod and that the Sidecar of the client knows';
  return plain('no Service that the client knows leads to the port', { kind: 'not-covered', close });
}

interface Spoken {
  readonly mode: ReturnType<typeof clientModeOf>;
  readonly rule: DestinationRule | undefined;
  /** Whether the client knows the Service and its proxy takes the connection: otherwise nothing of this counts. */
  readonly taken: Answer;
}

/** What DestinationRules say of the Services that lead to a port, for one client. */
function modesBetween(mesh: Mesh, { from, to, traffic }: EncryptedPair): readonly Spoken[] {
  const bindings = mesh.hosts.bindings[to]!.filter(({ target }) => target === traffic);
  return bindings.map((binding) => {
    const { host, port } = binding;
    const groups = mesh.rules.groupsFor(host) ?? [];
    const rules = groups.find(({ clients }) => hasBit(clients, from))?.rules ?? [];
    const { labels } = mesh.world.points[to]!;
    const mode = clientModeOf(rules, { port: port.port, labels, subsets: mesh.subsetsOf(host) });
    return { mode, rule: rules[0], taken: takenFrom(mesh, from, { point: to, binding }) };
  });
}

function takenFrom(mesh: Mesh, client: number, through: Through): Answer {
  const { host, port } = through.binding;
  const answers = mesh.scopes
    .filter(({ clients }) => hasBit(clients.may, client))
    .map((scope) => (scope.sees(host, port.port) ? takesThrough(mesh.world, scope, through) : 'no'));
  if (answers.every((answer) => answer === 'no')) return 'no';
  return answers.every((answer) => answer === 'yes') ? 'yes' : 'perhaps';
}

/** TLS with certificates of the user: the proxy of the client makes it, and shows no identity of the mesh. */
function originatedTls(mesh: Mesh, pair: EncryptedPair): EncryptionFact | undefined {
  if (!hasBit(mesh.proxies.must, pair.from)) return undefined;
  const spoken = modesBetween(mesh, pair);
  const own = spoken.filter(({ mode, taken }) => isUserTls(mode) && taken !== 'no');
  if (own.length > 0 && (own.length < spoken.length || own.some(({ taken }) => taken === 'perhaps'))) {
    return unknown('only some ways to the port go through a DestinationRule that originates TLS');
  }
  const rule = own[0]?.rule ?? ruleOfEntry(mesh, pair);
  if (rule === undefined) return undefined;
  const why = `DestinationRule ${rule.namespace}/${rule.name} originates TLS at the client`;
  return { encryption: 'tls-app', why, hole: NO_IDENTITY, origin: rule.origin };
}

const NO_IDENTITY: EncryptionHole = {
  kind: 'not-covered',
  close: 'use `tls.mode: ISTIO_MUTUAL` where the server is in the mesh',
};

function isUserTls(mode: Spoken['mode'] | ClientTlsMode | undefined): boolean {
  return mode === 'SIMPLE' || mode === 'MUTUAL';
}

/** Hosts of ServiceEntries to which a DestinationRule originates TLS. */
function ruleOfEntry(mesh: Mesh, { to, traffic }: EncryptedPair): DestinationRule | undefined {
  const { serviceEntries, destinationRules } = mesh.snapshot;
  for (const entry of serviceEntries) {
    if (!entry.ports.some(({ number, targetPort }) => number === traffic || targetPort === traffic)) continue;
    const cidrs = [...entry.addresses, ...cidrsOf(entry.endpoints.map(({ address }) => address))];
    const covered = mesh.compiling.networks.coveredByAny(cidrs.map((cidr) => ({ cidr, except: [] })));
    const named = entry.hosts.some((host) => mesh.world.domains.get(host)?.includes(to));
    if (!named && !hasBit(covered.must, to)) continue;
    const rule = destinationRules.find(
      ({ host, traffic: policy }) =>
        entry.hosts.includes(host.toLowerCase()) &&
        isUserTls(policy?.ports.find(({ port }) => port === traffic)?.tls ?? policy?.tls),
    );
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** Outside clients reach a gateway by the TLS of its servers. */
function atGateway(mesh: Mesh, pair: EncryptedPair): EncryptionFact | undefined {
  const tls = isGatewayTls(mesh, pair.to, pair.traffic);
  if (tls !== undefined) {
    const why = `Gateway ${tls.gateway.namespace}/${tls.gateway.name} takes TLS at port ${tls.server.port}`;
    return { encryption: 'tls-app', why, origin: tls.server.origin };
  }
  return isClient(mesh, pair.from) === 'no'
    ? undefined
    : plain('the gateway takes no mutual TLS of the mesh', { kind: 'not-covered', close: 'set `tls` in the Gateway' });
}

function plain(why: string, hole: EncryptionHole, origin?: Origin): EncryptionFact {
  return { encryption: 'plaintext', why, hole, ...(origin !== undefined && { origin }) };
}

function unknown(why: string): EncryptionFact {
  return { encryption: 'unknown', why };
}
