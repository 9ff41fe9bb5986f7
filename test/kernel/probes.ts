import type { PortProtocol } from '#model/traffic.ts';
import type { Connect } from './agent.ts';
import type { Cluster, Owner, PolicyPort } from './cluster.ts';

const PROTOCOLS: readonly PortProtocol[] = ['TCP', 'UDP', 'SCTP'];
/** A port that no manifest mentions. */
const UNMENTIONED = 9999;
const MOST_PORTS = 24;

/** One connect to try, and who is at its ends. */
export interface Attempt {
  readonly connect: Connect;
  readonly from: Owner;
  readonly to: Owner;
}

/**
 * Every port that a manifest mentions, both neighbours of each, and one more, at most `most` of them: mentioned ones
 * first. The same ports are tried over every protocol.
 */
export function portsOf(cluster: Cluster, most = MOST_PORTS): number[] {
  const mentioned = new Set<number>([UNMENTIONED]);
  for (const pod of cluster.pods) for (const { port } of pod.ports) mentioned.add(port);
  for (const { spec } of cluster.policies) {
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const entry of rule.ports ?? []) for (const port of numbersIn(entry)) mentioned.add(port);
    }
  }
  const neighbours = [...mentioned].flatMap((port) => [port - 1, port + 1]);
  const all = [...new Set([...mentioned, ...neighbours])].filter((port) => port > 0 && port < 65536);
  return all.slice(0, most).sort((a, b) => a - b);
}

/** Every ordered pair of addresses of one family with a pod at either end, over every port and protocol, and echo. */
export function attemptsOf(owners: readonly Owner[], podCount: number, ports: readonly number[]): Attempt[] {
  const out: Attempt[] = [];
  for (const [fromIndex, from] of owners.entries()) {
    for (const [toIndex, to] of owners.entries()) {
      if (fromIndex === toIndex || (fromIndex >= podCount && toIndex >= podCount)) continue;
      for (const source of from.addresses) {
        for (const target of to.addresses) {
          if (source.includes(':') !== target.includes(':')) continue;
          for (const connect of connectsOf(source, target, ports)) out.push({ connect, from, to });
        }
      }
    }
  }
  return out;
}

function connectsOf(source: string, target: string, ports: readonly number[]): Connect[] {
  const out: Connect[] = [[source, target, source.includes(':') ? 'ICMPv6' : 'ICMP', 0]];
  for (const protocol of PROTOCOLS) for (const port of ports) out.push([source, target, protocol, port]);
  return out;
}

function numbersIn(entry: PolicyPort): number[] {
  const out: number[] = [];
  if (typeof entry.port === 'number') out.push(entry.port);
  if (typeof entry.endPort === 'number') out.push(entry.endPort);
  return out;
}
