import { type Cidr, formatRange } from '#base/address.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { LabelRequirement } from '#model/resource.ts';
import { metadataOf } from './labels.ts';
import {
  type Objecting,
  object,
  type PlainPeer,
  type PlainPods,
  type PlainPolicy,
  type PlainPort,
  type PlainRule,
} from './plain.ts';

const V3 = 'projectcalico.org/v3';
/** NetworkPolicy stands at this order of the tier `default`. */
const KUBERNETES_ORDER = 1000;
/** Denials of an API in which a denial always wins come before everything that allows. */
const DENIAL_ORDER = 500;
/** What every selector of pods asks besides: a network set has no orchestrator (libcalico-go k8s/conversion). */
const A_POD = "projectcalico.org/orchestrator == 'k8s'";

/** Tiers of their own where those stand that Calico makes for the cluster-wide kinds; both end in pass. */
export const TIERS = {
  Admin: { name: 'cluster-admin', order: 1000 },
  Baseline: { name: 'cluster-baseline', order: 10_000_000 },
} as const;

export function tierDocument(tier: keyof typeof TIERS): PlainObject {
  const { name, order } = TIERS[tier];
  return { apiVersion: V3, kind: 'Tier', metadata: { name }, spec: { order, defaultAction: 'Pass' } };
}

/** One document; two where an API without order denies and allows. */
export function writeCalico(policy: PlainPolicy, to: Objecting): PlainObject[] {
  const { place, rules } = policy;
  if (place !== undefined)
    return [documentOf(policy, to, { rules, tier: TIERS[place.tier].name, order: place.priority })];
  const denials = rules.filter(({ action }) => action === 'deny');
  const allows = rules.filter(({ action }) => action !== 'deny');
  if (denials.length === 0) return [documentOf(policy, to, { rules, order: KUBERNETES_ORDER })];
  const denying = { ...policy, name: `${policy.name}-deny` };
  return [
    documentOf(denying, to, { rules: denials, order: DENIAL_ORDER }),
    documentOf(policy, to, { rules: allows, order: KUBERNETES_ORDER }),
  ];
}

interface Part {
  readonly rules: readonly PlainRule[];
  readonly order: number;
  readonly tier?: string;
}

function documentOf(policy: PlainPolicy, to: Objecting, { rules, order, tier }: Part): PlainObject {
  const { namespace, name, source, isolates } = policy;
  const inDirection = (direction: 'ingress' | 'egress') =>
    rules.filter((rule) => rule.direction === direction).flatMap((rule) => rulesOf(rule, policy, to));
  const [ingress, egress] = [inDirection('ingress'), inDirection('egress')];
  const fullName = tier === undefined ? name : `${tier}.${name}`;
  return {
    apiVersion: V3,
    kind: namespace === '' ? 'GlobalNetworkPolicy' : 'NetworkPolicy',
    metadata: metadataOf(source, { namespace, name: fullName }),
    spec: {
      ...(tier !== undefined && { tier }),
      order,
      ...subjectOf(policy, to),
      types: isolates.map((direction) => (direction === 'ingress' ? 'Ingress' : 'Egress')),
      ...(ingress.length > 0 && { ingress }),
      ...(egress.length > 0 && { egress }),
    },
  };
}

function subjectOf({ subject, source }: PlainPolicy, to: Objecting): PlainObject {
  const spot = { path: 'spec', origin: source.origin };
  const selector = expressionOf(subject.pods ?? [], { to, spot });
  return {
    selector: selector === '' ? 'all()' : selector,
    ...(subject.namespaces !== undefined && {
      namespaceSelector: namespacesOf(subject.namespaces, { to, spot }),
    }),
  };
}

const ACTIONS = { allow: 'Allow', deny: 'Deny', pass: 'Pass' } as const;

