import { addAll, addRange, type Bits, difference, emptyBits, intersection } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { ClientTlsMode, DestinationRule, DestinationTraffic, MeshConfig } from '#model/istio.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { podsOfNamespace, type World } from '../../world.ts';
import { byAge, knowsAge } from '../age.ts';
import type { Compiling } from '../context.ts';
import type { Host } from './hosts.ts';

/** How clients speak to a port of a host, as far as DestinationRules say. `auto`: none says, Istio decides. */
export type ClientMode = 'auto' | ClientTlsMode | 'perhaps';

/** Clients for which the same rule counts. */
export interface ClientGroup {
  readonly clients: Bits;
  /** The rules of the level that was found, the one that counts first; none: no rule is for them. */
  readonly rules: readonly DestinationRule[];
}

export interface DestinationRules {
  /** Clients by the rules that count for a host; undefined where no rule names it. Equal answers are one object. */
  groupsFor(host: Host): readonly ClientGroup[] | undefined;
}

/**
 * Finds the DestinationRule of a host as pilot does: first in the client's namespace, then in the Service's, then in
 * the root namespace; there the most specific host counts, and of equals the oldest.
 * (pilot/pkg/model/push_context.go, `destinationRule`)
 */
export function destinationRulesOf(compiling: Compiling, snapshot: Snapshot, config: MeshConfig): DestinationRules {
  const rules = [...snapshot.destinationRules].sort(byAge).map((rule) => ({ rule, host: fullHost(rule) }));
  const exact = new Map<string, Named[]>();
  const wild: Named[] = [];
  for (const named of rules) {
    if (named.host.startsWith('*')) wild.push(named);
    else remembered(exact, named.host, () => []).push(named);
  }
  const answered = new Map<string, readonly ClientGroup[]>();
  return { groupsFor };

  function groupsFor({ name, service }: Host): readonly ClientGroup[] | undefined {
    const fitting = wild.filter(({ host }) => name.endsWith(host.slice(1)));
    const candidates = [...(exact.get(name) ?? []), ...fitting];
    if (candidates.length === 0) return undefined;
    const key = `${service.namespace} ${candidates.map(({ rule }) => `${rule.namespace}/${rule.name}`).join(',')}`;
    return remembered(answered, key, () =>
      groupClients(compiling, candidates, { namespace: service.namespace, config }),
    );
  }
}

interface Named {
  readonly rule: DestinationRule;
  readonly host: string;
}

interface At {
  /** Of the Service. */
  readonly namespace: string;
  readonly config: MeshConfig;
}

/** A name without dots is one of the rule's own namespace. */
function fullHost({ host, namespace }: DestinationRule): string {
  const name = host.toLowerCase();
  return name.includes('.') || name.startsWith('*') ? name : `${name}.${namespace}.svc.cluster.local`;
}

function groupClients(compiling: Compiling, candidates: readonly Named[], at: At): readonly ClientGroup[] {
  const { world, selection } = compiling;
  const groups = new Map<string, ClientGroup>();
  for (const [namespace, { first, end }] of world.namespaces) {
    if (first === end) continue;
    const found = levelFor(candidates, namespace, at);
    const [chosen, rest] = [found.filter(hasSelector), found.filter((rule) => !hasSelector(rule))];
    if (chosen.length === 0) {
      addRange(groupOf(groups, world, rest).clients, first, end);
      continue;
    }
    let left = podsOfNamespace(world, namespace);
    for (const rule of chosen) {
      const podSelector = rule.workloadSelector!;
      const own = intersection(left, selection.pods({ namespace, podSelector }).must);
      addAll(groupOf(groups, world, [rule]).clients, own);
      left = difference(left, own);
    }
    addAll(groupOf(groups, world, rest).clients, left);
  }
  return [...groups.values()];
}

function hasSelector({ workloadSelector }: DestinationRule): boolean {
  return workloadSelector !== undefined;
}

function groupOf(groups: Map<string, ClientGroup>, world: World, rules: readonly DestinationRule[]): ClientGroup {
  const key = rules.map(({ namespace, name }) => `${namespace}/${name}`).join();
  return remembered(groups, key, () => ({ clients: emptyBits(world.size), rules }));
}

