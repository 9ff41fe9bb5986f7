import { type AddressRange, isInRange, parseAddress } from '#base/address.ts';
import { type Bits, bitsOf, isEmpty, isSubset, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { Firewall, FirewallPolicy, KubeSelectorGroup } from '#model/azure/firewall.ts';
import { type Box, exactly, type PointSpan } from '../../form.ts';
import { perhaps, unionOf, within } from '../../spans.ts';
import { keyOfItem } from './address-items.ts';
import { type Azure, peersIn } from './context.ts';
import type { Destination } from './network-mode.ts';
import { rangesOf } from './siting.ts';
import type { TrafficSpan } from './traffic.ts';

/** Reads whom the rules of one firewall are about. Equal lists are read once: thousands of rules share a few groups. */
export interface FirewallEnds {
  /** What addresses, groups, tags and names of a network rule stand for. */
  destinations(items: readonly AddressItem[]): PointSpan;
  /** Connections of these sources to these peers, for each address that a sender may show there. */
  boxes(sources: readonly AddressItem[], peers: PointSpan): Pick<Box, 'on' | 'peers'>[];
}

/** Where what a firewall sees goes: nothing that stays in the cluster passes one. */
const BEYOND_CLUSTER: readonly Destination[] = ['network', 'beyond', 'either'];

/** `subjects`: the points whose connections may pass the firewall. */
export function firewallEndsOf(azure: Azure, names: NameRule, subjects: Bits): FirewallEnds {
  const { world, wire, reader, destinations } = azure;
  const groups = new Map(azure.view.estate.podGroups.map((group) => [group.key, group]));
  const senders = new Map<string, PointSpan>();
  const targets = new Map<string, PointSpan>();
  return {
    destinations: (items) => remembered(targets, keyOf(items), () => destinationOf(items)),
    boxes: (sources, peers) => {
      if (sources.some(({ kind }) => kind === 'any')) return [{ peers }];
      const key = keyOf(sources);
      return BEYOND_CLUSTER.flatMap((sort) => {
        const to = within(peers, destinations[sort]);
        if (isEmpty(to.may)) return [];
        return boxFrom(
          remembered(senders, `${sort} ${key}`, () => sendersOf(sources, sort)),
          to,
        );
      });
    },
  };

  function destinationOf(items: readonly AddressItem[]): PointSpan {
    const named = items.flatMap((item) => (item.kind === 'name' ? [item.name] : []));
    const others = peersIn(azure, reader.ranges(items));
    return named.length === 0 ? others : unionOf([others, namedPoints(azure, named, names)]);
  }

  function sendersOf(sources: readonly AddressItem[], to: Destination): PointSpan {
    const pods = sources.flatMap((item) => (item.kind === 'pods' ? [podsOf(azure, groups.get(item.key))] : []));
    const span = wire.sendingFrom(reader.ranges(sources), to);
    return within(pods.length === 0 ? span : unionOf([span, ...pods]), subjects);
  }

  /** Without `on` where all who pass the firewall are meant: those then share what is computed for one. */
  function boxFrom(from: PointSpan, to: PointSpan): Pick<Box, 'on' | 'peers'>[] {
    if (isEmpty(from.may)) return [];
    return [isSubset(subjects, from.must) ? { peers: to } : { on: from, peers: to }];
  }

  function podsOf({ compiling }: Azure, group: KubeSelectorGroup | undefined): PointSpan {
    if (group === undefined) return perhaps(world.pods, 'cloud-resource-missing');
    const { pods: podSelector, namespaces, condition, unsettled } = group;
    if (condition !== undefined || unsettled.length > 0) return perhaps(world.pods, 'cloud-expression');
    const everywhere = { requirements: [], origin: group.origin };
    const found = compiling.selection.pods({
      namespaceSelector: namespaces ?? everywhere,
      ...(podSelector !== undefined && { podSelector }),
    });
    // A policy of the cluster has a namespace for a peer that names none; a firewall has not, and nothing says what it does.
    return namespaces === undefined ? perhaps(found.may, 'engine-undefined') : found;
  }
}

/** Boxes of a rule that says so much of ends, and so much of traffic. */
export function withTraffic(boxes: readonly Pick<Box, 'on' | 'peers'>[], { doubt, must, may }: TrafficSpan): Box[] {
  const traffic = { must, may };
  return boxes.map((box): Box => ({ ...box, traffic, ...(doubt !== undefined && { trafficDoubt: doubt }) }));
}

function keyOf(items: readonly AddressItem[]): string {
  return items.map(keyOfItem).join(' ');
}

// ---------------------------------------------------------------- names in network rules

/** Whether firewall and clients are sure to take a name for the same addresses. */
export type NameRule = 'shared' | 'apart';

/** "Needs the DNS proxy, with the firewall as DNS server of the clients" (FQDN filtering in network rules). */
export function nameRuleOf({ view }: Azure, firewall: Firewall, policies: readonly FirewallPolicy[]): NameRule {
  const { privateAddress } = firewall;
  if (policies.at(-1)?.dnsProxy !== true || privateAddress === undefined) return 'apart';
  const [own] = rangesOf([privateAddress]);
  const servers = [...view.own].map((key) => view.networks.get(key)?.dnsServers ?? []);
  const asks = servers.every((list) => list.length > 0 && list.every((text) => isAt(text, own)));
  return servers.length > 0 && asks ? 'shared' : 'apart';
}

function isAt(text: string, range: AddressRange | undefined): boolean {
  const address = parseAddress(text);
  return address !== undefined && range !== undefined && isInRange(address, range);
}

/** The names themselves, and any address perhaps: the firewall compares with what it looked the name up to. */
function namedPoints({ world }: Azure, names: readonly string[], rule: NameRule): PointSpan {
  const points = bitsOf(
    world.size,
    names.flatMap((name) => world.domains.get(name) ?? []),
  );
  const addresses = perhaps(world.externals, 'domain-name');
  return rule === 'shared'
    ? unionOf([exactly(points), addresses])
    : perhaps(union(points, world.externals), 'domain-name');
}
