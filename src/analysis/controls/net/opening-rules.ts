import type { EditedObject } from '#model/control.ts';
import type { Direction } from '#model/resource.ts';
import type { ControlContext } from '../context.ts';
import { decidingPolicies, grantOf, opennessOf } from './isolation.ts';
import { netWorld } from './net-world.ts';
import type { NetNamespace } from './places.ts';

/** Rules that let everything pass to or from a new pod of a namespace. */
export interface OpeningRules {
  /** Those of NetworkPolicies of the namespace, taken out. */
  readonly edits: readonly EditedObject[];
  /** `ClusterNetworkPolicy allow-all`, and whatever else is not the namespace's to change. */
  readonly others: readonly string[];
}

export function openingRules(context: ControlContext, space: NetNamespace, direction: Direction): OpeningRules {
  const net = netWorld(context);
  const subject = net.freshIn.get(space.name)!;
  const asked = { direction, subject, peer: direction === 'ingress' ? net.stranger : net.internet };
  const grant = grantOf(net, asked);
  if (opennessOf(grant) !== 'open') return { edits: [], others: [] };
  const edits: EditedObject[] = [];
  const others: string[] = [];
  const byPolicy = Map.groupBy(decidingPolicies(net, asked, grant), ({ object }) => object);
  for (const [title, evidence] of byPolicy) {
    const indexes = evidence.flatMap(({ field }) => indexOf(field ?? '', direction));
    const written = objectTitled(context, title);
    if (written === undefined || indexes.length < evidence.length) others.push(title);
    else edits.push(withoutRules(written, direction, indexes));
  }
  return { edits, others };
}

function indexOf(field: string, direction: Direction): number[] {
  const match = /^spec\.(ingress|egress)\[(\d+)\]$/.exec(field);
  return match?.[1] === direction ? [Number(match[2])] : [];
}

function objectTitled({ objects }: ControlContext, title: string): EditedObject['object'] | undefined {
  const [, namespace, name] = /^NetworkPolicy ([^/]+)\/(.+)$/.exec(title) ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  return objects.get({ group: 'networking.k8s.io', kind: 'NetworkPolicy', namespace, name });
}

/** From the last to the first, so that indexes keep their meaning. */
function withoutRules(object: EditedObject['object'], direction: Direction, indexes: readonly number[]): EditedObject {
  const falling = [...new Set(indexes)].sort((a, b) => b - a);
  return {
    kind: 'edit-object',
    object,
    edits: falling.map((index) => ({ op: 'remove', path: ['spec', direction, index] })),
  };
}
