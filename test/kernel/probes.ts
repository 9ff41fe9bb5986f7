import type { PortProtocol } from '#model/traffic.ts';
import type { Connect } from './agent.ts';
import type { Cluster, Owner, PolicyPort } from './cluster.ts';

const PROTOCOLS: readonly PortProtocol[] = ['TCP', 'UDP', 'SCTP'];
/** A port that no manifest mentions. */
const UNMENTIONED = 9999;
const MOST_PORTS = 16;

/** One connect to try, and who is at its ends. */
export interface Attempt {
  readonly connect: Connect;
  readonly from: Owner;
  readonly to: Owner;
}

/**
 * At most `most` ports, the same ones for every protocol: those of the policies, the neighbours of these, those of the
 * pods, and one that nobody mentions.
 */
export function portsOf(cluster: Cluster, most = MOST_PORTS): number[] {
  const rules = cluster.policies.flatMap(({ spec }) => [...(spec.ingress ?? []), ...(spec.egress ?? [])]);
  const inPolicies = rules.flatMap((rule) => (rule.ports ?? []).flatMap(numbersIn));
  const neighbours = inPolicies.flatMap((port) => [port - 1, port + 1]);
  const atPods = cluster.pods.flatMap(({ ports }) => ports.map(({ port }) => port));
  const all = new Set([UNMENTIONED, ...inPolicies, ...neighbours, ...atPods]);
  const usable = [...all].filter((port) => port > 0 && port < 65536);
  return usable.slice(0, most).sort((a, b) => a - b);
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
