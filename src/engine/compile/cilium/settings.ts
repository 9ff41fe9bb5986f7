import type { Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** How Cilium is set up: ConfigMap `cilium-config`, then what the profile fixes, then Cilium's own defaults. */
export interface CiliumMode {
  readonly enforcement: 'default' | 'always' | 'never';
  /** Whether policy is only logged. */
  readonly audit: boolean;
  readonly hostFirewall: boolean;
  readonly nodeSelectors: boolean;
  readonly cidrsMatchNodes: boolean;
  /** From 1.20 on. */
  readonly cidrsMatchPods: 'yes' | 'no' | 'perhaps';
  readonly hostAlwaysEnters: boolean;
  readonly nonDefaultDeny: boolean;
  readonly clusterPolicies: boolean;
  readonly proxy: boolean;
  /** Whether handshakes of mutual authentication are set up; undefined where nothing says. */
  readonly authentication: boolean | undefined;
  /** Whether SCTP is let through at all; undefined where nothing says. */
  readonly sctp: boolean | undefined;
  /** Whether redirects to pods of the own node are on; undefined where nothing says. */
  readonly redirects: boolean | undefined;
  /** Whether egress gateways are on; undefined where nothing says. */
  readonly gateways: boolean | undefined;
  /** The name of the cluster; undefined where nothing says. */
  readonly cluster: string | undefined;
  /** Prefixes of labels that are, and are not, part of an identity, besides the built-in ones. */
  readonly labels: string;
  /** The minor version; undefined where not known. */
  readonly minor: number | undefined;
  readonly settings: ReadonlyMap<string, string>;
}

export const CONFIG_NAME = 'cilium-config';

export function ciliumModeOf({ cilium }: Profile, { configMaps }: Snapshot): CiliumMode {
  const config = configMaps.find(({ name }) => name === CONFIG_NAME)?.data;
  const settings = new Map([...Object.entries(cilium?.settings ?? {}), ...(config ?? [])]);
  const is = (key: string, fallback: boolean) => (settings.get(key) ?? `${fallback}`) === 'true';
  // What is off by itself is known to be off where the whole configuration is in the input.
  const isKnown = (key: string) => (settings.has(key) || config !== undefined ? is(key, false) : undefined);
  const modes = (settings.get('policy-cidr-match-mode') ?? '').split(/[\s,]+/);
  const enforcement = settings.get('enable-policy')?.toLowerCase();
  return {
    enforcement: enforcement === 'always' || enforcement === 'never' ? enforcement : 'default',
    audit: is('policy-audit-mode', false),
    hostFirewall: is('enable-host-firewall', false),
    nodeSelectors: is('enable-node-selector-labels', false),
    cidrsMatchNodes: modes.includes('nodes'),
    cidrsMatchPods: modes.includes('pods') ? sinceVersion(cilium?.minor, 20) : 'no',
    hostAlwaysEnters: settings.get('allow-localhost')?.toLowerCase() !== 'policy',
    nonDefaultDeny: is('enable-non-default-deny-policies', true),
    clusterPolicies: is('enable-k8s-cluster-network-policy', false),
    proxy: is('enable-l7-proxy', true),
    authentication: isKnown('mesh-auth-mutual-enabled'),
    sctp: isKnown('enable-sctp'),
    redirects: isKnown('enable-local-redirect-policy'),
    gateways: isKnown('enable-egress-gateway') === true ? true : isKnown('enable-ipv4-egress-gateway'),
    cluster: settings.get('cluster-name') ?? (config === undefined ? undefined : 'default'),
    labels: settings.get('labels') ?? '',
    minor: cilium?.minor,
    settings,
  };
}

function sinceVersion(minor: number | undefined, first: number): 'yes' | 'no' | 'perhaps' {
  if (minor === undefined) return 'perhaps';
  return minor >= first ? 'yes' : 'no';
}
