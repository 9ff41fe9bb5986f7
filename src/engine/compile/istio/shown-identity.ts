import { addBit, type Bits, emptyBits, hasBit, isEmpty, members } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import { allInDoubt, spanOf } from '../span-sets.ts';
import type { PortAt } from './arrivals.ts';
import { clientModeOf, isPassthrough } from './destination-rules.ts';
import { type Answer, takesThrough } from './dialing.ts';
import type { Binding } from './hosts.ts';
import { announcesTls } from './membership.ts';
import type { Mesh } from './mesh.ts';

/** Clients that show their identity. Equal keys stand for equal clients. */
export interface Identity {
  readonly span: PointSpan;
  readonly key: string;
}

export interface IdentityTable {
  of(port: PortAt): Identity;
}

/** Who shows an identity at a port; ports at which the same clients do share the answer. */
export function identityTable(mesh: Mesh): IdentityTable {
  const known = new Map<string, Identity>();
  return {
    of: (port) => {
      const parts = partsOf(mesh, port);
      const key = parts.map((part) => part.key).join(';');
      return remembered(known, key, () => ({ key: `i${known.size}`, span: identityOf(mesh, parts) }));
    },
  };
}

/** Some clients at a port; equal keys stand for equal clients. */
export interface Part {
  readonly key: string;
  span(): PointSpan;
}

function partsOf(mesh: Mesh, port: PortAt): readonly Part[] {
  const { at } = port;
  const { membership, world } = mesh;
  if (at.proxy === 'none') return [];
  if (at.proxy === 'gateway') return [gatewayPart(mesh, port)];
  if (at.proxy === 'ambient') {
    const known = { key: 'ambient', span: () => membership.ambient };
    // A sidecar that speaks HBONE does so to the hosts that it knows; an address by itself is passed on.
    const speak = mesh.config.sidecarsSpeakHbone;
    if (speak === false || isEmpty(mesh.proxies.may)) return [known];
    const part = sidecarPart(mesh, port);
    if (speak === true) return [known, part];
    return [known, { key: `${part.key}?`, span: () => allInDoubt(part.span(), 'mesh-transport') }];
  }
  const labels = world.points[at.point]!.labels;
  const speaks = labels.get('networking.istio.io/tunnel') === 'http' ? true : mesh.config.sidecarsSpeakHbone;
  const ambient: Part[] =
    speaks === false || isEmpty(membership.ambient.may)
      ? []
      : [
          {
            key: `ambient ${speaks}`,
            span: () => (speaks ? membership.ambient : allInDoubt(membership.ambient, 'mesh-transport')),
          },
        ];
  return [...ambient, ...waypointPart(mesh), ...entryPart(mesh, at.point), sidecarPart(mesh, port)];
}

/** How waypoints speak to sidecars is not documented. */
function waypointPart({ membership }: Mesh): readonly Part[] {
  const { waypoint } = membership;
  return isEmpty(waypoint.may) ? [] : [{ key: 'waypoint', span: () => allInDoubt(waypoint, 'mesh-transport') }];
}

/** How clients speak to the host of a ServiceEntry that selects the pod is not worked out. */
function entryPart({ entryPods, proxies }: Mesh, point: number): readonly Part[] {
  return hasBit(entryPods, point) ? [{ key: 'entry', span: () => allInDoubt(proxies, 'mesh-transport') }] : [];
}

function identityOf({ world }: Mesh, parts: readonly Part[]): PointSpan {
  return parts.length === 0 ? exactly(world.nothing) : unionOf(parts.map((part) => part.span()));
}

function gatewayPart({ proxies, gatewayIsMutual, world }: Mesh, { at }: PortAt): Part {
  const mutual = gatewayIsMutual(at.point);
  return {
    key: `gateway ${mutual}`,
    span: () => (mutual ? allInDoubt(proxies, 'mesh-transport') : exactly(world.nothing)),
  };
}

/** Sidecars that know a Service of the port and speak mutual TLS to it. */
function sidecarPart(mesh: Mesh, { at, bindings, port }: PortAt): Part {
  if (port === undefined || bindings.length === 0) return { key: '', span: () => exactly(mesh.world.nothing) };
  const judge = at.proxy === 'ambient' ? isCarried : isMutual;
  const ways = bindings.map((binding) => wayOf(mesh, at.point, { binding, judge }));
  return { key: ways.map(({ key }) => key).join('+'), span: () => spanOfWays(mesh, ways) };
}

/** One Service that leads to a port, as its clients speak to it. */
interface Way {
  readonly key: string;
  /** By number of the scope, whether its clients know the Service and their proxies take the connection. */
  readonly takenBy: readonly Answer[];
  readonly groups: readonly { readonly clients: Bits | undefined; readonly mutual: Answer }[];
}

function wayOf(
  mesh: Mesh,
  point: number,
  { binding, judge }: { readonly binding: Binding; readonly judge: Judge },
): Way {
  const takenBy = mesh.scopes.map((scope) =>
    scope.sees(binding.host, binding.port.port) ? takesThrough(mesh.world, scope, { point, binding }) : 'no',
  );
  const rules = mesh.rules.groupsFor(binding.host);
  const groups = (rules ?? [{ clients: undefined, rules: [] }]).map((group) => ({
    clients: group.clients,
    mutual: binding.certain ? judge(mesh, point, { binding, rules: group.rules }) : ('perhaps' as const),
  }));
  const mutual = groups[0]?.mutual ?? 'no';
  const all = groups.every((group) => group.mutual === mutual);
  const ruled = all ? mutual : `${mesh.ruleKey(binding.host)}${groups.map((group) => group.mutual.charAt(0)).join('')}`;
  const taken = takenBy.every((answer) => answer === 'yes') ? '' : takenBy.map((answer) => answer.charAt(0)).join('');
  return { key: `${ruled} ${taken}`, takenBy, groups: all ? [{ clients: undefined, mutual }] : groups };
}

