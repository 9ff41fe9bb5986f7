import { cidrOf, type Family } from '#base/address.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type {
  CiliumEntity,
  CiliumPeers,
  CiliumPolicy,
  CiliumPort,
  CiliumPorts,
  CiliumRule,
  CiliumSelector,
  CiliumSpec,
} from '#model/cilium.ts';
import type { Direction, LabelRequirement } from '#model/resource.ts';
import { PORT_PROTOCOLS } from '#model/traffic.ts';
import {
  type Objecting,
  object,
  type PlainPeer,
  type PlainPods,
  type PlainPolicy,
  type PlainPort,
  type PlainRule,
  type Reading,
  type Spot,
} from './plain.ts';

const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';

/** A policy of Cilium: about pods, blocks of addresses, and ports. Each of its rule sets is a policy of its own. */
export function readCilium(policy: CiliumPolicy): Reading {
  const to: Objecting = { objections: [], origin: policy.origin };
  const { specs, name } = policy;
  const policies = specs.map((spec, index) =>
    policyOf(to, spec, { policy, name: index === 0 ? name : `${name}-${index + 1}` }),
  );
  return { policies, objections: to.objections };
}

interface Place {
  readonly policy: CiliumPolicy;
  readonly name: string;
}

function policyOf(to: Objecting, spec: CiliumSpec, { policy, name }: Place): PlainPolicy {
  for (const gap of spec.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  const { namespace } = policy;
  const isolates = (['ingress', 'egress'] as const).filter(
    (direction) => spec[direction].length + spec[`${direction}Deny`].length > 0,
  );
  for (const direction of isolates)
    if (spec.defaultDeny[direction] === false)
      object(to, { path: `${spec.path}.enableDefaultDeny.${direction}`, origin: spec.origin }, [
        'isolation',
        'it does not isolate whom it selects',
      ]);
  const rules = isolates.flatMap((direction) => [
    ...spec[`${direction}Deny`].flatMap((rule) => ruleOf(to, rule, { namespace, direction, action: 'deny' })),
    ...spec[direction].flatMap((rule) => ruleOf(to, rule, { namespace, direction, action: 'allow' })),
  ]);
  return { source: policy, namespace, name, subject: subjectOf(to, spec, namespace), isolates, rules, notes: [] };
}

function subjectOf(
  to: Objecting,
  { endpointSelector, nodeSelector, path, origin }: CiliumSpec,
  namespace: string,
): PlainPods {
  if (endpointSelector === undefined) {
    object(to, { path: `${path}.nodeSelector`, origin: nodeSelector?.origin ?? origin }, ['host', 'it is for nodes']);
    return {};
  }
  const asked = askedBy(to, endpointSelector, { path: `${path}.endpointSelector`, origin: endpointSelector.origin });
  if (namespace === '') return { pods: asked.pods, namespaces: asked.namespaces };
  if (asked.namespaces.length > 0)
    object(to, { path: `${path}.endpointSelector`, origin: endpointSelector.origin }, [
      'selector',
      'it asks for labels of the own namespace',
    ]);
  return { pods: asked.pods };
}

interface Asked {
  readonly pods: readonly LabelRequirement[];
  readonly namespaces: readonly LabelRequirement[];
  /** Whether it mentions namespaces, so that it does not mean the own one. */
  readonly mentions: boolean;
}

/** What a selector over the labels of an identity asks of the pod and of its namespace. */
function askedBy(to: Objecting, { requirements }: CiliumSelector, spot: Spot): Asked {
  const pods: LabelRequirement[] = [];
  const namespaces: LabelRequirement[] = [];
  let mentions = false;
  for (const requirement of requirements) {
    const [source, key] = partsOf(requirement.key);
    const isSpace = key === NAMESPACE_KEY || key.startsWith(NAMESPACE_LABELS);
    if (source !== '' && source !== 'k8s' && source !== 'any')
      object(to, spot, ['selector', `\`${requirement.key}\` is no label of pods`]);
    else if (key.startsWith('io.cilium.k8s.policy.serviceaccount'))
      object(to, spot, ['service-account', `\`${requirement.key}\` is about service accounts`]);
    else if (key.startsWith('io.cilium.k8s.policy.'))
      object(to, spot, ['selector', `\`${requirement.key}\` is about the cluster`]);
    else if (isSpace) namespaces.push(...ofNamespace(requirement, key));
    else pods.push({ ...requirement, key });
    mentions ||= isSpace;
  }
  return { pods, namespaces, mentions };
}

function partsOf(key: string): [source: string, key: string] {
  const colon = key.indexOf(':');
  return colon < 0 ? ['', key] : [key.slice(0, colon), key.slice(colon + 1)];
}

/** Every pod has a namespace. */
function ofNamespace(requirement: LabelRequirement, key: string): LabelRequirement[] {
  if (key !== NAMESPACE_KEY) return [{ ...requirement, key: key.slice(NAMESPACE_LABELS.length) }];
  return requirement.operator === 'Exists' ? [] : [{ ...requirement, key: NAMESPACE_NAME_LABEL }];
}

// ---------------------------------------------------------------- rules

interface RulePlace {
  readonly namespace: string;
  readonly direction: Direction;
  readonly action: 'allow' | 'deny';
}

function ruleOf(to: Objecting, rule: CiliumRule, { namespace, direction, action }: RulePlace): PlainRule[] {
  const { path, origin } = rule;
  const side = direction === 'ingress' ? 'from' : 'to';
  for (const gap of rule.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  if (rule.requires) object(to, { path: `${path}.${side}Requires`, origin }, ['action', 'it narrows other rules']);
  if (rule.authentication !== undefined)
    object(to, { path: `${path}.authentication`, origin }, [
      'authentication',
      `it asks for authentication: ${rule.authentication}`,
    ]);
  if (rule.icmps !== undefined) object(to, { path: `${path}.icmps`, origin }, ['protocol', 'it names types of ICMP']);
  const ports = rule.ports?.flatMap((entry, index) =>
    portsOf(to, entry, { path: `${path}.toPorts[${index}]`, origin }),
  );
  // An entry that says nothing at all lets nobody in.
  if (rule.peers === undefined && ports === undefined) return [];
  const peers = rule.peers === undefined ? EVERYBODY : peersOf(to, rule.peers, { rule, side, namespace });
  return peers.length === 0 ? [] : [{ direction, action, peers, ...(ports !== undefined && { ports }), path, origin }];
}

const EVERYBODY: readonly PlainPeer[] = [{ kind: 'everybody' }];

function portsOf(to: Objecting, entry: CiliumPorts, spot: Spot): PlainPort[] {
  const { http, dns, kafka, otherProtocol, serverNames, ports } = entry;
  if ((http ?? dns ?? kafka ?? otherProtocol) !== undefined || serverNames.length > 0)
    object(to, { ...spot, path: `${spot.path}.rules` }, ['request', 'it looks into requests']);
  if (ports.length === 0)
    object(to, spot, ['ports', 'it names no port, which versions of Cilium read in different ways']);
  return ports.flatMap(portOf);
}

function portOf({ port, endPort, protocol }: CiliumPort): PlainPort[] {
  if (typeof port === 'string') return [{ protocol: protocol === 'ANY' ? 'any' : protocol, name: port }];
  const protocols = protocol === 'ANY' ? PORT_PROTOCOLS : [protocol];
  return protocols.map((each) =>
    port === undefined ? { protocol: each } : { protocol: each, from: port, to: endPort ?? port },
  );
}

// ---------------------------------------------------------------- peers

interface PeerPlace {
  readonly rule: CiliumRule;
  readonly side: 'from' | 'to';
  readonly namespace: string;
}

function peersOf(to: Objecting, peers: CiliumPeers, { rule, side, namespace }: PeerPlace): PlainPeer[] {
  const spot = (key: string): Spot => ({ path: `${rule.path}.${side}${key}`, origin: rule.origin });
  switch (peers.kind) {
    case 'endpoints':
      return peers.selectors.map((selector): PlainPeer => {
        const { pods, namespaces, mentions } = askedBy(to, selector, { ...spot('Endpoints'), origin: selector.origin });
        return mentions || namespace === '' ? { kind: 'pods', pods, namespaces } : { kind: 'pods', pods };
      });
    case 'cidrs':
      return peers.blocks.flatMap(({ cidr, except }): PlainPeer[] => {
        if (cidr !== undefined) return [{ kind: 'block', cidr, except }];
        object(to, spot('CIDRSet'), ['address-group', 'it names a CiliumCIDRGroup']);
        return [];
      });
    case 'entities':
      return peers.names.flatMap((name) => entityOf(to, name, spot('Entities')));
    case 'nodes':
      object(to, spot('Nodes'), ['nodes', 'it names nodes by their labels']);
      return [];
    case 'services':
      object(to, spot('Services'), ['service', 'it names Services']);
      return [];
    case 'names':
      object(to, spot('FQDNs'), ['domain-names', 'it names domains']);
      return [];
    case 'groups':
      object(to, spot('Groups'), ['address-group', 'it names groups of the cloud']);
      return [];
  }
}

/** Blocks of Cilium are addresses outside, and so is the world. */
function entityOf(to: Objecting, name: CiliumEntity, spot: Spot): PlainPeer[] {
  switch (name) {
    case 'all':
      return [{ kind: 'everybody' }];
    case 'world':
      return [wholeOf(4), wholeOf(6)];
    case 'world-ipv4':
      return [wholeOf(4)];
    case 'world-ipv6':
      return [wholeOf(6)];
    case 'none':
      return [];
    default:
      object(to, spot, ['entity', `\`${name}\` has no name there`]);
      return [];
  }
}

function wholeOf(family: Family): PlainPeer {
  return { kind: 'block', cidr: cidrOf({ family, value: 0n }, 0), except: [] };
}
