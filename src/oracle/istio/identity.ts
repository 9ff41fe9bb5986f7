import type { Party } from '../party.ts';

/** Who a client is, as its certificate says. */
export interface Identity {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export function identityOf(party: Party): Identity | undefined {
  if (party.kind !== 'pod') return undefined;
  return { namespace: party.namespace, serviceAccount: party.shape.serviceAccount };
}

/** A pod that Istio made for a waypoint. */
export function isOfWaypoint(party: Party): boolean {
  return party.kind === 'pod' && party.shape.labels.get('gateway.istio.io/managed') === 'istio.io-mesh-controller';
}
