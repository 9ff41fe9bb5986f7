import { formatRange, mergeRanges } from '#base/address.ts';
import { subtract } from '#base/intervals.ts';
import { atomRange } from '#engine/atoms.ts';
import { policyChain } from '#engine/compile/azure/firewall-rules.ts';
import { networkModeOf } from '#engine/compile/azure/network-mode.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { grantBetween } from '#engine/reach.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import { linesOf, type TrafficSet, trafficPoint } from '#model/traffic.ts';
import { isOtherName } from '../asked-names.ts';
import { decidingOf } from '../deciding.ts';
import type { FoundDisagreement, PodClass } from '../disagreements.ts';
import type { EgressWorld } from '../egress-world.ts';

/** A rule to add to a firewall. */
export type NewRule = NewNetworkRule | NewApplicationRule;

export interface NewNetworkRule {
  readonly kind: 'network';
  readonly name: string;
  readonly sources: readonly string[];
  readonly protocol: 'TCP' | 'UDP';
  /** CIDRs; or names, which the firewall looks up. */
  readonly destinations: readonly string[];
  readonly names: readonly string[];
  readonly ports: readonly string[];
}

export interface NewApplicationRule {
  readonly kind: 'application';
  readonly name: string;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly protocols: readonly { readonly type: 'Http' | 'Https'; readonly port: number }[];
}

/**
 * The fewest rules for what policy allows and the firewall alone does not: by name where policy names it, by address where
 * it names addresses; and for what nodes must reach. What a rule of the firewall denies in so many words is left alone.
 */
export function newRules(
  world: EgressWorld,
  found: readonly FoundDisagreement[],
  firewall: Firewall,
): readonly NewRule[] {
  const rules = new Map<string, NewRule>();
  const put = (rule: NewRule | undefined): void => {
    if (rule === undefined) return;
    const { name, ...meaning } = rule;
    const key = JSON.stringify(meaning);
    if (!rules.has(key)) rules.set(key, { ...rule, name: `${name}-${rules.size + 1}` });
  };
  for (const each of found) {
    if (!isWritable(each)) continue;
    const sources = sourcesOf(world, each.classes);
    if (sources.length === 0) continue;
    const draft: Draft = { name: slugOf(each.entry.from[0] ?? 'workloads'), sources };
    for (const rule of addressRules(world, each, draft)) put(rule);
    for (const rule of nameRules(world, each, { ...draft, looksUp: looksUp(world, firewall) })) put(rule);
  }
  for (const rule of requiredRules(world, looksUp(world, firewall))) put(rule);
  return [...rules.values()];
}

interface Draft {
  readonly name: string;
  readonly sources: readonly string[];
}

/** Denied by the firewall and by nothing else, and only because no rule allows it. */
function isWritable({ entry, deciding }: FoundDisagreement): boolean {
  return entry.state === 'policy-allows' && entry.layers.join() === 'firewall' && !deciding.isExplicit;
}

/** Azure: letters, digits, `_`, `.` and `-`. */
function slugOf(id: string): string {
  return id
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
}

/** With which addresses pods come to the firewall: those of the subnet of their nodes, or of their own. */
function sourcesOf({ azure, view }: EgressWorld, classes: readonly PodClass[]): string[] {
  const mode = networkModeOf(view.cluster);
  if (mode === 'open') return [];
  const sites = classes.map(({ point }) =>
    mode === 'pod-subnet' ? azure.siting.at(point) : azure.siting.ofNode(point),
  );
  if (sites.some(({ isOpen, subnets }) => isOpen || subnets.some((key) => !view.subnets.has(key)))) return [];
  return prefixesOf(view, new Set(sites.flatMap(({ subnets }) => subnets)));
}

function prefixesOf(view: EgressWorld['view'], keys: ReadonlySet<string>): string[] {
  const ranges = [...keys].flatMap((key) => rangesOf(view.subnets.get(key)?.prefixes ?? []));
  return mergeRanges(ranges.filter(({ family }) => family === 4)).flatMap(formatRange);
}

// ---------------------------------------------------------------- by address

function addressRules(
  { engine: { world } }: EgressWorld,
  { peers, traffic }: FoundDisagreement,
  draft: Draft,
): NewRule[] {
  const ranges = peers.flatMap((peer) => {
    const { kind, facet, atom } = world.points[peer]!;
    return kind === 'external' && facet === 4 && atom !== undefined ? [atomRange(world.atoms[4], atom)] : [];
  });
  if (ranges.length === 0) return [];
  const destinations = mergeRanges(ranges).flatMap(formatRange);
  return portLists(traffic).map(({ protocol, ports }) => ({
    kind: 'network',
    ...draft,
    protocol,
    destinations,
    names: [],
    ports,
  }));
}

