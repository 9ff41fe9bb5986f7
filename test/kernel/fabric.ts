import { execFileSync } from 'node:child_process';
import type { Owner } from './cluster.ts';
import { interfaceOf } from './translate.ts';

/**
 * A network of namespaces: one in the middle that routes and filters, and one for each owner of addresses, joined by a
 * cable each. All names carry this process's id and nothing outside these namespaces is touched.
 */
export interface Fabric {
  readonly prefix: string;
  readonly center: string;
  /** Names of the owners' namespaces made so far: reused from cluster to cluster. */
  readonly spokes: string[];
}

/** Our mark on routes, so that one command removes exactly what the last cluster left. */
const ROUTE_MARK = 99;

/** Machines may hand new namespaces IPv6 switched off; and addresses must be usable at once. */
const IPV6_ON: Readonly<Record<string, string>> = {
  'net/ipv6/conf/all/disable_ipv6': '0',
  'net/ipv6/conf/default/disable_ipv6': '0',
  'net/ipv6/conf/all/accept_dad': '0',
  'net/ipv6/conf/default/accept_dad': '0',
};

export function makeFabric(): Fabric {
  const prefix = `rf-${process.pid}-`;
  const fabric: Fabric = { prefix, center: `${prefix}center`, spokes: [] };
  addNamespace(fabric.center);
  setKernel(fabric.center, {
    ...IPV6_ON,
    'net/ipv4/ip_forward': '1',
    'net/ipv6/conf/all/forwarding': '1',
    // Refusals are how a denied packet is told from a lost one: the kernel must not ration them.
    'net/ipv4/icmp_ratemask': '0',
    'net/ipv6/icmp/ratemask': '""',
    'net/ipv6/icmp/ratelimit': '0',
  });
  return fabric;
}

/** Gives every owner a namespace with its addresses, and the center a route to each of them. */
export function connect(fabric: Fabric, owners: readonly Owner[]): void {
  while (fabric.spokes.length < owners.length) addSpoke(fabric);
  const center = [`route flush proto ${ROUTE_MARK}`, `-6 route flush proto ${ROUTE_MARK}`];
  for (const [index, spoke] of fabric.spokes.entries()) {
    const addresses = owners[index]?.addresses ?? [];
    configure(spoke, addresses);
    center.push(...addresses.map((address) => routeTo(address, interfaceOf(index))));
  }
  batch(fabric.center, center);
}

export function loadRules(fabric: Fabric, ruleset: string): void {
  execFileSync('ip', ['netns', 'exec', fabric.center, 'nft', '-f', '-'], {
    input: ruleset,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Removes every namespace that this process made; cables, routes and rules go with them. */
export function removeFabric(fabric: Fabric): void {
  for (const name of [...fabric.spokes, fabric.center]) {
    try {
      execFileSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
    } catch {
      console.error(`cannot remove the network namespace ${name}`);
    }
  }
}

function addSpoke(fabric: Fabric): void {
  const index = fabric.spokes.length;
  const spoke = `${fabric.prefix}${index}`;
  fabric.spokes.push(spoke);
  addNamespace(spoke);
  setKernel(spoke, IPV6_ON);
  const end = interfaceOf(index);
  batch(fabric.center, [
    `link add ${end} type veth peer name eth0 netns ${spoke}`,
    `link set ${end} up`,
    `addr add 169.254.1.1/32 dev ${end}`,
    `addr add fe80::1/64 dev ${end} nodad`,
  ]);
  batch(spoke, ['link set lo up', 'link set eth0 up']);
}

/** The gateways are on the cable itself, so that an owner can have any address at all. */
function configure(spoke: string, addresses: readonly string[]): void {
  batch(spoke, [
    'addr flush dev eth0 scope global',
    ...addresses.map(
      (address) => `addr add ${address}/${address.includes(':') ? '128 dev eth0 nodad' : '32 dev eth0'}`,
    ),
    'route replace 169.254.1.1 dev eth0 scope link',
    'route replace default via 169.254.1.1 dev eth0',
    '-6 route replace default via fe80::1 dev eth0',
  ]);
}

function routeTo(address: string, end: string): string {
  return address.includes(':')
    ? `-6 route add ${address}/128 dev ${end} proto ${ROUTE_MARK}`
    : `route add ${address}/32 dev ${end} proto ${ROUTE_MARK}`;
}

function addNamespace(name: string): void {
  execFileSync('ip', ['netns', 'add', name], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function setKernel(netns: string, values: Readonly<Record<string, string>>): void {
  const script = Object.entries(values).map(([path, value]) => `echo ${value} > /proc/sys/${path}`);
  execFileSync('ip', ['netns', 'exec', netns, 'sh', '-ec', script.join('\n')], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** `ip -batch` knows no family per line, so IPv4 and IPv6 lines go in two runs. */
function batch(netns: string, lines: readonly string[]): void {
  const v6 = lines.filter((line) => line.startsWith('-6 ')).map((line) => line.slice(3));
  run(
    ['-n', netns, '-batch', '-'],
    lines.filter((line) => !line.startsWith('-6 ')),
  );
  if (v6.length > 0) run(['-6', '-n', netns, '-batch', '-'], v6);
}

function run(args: readonly string[], lines: readonly string[]): void {
  execFileSync('ip', args, { input: `${lines.join('\n')}\n`, stdio: ['pipe', 'ignore', 'pipe'] });
}
