import { addBit, emptyBits, isEmpty } from '#base/bits.ts';
import type { CalicoHostEndpoint, CalicoSelectorNode } from '#model/calico.ts';
import { exactly, type PointSpan } from '../../form.ts';
import type { Calico } from './context.ts';
import { selects } from './labels.ts';

/** What a selector says of a host endpoint: by its own labels. */
export function matchesHost(node: CalicoSelectorNode, host: CalicoHostEndpoint): boolean {
  return selects(node, host.labels);
}

/** The processes of the node of a host endpoint: the node, and pods on its network. A node that is not in the input has no points. */
export function hostPoints({ world }: Calico, host: CalicoHostEndpoint): PointSpan {
  const must = emptyBits(world.size);
  const may = emptyBits(world.size);
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'node' && !point.hostNetwork) continue;
    const here = point.nodeNames.has(host.node);
    if (here || !point.placed) addBit(may, index);
    if (here && point.placed && point.nodeNames.size === 1) addBit(must, index);
  }
  if (isEmpty(may)) return exactly(world.nothing);
  return { must, may, doubts: [{ reason: 'own-node' }] };
}