function portLists(traffic: TrafficSet): { readonly protocol: 'TCP' | 'UDP'; readonly ports: string[] }[] {
  return linesOf(traffic).flatMap(({ protocol, ranges }) =>
    protocol === 'TCP' || protocol === 'UDP'
      ? [{ protocol, ports: ranges.map(([lo, hi]) => (lo === hi ? `${lo}` : `${lo}-${hi}`)) }]
      : [],
  );
}

// ---------------------------------------------------------------- by name

/** Names that policy names itself: where it allows any name, addresses are meant. */
function nameRules(
  world: EgressWorld,
  each: FoundDisagreement,
  draft: Draft & { readonly looksUp: boolean },
): NewRule[] {
  const points = world.engine.world.domains;
  const own = new Set(each.peers);
  const asked = [...points].filter(([domain, list]) => !isOtherName(domain) && list.some((point) => own.has(point)));
  const [other] = [...points].filter(([domain]) => isOtherName(domain)).flatMap(([, list]) => list);
  const texts = asked.map(([domain]) => world.names.shown(domain).slice('dns:'.length));
  const [point] = each.classes.map((podClass) => podClass.point);
  const anyName = other === undefined || point === undefined ? [] : grantBetween(world.inner, point, other).allowed;
  const traffic = subtract(each.traffic, anyName);
  return writable(texts).flatMap((text) => rulesOfName(text, traffic, draft));
}

/** A wildcard of a firewall means names of any number of labels: it is written where policy means those too. */
function writable(texts: readonly string[]): string[] {
  const all = new Set(texts);
  return texts.filter((text) => {
    if (!text.includes('*')) return true;
    return /^\*\.[^*]+$/.test(text) && all.has(`*${text}`);
  });
}

const WEB: ReadonlyMap<string, 'Http' | 'Https'> = new Map([
  ['443', 'Https'],
  ['80', 'Http'],
]);

function rulesOfName(text: string, traffic: TrafficSet, draft: Draft & { readonly looksUp: boolean }): NewRule[] {
  const { name, sources, looksUp: canLookUp } = draft;
  return portLists(traffic).flatMap(({ protocol, ports }): NewRule[] => {
    const web = protocol === 'TCP' ? ports.filter((port) => WEB.has(port)) : [];
    const rest = ports.filter((port) => !web.includes(port));
    const protocols = web.map((port) => ({ type: WEB.get(port) ?? 'Https', port: Number(port) }));
    return [
      ...(protocols.length > 0 ? [{ kind: 'application', name, sources, names: [text], protocols } as const] : []),
      ...(rest.length > 0 && canLookUp && !text.includes('*')
        ? [{ kind: 'network', name, sources, protocol, destinations: [], names: [text], ports: rest } as const]
        : []),
    ];
  });
}

/** "FQDNs in network rules need the DNS proxy." */
function looksUp({ view }: EgressWorld, firewall: Firewall): boolean {
  return policyChain(view, firewall).policies.some(({ dnsProxy }) => dnsProxy === true);
}

// ---------------------------------------------------------------- for nodes

/** What nodes must reach and the firewall does not let through. */
function requiredRules(world: EgressWorld, canLookUp: boolean): NewRule[] {
  const { engine, view, names, needed } = world;
  const keys = new Set(view.cluster.pools.map(({ subnet }) => subnet).filter((key) => typeof key === 'string'));
  const sources = prefixesOf(view, keys);
  if (sources.length === 0) return [];
  const nodes = engine.world.pointsOfNode.flat();
  return needed.flatMap(({ kind, destination, protocol, port, need, isOpen }) => {
    if (kind !== 'name' || need !== 'required' || isOpen) return [];
    const points = names.meaning(destination).flatMap((domain) => engine.world.domains.get(domain) ?? []);
    const traffic = trafficPoint(protocol, port);
    const said = nodes.flatMap((from) => points.map((to) => decidingOf(engine, { from, to, traffic })));
    const denied = said.filter(({ verdict }) => verdict === 'denied');
    if (denied.length === 0 || denied.some(({ layers, isExplicit }) => isExplicit || layers.join() !== 'firewall'))
      return [];
    return rulesOfName(destination, [traffic, traffic], { name: 'required', sources, looksUp: canLookUp });
  });
}
