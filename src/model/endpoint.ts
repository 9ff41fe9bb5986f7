import type { AddressRange } from '#base/address.ts';
import type { Origin } from './origin.ts';

/**
 * Something that sends or receives traffic. A workload's pods are one endpoint as long as no policy can tell them
 * apart; where one can, each part is an endpoint of its own and names its pods.
 */
export type Endpoint = WorkloadEndpoint | NodeEndpoint | ExternalEndpoint | DomainEndpoint | PotentialEndpoint;

export interface WorkloadEndpoint {
  readonly kind: 'workload';
  /** `shop/Deployment/web`, with `#2` behind it for the second part of a workload that was split. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  /** `Deployment`, `Pod`, … */
  readonly workload: string;
  /** Names of the pods in the input; empty when only the template is known. */
  readonly pods: readonly string[];
  readonly hostNetwork: boolean;
  readonly origin: Origin;
}

export interface NodeEndpoint {
  readonly kind: 'node';
  /** `node:NAME` */
  readonly id: string;
  readonly name: string;
  readonly origin: Origin;
}

/** Addresses that no endpoint of the snapshot owns and that no rule tells apart. */
export interface ExternalEndpoint {
  readonly kind: 'external';
  /** `external:1` */
  readonly id: string;
  readonly ranges: readonly AddressRange[];
}

/** A domain name that a question asks about. */
export interface DomainEndpoint {
  readonly kind: 'domain';
  /** `dns:api.example.com` */
  readonly id: string;
  readonly name: string;
}

/** A pod that is not in the input but could appear: what `expose` asks about. */
export interface PotentialEndpoint {
  readonly kind: 'potential';
  readonly id: string;
  /** Of an existing namespace, or undefined for a namespace that is not in the input either. */
  readonly namespace?: string;
  /** What it would have to carry, for people: `app=web in namespaces with team=a`. */
  readonly description: string;
}

/** Of an endpoint by its id: `shop/Deployment/web`, `ns:shop`, `pod:shop/web-1`. Undefined for what is in none. */
export function namespaceOf(id: string): string | undefined {
  if (id.startsWith('ns:')) return id.slice(3);
  const own = id.startsWith('pod:') ? id.slice(4) : id;
  const slash = own.indexOf('/');
  return slash > 0 ? own.slice(0, slash) : undefined;
}
