import type { Cidr } from '#base/address.ts';
import { parseCidr } from '#base/address.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { embeddedMap } from '../embedded-map.ts';
import type { MapNode, Node } from '../text/node.ts';

/** How Linkerd is installed: `data.values` of ConfigMap `linkerd-config`, over the chart's own defaults. */
export interface LinkerdValues {
  /** The namespace of the control plane, which is part of every identity. */
  readonly namespace: string;
  readonly trustDomain: string;
  readonly defaultPolicy: string;
  readonly clusterNetworks: readonly Cidr[];
  /** Ports that proxies leave alone, and addresses from which they do, where no annotation says otherwise: lists as text. */
  /** From where probes come; absent: from anywhere. */
  readonly probeNetworks?: readonly Cidr[];
  /** Ports on which proxies look for no requests. */
  readonly opaquePorts: string;
  readonly skippedInbound: string;
  readonly skippedOutbound: string;
  readonly skippedSubnets: string;
}

/** MySQL's and Galera's replication, which cannot be proxied. */
const SKIPPED = '4567,4568';
/** Protocols in which the server speaks first. */
const OPAQUE = '25,587,3306,4444,5432,6379,9300,11211';
const NETWORKS = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'];

export function linkerdValuesOf({ configMaps }: Snapshot): LinkerdValues {
  const config = configMaps.find(({ name }) => name === 'linkerd-config');
  const values = embeddedMap(config?.data.get('values') ?? '');
  const networks = textAt(values, ['clusterNetworks'])?.split(',') ?? NETWORKS;
  const probes = textsAt(values, ['policyController', 'probeNetworks']).flatMap((text) => parseCidr(text)?.cidr ?? []);
  return {
    namespace: config?.namespace ?? 'linkerd',
    trustDomain: textAt(values, ['identityTrustDomain']) || 'cluster.local',
    defaultPolicy: textAt(values, ['proxy', 'defaultInboundPolicy']) || 'all-unauthenticated',
    clusterNetworks: networks.flatMap((text) => parseCidr(text.trim())?.cidr ?? []),
    ...(probes.length > 0 && { probeNetworks: probes }),
    opaquePorts: textAt(values, ['proxy', 'opaquePorts']) ?? OPAQUE,
    skippedInbound: textAt(values, ['proxyInit', 'ignoreInboundPorts']) ?? SKIPPED,
    skippedOutbound: textAt(values, ['proxyInit', 'ignoreOutboundPorts']) ?? SKIPPED,
    skippedSubnets: textAt(values, ['proxyInit', 'skipSubnets']) ?? '',
  };
}

function textAt(map: MapNode | undefined, path: readonly string[]): string | undefined {
  const node = nodeAt(map, path);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

function textsAt(map: MapNode | undefined, path: readonly string[]): string[] {
  const node = nodeAt(map, path);
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []));
}

function nodeAt(map: MapNode | undefined, path: readonly string[]): Node | undefined {
  let node: Node | undefined = map;
  for (const key of path) {
    if (node?.kind !== 'map') return undefined;
    node = node.entries.findLast((entry) => entry.key === key)?.value;
  }
  return node;
}
