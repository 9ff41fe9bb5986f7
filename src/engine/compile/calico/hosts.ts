import { addBit, difference, emptyBits, members } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { CalicoHostEndpoint, CalicoSelectorNode } from '#model/calico.ts';
import type { Doubt, PointSpan } from '../../form.ts';
import type { Calico } from './context.ts';

/** Host endpoints that an expression selects, by their own labels. */
export function hostsWhere({ hosts, hostIndex }: Calico, node: CalicoSelectorNode): CalicoHostEndpoint[] {
  return hosts.length === 0 ? [] : [...members(hostIndex.select(node).sure)].map((position) => hosts[position]!);
}

type Share = 'all' | 'some' | 'none';

/**
 * The processes behind these host endpoints: nodes, and pods on their network. Which interface a connection comes
 * through is not in the input: a node is in for certain only where it has an endpoint for all interfaces (`*`), and every
 * other endpoint of it is one of these too. A node that is not in the input has no points.
 */
export function behindHosts(calico: Calico, hosts: readonly CalicoHostEndpoint[]): PointSpan {
  const key = `hosts ${hosts.map(({ name }) => name).join(' ')}`;
  return remembered(calico.answers, key, () => {
    const chosen = new Set(hosts);
    const byNode = Map.groupBy(calico.hosts, ({ node }) => node);
    return onNodes(calico, (name) => shareOf(byNode.get(name) ?? [], chosen));
  });
}

function shareOf(own: readonly CalicoHostEndpoint[], chosen: ReadonlySet<CalicoHostEndpoint>): Share {
  if (!own.some((host) => chosen.has(host))) return 'none';
  const whole = own.some(({ interfaceName }) => interfaceName === '*');
  return whole && own.every((host) => chosen.has(host)) ? 'all' : 'some';
}

/** Host points of the nodes that a question is answered with "all" for; "some" leaves them open. */
export function onNodes({ world, hostPoints }: Calico, share: (node: string) => Share): PointSpan {
  const must = emptyBits(world.size);
  const may = emptyBits(world.size);
  for (const index of hostPoints) {
    const { placed, nodeNames } = world.points[index]!;
    const shares = [...nodeNames].map(share);
    if (placed && shares.every((each) => each === 'none')) continue;
    addBit(may, index);
    if (placed && shares.every((each) => each === 'all')) addBit(must, index);
  }
  const unsure = difference(may, must);
  const doubts: Doubt[] = unsure.some((word) => word !== 0) ? [{ reason: 'host-forwarding', points: unsure }] : [];
  return doubts.length === 0 ? { must, may: must, doubts } : { must, may, doubts };
}