type Judge = (mesh: Mesh, point: number, spoken: Spoken) => Answer;

/** Clients that a DestinationRule makes ask for the mutual TLS of the mesh, whatever the pod can do. */
export function forcedAt(mesh: Mesh, point: number, bindings: readonly Binding[]): Part {
  const ways = bindings.map((binding) => wayOf(mesh, point, { binding, judge: isForced }));
  return { key: ways.map(({ key }) => key).join('+'), span: () => spanOfWays(mesh, ways) };
}

function isForced(mesh: Mesh, point: number, { binding, rules }: Spoken): Answer {
  const { labels } = mesh.world.points[point]!;
  const mode = clientModeOf(rules, { port: binding.port.port, labels, subsets: mesh.subsetsOf(binding.host) });
  if (mode === 'perhaps') return mode;
  return mode === 'ISTIO_MUTUAL' ? 'yes' : 'no';
}

interface Spoken {
  readonly binding: Binding;
  readonly rules: Parameters<typeof clientModeOf>[0];
}

/**
 * Whether a sidecar that speaks HBONE does so to a pod of the ambient mesh. What it does against a setting that asks for
 * something else is not documented: the code of some versions uses HBONE all the same.
 */
function isCarried(mesh: Mesh, point: number, { binding, rules }: Spoken): Answer {
  const { labels } = mesh.world.points[point]!;
  const mode = clientModeOf(rules, { port: binding.port.port, labels, subsets: mesh.subsetsOf(binding.host) });
  if (mode === 'ISTIO_MUTUAL') return 'yes';
  const { config, servers } = mesh;
  const plain = !config.autoMtls || servers.disables(binding.host.service.namespace) !== 'no';
  const { headless } = binding.host.service;
  return mode === 'auto' && !plain && !headless && !isPassthrough(rules) ? 'yes' : 'perhaps';
}

/** Whether a sidecar shows its identity to a port of a Service (the table of modes: see docs/apis/istio.md). */
function isMutual(mesh: Mesh, point: number, { binding, rules }: Spoken): Answer {
  const { labels } = mesh.world.points[point]!;
  const subsets = mesh.subsetsOf(binding.host);
  const mode = clientModeOf(rules, { port: binding.port.port, labels, subsets });
  switch (mode) {
    case 'ISTIO_MUTUAL':
      return 'yes';
    case 'DISABLE':
    case 'SIMPLE':
    case 'MUTUAL':
      return 'no';
    case 'perhaps':
      return 'perhaps';
    case 'auto':
      return autoMutual(mesh, point, { binding, rules });
  }
}

/** What Istio decides where no rule says: by the mode of the whole namespace, then by the endpoint. */
function autoMutual(mesh: Mesh, point: number, spoken: Spoken): Answer {
  const disabled = mesh.servers.disables(spoken.binding.host.service.namespace);
  if (!mesh.config.autoMtls || disabled === 'yes') return 'no';
  const answer = byEndpoint(mesh, point, spoken);
  return disabled === 'perhaps' && answer === 'yes' ? 'perhaps' : answer;
}

function byEndpoint({ world, servers, allInMesh }: Mesh, point: number, { binding, rules }: Spoken): Answer {
  const { host, target } = binding;
  if (!announcesTls(world, world.points[point]!)) return 'no';
  // Where the proxy does not choose the endpoint, nothing that is said of one workload alone is looked at.
  if (host.service.headless || isPassthrough(rules)) return allInMesh(host);
  const modes = servers.modesAt(point);
  if (modes.doubt !== undefined) return 'perhaps';
  return (modes.ports.get(target) ?? modes.base).mode === 'DISABLE' ? 'no' : 'yes';
}

/** Where several Services lead to a port a client may take any: it is certain where all agree. */
function spanOfWays(mesh: Mesh, ways: readonly Way[]): PointSpan {
  const { size } = mesh.world;
  const sure = emptyBits(size);
  const maybe = emptyBits(size);
  for (const { number, clients } of mesh.scopes) {
    if (ways.every(({ takenBy }) => takenBy[number] === 'no')) continue;
    for (const point of members(clients.may)) {
      const found = ways.map((way) => mutualFor(way, number, point));
      if (found.every((mutual) => mutual === 'no')) continue;
      const certain = found.every((mutual) => mutual === 'yes') && hasBit(clients.must, point);
      addBit(certain ? sure : maybe, point);
    }
  }
  return spanOf(sure, maybe, 'mesh-transport');
}

function mutualFor({ takenBy, groups }: Way, scope: number, client: number): Answer {
  const taken = takenBy[scope] ?? 'no';
  const mutual = groups.find(({ clients }) => clients === undefined || hasBit(clients, client))?.mutual ?? 'no';
  if (taken === 'no' || mutual === 'no') return 'no';
  return taken === 'yes' && mutual === 'yes' ? 'yes' : 'perhaps';
}
