import { isWithin } from '#base/address.ts';
import {
  CILIUM_ENTITIES,
  type CiliumBlock,
  type CiliumEntity,
  type CiliumPeers,
  type CiliumPolicy,
  type CiliumRule,
  type CiliumSelector,
  type CiliumService,
  type CiliumSpec,
} from '#model/cilium.ts';
import type { Gap } from '#model/resource.ts';
import { oneOf, quote } from '../kubernetes/draft.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readNet, readNets } from '../nets.ts';
import { readIcmps, readName, readPorts } from './ports.ts';
import { readSelector, readSelectors } from './selector.ts';

export function policyOf(kind: CiliumPolicy['kind']) {
  return (object: Reader, meta: Meta): CiliumPolicy => {
    const readers = [...(object.has('spec') ? [object.childOrEmpty('spec')] : []), ...object.children('specs')];
    if (readers.length === 0) object.refuse('RF2016', 'spec', 'is missing, and so is `specs`');
    return { ...meta, kind, specs: readers.map((spec) => readSpec(spec, kind, meta.namespace)) };
  };
}

const LISTS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;
type ListKey = (typeof LISTS)[number];

/** One rule of Cilium's API, with what `Sanitize` of pkg/policy/api refuses. */
function readSpec(spec: Reader, kind: CiliumPolicy['kind'], namespace: string): CiliumSpec {
  const hasEndpoints = spec.has('endpointSelector');
  const hasNodes = spec.has('nodeSelector');
  if (hasEndpoints === hasNodes)
    spec.refuse('RF2016', undefined, 'needs `endpointSelector` or `nodeSelector`, and not both');
  if (hasNodes && kind === 'CiliumNetworkPolicy')
    spec.refuse('RF2016', 'nodeSelector', 'is for CiliumClusterwideNetworkPolicy');
  const empty = LISTS.every((key) => spec.length(key) === 0);
  if (empty)
    spec.refuse(
      'RF2016',
      undefined,
      'has no entry in ingress, egress, ingressDeny or egressDeny, so Cilium refuses it; it denies nothing',
    );
  const defaults = spec.childOrEmpty('enableDefaultDeny');
  const [ingress, egress] = [defaults.boolean('ingress'), defaults.boolean('egress')];
  const rules = (key: ListKey) => spec.children(key).map((rule) => readRule(rule, { key, namespace, nodes: hasNodes }));
  return {
    ...(hasEndpoints && { endpointSelector: readSubject(spec.childOrEmpty('endpointSelector'), namespace) }),
    ...(hasNodes && { nodeSelector: readSelector(spec.childOrEmpty('nodeSelector')) }),
    defaultDeny: { ...(ingress !== undefined && { ingress }), ...(egress !== undefined && { egress }) },
    ingress: rules('ingress'),
    ingressDeny: rules('ingressDeny'),
    egress: rules('egress'),
    egressDeny: rules('egressDeny'),
    path: spec.path,
    origin: spec.origin,
    gaps: spec.unread(...LISTS),
  };
}

/** In a namespace the namespace is that of the policy, and what `matchLabels` says of it is replaced (ParseToCiliumRule). */
function readSubject(reader: Reader, namespace: string): CiliumSelector {
  if (namespace === '') return readSelector(reader);
  return readSelector(reader, 'k8s:io.kubernetes.pod.namespace');
}

interface RuleContext {
  readonly key: ListKey;
  readonly namespace: string;
  /** Whether the policy is for nodes. */
  readonly nodes: boolean;
}

function readRule(rule: Reader, { key, namespace, nodes }: RuleContext): CiliumRule {
  const direction = key.startsWith('ingress') ? 'ingress' : 'egress';
  const deny = key.endsWith('Deny');
  const peers = readPeers(rule, direction, namespace);
  const ports = readPorts(rule, { direction, deny, nodes });
  const icmps = readIcmps(rule);
  if (ports !== undefined && icmps !== undefined) rule.refuse('RF2016', 'icmps', 'excludes `toPorts` beside it');
  if (deny && peers?.kind === 'names') rule.refuse('RF2016', 'toFQDNs', 'is not for denials');
  if (deny && rule.has('authentication')) rule.refuse('RF2016', 'authentication', 'is not for denials');
  const mode = rule.childOrEmpty('authentication').choice('mode', ['disabled', 'required', 'test-always-fail']);
  return {
    ...(peers !== undefined && { peers }),
    requires: rule.length(direction === 'ingress' ? 'fromRequires' : 'toRequires') > 0,
    ...(ports !== undefined && { ports }),
    ...(icmps !== undefined && { icmps }),
    ...(mode !== undefined && { authentication: mode }),
    path: rule.path,
    origin: rule.origin,
    gaps: [...rule.unread(), ...emptyLists(rule)],
  };
}

