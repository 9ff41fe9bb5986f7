import { type Address, type AddressRange, type Family, formatAddress, parseAddress, parseCidr } from '#base/address.ts';
import { members } from '#base/bits.ts';
import { atomsWithin } from '#engine/atoms.ts';
import type { Engine } from '#engine/engine.ts';
import { externalPoint, type World, type WorldOptions } from '#engine/world.ts';
import { type AzureEstate, EMPTY_ESTATE } from '#model/azure/estate.ts';
import type { Service } from '#model/exposure.ts';
import { type Analysis, withWorld } from '../analysis.ts';
import { nodeEndpoints, partsOf } from '../endpoints.ts';
import { nearest } from '../nearest.ts';
import { INTERNET_CUTS, internetPoints } from '../outside.ts';
import { serviceBookOf } from '../services/service-book.ts';
import { azureApiServer, azureNamed, cutsOfAzure, domainsOfAzure } from './azure-names.ts';
import { type End, ends, type Named, problem } from './named.ts';

export type { End, Named, NameProblem, Resolved } from './named.ts';

/** What the world has to tell apart for these names to have points of their own. */
export function worldForNames(names: readonly string[], azure: AzureEstate = EMPTY_ESTATE): WorldOptions {
  const cuts: AddressRange[] = [];
  const domains: string[] = [];
  for (const name of names) {
    const range = rangeOf(name);
    if (range !== undefined) cuts.push(range);
    if (name === 'internet') cuts.push(...INTERNET_CUTS);
    if (name.startsWith('dns:')) domains.push(name.slice(4));
    cuts.push(...cutsOfAzure(azure, name));
    domains.push(...domainsOfAzure(azure, name));
  }
  return { cuts, domains };
}

/** The analysis in a world that has points for these names: the one given where it has them already. */
export function preparedForNames(analysis: Analysis, names: readonly string[]): Analysis {
  const { cuts = [], domains = [] } = worldForNames(names, analysis.snapshot.azure);
  const { world, options } = analysis.engine;
  const cut = cuts.every((range) => atomsWithin(world.atoms[range.family], range) !== undefined);
  if (cut && domains.every((name) => world.domains.has(name))) return analysis;
  const wider: WorldOptions = {
    ...analysis.options.world,
    cuts: [...(options.cuts ?? []), ...cuts],
    domains: [...new Set([...(options.domains ?? []), ...domains])],
  };
  return withWorld({ ...analysis, options: { ...analysis.options, world: wider } }, wider);
}

/** What a name of the command line stands for ("Naming an endpoint" in docs/quick-start.md). */
export function resolveName(analysis: Analysis, text: string): Named {
  const { world } = analysis.engine;
  const range = rangeOf(text);
  if (range !== undefined) return addressEnds(analysis, text, range);
  if (text === 'internet') return ends(text, [{ id: 'internet', points: [...members(internetPoints(world))] }]);
  if (text === 'apiserver') return apiServer(analysis);
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  switch (colon < 0 ? '' : text.slice(0, colon)) {
    case '':
      return workloadNamed(analysis, text);
    case 'ns':
      return namespaceNamed(analysis, rest);
    case 'pod':
      return podNamed(analysis, rest);
    case 'svc':
      return serviceNamed(analysis, rest);
    case 'node':
      return nodeNamed(analysis, rest);
    case 'azure':
      return azureNamed(analysis, rest);
    case 'dns':
      return ends(text, [{ id: text, points: world.domains.get(rest) ?? [] }]);
    default:
      return problem(`\`${text}\` is not a way to name an endpoint`, [
        'NAMESPACE/NAME',
        'pod:',
        'ns:',
        'svc:',
        'node:',
        'dns:',
        'azure:',
        'internet',
        'an address',
      ]);
  }
}

/** All names of workloads, for completion and for suggestions. */
export function workloadNames({ engine }: Analysis): string[] {
  return engine.world.owners.map(({ namespace, name }) => `${namespace}/${name}`);
}

