import type { Choices } from '../../choices/choices.ts';
import type { Design } from '../../plan/design.ts';
import { GATEWAY_METRICS, SERVICE_PORT } from '../../plan/ports.ts';
import type { Document } from '../../write/yaml.ts';
import { istioOfCluster } from './istio.ts';

/** The revision of the Istio add-on, which namespaces name to have proxies. */
export const ISTIO_REVISION = 'asm-1-27';

export function meshLabels({ mesh }: Choices): Readonly<Record<string, string>> {
  return mesh === 'istio' ? { 'istio.io/rev': ISTIO_REVISION } : {};
}

/** Linkerd refuses what no policy of it names, as its default is `deny`. */
export function meshAnnotations({ mesh }: Choices): Readonly<Record<string, string>> {
  return mesh === 'linkerd'
    ? { 'linkerd.io/inject': 'enabled', 'config.linkerd.io/default-inbound-policy': 'deny' }
    : {};
}

/** Who comes to the door is in no mesh: the proxy leaves the ports of the gateway to it, and carries what it sends. */
export function doorAnnotations({ mesh }: Choices): Readonly<Record<string, string>> {
  return mesh === 'linkerd' ? { 'config.linkerd.io/skip-inbound-ports': `${SERVICE_PORT},${GATEWAY_METRICS}` } : {};
}

/** What holds for the whole mesh. */
export function meshOfCluster({ choices }: Design): readonly Document[] {
  return choices.mesh === 'istio' ? istioOfCluster() : [];
}
