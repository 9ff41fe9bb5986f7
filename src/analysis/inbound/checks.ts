import { isWithin } from '#base/address.ts';
import { givenGroup } from '#engine/compile/azure/fronts.ts';
import {
  accessOf,
  type ControllerRule,
  controllerRules,
  frontendAddresses,
} from '#engine/compile/azure/load-balancers.ts';
import { azureViewOf } from '#engine/compile/azure/view.ts';
import type { AddressItem, PortItem } from '#model/azure/entity.ts';
import type { SecurityGroup, SecurityRule } from '#model/azure/network.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Service } from '#model/exposure.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** What Services ask of Azure's controller and do not get, and where its group is not as it would write it. */
export function checkLoadBalancers(snapshot: Snapshot): Diagnostic[] {
  const view = azureViewOf(snapshot);
  if (view === undefined) return [];
  const group = givenGroup(view);
  const differences = group === undefined ? [] : differencesOf(group, controllerRules(snapshot.services));
  return [...snapshot.services.flatMap(sourceProblems), ...differences];
}

function sourceProblems(service: Service): Diagnostic[] {
  const access = accessOf(service);
  if (access === undefined) return [];
  if (access.kind === 'refused')
    return [say('RF5131', service, 'has both `spec.loadBalancerSourceRanges` and ranges in an annotation')];
  const { invalid, tags, fieldRanges, annotatedRanges } = access;
  const entries = invalid.map((text) => JSON.stringify(text)).join(', ');
  return [
    ...(invalid.length === 0
      ? []
      : [
          say(
            'RF5132',
            service,
            `has ${entries} among its ranges, which the controller takes for no range: all that is not allowed otherwise is denied`,
          ),
        ]),
    ...(tags.length === 0 || fieldRanges.length + annotatedRanges.length === 0
      ? []
      : [
          say('RF5132', service, `has both service tags and ranges: what is in either gets through the security group`),
        ]),
  ];
}

function say(code: 'RF5131' | 'RF5132', { kind, namespace, name, origin }: Service, message: string): Diagnostic {
  const object = `${kind} ${namespace}/${name}`;
  return { code, severity: CODES[code].severity, message: `${object} ${message}`, object, origin };
}

// ---------------------------------------------------------------- the group as it is

/** Only where the address of a frontend is known can a rule be missing: the controller writes it once it is given out. */
function differencesOf(group: SecurityGroup, written: readonly ControllerRule[]): Diagnostic[] {
  const own = group.rules.filter(({ direction }) => direction === 'ingress');
  const missing = written.filter(
    ({ services, rule }) => services.some((service) => isServed(service)) && !own.some((each) => covers(each, rule)),
  );
  const added = own.filter((rule) => !/^k8s-azure-lb_/i.test(rule.name) && !isOld(rule));
  return [
    ...missing.map(({ rule, services }) =>
      differs(
        group,
        `lacks the rule ${rule.name} for ${services.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}`,
      ),
    ),
    ...added.map((rule) => differs(group, `has the rule \`${rule.name}\`, which the controller does not write`)),
  ];
}

function differs({ name, origin }: SecurityGroup, message: string): Diagnostic {
  const object = `NetworkSecurityGroup ${name}`;
  return { code: 'RF5133', severity: CODES.RF5133.severity, message: `${object} ${message}`, object, origin };
}

function isServed(service: Service): boolean {
  return frontendAddresses(service).length > 0;
}

/** Controllers before 2024 named a rule after the uid of the Service: `a0123…-TCP-443-Internet`. */
function isOld({ name }: SecurityRule): boolean {
  return /^a[0-9a-f]{31}-/i.test(name);
}

function covers(own: SecurityRule, wanted: SecurityRule): boolean {
  return (
    own.access === wanted.access &&
    own.protocol === wanted.protocol &&
    wanted.sources.every((item) => own.sources.some((each) => isSameItem(each, item))) &&
    wanted.destinations.every((item) => own.destinations.some((each) => each.kind === 'any' || holds(each, item))) &&
    wanted.destinationPorts.every((port) => own.destinationPorts.some((each) => holdsPort(each, port)))
  );
}

function isSameItem(a: AddressItem, b: AddressItem): boolean {
  if (a.kind === 'tag' && b.kind === 'tag') return a.tag.toLowerCase() === b.tag.toLowerCase();
  if (a.kind === 'any' || b.kind === 'any') return a.kind === b.kind;
  return holds(a, b) && holds(b, a);
}

function holds(outer: AddressItem, inner: AddressItem): boolean {
  return outer.kind === 'range' && inner.kind === 'range' && isWithin(inner.range, outer.range);
}

function holdsPort(outer: PortItem, inner: PortItem): boolean {
  return outer.kind === 'range' && inner.kind === 'range' && outer.from <= inner.from && inner.to <= outer.to;
}
