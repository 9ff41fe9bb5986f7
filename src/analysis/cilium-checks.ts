import { isEmpty } from '#base/bits.ts';
import { ciliumModeOf } from '#engine/compile/cilium/settings.ts';
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
  const found: Diagnostic[] = [...switchedOff(snapshot, mode)];
  const counts = mode.enforcement !== 'never' && !mode.audit;
  for (const policy of snapshot.ciliumPolicies) {
    const nodes = policy.specs.some(({ nodeSelector }) => nodeSelector !== undefined);
    if (nodes && !mode.hostFirewall) found.push(say('RF3010', policy, NO_HOST_FIREWALL));
    else if (
      counts &&
      compiling.world.units.length > 0 &&
      !selecting.has(`${policy.kind} ${policy.namespace}/${policy.name}`)
    )
      found.push(say('RF3003', policy, { message: 'selects no endpoint of the input' }));
    for (const spec of policy.specs) found.push(...ofSpec(snapshot, policy, spec));
  }
  return found;
}

const NO_HOST_FIREWALL = {
  message: 'is for nodes, and the host firewall is off: it has no effect',
  help: 'set enable-host-firewall: "true" in ConfigMap cilium-config',
};

function switchedOff(
  { configMaps, ciliumPolicies, networkPolicies }: Snapshot,
  mode: ReturnType<typeof ciliumModeOf>,
): Diagnostic[] {
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

function ofSpec(snapshot: Snapshot, policy: Resource, spec: CiliumSpec): Diagnostic[] {
  const entries = [...spec.ingress, ...spec.ingressDeny, ...spec.egress, ...spec.egressDeny];
  return [
    ...missingGroups(snapshot, policy, entries),
    ...namesUnlearnt(snapshot, policy, spec),
    ...deniesOnly(policy, spec),
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
        message: `names CiliumCIDRGroup \`${group}\`, which is not in the input: the entry means nobody and isolates all the same`,
        help: 'add the group, or correct the name',
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
  code: 'RF3003' | 'RF3010' | 'RF3011' | 'RF3012' | 'RF4003',
  { kind, namespace, name, origin }: Resource,
  { message, help = CODES[code].fix }: { readonly message: string; readonly help?: string },
): Diagnostic {
  const object = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  return { code, severity: CODES[code].severity, message: `${object} ${message}`, help, object, origin };
}
