import { type Address, isInRange, parseCidr } from '#base/address.ts';
import type { Party, PodParty, Question } from '../party.ts';
import { OWN_PORTS } from './settings.ts';

/** Whether a proxy of Linkerd stands in the pod, or will once it is made. */
export function isMeshed(question: Question, party: Party): party is PodParty {
  if (party.kind !== 'pod' || party.shape.hostNetwork) return false;
  if (hasProxy(party)) return true;
  if (party.address !== undefined) return false;
  const own = party.shape.annotations.get('linkerd.io/inject');
  const wanted = own ?? namespaceAnnotation(question, party, 'linkerd.io/inject');
  return wanted === 'enabled' || wanted === 'ingress';
}

function hasProxy({ shape }: PodParty): boolean {
  return (
    shape.containers.some(({ name }) => name === 'linkerd-proxy') ||
    shape.labels.has('linkerd.io/control-plane-ns') ||
    shape.annotations.has('linkerd.io/proxy-version')
  );
}

/** A setting of the proxy: the pod's own. The namespace's is copied when the pod is made, and to no pod that is there. */
export function proxySetting(question: Question, pod: PodParty, name: string): string | undefined {
  const key = `config.linkerd.io/${name}`;
  return pod.shape.annotations.get(key) ?? (hasProxy(pod) ? undefined : namespaceAnnotation(question, pod, key));
}

/** Whether the proxy leaves a port alone: `skip-inbound-ports` at a server, `skip-outbound-ports` at a client. */
export function skipsPort(
  question: Question,
  pod: PodParty,
  { name, port }: { readonly name: 'skip-inbound-ports' | 'skip-outbound-ports'; readonly port: number },
): boolean {
  const { skippedInbound, skippedOutbound } = question.linkerd;
  const isInbound = name === 'skip-inbound-ports';
  if (isInbound && listsPort(OWN_PORTS, port)) return true;
  return listsPort(proxySetting(question, pod, name) ?? (isInbound ? skippedInbound : skippedOutbound), port);
}

/** Whether the proxy leaves alone what comes from an address. What goes there it takes all the same. */
export function skipsAddress(question: Question, pod: PodParty, address: Address): boolean {
  const subnets = proxySetting(question, pod, 'skip-subnets') ?? question.linkerd.skippedSubnets;
  return entries(subnets).some((text) => {
    const cidr = parseCidr(text)?.cidr;
    return cidr !== undefined && isInRange(address, cidr);
  });
}

/** Ports and ranges of them: `80,8000-9000`. */
export function listsPort(text: string, port: number): boolean {
  return entries(text).some((entry) => {
    const [lo = '', hi = lo] = entry.split('-');
    return Number(lo) <= port && port <= Number(hi);
  });
}

function entries(text: string): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

export function namespaceAnnotation({ snapshot }: Question, pod: PodParty, key: string): string | undefined {
  return snapshot.namespaces.find(({ name }) => name === pod.namespace)?.annotations.get(key);
}