function rangeOf(text: string): AddressRange | undefined {
  const address = parseAddress(text);
  if (address !== undefined) return { family: address.family, lo: address.value, hi: address.value };
  return parseCidr(text)?.cidr;
}

/** An address that an endpoint owns means that endpoint; a block means the outside addresses in it. */
function addressEnds(analysis: Analysis, text: string, range: AddressRange): Named {
  const { world } = analysis.engine;
  const owner = range.lo === range.hi ? ownerOf(analysis, { family: range.family, value: range.lo }) : undefined;
  if (owner !== undefined) return ends(`${text} (${owner.id})`, [owner]);
  const [first, end] = atomsWithin(world.atoms[range.family], range) ?? [0, 0];
  const base = world.firstExternal[range.family];
  const points = Array.from({ length: end - first }, (_, index) => base + first + index);
  return ends(text, [
    {
      id: text,
      points: points.length > 0 ? points : [externalPoint(world, { family: range.family, value: range.lo })],
    },
  ]);
}

function ownerOf({ engine }: Analysis, address: Address): End | undefined {
  const { world } = engine;
  const text = formatAddress(address);
  const unit = world.units.findIndex(({ addresses }) => addresses.includes(text));
  if (unit >= 0) return inFamily(world, endOfUnit(world, unit), address.family);
  const node = nodeEndpoints(world).find((_, index) => world.nodes[index]!.addresses.includes(text));
  return node && inFamily(world, { id: node.entry.id, points: node.points }, address.family);
}

/** An address is of one family, whatever else its pod or node speaks. */
function inFamily({ points }: World, end: End, family: Family): End {
  const mask = family === 4 ? 1 : 2;
  return { id: end.id, points: end.points.filter((point) => (points[point]!.families & mask) !== 0) };
}

function endOfUnit(world: World, unit: number): End {
  const { owner, pod } = world.units[unit]!;
  const points = world.pointsOfOwner[owner]!.filter((point) => world.points[point]!.units.includes(unit));
  return { id: pod === undefined ? world.owners[owner]!.id : `pod:${world.units[unit]!.namespace}/${pod}`, points };
}

/** `shop/web`, or with the kind between: `shop/Deployment/web`. */
function workloadNamed(analysis: Analysis, text: string): Named {
  const parts = text.split('/');
  const [namespace, name] = [parts[0], parts.at(-1)];
  const kind = parts.length === 3 ? parts[1]!.toLowerCase() : undefined;
  const { owners: all } = analysis.engine.world;
  const found = ownersByName(analysis.engine.world).get(`${namespace}/${name}`) ?? [];
  const owners = found.filter((owner) => kind === undefined || all[owner]!.kind.toLowerCase() === kind);
  if (parts.length === 2 || parts.length === 3) {
    if (owners.length === 1) return ends(all[owners[0]!]!.id, endsOfOwner(analysis, owners[0]!));
    if (owners.length > 1)
      return problem(
        `\`${text}\` is ambiguous`,
        owners.map((owner) => all[owner]!.id),
      );
  }
  return problem(`no workload \`${text}\` in the input`, nearest(text, workloadNames(analysis)));
}

/** A name is looked up in each question and a world is asked many: made once for a world. */
const OWNERS = new WeakMap<World, ReadonlyMap<string, readonly number[]>>();

/** Workloads, whatever their kind, by `shop/web`. */
function ownersByName(world: World): ReadonlyMap<string, readonly number[]> {
  const known = OWNERS.get(world);
  if (known !== undefined) return known;
  const made = Map.groupBy(world.owners.keys(), (owner) => {
    const { namespace, name } = world.owners[owner]!;
    return `${namespace}/${name}`;
  });
  OWNERS.set(world, made);
  return made;
}

function endsOfOwner({ engine }: Analysis, owner: number): End[] {
  return partsOf(engine, owner).map(({ entry, points }) => ({ id: entry.id, points }));
}