/** A rule of Calico has one peer and one protocol. */
function rulesOf(rule: PlainRule, policy: PlainPolicy, to: Objecting): PlainObject[] {
  if (policy.place !== undefined && rule.ports?.some(({ protocol }) => protocol === 'any'))
    object(to, rule, [
      'ports',
      'Calico does not carry out ports by name of this kind, so nothing can be proven against it',
    ]);
  return rule.peers.flatMap((peer) => {
    const far = farEnd(peer, policy, { to, spot: rule });
    return portGroups(rule.ports).map(({ protocol, ports }): PlainObject => {
      const source = rule.direction === 'ingress' ? far : {};
      const destination = { ...(rule.direction === 'egress' ? far : {}), ...(ports.length > 0 && { ports }) };
      return {
        action: ACTIONS[rule.action],
        ...(protocol !== undefined && { protocol }),
        ...(Object.keys(source).length > 0 && { source }),
        ...(Object.keys(destination).length > 0 && { destination }),
      };
    });
  });
}

interface PortGroup {
  readonly protocol?: string;
  readonly ports: readonly PlainValue[];
}

function portGroups(ports: readonly PlainPort[] | undefined): PortGroup[] {
  if (ports === undefined) return [{ ports: [] }];
  const groups: PortGroup[] = [];
  for (const [protocol, list] of Map.groupBy(ports, (port) => port.protocol)) {
    const named = protocol === 'any' ? {} : { protocol };
    // A port of the protocol whatever its number is all of it.
    const whole = list.some((port) => !('from' in port) && !('name' in port));
    groups.push({ ...named, ports: whole ? [] : list.map(portText) });
  }
  return groups;
}

function portText(port: PlainPort): PlainValue {
  if ('name' in port) return port.name;
  if (!('from' in port)) return '';
  return port.from === port.to ? port.from : `${port.from}:${port.to}`;
}

function farEnd(peer: PlainPeer, policy: PlainPolicy, writing: Writing): PlainObject {
  switch (peer.kind) {
    case 'everybody':
      return {};
    case 'block':
      return {
        nets: [cidrText(peer.cidr)],
        ...(peer.except.length > 0 && { notNets: peer.except.map(cidrText) }),
      };
    case 'pods':
      return podsOf(peer, policy, writing);
  }
}

export function cidrText(cidr: Cidr): string {
  return formatRange(cidr)[0] ?? '';
}

function podsOf({ namespaces, pods }: PlainPods, { place }: PlainPolicy, writing: Writing): PlainObject {
  const own = expressionOf(pods ?? [], writing);
  // Calico's own reading of cluster-wide policies takes network sets of the namespaces for part of them.
  const isPlace = place !== undefined && pods === undefined;
  const selector = isPlace ? '' : own === '' ? A_POD : `${A_POD} && ${own}`;
  return {
    ...(selector !== '' && { selector }),
    ...(namespaces !== undefined && {
      namespaceSelector: namespacesOf(namespaces, writing),
    }),
  };
}

function namespacesOf(requirements: readonly LabelRequirement[], writing: Writing): string {
  const text = expressionOf(requirements, writing);
  return text === '' ? 'all()' : text;
}

// ---------------------------------------------------------------- selectors

interface Writing {
  readonly to: Objecting;
  readonly spot: { readonly path: string; readonly origin: PlainRule['origin'] };
}

function expressionOf(requirements: readonly LabelRequirement[], writing: Writing): string {
  return requirements.map((requirement) => termOf(requirement, writing)).join(' && ');
}

function termOf({ key, operator, values }: LabelRequirement, writing: Writing): string {
  const { to, spot } = writing;
  if (!/^[A-Za-z0-9_./-]{1,512}$/.test(key))
    object(to, spot, ['selector', `Calico has no way to write the label \`${key}\``]);
  const texts = values.map((value) => quoted(value, writing));
  const [first = "''", ...others] = texts;
  switch (operator) {
    case 'In':
      return others.length === 0 ? `${key} == ${first}` : `${key} in {${texts.join(', ')}}`;
    case 'NotIn':
      return others.length === 0 ? `${key} != ${first}` : `${key} not in {${texts.join(', ')}}`;
    case 'Exists':
      return `has(${key})`;
    case 'DoesNotExist':
      return `!has(${key})`;
  }
}

/** Its texts know no escapes. */
function quoted(value: string, { to, spot }: Writing): string {
  if (!value.includes("'")) return `'${value}'`;
  if (value.includes('"')) object(to, spot, ['selector', `Calico has no way to write the value \`${value}\``]);
  return `"${value}"`;
}
