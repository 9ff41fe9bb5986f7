import type { Engine } from '#engine/engine.ts';
import type { MigrationCauseId, NotKept, Rewrite } from '#model/migration.ts';
import type { PlainObject } from '#model/plain.ts';
import type { Profile } from '#model/profile.ts';
import type { Direction, NetworkPolicy, NetworkPolicyRule } from '#model/resource.ts';
import { selectorManifest } from '../../manifests/selector.ts';
import { placeOf } from '../places.ts';

/** What a policy is rewritten for: its meaning under one engine, kept under another. */
export interface Keeping {
  readonly from: Engine;
  readonly to: Profile;
}

/**
 * How one policy goes on: itself, perhaps with other rules; policies beside it for what its own form cannot say; and what
 * cannot be said at all.
 */
export interface Kept {
  readonly policy: NetworkPolicy;
  readonly beside: readonly Rewrite[];
  readonly not: readonly NotKept[];
}

export type Keeper = (keeping: Keeping, policy: NetworkPolicy) => Kept;

/** A policy that says what it should already. */
export function unchanged(policy: NetworkPolicy): Kept {
  return { policy, beside: [], not: [] };
}

export function notKept(
  cause: MigrationCauseId,
  policy: NetworkPolicy,
  at: Pick<NotKept, 'why' | 'help'> & { readonly rule?: Pick<NetworkPolicyRule, 'path' | 'origin'> },
): NotKept {
  const { why, help, rule } = at;
  const place = { ...placeOf(policy), ...(rule && { path: rule.path, origin: rule.origin }) };
  return { cause, places: [place], why, help };
}

/** Rules that entities of Cilium have and NetworkPolicy cannot name, for the same pods in the same direction. */
export interface EntityRules {
  readonly direction: Direction;
  readonly suffix: string;
  readonly cause: MigrationCauseId;
  readonly rules: readonly { readonly entities: readonly string[]; readonly rule?: NetworkPolicyRule }[];
}

export function ciliumBeside(policy: NetworkPolicy, { direction, suffix, cause, rules }: EntityRules): Rewrite {
  const key = direction === 'ingress' ? 'fromEntities' : 'toEntities';
  const object: PlainObject = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: nameBeside(policy.name, suffix), namespace: policy.namespace },
    spec: {
      endpointSelector: selectorManifest(policy.podSelector),
      [direction]: rules.map(({ entities, rule }) => ({ [key]: entities, ...portsManifest(rule) })),
    },
  };
  return { action: 'add', for: placeOf(policy), causes: [cause], object };
}

/** Names of objects have at most 253 characters (RFC 1123 subdomain). */
const LONGEST_NAME = 253;

function nameBeside(name: string, suffix: string): string {
  return `${name.slice(0, LONGEST_NAME - suffix.length - 1)}-${suffix}`;
}

/** A port without a number is all of its protocol; Cilium writes that as port 0. */
function portsManifest(rule: NetworkPolicyRule | undefined): PlainObject {
  if (rule === undefined || rule.ports.length === 0) return {};
  const ports = rule.ports.map(({ protocol, port, endPort }) => ({
    port: `${port ?? 0}`,
    protocol,
    ...(endPort !== undefined && { endPort }),
  }));
  return { toPorts: [{ ports }] };
}
