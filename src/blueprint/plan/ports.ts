import type { Choices, PrivateService } from '../choices/choices.ts';
import { doorOf } from './way-in.ts';

/** Ports that Services may listen on: HTTPS, and those of the databases and metrics that clusters have inside. */
export const ALLOWED_SERVICE_PORTS: readonly number[] = [443, 8080, 8443, 9090];

/** Of Services: what clients ask for. */
export const SERVICE_PORT = 443;

/** Of pods: HTTP where a mesh or the engine encrypts every step of the way, HTTPS of their own where nothing does. */
export function workloadPort(choices: Choices): number {
  const isEncrypted = choices.mesh !== 'none' && !['containers', 'balancers'].includes(doorOf(choices));
  return isEncrypted ? 8080 : 8443;
}

/**
 * On the wire between pods. Newer proxies of Linkerd send everything to one port of each other, older ones to that of
 * the workload (chart value `proxy.outboundTransportMode`): policies allow both, as either may run.
 */
export function wirePorts(choices: Choices): readonly number[] {
  return choices.mesh === 'linkerd' ? [workloadPort(choices), 4143] : [workloadPort(choices)];
}

/** Where the proxy of the gateway has its metrics. */
export const GATEWAY_METRICS = 15_020;

/** Of pods: what is scraped. In a mesh it is that of the proxy, which stands beside mutual TLS. */
export function metricsPort({ mesh }: Choices): number {
  return mesh === 'istio' ? 15_020 : mesh === 'linkerd' ? 4191 : 9090;
}

/** Where the services of Azure listen behind their private endpoints. */
export const PRIVATE_PORTS: Readonly<Record<PrivateService, number>> = {
  postgresql: 5432,
  sql: 1433,
  storage: 443,
  'service-bus': 5671,
  redis: 6380,
};
