import { type Bits, hasBit, intersection, intersects, isEmpty, members } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import { covers } from '#base/intervals.ts';
import { byAge, knowsAge } from '#engine/compile/age.ts';
import { grantsTo, grantsToRoute } from '#engine/compile/linkerd/authorizations.ts';
import { GLOBAL } from '#engine/compile/linkerd/egress.ts';
import { type Mesh, meshOf } from '#engine/compile/linkerd/mesh.ts';
import { fromGateway, routesOf } from '#engine/compile/linkerd/routes.ts';
import type { Engine } from '#engine/engine.ts';
import { matchesLabels } from '#engine/select.ts';
import { podsOfNamespace } from '#engine/world.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type {
  LinkerdAuthorization,
  LinkerdRef,
  LinkerdRoute,
  LinkerdServer,
  LinkerdServerAuthorization,
} from '#model/linkerd.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { portTraffic } from '#model/traffic.ts';

/** What the kinds of Linkerd do not do although they read as if they did. */
export function checkLinkerd(snapshot: Snapshot, { compiling }: Engine): Diagnostic[] {
  const mesh = meshOf(compiling, snapshot);
  return [
    ...snapshot.linkerdServers.flatMap((server) => checkServer(mesh, server)),
    ...rivals(mesh),
    ...snapshot.linkerdAuthorizations.flatMap((policy) => checkAuthorization(mesh, policy)),
    ...snapshot.linkerdServerAuthorizations.flatMap((policy) => checkServerAuthorization(mesh, policy)),
    ...unused(snapshot),
    ...[...snapshot.linkerdRoutes, ...snapshot.routes.flatMap(fromGateway)].flatMap((route) => checkRoute(mesh, route)),
    ...snapshot.linkerdEgressNetworks.flatMap((network) => outsideMesh(mesh, network, clientsIn(mesh, network))),
    ...copiedDefaults(mesh),
  ];
}

interface Said {
  readonly code: 'RF3003' | 'RF3010' | 'RF3011' | 'RF3012';
  readonly message: string;
  readonly help?: string;
}

function say(resource: Resource, { code, message, help }: Said): Diagnostic {
  const place = resource.namespace === '' ? resource.name : `${resource.namespace}/${resource.name}`;
  const object = escapeControl(`${resource.kind} ${place}`);
  const { severity, fix } = CODES[code];
  const text = `${object} ${escapeControl(message)}`;
  return { code, severity, message: text, help: help ?? fix, object, origin: resource.origin };
}

// ---------------------------------------------------------------- Server

function podsOf({ compiling }: Mesh, { namespace, podSelector }: LinkerdServer): Bits | undefined {
  return podSelector && compiling.selection.pods({ namespace, podSelector }).may;
}

function checkServer(mesh: Mesh, server: LinkerdServer): Diagnostic[] {
  const pods = podsOf(mesh, server);
  if (pods === undefined || mesh.world.units.length === 0) return [];
  if (isEmpty(pods)) return [say(server, { code: 'RF3003', message: 'selects no pod of the input' })];
  const outside = outsideMesh(mesh, server, pods);
  if (outside.length > 0) return outside;
  const port = portProblem(mesh, server, intersection(pods, mesh.members.meshed.may));
  return port === undefined ? checkAccess(mesh, server) : [say(server, port)];
}

function outsideMesh({ members: { meshed }, world }: Mesh, resource: Resource, pods: Bits): Diagnostic[] {
  if (world.units.length === 0 || isEmpty(pods) || intersects(pods, meshed.may)) return [];
  const message = 'is for pods that are all outside of the mesh: nothing enforces it';
  return [
    say(resource, { code: 'RF3010', message, help: 'take the pods into the mesh: `linkerd.io/inject: enabled`' }),
  ];
}

/** Ports need not be declared: of a number only that the pods declare others is told. */
function portProblem({ world, members: { of } }: Mesh, { port }: LinkerdServer, pods: Bits): Said | undefined {
  const declared = [...members(pods)].flatMap((point) =>
    world.points[point]!.units.flatMap((unit) => world.units[unit]!.shape.ports),
  );
  if (typeof port === 'string') {
    if (declared.some(({ name, protocol }) => name === port && protocol === 'TCP')) return undefined;
    return { code: 'RF3010', message: `is for the port \`${port}\`, which no container of its pods has` };
  }
  const traffic = portTraffic('TCP', port);
  if ([...members(pods)].every((point) => covers(of[point]!.skippedInbound, traffic))) {
    const message = `is for port ${port}, which its pods keep out of their proxy: nothing enforces it`;
    return { code: 'RF3010', message, help: 'take it out of `config.linkerd.io/skip-inbound-ports`' };
  }
  if (declared.length === 0 || declared.some((own) => own.port === port && own.protocol === 'TCP')) return undefined;
  return { code: 'RF3011', message: `is for port ${port}, which no container of its pods declares` };
}

