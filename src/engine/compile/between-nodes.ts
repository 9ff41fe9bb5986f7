import type { EncryptionFact } from '#model/encryption.ts';
import type { Origin } from '#model/origin.ts';
import type { Point, World } from '../world.ts';

/** A tunnel that encrypts what goes from node to node. */
export interface NodeTunnel {
  /** `WireGuard (cilium-config)` */
  readonly name: string;
  /** Whether traffic of nodes and of pods on their network is in it too. */
  readonly hosts: boolean;
  /** What would bring it in. */
  readonly closeHosts: string;
  readonly origin: Origin;
}

/**
 * Encryption between nodes: of pods on different nodes. On one node nothing leaves the host; outside the cluster there is
 * no other end. Where it is not known which nodes pods are on, neither is this.
 */
export function betweenNodes(
  world: World,
  { from, to }: { readonly from: number; readonly to: number },
  { name, hosts, closeHosts, origin }: NodeTunnel,
): EncryptionFact | undefined {
  const ends = [world.points[from]!, world.points[to]!] as const;
  if (ends.some(({ kind }) => kind === 'external' || kind === 'domain')) return undefined;
  if (!hosts && ends.some((point) => point.kind === 'node' || point.hostNetwork)) {
    const why = `${name} leaves out the network of nodes`;
    return { encryption: 'plaintext', why, hole: { kind: 'host-network', close: closeHosts }, origin };
  }
  switch (apart(...ends)) {
    case 'yes':
      return { encryption: 'encrypted-no-identity', why: `${name} between their nodes`, origin };
    case 'no':
      return { encryption: 'plaintext', why: `${name}: both are on one node, so nothing leaves it`, origin };
    case 'perhaps':
      return {
        encryption: 'unknown',
        why: `${name} if they run on different nodes, which the input leaves open`,
        origin,
      };
  }
}

/** Whether the pods of two points always run on different nodes. */
function apart(a: Point, b: Point): 'yes' | 'no' | 'perhaps' {
  if (!a.placed || !b.placed) return 'perhaps';
  const shared = [...a.nodeNames].some((name) => b.nodeNames.has(name));
  if (!shared) return 'yes';
  return a.nodeNames.size === 1 && b.nodeNames.size === 1 ? 'no' : 'perhaps';
}
