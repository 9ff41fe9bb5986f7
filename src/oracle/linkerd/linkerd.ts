import { type Address, type AddressRange, HIGHEST, wholeFamily } from '#base/address.ts';
import type { Encryption } from '#model/encryption.ts';
import type { LinkerdEgressNetwork } from '#model/linkerd.ts';
import type { Direction } from '#model/resource.ts';
import { oldestOf } from '../age.ts';
import { type AddressParty, isPerhaps, type PodParty, type Question } from '../party.ts';
import { tcpPort } from '../service-path.ts';
import { addressOf } from '../where.ts';
import { identityOf, isInBlocks, isInCluster } from './client.ts';
import { isMeshed, skipsAddress, skipsPort } from './membership.ts';
import { routeFor, routesTo } from './routes.ts';
import { serverAdmits } from './server.ts';
import { EGRESS_NAMESPACE } from './settings.ts';

/** Whether Linkerd's proxies let a connection through at one of its ends. They handle TCP alone. */
export function linkerdAllows(question: Question, direction: Direction): boolean {
  const port = tcpPort(question);
  if (port === undefined) return true;
  const { from, to } = question.connection;
  if (direction === 'egress') return !isMeshed(question, from) || mayLeave(question, from);
  return !isMeshed(question, to) || isLeftAlone(question, to, port) || serverAdmits(question, to, port);
}

/** Whether the connection carries an identity of the mesh from proxy to proxy. */
export function isProtected(question: Question): boolean {
  const port = tcpPort(question);
  const { to } = question.connection;
  if (port === undefined || !isMeshed(question, to) || isLeftAlone(question, to, port)) return false;
  return identityOf(question) !== undefined;
}

/** Required where the port takes nobody who shows no identity, whatever the address. */
export function linkerdProtection(question: Question): Encryption | undefined {
  const { from, to } = question.connection;
  if (!isProtected(question) || from.kind !== 'pod' || to.kind !== 'pod') return undefined;
  const port = tcpPort(question) ?? 0;
  const takesStrangers = addressesToTry(question).some((address) => {
    const stranger: AddressParty = { kind: 'address', address };
    return serverAdmits(
      { ...question, ignoresProbes: true, connection: { ...question.connection, from: stranger } },
      to,
      port,
    );
  });
  return takesStrangers ? 'mtls-opportunistic' : 'mtls-required';
}

/** Both edges of every block that some authorization names, the addresses beside them, and one far from all. */
function addressesToTry({ snapshot, linkerd }: Question): Address[] {
  const blocks = [
    ...snapshot.linkerdNetworks.flatMap(({ networks }) => networks),
    ...snapshot.linkerdServerAuthorizations.flatMap(({ client }) => client.networks ?? []),
  ];
  const ranges = [...linkerd.clusterNetworks, ...blocks.flatMap(({ cidr, except }) => [cidr, ...except])];
  return ranges.flatMap(({ family, lo, hi }) =>
    [lo - 1n, lo, hi, hi + 1n]
      .filter((value) => value >= 0n && value <= HIGHEST[family])
      .map((value): Address => ({ family, value })),
  );
}

function isLeftAlone(question: Question, pod: PodParty, port: number): boolean {
  return (
    skipsPort(question, pod, { name: 'skip-inbound-ports', port }) ||
    skipsAddress(question, pod, addressOf(question, 'from'))
  );
}

/** Newer proxies may send what is between them to one port of their own. Which they are, one fact for the whole mesh. */
export function isCarried(question: Question): boolean {
  return isProtected(question) && isPerhaps(question, 'Linkerd proxies speak to the port of the other');
}

// ---------------------------------------------------------------- leaving the cluster

/** It is for addresses that are no pod's. Routes that are attached to one that denies are what it lets through. */
function mayLeave(question: Question, client: PodParty): boolean {
  const { to } = question.connection;
  if (to.kind === 'pod') return true;
  const port = tcpPort(question) ?? 0;
  if (skipsPort(question, client, { name: 'skip-outbound-ports', port })) return true;
  const network = egressNetworkFor(question, client);
  if (network === undefined || network.action === 'allow') return true;
  const routes = routesTo(question, network);
  return question.request === undefined
    ? routes.length > 0
    : routeFor(question, routes, question.request) !== undefined;
}

/**
 * Where the client's namespace has any, those for all are not looked at. The most specific block counts, of equals the
 * oldest (linkerd2, policy-controller, `resolve_egress_network`).
 */
function egressNetworkFor(question: Question, client: PodParty): LinkerdEgressNetwork | undefined {
  const { linkerdEgressNetworks: all } = question.snapshot;
  const own = all.filter(({ namespace }) => namespace === client.namespace);
  const global = all.filter(({ namespace }) => namespace === EGRESS_NAMESPACE);
  const address = addressOf(question, 'to');
  const sized = (own.length > 0 ? own : global).flatMap((network) => {
    const size = sizeFor(question, network, address);
    return size === undefined ? [] : [{ network, size }];
  });
  const smallest = sized.map(({ size }) => size).sort((a, b) => (a < b ? -1 : 1))[0];
  const best = sized.filter(({ size }) => size === smallest);
  return oldestOf(
    question.world,
    best.map(({ network }) => network),
  );
}

/** How many addresses the smallest block has that covers the address; undefined where none does. */
function sizeFor(question: Question, network: LinkerdEgressNetwork, address: Address): bigint | undefined {
  const { networks, gaps, namespace, name } = network;
  if (gaps.length > 0 && !isPerhaps(question, `EgressNetwork ${namespace}/${name} covers it`)) return undefined;
  if (networks === undefined) return isInCluster(question, address) ? undefined : sizeOf(wholeFamily(address.family));
  const sizes = networks.filter((block) => isInBlocks(address, [block])).map(({ cidr }) => sizeOf(cidr));
  return sizes.sort((a, b) => (a < b ? -1 : 1))[0];
}

function sizeOf({ lo, hi }: AddressRange): bigint {
  return hi - lo + 1n;
}
