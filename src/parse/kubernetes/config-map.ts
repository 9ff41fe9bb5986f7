import type { ConfigMap } from '#model/resource.ts';
import type { Meta } from './meta.ts';
import type { Reader } from './reader.ts';

/**
 * Whether a ConfigMap configures an engine or a mesh. Only these are read: others hold what is nobody's business here.
 * `istio`, `istio-<revision>`, `istio-sidecar-injector…` (Istio), `istio-asm-…` (the AKS add-on), `cilium-config`, `linkerd-config`.
 */
export function isConfiguration(name: string): boolean {
  return name === 'cilium-config' || name === 'linkerd-config' || name === 'istio' || name.startsWith('istio-');
}

export function readConfigMap(object: Reader, meta: Meta): ConfigMap {
  return { ...meta, kind: 'ConfigMap', data: new Map(object.pairs('data').map(({ key, text }) => [key, text])) };
}
