import { isEmpty } from '#base/bits.ts';
import type { IstioAuthorization } from '#model/istio.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { EncryptionSource } from '../../encryption.ts';
import type { Layer, Level, Policy, Rewrite, Stack, Tier } from '../../form.ts';
import type { Mentions } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { askProvider, compileAuthorizations, type Enforced } from './authorization.ts';
import { encryptionOf } from './encryption.ts';
import { compileForced } from './forced.ts';
import { mentionsOfIstio } from './mentions.ts';
import { type Mesh, meshOf } from './mesh.ts';
import { compileRegistry } from './registry.ts';
import { rewritesOf } from './rewrites.ts';
import { compileTransport, compileUnseen } from './transport.ts';
import { compileAtGateways, compileAtWaypoints, compileBypass } from './waypoint-policies.ts';

export function istioMentions(snapshot: Snapshot): Mentions {
  return mentionsOfIstio(snapshot);
}

/**
 * What the proxies of the mesh enforce: at the destination first what they take at all (PeerAuthentication), then
 * CUSTOM, DENY and ALLOW of AuthorizationPolicy; at the source REGISTRY_ONLY. Undefined where none of it says anything.
 */
export function istioLayer(compiling: Compiling, snapshot: Snapshot): Layer | undefined {
  const mesh = meshOf(compiling, snapshot);
  if (mesh === undefined) return undefined;
  const ingress = ingressOf(mesh);
  const egress = egressOf(mesh);
  return ingress.length + egress.length === 0 ? undefined : { name: 'mesh', ingress, egress };
}

/** What waypoints enforce, on the connections that come through them: both they and the proxies of the pods must let one. */
export function istioWaypointLayer(compiling: Compiling, snapshot: Snapshot): Layer | undefined {
  const mesh = meshOf(compiling, snapshot);
  if (mesh === undefined || mesh.waypoints.all.length === 0) return undefined;
  const allows = compileAtWaypoints(mesh, 'ALLOW');
  const bypass = compileBypass(mesh, allows);
  const tiers: Tier[] = [
    tier('waypoint CUSTOM', waypointProviders(mesh)),
    tier('waypoint DENY', compileAtWaypoints(mesh, 'DENY')),
    { name: 'waypoint ALLOW', levels: bypass === undefined ? [] : [[bypass], allows], onEnd: 'deny' },
  ];
  const ingress = tiers.filter(hasPolicies);
  return ingress.length === 0 ? undefined : { name: 'mesh', ingress, egress: [] };
}

/** HBONE, as the network sees it: TCP 15008 in place of the port that it carries. */
export function istioRewrites(compiling: Compiling, snapshot: Snapshot): readonly Rewrite[] {
  const mesh = meshOf(compiling, snapshot);
  return mesh === undefined ? [] : rewritesOf(mesh);
}

export function istioEncryption(compiling: Compiling, snapshot: Snapshot): EncryptionSource {
  const mesh = meshOf(compiling, snapshot);
  return mesh === undefined ? { name: 'istio', between: () => undefined } : encryptionOf(mesh);
}

function egressOf(mesh: Mesh): Stack {
  return [tier('mutual TLS', compileForced(mesh)), tier('REGISTRY_ONLY', compileRegistry(mesh), 'deny')].filter(
    hasPolicies,
  );
}

function ingressOf(mesh: Mesh): Stack {
  if (mesh.snapshot.peerAuthentications.length + mesh.snapshot.istioAuthorizations.length === 0) return [];
  const tiers = [tier('transport', compileTransport(mesh)), ...authorizationTiers(mesh)].filter(hasPolicies);
  return tiers.length === 0 ? [] : [tier('not captured', [compileUnseen(mesh)]), ...tiers];
}

function tier(name: string, level: Level, onEnd: Tier['onEnd'] = 'pass'): Tier {
  return { name, levels: [level], onEnd };
}

function hasPolicies({ levels }: Tier): boolean {
  return levels.some((level) => level.length > 0);
}

function authorizationTiers(mesh: Mesh): Tier[] {
  const enforced = enforcedBy(mesh);
  const compiled = (action: 'DENY' | 'ALLOW' | 'CUSTOM') => compileAuthorizations(mesh, action, enforced);
  return [
    tier('CUSTOM', customPolicies(mesh, enforced)),
    tier('DENY', compiled('DENY')),
    tier('ALLOW', compiled('ALLOW'), 'deny'),
  ];
}

function enforcedBy(mesh: Mesh): readonly Enforced[] {
  const { istioAuthorizations } = mesh.snapshot;
  const plain = istioAuthorizations.filter(({ targetRefs }) => targetRefs.length === 0);
  const byEnvoy = [...plain, ...compileAtGateways(mesh)];
  const ambient = isEmpty(mesh.membership.ambient.may) ? [] : plain;
  return [
    ...byEnvoy.map((policy): Enforced => ({ policy, reading: 'envoy' })),
    ...ambient.map((policy): Enforced => ({ policy, reading: 'ztunnel' })),
  ];
}

function customPolicies(mesh: Mesh, enforced: readonly Enforced[]): Policy[] {
  return enforced.flatMap((each) =>
    compileAuthorizations(mesh, 'CUSTOM', [each]).map((policy) => askProvider(policy, isSetUp(mesh, each.policy))),
  );
}

function waypointProviders(mesh: Mesh): Policy[] {
  const policies = compileAtWaypoints(mesh, 'CUSTOM');
  return policies.map((policy) => askProvider(policy, true));
}

/** Where the mesh configuration is not in the input a provider is taken to be set up. */
function isSetUp({ config }: Mesh, { provider = '' }: IstioAuthorization): boolean {
  return !config.given || config.authorizers.has(provider);
}
