import type { CiliumPolicy, CiliumRule } from '#model/cilium.ts';
import type { CiliumMode } from './settings.ts';

/** Why the agent does not take a policy, by its settings and its version. */
export interface Refusal {
  /** Whether it is known that it is refused; else versions differ. */
  readonly isCertain: boolean;
  /** `names nodes with fromNodes …` */
  readonly message: string;
  readonly help: string;
}

/** Any entry that is refused takes the whole object out (pkg/policy/api Validate, which reads the settings). */
export function refusalOf(mode: CiliumMode, { specs }: Pick<CiliumPolicy, 'specs'>): Refusal | undefined {
  const entries = specs.flatMap(({ ingress, ingressDeny, egress, egressDeny }) => [
    ...ingress,
    ...ingressDeny,
    ...egress,
    ...egressDeny,
  ]);
  if (!mode.nodeSelectors && entries.some(({ peers }) => peers?.kind === 'nodes')) return NO_NODE_LABELS;
  if (!mode.proxy && entries.some(looksInside)) return NO_PROXY;
  if (mode.minor !== undefined && mode.minor >= 17) return undefined;
  const isMixed = entries.some(({ peers, ports }) => peers?.kind === 'services' && ports !== undefined);
  return isMixed ? { isCertain: mode.minor !== undefined, ...SERVICES_AND_PORTS } : undefined;
}

function looksInside({ ports }: CiliumRule): boolean {
  return (ports ?? []).some(({ http, dns, kafka }) => (http ?? dns ?? kafka) !== undefined);
}

const NO_NODE_LABELS: Refusal = {
  isCertain: true,
  message: 'names nodes with `fromNodes` or `toNodes`, which Cilium refuses while labels of nodes are off',
  help: 'set enable-node-selector-labels: "true" in ConfigMap cilium-config',
};
const NO_PROXY: Refusal = {
  isCertain: true,
  message: 'looks into requests, which Cilium refuses while its proxy is off',
  help: 'set enable-l7-proxy: "true" in ConfigMap cilium-config, or take `rules` out',
};
const SERVICES_AND_PORTS: Omit<Refusal, 'isCertain'> = {
  message: 'has `toServices` and `toPorts` in one entry, which Cilium refuses before 1.17',
  help: 'take `toPorts` out, or update Cilium',
};
