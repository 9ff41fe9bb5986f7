import { isEmpty } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import { keysOf } from '#engine/compile/cilium/identities.ts';
import { labelFilterOf } from '#engine/compile/cilium/label-filter.ts';
import { asSpec } from '#engine/compile/cilium/network-policy.ts';
import { isMeant } from '#engine/compile/cilium/peers.ts';
import { type CiliumMode, ciliumModeOf } from '#engine/compile/cilium/settings.ts';
import { refusalOf } from '#engine/compile/cilium/validity.ts';
import type { Engine } from '#engine/engine.ts';
import type { CiliumRule, CiliumSpec } from '#model/cilium.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** What Cilium takes and does otherwise than it reads. */
export function checkCilium(snapshot: Snapshot, { compiling, options, reach }: Engine): Diagnostic[] {
  if (options.profile.model !== 'cilium') return [];
  const mode = ciliumModeOf(options.profile, snapshot);
  const selecting = new Set(
    [...reach.ingress.parts, ...reach.egress.parts]
      .flatMap(({ policies }) => policies.places)
      .filter(({ policy }) => !isEmpty(policy.subject.may))
      .map(({ policy }) => `${policy.ref.kind} ${policy.ref.namespace}/${policy.ref.name}`),
  );
  const found: Diagnostic[] = [...switchedOff(snapshot, mode), ...pathsOff(snapshot, mode)];
  const counts = mode.enforcement !== 'never' && !mode.audit;
  for (const policy of snapshot.ciliumPolicies) {
    const refusal = refusalOf(mode, policy);
    if (refusal !== undefined) found.push(say(refusal.isCertain ? 'RF2016' : 'RF3012', policy, refusal));
    if (refusal?.isCertain === true) continue;
    const nodes = policy.specs.some(({ nodeSelector }) => nodeSelector !== undefined);
    if (nodes && !mode.hostFirewall) found.push(say('RF3010', policy, NO_HOST_FIREWALL));
    else if (
      counts &&
      compiling.world.units.length > 0 &&
      !selecting.has(`${policy.kind} ${policy.namespace}/${policy.name}`)
    )
      found.push(say('RF3003', policy, { message: 'selects no endpoint of the input' }));
    for (const spec of policy.specs) found.push(...ofSpec({ snapshot, mode, policy, spec }));
  }
  for (const policy of snapshot.networkPolicies) found.push(...keysLeftOut(mode, policy, asSpec(policy)));
  return found;
}

const NO_HOST_FIREWALL = {
  message: 'is for nodes, and the host firewall is off: it has no effect',
  help: 'set enable-host-firewall: "true" in ConfigMap cilium-config',
};

function switchedOff({ configMaps, ciliumPolicies, networkPolicies }: Snapshot, mode: CiliumMode): Diagnostic[] {
  const config = configMaps.find(({ name }) => name === 'cilium-config');
  if (config === undefined || (mode.enforcement !== 'never' && !mode.audit)) return [];
  if (ciliumPolicies.length + networkPolicies.length === 0) return [];
  const why = mode.audit ? 'policy-audit-mode' : 'enable-policy: never';
  return [
    say('RF4003', config, {
      message: `sets ${why}: no policy is enforced`,
      help: 'change the setting to have policies enforced',
    }),
  ];
}

/** Redirects and gateways that the settings leave without effect. */
function pathsOff({ ciliumRedirects, ciliumEgressGateways }: Snapshot, mode: CiliumMode): Diagnostic[] {
  const off = (object: Resource, key: string) =>
    say('RF3010', object, {
      message: `has no effect: ${key} is not on`,
      help: `set ${key}: "true" in ConfigMap cilium-config`,
    });
  return [
    ...(mode.redirects === false ? ciliumRedirects : []).map((each) => off(each, 'enable-local-redirect-policy')),
    ...(mode.gateways === false ? ciliumEgressGateways : []).map((each) => off(each, 'enable-egress-gateway')),
  ];
}

interface Subject {
  readonly snapshot: Snapshot;
  readonly mode: CiliumMode;
  readonly policy: Resource;
  readonly spec: CiliumSpec;
}

function ofSpec({ snapshot, mode, policy, spec }: Subject): Diagnostic[] {
  const entries = [...spec.ingress, ...spec.ingressDeny, ...spec.egress, ...spec.egressDeny];
  return [
    ...missingGroups(snapshot, policy, entries),
    ...missingServices(snapshot, policy, entries),
    ...namesUnlearnt(snapshot, policy, spec),
    ...deniesOnly(policy, spec),
    ...keysLeftOut(mode, policy, spec),
    ...authentication(mode, policy, entries),
  ];
}

