import { isWithin } from '#base/address.ts';
import {
  CILIUM_ENTITIES,
  type CiliumBlock,
  type CiliumEntity,
  type CiliumPeers,
  type CiliumPolicy,
  type CiliumRule,
  type CiliumService,
  type CiliumSpec,
} from '#model/cilium.ts';
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
  const rules = (key: ListKey) => spec.children(key).map((rule) => readRule(rule, key, namespace));
  return {
    ...(hasEndpoints && { endpointSelector: readSelector(spec.childOrEmpty('endpointSelector')) }),
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

function readRule(rule: Reader, key: ListKey, namespace: string): CiliumRule {
  const direction = key.startsWith('ingress') ? 'ingress' : 'egress';
  const deny = key.endsWith('Deny');
  const peers = readPeers(rule, direction, namespace);
  const ports = readPorts(rule, { direction, deny });
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
    gaps: rule.unread(),
  };
}

/** One kind of peer in an entry; a list that is there and empty names nobody. */
function readPeers(rule: Reader, direction: 'ingress' | 'egress', namespace: string): CiliumPeers | undefined {
  const side = direction === 'ingress' ? 'from' : 'to';
  const found: CiliumPeers[] = [];
  if (rule.has(`${side}Endpoints`))
    found.push({ kind: 'endpoints', selectors: readSelectors(rule, `${side}Endpoints`) });
  if (rule.has(`${side}Nodes`)) found.push({ kind: 'nodes', selectors: readSelectors(rule, `${side}Nodes`) });
  if (rule.has(`${side}Entities`)) found.push({ kind: 'entities', names: readEntities(rule, `${side}Entities`) });
  if (rule.has(`${side}Groups`)) found.push({ kind: 'groups' });
  if (rule.has(`${side}CIDR`) || rule.has(`${side}CIDRSet`)) {
    const plain = readNets(rule, `${side}CIDR`).map((cidr): CiliumBlock => ({ cidr, except: [] }));
    found.push({ kind: 'cidrs', blocks: [...plain, ...rule.children(`${side}CIDRSet`).map(readBlock)] });
    if (rule.has(`${side}CIDR`) && rule.has(`${side}CIDRSet`))
      rule.refuse('RF2016', `${side}CIDRSet`, `excludes \`${side}CIDR\` beside it`);
  }
  if (direction === 'egress' && rule.has('toServices'))
    found.push({ kind: 'services', services: rule.children('toServices').map((each) => readService(each, namespace)) });
  if (direction === 'egress' && rule.has('toFQDNs'))
    found.push({ kind: 'names', names: rule.children('toFQDNs').map(readName) });
  if (found.length > 1)
    rule.refuse(
      'RF2016',
      undefined,
      'has several kinds of peers; write an entry for each, since entries are alternatives',
    );
  return found[0];
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
