import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { Direction, LabelRequirement } from '#model/resource.ts';
import { metadataOf, selectorObject } from './labels.ts';
import {
  type Objecting,
  object,
  type PlainPeer,
  type PlainPods,
  type PlainPolicy,
  type PlainPort,
  type PlainRule,
} from './plain.ts';
import { cidrText } from './write-calico.ts';

const NAMESPACE_LABELS = 'k8s:io.cilium.k8s.namespace.labels.';
const NAMESPACE_KEY = 'k8s:io.kubernetes.pod.namespace';
/** Ports in one entry (pkg/policy/api). */
const MOST_PORTS = 40;

/** One document. Denials win over everything, so a policy whose denials hang on an order cannot be said. */
export function writeCilium(policy: PlainPolicy, to: Objecting): PlainObject[] {
  const { namespace, name, source, place } = policy;
  if (place !== undefined && !onlyDenies(policy, to)) return [];
  for (const rule of policy.rules)
    if (rule.action === 'pass') object(to, rule, ['action', '`pass`: rules of Cilium allow or deny']);
  const isQuiet = place !== undefined;
  return [
    {
      apiVersion: 'cilium.io/v2',
      kind: namespace === '' ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
      metadata: metadataOf(source, { namespace, name }),
      spec: {
        endpointSelector: subjectOf(policy),
        ...(isQuiet && { enableDefaultDeny: Object.fromEntries(policy.isolates.map((each) => [each, false])) }),
        ...entriesOf(policy, 'ingress'),
        ...entriesOf(policy, 'egress'),
      },
    },
  ];
}

/** What denies in the first tier denies in any order; everything else of the cluster-wide kinds hangs on priorities. */
function onlyDenies({ place, rules, source }: PlainPolicy, to: Objecting): boolean {
  const spot = { path: 'spec', origin: source.origin };
  if (place?.tier === 'Baseline') {
    object(to, spot, ['priority', 'it stands behind NetworkPolicy, in tier Baseline']);
    return false;
  }
  const other = rules.find(({ action }) => action !== 'deny');
  if (other === undefined) return true;
  object(to, other, [
    'priority',
    `\`${other.action}\` in tier Admin with priority ${place?.priority} decides before what comes later`,
  ]);
  return false;
}

function subjectOf({ namespace, subject }: PlainPolicy): PlainObject {
  return namespace === '' ? identityOf(subject) : selectorObject(subject.pods ?? []);
}

function entriesOf({ rules, isolates, namespace }: PlainPolicy, direction: Direction): PlainObject {
  const own = rules.filter((rule) => rule.direction === direction);
  const entries = (action: PlainRule['action']) =>
    own.filter((rule) => rule.action === action).flatMap((rule) => entriesOfRule(rule, namespace));
  const [allows, denies] = [entries('allow'), entries('deny')];
  // An entry that says nothing lets nobody in and isolates; where there are denials, they isolate.
  const isEmpty = isolates.includes(direction) && allows.length + denies.length === 0;
  return {
    ...(allows.length > 0 && { [direction]: allows }),
    ...(isEmpty && { [direction]: [{}] }),
    ...(denies.length > 0 && { [`${direction}Deny`]: denies }),
  };
}

/** An entry has peers of one kind. */
function entriesOfRule({ direction, peers, ports }: PlainRule, namespace: string): PlainObject[] {
  const side = direction === 'ingress' ? 'from' : 'to';
  const traffic = ports === undefined ? {} : { toPorts: toPortsOf(ports) };
  const entries: PlainObject[] = [];
  if (peers.some(({ kind }) => kind === 'everybody'))
    return [ports === undefined ? { [`${side}Entities`]: ['all'] } : traffic];
  const pods = peers.filter((peer) => peer.kind === 'pods');
  const blocks = peers.filter((peer) => peer.kind === 'block');
  if (pods.length > 0)
    entries.push({ [`${side}Endpoints`]: pods.map((peer) => endpointOf(peer, namespace)), ...traffic });
  if (blocks.length > 0) entries.push({ [`${side}CIDRSet`]: blocks.map(blockOf), ...traffic });
  return entries;
}

function blockOf({ cidr, except }: Extract<PlainPeer, { readonly kind: 'block' }>): PlainObject {
  return { cidr: cidrText(cidr), ...(except.length > 0 && { except: except.map(cidrText) }) };
}

/** Without a word about namespaces a selector means the policy's own. */
function endpointOf({ pods, namespaces }: PlainPods, namespace: string): PlainObject {
  if (namespaces === undefined && namespace !== '') return selectorObject(pods ?? []);
  return identityOf({ pods: pods ?? [], namespaces: namespaces ?? [] });
}

/** Pods of any namespace have one; what else has an identity does not. */
function identityOf({ pods = [], namespaces = [] }: PlainPods): PlainObject {
  const space = namespaces.map(ofNamespace);
  const anywhere: LabelRequirement = { key: NAMESPACE_KEY, operator: 'Exists', values: [] };
  return selectorObject([...pods, ...(space.length > 0 ? space : [anywhere])]);
}

function ofNamespace(requirement: LabelRequirement): LabelRequirement {
  const isName = requirement.key === NAMESPACE_NAME_LABEL;
  return { ...requirement, key: isName ? NAMESPACE_KEY : `${NAMESPACE_LABELS}${requirement.key}` };
}

function toPortsOf(ports: readonly PlainPort[]): PlainValue[] {
  const all = ports.map(portOf);
  const chunks: PlainValue[] = [];
  for (let first = 0; first < all.length; first += MOST_PORTS)
    chunks.push({ ports: all.slice(first, first + MOST_PORTS) });
  return chunks;
}

/** Ports are texts here; 0 is every port. */
function portOf(port: PlainPort): PlainObject {
  const protocol = port.protocol === 'any' ? 'ANY' : port.protocol;
  if ('name' in port) return { port: port.name, protocol };
  if (!('from' in port)) return { port: '0', protocol };
  return { port: `${port.from}`, ...(port.to !== port.from && { endPort: port.to }), protocol };
}