/** The rules of the first level that has any, and of those the ones with the most specific host. */
function levelFor(candidates: readonly Named[], client: string, { namespace, config }: At): readonly DestinationRule[] {
  const levels = client === config.rootNamespace ? [] : [client];
  for (const level of [...levels, namespace, config.rootNamespace]) {
    const there = candidates.filter(
      ({ rule }) =>
        rule.namespace === level &&
        (rule.workloadSelector === undefined || level === client) &&
        isSeen(rule, client, config),
    );
    const longest = Math.max(...there.map(({ host }) => rank(host)));
    if (there.length > 0) return there.filter(({ host }) => rank(host) === longest).map(({ rule }) => rule);
  }
  return [];
}

/** Full names before those with a star, longer ones before shorter ones. */
function rank(host: string): number {
  return host.startsWith('*') ? host.length : 1_000 + host.length;
}

function isSeen({ namespace, exportTo }: DestinationRule, client: string, config: MeshConfig): boolean {
  const list = exportTo.length > 0 ? exportTo : config.defaultDestinationRuleExportTo;
  if (list.length === 0) return true;
  return list.some((entry) => entry === '*' || entry === client || (entry === '.' && namespace === client));
}

export interface AskedPort {
  /** Of the Service. */
  readonly port: number;
  /** Of the pod behind it. */
  readonly labels: Labels;
  /** Which subsets of the host routes lead to; undefined among them: the host itself. */
  readonly subsets: ReadonlySet<string | undefined>;
}

/** What rules say of one port of one pod. Rules of one host are merged: the first that has a traffic policy counts. */
export function clientModeOf(rules: readonly DestinationRule[], asked: AskedPort): ClientMode {
  const [first] = rules;
  if (first === undefined) return 'auto';
  if (rules.some(({ gaps }) => gaps.length > 0)) return 'perhaps';
  const withTraffic = rules.filter(({ traffic }) => traffic !== undefined);
  const modes = new Set(withTraffic.map((rule) => modesOf(rule.traffic, rules, asked)));
  if (modes.size > 1 && !knowsAge(withTraffic[0]!, withTraffic[1]!)) return 'perhaps';
  return modesOf(withTraffic[0]?.traffic, rules, asked);
}

function modesOf(
  base: DestinationTraffic | undefined,
  rules: readonly DestinationRule[],
  asked: AskedPort,
): ClientMode {
  const modes = new Set<ClientMode>();
  for (const subset of asked.subsets) {
    const found =
      subset === undefined ? undefined : rules.flatMap(({ subsets }) => subsets).find(({ name }) => name === subset);
    if (subset !== undefined && found === undefined) continue;
    if (found !== undefined && ![...found.labels].every(([key, value]) => asked.labels.get(key) === value)) continue;
    modes.add(tlsOf(base, found?.traffic, asked.port) ?? 'auto');
  }
  const [only] = modes;
  // No route leads to the pod: what is left is its own address, which is asked for without any rule.
  if (only === undefined) return tlsOf(base, undefined, asked.port) ?? 'auto';
  return modes.size === 1 ? only : 'perhaps';
}

/**
 * Field by field a subset is laid over the rule. The entry for a port of the Service stands in place of all: one without
 * `tls` takes the outer `tls` away. (pilot/pkg/networking/core/cluster_traffic_policy.go)
 */
function tlsOf(
  base: DestinationTraffic | undefined,
  subset: DestinationTraffic | undefined,
  port: number,
): ClientTlsMode | undefined {
  const own = subset?.ports.find((entry) => entry.port === port);
  if (own !== undefined) return own.tls;
  const outer = base?.ports.find((entry) => entry.port === port);
  if (subset?.tls !== undefined) return subset.tls;
  return outer === undefined ? base?.tls : outer.tls;
}

/** Whether the rules make proxies send to the address that was asked for. */
export function isPassthrough(rules: readonly DestinationRule[]): boolean {
  return rules.find(({ traffic }) => traffic !== undefined)?.traffic?.passthrough ?? false;
}