/** A Server closes its port to everybody whom nothing lets in. */
function checkAccess(mesh: Mesh, server: LinkerdServer): Diagnostic[] {
  if (server.accessPolicy === 'audit')
    return [say(server, { code: 'RF3012', message: 'has the access policy `audit`, which lets everybody in' })];
  const routes = routesOf(mesh, server);
  const grants = [...grantsTo(mesh, server), ...routes.flatMap((route) => grantsToRoute(mesh, route))];
  if (server.accessPolicy !== 'deny' || grants.length > 0) return [];
  const message = 'closes its port: nothing lets anybody in, whatever the default policy';
  return [say(server, { code: 'RF3012', message, help: 'authorize clients with an AuthorizationPolicy' })];
}

/** Of several Servers for one port of a pod the oldest counts. The controller refuses a second that is made later. */
function rivals(mesh: Mesh): Diagnostic[] {
  const sorted = [...mesh.snapshot.linkerdServers].sort(byAge);
  return sorted.flatMap((server, index) => {
    const rival = sorted.slice(0, index).find((other) => isRival(mesh, other, server));
    if (rival === undefined) return [];
    const name = `${rival.namespace}/${rival.name}`;
    const message = knowsAge(rival, server)
      ? `has no effect where Server ${name} is for the same port of the same pods: the oldest counts`
      : `is for a port of pods that Server ${name} is for too: the oldest counts, and the input does not say which that is`;
    return [say(server, { code: 'RF3010', message })];
  });
}

function isRival(mesh: Mesh, a: LinkerdServer, b: LinkerdServer): boolean {
  const [left, right] = [podsOf(mesh, a), podsOf(mesh, b)];
  if (a.namespace !== b.namespace || left === undefined || right === undefined) return false;
  const shared = [...members(intersection(left, right))];
  return shared.some((point) => portsAt(mesh, a, point).some((port) => portsAt(mesh, b, point).includes(port)));
}

function portsAt({ world }: Mesh, { port }: LinkerdServer, point: number): number[] {
  if (typeof port === 'number') return [port];
  return world.points[point]!.namedPorts.filter((own) => own.name === port && own.protocol === 'TCP').map(
    (own) => own.port,
  );
}

// ---------------------------------------------------------------- AuthorizationPolicy

function checkAuthorization({ snapshot }: Mesh, policy: LinkerdAuthorization): Diagnostic[] {
  const target = targetProblem(snapshot, policy);
  const missing = policy.required.filter((ref) => !isThere(snapshot, policy.namespace, ref));
  const out = target === undefined ? [] : [say(policy, target)];
  for (const { kind, name } of missing) {
    const message = `requires ${kind} ${name}, which is not in the input: the policy lets nobody in`;
    out.push(say(policy, { code: 'RF3011', message }));
  }
  if (policy.required.length === 0) {
    const message = 'requires no authentication: it lets everybody in';
    out.push(say(policy, { code: 'RF3012', message, help: 'name who may come in `requiredAuthenticationRefs`' }));
  }
  return out;
}

function targetProblem(snapshot: Snapshot, { target, namespace }: LinkerdAuthorization): Said | undefined {
  const what = `${target.kind} ${target.name}`;
  const isIt = (each: Resource) => each.namespace === namespace && each.name === target.name;
  switch (target.kind) {
    case 'Server':
      return snapshot.linkerdServers.some(isIt) ? undefined : notThere(what);
    case 'HTTPRoute':
    case 'GRPCRoute':
      return [...snapshot.linkerdRoutes, ...snapshot.routes].some((each) => each.kind === target.kind && isIt(each))
        ? undefined
        : notThere(what);
    case 'Namespace':
      if (target.name !== namespace)
        return { code: 'RF3010', message: `targets ${what}, and a policy is for its own namespace only` };
      if (snapshot.linkerdServers.some((server) => server.namespace === namespace)) return undefined;
      return {
        code: 'RF3010',
        message: `targets ${what}, which has no Server: ports without one follow the default policy`,
        help: 'add Servers, or set `config.linkerd.io/default-inbound-policy`',
      };
    default:
      return undefined;
  }
}

function notThere(what: string): Said {
  return { code: 'RF3011', message: `targets ${what}, which is not in the input` };
}

/** Service accounts are not in the input. */
function isThere({ linkerdIdentities, linkerdNetworks }: Snapshot, home: string, ref: LinkerdRef): boolean {
  const namespace = ref.namespace === '' ? home : ref.namespace;
  const isIt = (each: Resource) => each.namespace === namespace && each.name === ref.name;
  if (ref.kind === 'MeshTLSAuthentication') return linkerdIdentities.some(isIt);
  return ref.kind === 'NetworkAuthentication' ? linkerdNetworks.some(isIt) : true;
}

/** Authentications that no policy requires. */
function unused({ linkerdAuthorizations, linkerdIdentities, linkerdNetworks }: Snapshot): Diagnostic[] {
  const required = new Set(
    linkerdAuthorizations.flatMap((policy) =>
      policy.required.map(({ kind, namespace, name }) => `${kind} ${namespace || policy.namespace}/${name}`),
    ),
  );
  return [...linkerdIdentities, ...linkerdNetworks]
    .filter(({ kind, namespace, name }) => !required.has(`${kind} ${namespace}/${name}`))
    .map((each) => say(each, { code: 'RF3010', message: 'is required by no AuthorizationPolicy of the input' }));
}

