import { type Cidr, isWithin } from '#base/address.ts';
import type {
  Direction,
  Gap,
  IpBlockPeer,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  PodPeer,
} from '#model/resource.ts';
import { type PlacedText, quote } from './draft.ts';
import { isUnread } from './gaps.ts';
import type { Meta } from './meta.ts';
import type { Reader } from './reader.ts';
import { readSelector } from './selector.ts';
import { isPort, readCidr, readPortOrName, readProtocol } from './values.ts';

/** `networking.k8s.io/v1` NetworkPolicy (and `extensions/v1beta1`, whose body is the same), defaulted as the server does. */
export function readNetworkPolicy(object: Reader, meta: Meta): NetworkPolicy {
  const spec = object.childOrEmpty('spec');
  return {
    ...meta,
    kind: 'NetworkPolicy',
    podSelector: readSelector(spec.childOrEmpty('podSelector')),
    policyTypes: readPolicyTypes(spec),
    ingress: readRules(spec, 'ingress'),
    egress: readRules(spec, 'egress'),
    gaps: [...object.unread('spec'), ...spec.unread('ingress', 'egress')],
  };
}

/** Without policyTypes: Ingress always, and Egress where there is an egress rule (networking/v1 defaults). */
function readPolicyTypes(spec: Reader): Direction[] {
  const texts = spec.texts('policyTypes');
  if (spec.length('policyTypes') === 0) return spec.length('egress') > 0 ? ['ingress', 'egress'] : ['ingress'];
  if (texts.length > 2) spec.refuse('RF2014', 'policyTypes', `has ${texts.length} entries; at most 2 allowed`);
  const types = new Set<Direction>();
  for (const placed of texts) {
    if (placed.text === 'Ingress') types.add('ingress');
    else if (placed.text === 'Egress') types.add('egress');
    else spec.draft.refuse('RF2004', placed, `is ${quote(placed.text)}; must be \`Ingress\` or \`Egress\``);
  }
  return [...types];
}

function readRules(spec: Reader, direction: Direction): NetworkPolicyRule[] {
  const peersKey = direction === 'ingress' ? 'from' : 'to';
  return spec.children(direction).map((rule) => {
    const gaps = rule.unread(peersKey);
    const ports = rule.children('ports').map(readPolicyPort);
    return {
      peers: rule.children(peersKey).map(readPeer),
      ports: isUnread(rule, 'ports', gaps) ? [] : ports,
      path: rule.path,
      origin: rule.origin,
      gaps,
    };
  });
}

const PEER_FIELDS = ['podSelector', 'namespaceSelector', 'ipBlock'];

function readPeer(reader: Reader): NetworkPolicyPeer {
  const gaps = reader.unread();
  const known = reader.present(PEER_FIELDS);
  if (known.length === 0 && gaps.length === 0) {
    reader.refuse('RF2003', undefined, 'names nobody: give `podSelector`, `namespaceSelector` or `ipBlock`');
  }
  if (known.length > 1 && known.includes('ipBlock')) {
    reader.refuse('RF2009', undefined, 'has both `ipBlock` and a selector; a peer is one or the other');
  }
  const peer = known.includes('ipBlock') ? readIpBlock(reader) : readPodPeer(reader);
  const gap = gaps[0];
  return gap === undefined ? peer : unread(peer, gap);
}

function unread(peer: NetworkPolicyPeer, gap: Gap): NetworkPolicyPeer {
  return { kind: 'unread', gap, path: peer.path, origin: peer.origin };
}

function readPodPeer(reader: Reader): PodPeer {
  const podSelector = reader.child('podSelector');
  const namespaceSelector = reader.child('namespaceSelector');
  return {
    kind: 'pods',
    ...(podSelector && { podSelector: readSelector(podSelector) }),
    ...(namespaceSelector && { namespaceSelector: readSelector(namespaceSelector) }),
    path: reader.path,
    origin: reader.origin,
  };
}

/** Stands in for a refused block: the object is dropped, so nobody meets it. */
const NO_CIDR: Cidr = { family: 4, length: 32, lo: 0n, hi: 0n };

function readIpBlock(reader: Reader): IpBlockPeer {
  const block = reader.childOrEmpty('ipBlock');
  const text = block.requiredText('cidr');
  const cidr = text === '' ? undefined : readCidr(reader.draft, { ...block.place('cidr'), text }, 'warned');
  const except: Cidr[] = [];
  for (const placed of block.texts('except')) {
    const hole = readCidr(reader.draft, placed, 'warned');
    if (hole === undefined) continue;
    if (cidr !== undefined) checkExcept(reader, { placed, hole, cidr, text });
    except.push(hole);
  }
  return { kind: 'ipBlock', cidr: cidr ?? NO_CIDR, except, path: reader.path, origin: reader.origin };
}

interface Except {
  readonly placed: PlacedText;
  readonly hole: Cidr;
  readonly cidr: Cidr;
  readonly text: string;
}

/** networking validation: an except must be a strict part of its block. */
function checkExcept(reader: Reader, { placed, hole, cidr, text }: Except): void {
  if (isWithin(hole, cidr) && hole.length > cidr.length) return;
  const why = isWithin(cidr, hole) ? 'not smaller than' : 'outside';
  reader.draft.refuse('RF2010', placed, `is ${quote(placed.text)}, which is ${why} the block ${quote(text)}`);
}

function readPolicyPort(reader: Reader): NetworkPolicyPort {
  const port = readPortOrName(reader, 'port');
  const endPort = reader.integer('endPort');
  if (endPort !== undefined) checkEndPort(reader, port, endPort);
  return {
    protocol: readProtocol(reader, 'refused'),
    ...(port !== undefined && { port }),
    ...(endPort !== undefined && { endPort }),
    path: reader.path,
    origin: reader.origin,
  };
}

function checkEndPort(reader: Reader, port: number | string | undefined, endPort: number): void {
  if (typeof port !== 'number') {
    reader.refuse('RF2008', 'endPort', `needs a numeric \`port\`${port === undefined ? '' : `, not ${quote(port)}`}`);
  } else if (!isPort(endPort)) {
    reader.refuse('RF2008', 'endPort', `is ${endPort}; ports are 1 to 65535`);
  } else if (endPort < port) {
    reader.refuse('RF2008', 'endPort', `is ${endPort}, which is smaller than \`port\` ${port}`);
  }
}