/** Selectors on labels that are in no identity: they match nobody, or everybody. */
function keysLeftOut({ labels }: CiliumMode, policy: Resource, spec: CiliumSpec): Diagnostic[] {
  const keeps = labelFilterOf(labels);
  const entries = [...spec.ingress, ...spec.ingressDeny, ...spec.egress, ...spec.egressDeny];
  const selectors = [
    ...(spec.endpointSelector === undefined ? [] : [spec.endpointSelector]),
    ...entries.flatMap(({ peers }) => (peers?.kind === 'endpoints' ? peers.selectors : [])),
  ];
  const dropped = new Set(selectors.flatMap(keysOf).filter((key) => !keeps(key)));
  return [...dropped].map((key) =>
    say('RF3012', policy, {
      message: `selects by label \`${escapeControl(key)}\`, which is in no identity: no pod has it for Cilium`,
      help: 'select by another label, or add this one to `labels` in ConfigMap cilium-config',
    }),
  );
}

/** Mutual authentication proves who speaks and leaves what they say readable. */
function authentication(mode: CiliumMode, policy: Resource, entries: readonly CiliumRule[]): Diagnostic[] {
  if (!entries.some((entry) => entry.authentication === 'required')) return [];
  if (mode.authentication === false) {
    const message = 'asks for mutual authentication, which is not set up: what it allows is dropped, or not checked';
    return [
      say('RF3012', policy, { message, help: 'set it up (mesh-auth-mutual-enabled), or take `authentication` out' }),
    ];
  }
  if (mode.settings.get('enable-wireguard') === 'true' || mode.settings.get('enable-ipsec') === 'true') return [];
  const message = 'asks for mutual authentication, which proves who speaks and encrypts nothing';
  return [
    say('RF3012', policy, { message, help: 'switch on WireGuard or IPsec besides, where it must not be readable' }),
  ];
}

function missingGroups({ ciliumCidrGroups }: Snapshot, policy: Resource, entries: readonly CiliumRule[]): Diagnostic[] {
  const known = new Set(ciliumCidrGroups.map(({ name }) => name));
  const named = entries.flatMap(({ peers }) =>
    peers?.kind === 'cidrs' ? peers.blocks.flatMap(({ group }) => (group === undefined ? [] : [group])) : [],
  );
  return [...new Set(named)]
    .filter((group) => !known.has(group))
    .map((group) =>
      say('RF3011', policy, {
        message: `names CiliumCIDRGroup \`${escapeControl(group)}\`, which is not in the input: the entry means nobody and isolates all the same`,
        help: 'add the group, or correct the name',
      }),
    );
}

function missingServices({ services }: Snapshot, policy: Resource, entries: readonly CiliumRule[]): Diagnostic[] {
  const wanted = entries.flatMap(({ peers }) => (peers?.kind === 'services' ? peers.services : []));
  return wanted
    .filter((each) => each.name !== undefined && !services.some((service) => isMeant(service, each)))
    .map(({ namespace, name = '' }) =>
      say('RF3011', policy, {
        message: `names Service \`${escapeControl(`${namespace}/${name}`)}\`, which is not in the input: the entry means nobody`,
        help: 'add the Service, or correct the name',
      }),
    );
}

/** Names are learnt from answers that the DNS proxy sees, and it sees those of rules with `rules.dns` only. */
function namesUnlearnt({ ciliumPolicies }: Snapshot, policy: Resource, { egress }: CiliumSpec): Diagnostic[] {
  if (!egress.some(({ peers }) => peers?.kind === 'names')) return [];
  const anyDns = ciliumPolicies.some(({ specs }) =>
    specs.some((spec) => spec.egress.some(({ ports }) => ports?.some(({ dns }) => dns !== undefined))),
  );
  if (anyDns) return [];
  return [
    say('RF3010', policy, {
      message:
        'allows names with `toFQDNs`, and no rule sends questions to DNS through the proxy: no address is ever learnt',
      help: 'add an egress entry to the DNS server with `toPorts[].rules.dns`',
    }),
  ];
}

function deniesOnly(policy: Resource, spec: CiliumSpec): Diagnostic[] {
  return (['ingress', 'egress'] as const)
    .filter(
      (direction) =>
        spec[`${direction}Deny`].length > 0 &&
        spec[direction].length === 0 &&
        spec.defaultDeny[direction] === undefined,
    )
    .map((direction) =>
      say('RF3012', policy, {
        message: `has only denials for ${direction}, which isolate as well: everything else needs an allow`,
        help: `set enableDefaultDeny.${direction}: false to deny nothing but these`,
      }),
    );
}

function say(
  code: 'RF2016' | 'RF3003' | 'RF3010' | 'RF3011' | 'RF3012' | 'RF4003',
  { kind, namespace, name, origin }: Resource,
  { message, help = CODES[code].fix }: { readonly message: string; readonly help?: string },
): Diagnostic {
  const object = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  return { code, severity: CODES[code].severity, message: `${object} ${message}`, help, object, origin };
}