// ---------------------------------------------------------------- ServerAuthorization

function checkServerAuthorization({ snapshot }: Mesh, policy: LinkerdServerAuthorization): Diagnostic[] {
  const { server: wanted, client, namespace } = policy;
  const servers = snapshot.linkerdServers.filter(
    (server) =>
      server.namespace === namespace &&
      ('name' in wanted ? server.name === wanted.name : matchesLabels(wanted.selector, server.labels)),
  );
  if (servers.length === 0) {
    const message = 'name' in wanted ? `is for Server ${wanted.name}, which is not in the input` : 'selects no Server';
    return [say(policy, { code: 'RF3011', message })];
  }
  const out: Diagnostic[] = [];
  if (client.unauthenticated && client.networks === undefined) {
    const message = 'lets in clients of the networks of the cluster only, since it names no networks';
    out.push(say(policy, { code: 'RF3012', message, help: 'name the networks: `0.0.0.0/0` and `::/0` for everybody' }));
  }
  const beside = snapshot.linkerdAuthorizations.find(
    ({ target, namespace: home }) =>
      home === namespace && target.kind === 'Server' && servers.some(({ name }) => name === target.name),
  );
  if (beside !== undefined) {
    const message = `stands beside AuthorizationPolicy ${beside.namespace}/${beside.name} for the same Server: each lets in by itself`;
    out.push(say(policy, { code: 'RF3012', message, help: 'keep one of the two' }));
  }
  return out;
}

// ---------------------------------------------------------------- routes

function checkRoute(mesh: Mesh, route: LinkerdRoute): Diagnostic[] {
  const { linkerdServers, linkerdEgressNetworks } = mesh.snapshot;
  const out: Diagnostic[] = [];
  for (const { kind, name } of route.parents) {
    if (kind !== 'Server' && kind !== 'EgressNetwork') continue;
    const parents: readonly Resource[] = kind === 'Server' ? linkerdServers : linkerdEgressNetworks;
    const parent = parents.find((each) => each.name === name && each.namespace === route.namespace);
    if (parent === undefined) {
      out.push(say(route, { code: 'RF3011', message: `is attached to ${kind} ${name}, which is not in the input` }));
      continue;
    }
    const server = linkerdServers.find((each) => each === parent);
    if (server !== undefined) out.push(...onServer(mesh, route, server));
  }
  return out;
}

/** With a route of its own a Server has no default ones: neither for all requests, nor for the probes of its pods. */
function onServer(mesh: Mesh, route: LinkerdRoute, server: LinkerdServer): Diagnostic[] {
  const routes = routesOf(mesh, server);
  const [first] = routes;
  const name = `Server ${server.namespace}/${server.name}`;
  if (!routes.includes(route)) {
    const message = `is attached to ${name}, whose protocol is ${server.protocol}: its proxy looks at no route of this kind`;
    return [say(route, { code: 'RF3010', message })];
  }
  const out: Diagnostic[] = [];
  if (first === route) {
    const message = `is attached to ${name}: requests that no route of it matches are refused, probes among them`;
    out.push(say(route, { code: 'RF3012', message, help: 'add routes for the paths of probes' }));
  }
  const open = server.accessPolicy !== 'deny' || grantsTo(mesh, server).length > 0;
  if (!open && grantsToRoute(mesh, route).length === 0) {
    out.push(say(route, { code: 'RF3010', message: `is attached to ${name}, and nothing lets anybody in on it` }));
  }
  return out;
}

// ---------------------------------------------------------------- others

/** Those of the global namespace are for clients of every namespace. */
function clientsIn({ world }: Mesh, { namespace }: Resource): Bits {
  return namespace === GLOBAL ? world.pods : intersection(podsOfNamespace(world, namespace), world.pods);
}

/** What a namespace says is copied when a pod is made: those that run have what was said then. */
function copiedDefaults(mesh: Mesh): Diagnostic[] {
  const {
    world,
    snapshot,
    members: { meshed },
  } = mesh;
  const key = 'config.linkerd.io/default-inbound-policy';
  return snapshot.namespaces.flatMap((namespace) => {
    if (!namespace.annotations.has(key)) return [];
    const isBehind = (point: number) => {
      const { namespace: home, units } = world.points[point]!;
      return (
        home === namespace.name &&
        hasBit(meshed.must, point) &&
        units.some((unit) => world.units[unit]!.pod !== undefined && !world.units[unit]!.shape.annotations.has(key))
      );
    };
    if (![...members(meshed.must)].some(isBehind)) return [];
    const message = `has \`${key}\`, which does nothing to pods that ran before it was set`;
    return [say(namespace, { code: 'RF3012', message, help: 'restart the pods' })];
  });
}