/** Of these kinds a list that is there and empty means everybody in some versions and nobody in others. */
function emptyLists(rule: Reader): Gap[] {
  return rule
    .present(['toServices', 'toFQDNs', 'toGroups', 'fromGroups'])
    .filter((key) => rule.length(key) === 0)
    .map((key) => ({ path: `${rule.path}.${key}`, reason: 'version-dependent', origin: rule.originOf(key) }));
}

/** One kind of peer in an entry; a list that is there and empty names nobody, whatever stands beside it. */
function readPeers(rule: Reader, direction: 'ingress' | 'egress', namespace: string): CiliumPeers | undefined {
  const side = direction === 'ingress' ? 'from' : 'to';
  const given = rule.present(KINDS_OF_PEERS.map((kind) => `${side}${kind}`));
  const named = given.filter((key) => rule.length(key) > 0);
  if (named.length > 1) {
    const message = 'has several kinds of peers; write an entry for each, since entries are alternatives';
    rule.refuse('RF2016', undefined, message);
  }
  const nobody = given.find((key) => !named.includes(key) && EMPTY_IS_NOBODY.has(key.slice(side.length)));
  if (nobody !== undefined) return { kind: 'entities', names: [] };
  const [key] = named;
  return key === undefined ? undefined : readKind(rule, { key, kind: key.slice(side.length), namespace });
}

const KINDS_OF_PEERS = ['Endpoints', 'Nodes', 'Entities', 'Groups', 'CIDR', 'CIDRSet', 'Services', 'FQDNs'];
const EMPTY_IS_NOBODY: ReadonlySet<string> = new Set(['Endpoints', 'Nodes', 'Entities', 'CIDR', 'CIDRSet']);

interface KindOfPeers {
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
}

function readKind(rule: Reader, { key, kind, namespace }: KindOfPeers): CiliumPeers | undefined {
  switch (kind) {
    case 'Endpoints':
      return { kind: 'endpoints', selectors: readSelectors(rule, key) };
    case 'Nodes':
      return { kind: 'nodes', selectors: readSelectors(rule, key) };
    case 'Entities':
      return { kind: 'entities', names: readEntities(rule, key) };
    case 'Groups':
      return { kind: 'groups' };
    case 'CIDR':
      return { kind: 'cidrs', blocks: readNets(rule, key).map((cidr): CiliumBlock => ({ cidr, except: [] })) };
    case 'CIDRSet':
      return { kind: 'cidrs', blocks: rule.children(key).map(readBlock) };
    case 'Services':
      return { kind: 'services', services: rule.children(key).map((each) => readService(each, namespace)) };
    default:
      return { kind: 'names', names: rule.children(key).map(readName) };
  }
}

function readEntities(rule: Reader, key: string): CiliumEntity[] {
  return rule.texts(key).flatMap((placed): CiliumEntity[] => {
    const found = CILIUM_ENTITIES.find((entity) => entity === placed.text);
    if (found !== undefined) return [found];
    rule.draft.refuse('RF2016', placed, `is ${quote(placed.text)}; must be ${oneOf(CILIUM_ENTITIES)}`);
    return [];
  });
}

function readBlock(entry: Reader): CiliumBlock {
  const cidr = readNet(entry, 'cidr');
  const group = entry.text('cidrGroupRef');
  const groupSelector = entry.has('cidrGroupSelector')
    ? readSelector(entry.childOrEmpty('cidrGroupSelector'))
    : undefined;
  const except = readNets(entry, 'except');
  if (entry.present(['cidr', 'cidrGroupRef', 'cidrGroupSelector']).length !== 1)
    entry.refuse('RF2016', undefined, 'needs one of `cidr`, `cidrGroupRef` and `cidrGroupSelector`');
  if (cidr !== undefined && !(entry.text('cidr') ?? '').includes('/'))
    entry.refuse('RF2016', 'cidr', 'needs a prefix length, as in `10.0.0.1/32`');
  if (cidr !== undefined && except.some((hole) => !isWithin(hole, cidr)))
    entry.refuse('RF2010', 'except', 'has a block that is not inside `cidr`');
  return {
    ...(cidr !== undefined && { cidr }),
    ...(group !== undefined && group !== '' && { group }),
    ...(groupSelector !== undefined && { groupSelector }),
    except,
  };
}

function readService(entry: Reader, namespace: string): CiliumService {
  const byName = entry.child('k8sService');
  if (byName !== undefined)
    return { namespace: byName.text('namespace') || namespace, name: byName.requiredText('serviceName') };
  const bySelector = entry.childOrEmpty('k8sServiceSelector');
  return {
    namespace: bySelector.text('namespace') || namespace,
    selector: readSelector(bySelector.childOrEmpty('selector')),
  };
}
