import { escapeControl } from '#base/escape.ts';
import { hostEndpointsOf } from '#engine/compile/calico/auto-hosts.ts';
import { enforcedPolicies, orderedTiers } from '#engine/compile/calico/tiers.ts';
import type { CalicoEntity, CalicoPolicy, CalicoRule, CalicoSelectorNode } from '#model/calico.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Origin } from '#model/origin.ts';
import type { Direction, Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** Calico gives pods no label of the service account where its name is longer. */
const LONGEST_ACCOUNT = 62;
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** Policies that are taken as they stand and do something else than they seem to. */
export function readOtherwise(snapshot: Snapshot, staged: boolean | undefined): Diagnostic[] {
  const hosts = hostEndpointsOf(snapshot).length;
  const policies = enforcedPolicies(snapshot, staged ?? false);
  return [
    ...denyLists(snapshot, policies),
    ...policies.flatMap((policy) => [
      ...ofHosts(policy, hosts),
      ...ofLabels(policy),
      ...DIRECTIONS.flatMap((direction) => policy[direction].flatMap((rule) => ofRule(policy, rule))),
    ]),
  ];
}

/** The end of a tier denies what none of its policies names. */
function denyLists(snapshot: Snapshot, policies: readonly CalicoPolicy[]): Diagnostic[] {
  return orderedTiers(snapshot, policies).flatMap(({ name, onEnd, policies: own }) =>
    DIRECTIONS.flatMap((direction) => {
      const governing = own.filter(
        ({ types, preDnat, doNotTrack }) => types.includes(direction) && !preDnat && !doNotTrack,
      );
      if (onEnd === 'pass' || governing.some((policy) => policy[direction].some(letsThrough))) return [];
      return governing
        .filter((policy) => policy[direction].some(deniesSome))
        .filter((policy) => !policy[direction].some(deniesAll))
        .map((policy) =>
          say('RF3012', policy, {
            message: `only denies in \`${direction}\`, and the end of tier \`${name}\` denies whatever it does not name too`,
            help: 'end it with a rule of action Pass, or set `defaultAction: Pass` on a tier of its own',
          }),
        );
    }),
  );
}

function letsThrough({ action }: CalicoRule): boolean {
  return action === 'allow' || action === 'pass';
}

function deniesSome({ action }: CalicoRule): boolean {
  return action === 'deny';
}

function deniesAll(rule: CalicoRule): boolean {
  const { protocol, notProtocol, ipVersion, source, destination } = rule;
  return (
    rule.action === 'deny' &&
    (protocol ?? notProtocol ?? ipVersion) === undefined &&
    [source, destination].every(restrictsNothing)
  );
}

function restrictsNothing(entity: CalicoEntity): boolean {
  const { nets, notNets, ports, notPorts, ...selectors } = entity;
  return (
    nets.length + notNets.length + ports.length + notPorts.length === 0 &&
    Object.values(selectors).every((selector) => selector === undefined)
  );
}

function ofHosts(policy: CalicoPolicy, hosts: number): Diagnostic[] {
  const { preDnat, doNotTrack, namespace, selector, namespaceSelector, serviceAccountSelector } = policy;
  if ((preDnat || doNotTrack) && hosts === 0) {
    const message = 'is for host endpoints only, and none is in the input';
    return [say('RF3010', policy, { message, help: 'add the HostEndpoint objects, or `autoCreate` them' })];
  }
  const all = namespace === '' && selector.node.kind === 'all' && !preDnat && !doNotTrack;
  if (!all || hosts === 0 || (namespaceSelector ?? serviceAccountSelector) !== undefined) return [];
  return [
    say('RF3012', policy, {
      message: 'selects host endpoints too: `all()` without `namespaceSelector` is not only pods',
      help: 'select pods with `namespaceSelector: all()`',
    }),
  ];
}

function ofLabels(policy: CalicoPolicy): Diagnostic[] {
  const entities = DIRECTIONS.flatMap((direction) =>
    policy[direction].flatMap(({ source, destination }) => [source, destination]),
  );
  const selectors = [policy.selector, ...entities.flatMap(({ selector, notSelector }) => [selector, notSelector])];
  const wrong = selectors.find((selector) => selector !== undefined && asks(selector.node, NAMESPACE_NAME));
  if (wrong === undefined) return [];
  const message = `asks for \`${NAMESPACE_NAME}\` among the labels of endpoints, which do not have it`;
  const help = "ask for it in `namespaceSelector`, or for `projectcalico.org/namespace == '…'` here";
  return [say('RF3012', policy, { message, help, origin: wrong.origin })];
}

function asks(node: CalicoSelectorNode, key: string): boolean {
  switch (node.kind) {
    case 'all':
    case 'global':
      return false;
    case 'not':
      return asks(node.inner, key);
    case 'and':
    case 'or':
      return node.parts.some((part) => asks(part, key));
    default:
      return node.key === key;
  }
}

function ofRule(policy: CalicoPolicy, { source, destination, path, origin }: CalicoRule): Diagnostic[] {
  return [source, destination].flatMap((entity) => {
    const found: Diagnostic[] = [];
    const { selector, notSelector, namespaceSelector, serviceAccounts } = entity;
    if (policy.namespace !== '' && notSelector !== undefined && (selector ?? namespaceSelector) === undefined) {
      const message = `\`${path}\` means endpoints of its own namespace only: \`notSelector\` matches no address outside`;
      found.push(
        say('RF3012', policy, { message, help: 'write the blocks in `notNets` for addresses outside', origin }),
      );
    }
    for (const name of serviceAccounts?.names ?? []) {
      if (name.length <= LONGEST_ACCOUNT) continue;
      const message = `\`${path}\` never matches service account \`${escapeControl(name)}\`: a label has no room for its name`;
      found.push(say('RF3010', policy, { message, help: 'match it by `serviceAccounts.selector`', origin }));
    }
    return found;
  });
}

interface Said {
  readonly message: string;
  readonly help: string;
  readonly origin?: Origin;
}

/** A diagnostic about one policy. */
export function say(
  code: 'RF3010' | 'RF3011' | 'RF3012',
  { kind, namespace, name, ...resource }: Resource,
  { message, help, origin = resource.origin }: Said,
): Diagnostic {
  const object = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  return { code, severity: CODES[code].severity, message: `${object} ${message}`, help, object, origin };
}
