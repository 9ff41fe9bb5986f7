import { isEmpty } from '#base/bits.ts';
import { ciliumModeOf } from '#engine/compile/cilium/settings.ts';
import type { Engine } from '#engine/engine.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Profile } from '#model/profile.ts';
import type { NetworkPolicy, Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { checkCalico } from './calico-checks.ts';
import { checkCilium } from './cilium-checks.ts';
import { checkLoadBalancers } from './inbound/checks.ts';
import { checkIstio } from './istio-checks.ts';
import { checkLinkerd } from './linkerd-checks.ts';

/** What the snapshot as a whole shows that no single object does: rules without effect, policies that select nobody. */
export function checkSnapshot(snapshot: Snapshot, engine: Engine): Diagnostic[] {
  return [
    ...snapshot.networkPolicies.flatMap((policy) => rulesLeftOut(policy, engine.options.profile)),
    ...selectNothing(snapshot, engine),
    ...snapshot.multiNetworkPolicies.map((policy) =>
      say('RF3006', policy, 'governs secondary networks only and takes no part in answers'),
    ),
    ...snapshot.secondaryNetworks
      .filter((network) => network.primary)
      .map((network) =>
        say('RF3007', network, 'is the primary network of its namespaces; answers about their pods are unknown'),
      ),
    ...notEnforced(snapshot, engine),
    ...checkCalico(snapshot, engine),
    ...checkCilium(snapshot, engine),
    ...checkIstio(snapshot, engine),
    ...checkLinkerd(snapshot, engine),
    ...checkLoadBalancers(snapshot),
  ];
}

function rulesLeftOut(policy: NetworkPolicy, { model }: Profile): Diagnostic[] {
  const directions = (['ingress', 'egress'] as const).filter(
    (d) => policy[d].length > 0 && !policy.policyTypes.includes(d),
  );
  return directions.map((direction) =>
    say(
      'RF3002',
      policy,
      `has \`${direction}\` rules that its policyTypes leave out${model === 'cilium' ? ': Cilium enforces them, and they isolate' : ''}`,
    ),
  );
}

function selectNothing(snapshot: Snapshot, { compiling, world }: Engine): Diagnostic[] {
  if (world.units.length === 0) return [];
  const { selection } = compiling;
  const network = snapshot.networkPolicies.filter((policy) => isEmpty(selection.pods(policy).may));
  const cluster = snapshot.clusterPolicies.filter((policy) => isEmpty(selection.pods(policy.subject).may));
  return [...network, ...cluster].map((policy) => say('RF3003', policy, 'selects no pod of the input'));
}

function notEnforced(snapshot: Snapshot, { options }: Engine): Diagnostic[] {
  const { profile } = options;
  if (profile.id === 'none') {
    const [first] = [...snapshot.networkPolicies, ...snapshot.clusterPolicies];
    return first === undefined
      ? []
      : [say('RF4003', first, 'and every other policy is inert: the profile `none` enforces nothing')];
  }
  const inert = snapshot.clusterPolicies.filter(
    ({ kind }) => !profile.enforces.includes(kind) && !isSwitchedOn(kind, profile, snapshot),
  );
  return [
    ...inert.map((policy) =>
      say('RF4004', policy, `is inert: the profile \`${profile.id}\` does not enforce ${policy.kind}`),
    ),
    ...foreign(snapshot, profile),
  ];
}

/** Cilium reads ClusterNetworkPolicy where a setting says so. */
function isSwitchedOn(kind: string, profile: Profile, snapshot: Snapshot): boolean {
  if (profile.model !== 'cilium' || kind !== 'ClusterNetworkPolicy') return false;
  return ciliumModeOf(profile, snapshot).clusterPolicies;
}

/** Policies of kinds that only another engine reads: told once for each engine, with the first of them. */
function foreign({ calicoPolicies, ciliumPolicies }: Snapshot, profile: Profile): Diagnostic[] {
  const calico = profile.model === 'calico' ? [] : calicoPolicies;
  const cilium = profile.model === 'cilium' ? [] : ciliumPolicies;
  return [
    { policies: calico, engine: 'Calico' },
    { policies: cilium, engine: 'Cilium' },
  ].flatMap(({ policies, engine }) => {
    const [first] = policies;
    if (first === undefined) return [];
    const more = policies.length === 1 ? 'does' : `and ${policies.length - 1} more policies of ${engine} do`;
    return [say('RF4008', first, `${more} not count: the profile \`${profile.id}\` is not ${engine}`)];
  });
}

const SEVERITY = {
  RF3002: 'warning',
  RF3003: 'warning',
  RF3006: 'info',
  RF3007: 'warning',
  RF4003: 'warning',
  RF4004: 'warning',
  RF4008: 'warning',
} as const;

function say(code: keyof typeof SEVERITY, resource: Resource, message: string): Diagnostic {
  const object = `${resource.kind} ${resource.namespace === '' ? '' : `${resource.namespace}/`}${resource.name}`;
  return { code, severity: SEVERITY[code], message: `${object} ${message}`, object, origin: resource.origin };
}
