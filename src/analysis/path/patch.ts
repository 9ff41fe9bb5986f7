import type { Direction, LabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '#model/resource.ts';
import { cidrWords, namespaceWords, portWords, selectorWords } from '../words.ts';

/** What a change adds, as YAML list items and in words. */
export interface Patch {
  readonly text: string;
  readonly words: string;
}

export interface Part {
  readonly peers?: readonly NetworkPolicyPeer[];
  readonly ports?: readonly NetworkPolicyPort[];
}

/** A whole rule where there are peers and ports; items of one list where there is only one of the two. */
export function patchOf({ peers, ports }: Part, direction: Direction): Patch {
  const key = direction === 'ingress' ? 'from' : 'to';
  const peerItems = (peers ?? []).flatMap(peerLines);
  const portItems = (ports ?? []).map(({ protocol, port }) => `- {protocol: ${protocol}, port: ${port}}`);
  const words = [...(peers ?? []).map(peerWords), ...(ports === undefined ? [] : [portWords(ports)])].join(' on ');
  if (peers === undefined || ports === undefined) return { text: lines([...peerItems, ...portItems]), words };
  return {
    text: lines([`- ${key}:`, ...indent(peerItems), '  ports:', ...indent(portItems)]),
    words: `a rule for ${words}`,
  };
}

/** A policy that isolates and admits nothing, whole. */
export function isolationPatch({ namespace, name, podSelector }: NetworkPolicy, direction: Direction): string {
  return lines([
    'apiVersion: networking.k8s.io/v1',
    'kind: NetworkPolicy',
    `metadata: {name: ${JSON.stringify(name)}, namespace: ${JSON.stringify(namespace)}}`,
    'spec:',
    `  podSelector: ${selectorYaml(podSelector)}`,
    `  policyTypes: [${direction === 'ingress' ? 'Ingress' : 'Egress'}]`,
  ]);
}

function lines(list: readonly string[]): string {
  return `${list.join('\n')}\n`;
}

function indent(list: readonly string[]): string[] {
  return list.map((line) => `    ${line}`);
}

function peerLines(peer: NetworkPolicyPeer): string[] {
  if (peer.kind === 'ipBlock') {
    const except = peer.except.map((each) => JSON.stringify(cidrWords(each))).join(', ');
    const rest = except === '' ? '' : `, except: [${except}]`;
    return [`- ipBlock: {cidr: ${JSON.stringify(cidrWords(peer.cidr))}${rest}}`];
  }
  if (peer.kind === 'unread') return [];
  const parts = [
    ...(peer.namespaceSelector === undefined ? [] : [`namespaceSelector: ${selectorYaml(peer.namespaceSelector)}`]),
    ...(peer.podSelector === undefined ? [] : [`podSelector: ${selectorYaml(peer.podSelector)}`]),
  ];
  return parts.map((part, index) => `${index === 0 ? '- ' : '  '}${part}`);
}

/** Values are JSON strings, which YAML reads as they are, whatever they hold. */
function selectorYaml({ requirements }: LabelSelector): string {
  const labels = requirements.map(({ key, values }) => `${JSON.stringify(key)}: ${JSON.stringify(values[0] ?? '')}`);
  return labels.length === 0 ? '{}' : `{matchLabels: {${labels.join(', ')}}}`;
}

function peerWords(peer: NetworkPolicyPeer): string {
  if (peer.kind === 'ipBlock') {
    const except = peer.except.map(cidrWords).join(', ');
    return except === '' ? cidrWords(peer.cidr) : `${cidrWords(peer.cidr)} except ${except}`;
  }
  if (peer.kind === 'unread') return 'a peer';
  const pods = peer.podSelector === undefined ? 'pods' : `pods ${selectorWords(peer.podSelector)}`;
  return peer.namespaceSelector === undefined ? pods : `${pods} of ${namespaceWords(peer.namespaceSelector)}`;
}
