import type { ManagedCluster } from '#model/azure/cluster.ts';

/** Where a connection goes, as far as it matters for the address that it leaves with; `either`: to the network or beyond. */
export const DESTINATIONS = ['cluster', 'network', 'beyond', 'either'] as const;
export type Destination = (typeof DESTINATIONS)[number];

/**
 * Which address a connection of a pod carries on the wire (docs of AKS: CNI overlay, legacy CNI, pod subnet, kubenet):
 * - overlay and kubenet: its own to other pods, its node's to everything else, nodes among it;
 * - node subnet: its own inside the virtual network, its node's beyond;
 * - pod subnet: its own everywhere;
 * - open: the input does not say.
 */
export type NetworkMode = 'overlay' | 'kubenet' | 'node-subnet' | 'pod-subnet' | 'open';

export function networkModeOf({ networkPlugin, pluginMode, pools }: ManagedCluster): NetworkMode {
  const plugin = typeof networkPlugin === 'string' ? networkPlugin.toLowerCase() : undefined;
  if (plugin === 'kubenet') return 'kubenet';
  if (plugin !== 'azure') return 'open';
  if (pluginMode !== undefined && typeof pluginMode !== 'string') return 'open';
  if (pluginMode?.toLowerCase() === 'overlay') return 'overlay';
  const own = pools.filter(({ podSubnet }) => podSubnet !== undefined);
  if (own.length === 0) return 'node-subnet';
  return own.length === pools.length ? 'pod-subnet' : 'open';
}

/** Whether a connection to there leaves with the address of the pod's node. */
export function translation(mode: NetworkMode, to: Destination): 'node' | 'own' | 'open' {
  switch (mode) {
    case 'overlay':
    case 'kubenet':
      return to === 'cluster' ? 'own' : 'node';
    case 'node-subnet':
      return to === 'beyond' ? 'node' : to === 'either' ? 'open' : 'own';
    case 'pod-subnet':
      return 'own';
    case 'open':
      return to === 'cluster' ? 'own' : 'open';
  }
}
