import { isInRange, parseAddress } from '#base/address.ts';
import { hasBit } from '#base/bits.ts';
import { includes } from '#base/intervals.ts';
import type { PointSpan } from '../../form.ts';
import type { World } from '../../world.ts';
import type { ClientScope } from './client-scopes.ts';
import type { Binding } from './hosts.ts';

export type Answer = 'yes' | 'no' | 'perhaps';

/**
 * Whether the sidecar of a client takes a connection that leads to a pod through a Service. What counts is what the
 * application dials: the address and the port of the Service. The order is that of istio-iptables: excluded ports,
 * excluded addresses, included ports, included addresses.
 */
export function takesThrough(world: World, scope: ClientScope, { point, binding }: Through): Answer {
  const { capture, included, excluded } = scope;
  const port = binding.port.port;
  if (!includes(capture.outbound, port)) return 'no';
  const out =
    excluded === undefined
      ? 'no'
      : isDialed(world, { point, binding }, { ranges: capture.notToRanges, span: excluded });
  if (out === 'yes') return 'no';
  const taken =
    included === undefined || includes(capture.always, port)
      ? 'yes'
      : isDialed(world, { point, binding }, { ranges: capture.toRanges ?? [], span: included });
  return out === 'perhaps' && taken !== 'no' ? 'perhaps' : taken;
}

export interface Through {
  /** The pod that it leads to. */
  readonly point: number;
  readonly binding: Binding;
}

interface Ranges {
  readonly ranges: NonNullable<ClientScope['capture']['toRanges']>;
  /** Points whose own addresses are in the ranges. */
  readonly span: PointSpan;
}

/** Whether the dialed address is in some ranges: the Service's, or the pod's where the Service has none. */
function isDialed(world: World, { point, binding }: Through, { ranges, span }: Ranges): Answer {
  const { headless, clusterIPs } = binding.host.service;
  const { facet } = world.points[point]!;
  const own = clusterIPs.map(parseAddress).find((address) => address?.family === facet);
  if (own !== undefined && !headless) return ranges.some((range) => isInRange(own, range)) ? 'yes' : 'no';
  // A manifest does not say which address the Service will have.
  if (!headless) return 'perhaps';
  if (hasBit(span.must, point)) return 'yes';
  return hasBit(span.may, point) ? 'perhaps' : 'no';
}