function namespaceNamed(analysis: Analysis, name: string): Named {
  const { engine } = analysis;
  const list = [...engine.world.owners.keys()]
    .filter((owner) => engine.world.owners[owner]!.namespace === name)
    .flatMap((owner) => partsOf(engine, owner));
  if (list.length > 0)
    return ends(
      `ns:${name}`,
      list.map(({ entry, points }) => ({ id: entry.id, points })),
    );
  const known = [...engine.world.namespaces.keys()];
  return problem(
    known.includes(name)
      ? `namespace \`${name}\` has no workload in the input`
      : `no namespace \`${name}\` in the input`,
    nearest(name, known).map((near) => `ns:${near}`),
  );
}

function podNamed({ engine }: Analysis, text: string): Named {
  const { units } = engine.world;
  const unit = units.findIndex(({ namespace, pod }) => pod !== undefined && `${namespace}/${pod}` === text);
  if (unit >= 0) return ends(`pod:${text}`, [endOfUnit(engine.world, unit)]);
  const known = units.flatMap(({ namespace, pod }) => (pod === undefined ? [] : [`${namespace}/${pod}`]));
  return problem(
    `no pod \`${text}\` in the input`,
    nearest(text, known).map((near) => `pod:${near}`),
  );
}

function serviceNamed({ snapshot, engine }: Analysis, text: string): Named {
  const service = snapshot.services.find(({ namespace, name }) => `${namespace}/${name}` === text);
  if (service !== undefined) return { kind: 'ok', label: `svc:${text}`, ends: podsBehind(engine, service), service };
  const known = snapshot.services.map(({ namespace, name }) => `${namespace}/${name}`);
  return problem(
    `no Service \`${text}\` in the input`,
    nearest(text, known).map((near) => `svc:${near}`),
  );
}

function podsBehind(engine: Engine, service: Service): End[] {
  const { ports, addresses } = serviceBookOf(engine).backendsOf(service);
  const found = new Map<string, End>();
  for (const backend of [...ports.flatMap(({ backends }) => backends), ...addresses]) {
    if (backend.kind !== 'pod') continue;
    const { id } = engine.world.owners[backend.owner]!;
    const points = new Set([...(found.get(id)?.points ?? []), ...backend.points]);
    found.set(id, { id, points: [...points] });
  }
  return [...found.values()];
}

function nodeNamed({ engine }: Analysis, name: string): Named {
  const node = nodeEndpoints(engine.world).find(({ entry }) => entry.name === name);
  if (node !== undefined) return ends(node.entry.id, [{ id: node.entry.id, points: node.points }]);
  const known = engine.world.nodes.map((each) => each.name);
  return problem(
    `no node \`${name}\` in the input`,
    nearest(name, known).map((near) => `node:${near}`),
  );
}

/**
 * The API server is where the Service `default/kubernetes` leads. A public one of Azure is asked for by its name, which
 * firewalls tell; a private one is an address of the network, and rules for names outside do not mean it.
 */
function apiServer(analysis: Analysis): Named {
  const { snapshot, engine } = analysis;
  const named = azureApiServer(analysis);
  const isPrivate = snapshot.azure.clusters[0]?.api.privateCluster === true;
  const slices = snapshot.endpointSlices.filter(
    ({ namespace, service }) => namespace === 'default' && service === 'kubernetes',
  );
  const addresses = slices.flatMap(({ endpoints }) => endpoints.flatMap(({ address }) => parseAddress(address) ?? []));
  const points = addresses.map((address) => externalPoint(engine.world, address));
  if (points.length > 0 && (named === undefined || isPrivate))
    return ends('apiserver', [{ id: 'apiserver', points: [...new Set(points)] }]);
  if (named !== undefined) return named;
  return problem(
    'the input does not say where the API server is: it has no EndpointSlice of the Service `default/kubernetes`',
    [],
  );
}
