import { isInRange, parseAddress, parseCidr } from '#base/address.ts';
import type { LabelSelector, Labels } from '#model/resource.ts';
import { isPerhaps, type Party, type PodParty, type Question } from '../party.ts';
import { selects } from '../selector.ts';
import { namespaceLabels } from '../where.ts';

/** Which proxy stands between a party and the network. */
export type Membership = 'sidecar' | 'ambient' | 'none';

/** The injector never looks into these. */
const IGNORED = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

/**
 * A pod that runs shows what it is. A pod that is yet to be made is what the injector and the node agent will make of it.
 * What is no pod, and what is on the host's network, is never in the mesh.
 */
export function membershipOf(question: Question, party: Party): Membership {
  if (party.kind !== 'pod' || party.shape.hostNetwork) return 'none';
  const { annotations, containers } = party.shape;
  if (containers.some(({ name }) => name === 'istio-proxy') || annotations.has('sidecar.istio.io/status')) {
    return 'sidecar';
  }
  if (annotations.get('ambient.istio.io/redirection') === 'enabled') return 'ambient';
  if (party.address !== undefined) return 'none';
  if (willBeInjected(question, party)) return 'sidecar';
  return willBeAmbient(question, party) ? 'ambient' : 'none';
}

/** The pod's own word, then the namespace's, then the revision that the pod asks for, then the injector's. */
function willBeInjected(question: Question, party: PodParty): boolean {
  if (IGNORED.includes(party.namespace)) return false;
  const { labels, annotations } = party.shape;
  const own = labels.get('sidecar.istio.io/inject') ?? annotations.get('sidecar.istio.io/inject');
  if (own === 'true' || own === 'false') return own === 'true';
  const policy = question.mesh.injection;
  const isOf = (selector: LabelSelector) => selects(selector, (key) => labels.get(key));
  if (policy?.never.some(isOf)) return false;
  if (policy?.isEnabled === false && !policy.always.some(isOf)) return false;
  const labelOf = namespaceLabels(question, party.namespace);
  const injection = labelOf('istio-injection');
  if (injection === 'enabled' || injection === 'disabled') return injection === 'enabled';
  if (labelOf('istio.io/rev') !== undefined || labels.has('istio.io/rev')) return true;
  return question.mesh.injectsByDefault;
}

function willBeAmbient(question: Question, party: PodParty): boolean {
  const own = party.shape.labels.get('istio.io/dataplane-mode');
  if (own === 'ambient' || own === 'none') return own === 'ambient';
  return namespaceLabels(question, party.namespace)('istio.io/dataplane-mode') === 'ambient';
}

/** The injector gives its pods this label where they have none; without it nobody speaks Istio's TLS to them. */
export function announcesTls(question: Question, party: PodParty): boolean {
  if (membershipOf(question, party) !== 'sidecar') return false;
  const label = party.shape.labels.get('security.istio.io/tlsMode');
  const isMade = party.shape.containers.some(({ name }) => name === 'istio-proxy');
  return label === undefined ? !isMade : label === 'istio';
}

/** Whether sidecars speak HBONE: one answer for the whole mesh. */
export function sidecarsSpeakHbone(question: Question): boolean {
  return question.mesh.sidecarsSpeakHbone ?? isPerhaps(question, 'sidecars speak HBONE');
}

/** Ports that sidecars always leave alone: their own. */
const OWN_PORTS = [15020, 15021, 15090];

/** Whether the sidecar of the pod takes what comes for one of its ports. Exceptions are from all ports, not from a list. */
export function takesInbound(party: PodParty, port: number): boolean {
  const { annotations } = party.shape;
  const included = annotations.get('traffic.sidecar.istio.io/includeInboundPorts') ?? '*';
  if (included !== '*') return listOf(included).includes(`${port}`);
  return !OWN_PORTS.includes(port) && !portsOf(annotations, 'excludeInboundPorts').includes(`${port}`);
}

/** An address and a port as the application dials them. */
export interface Dialed {
  readonly address: string;
  readonly port: number;
}

/** Whether the sidecar of the pod takes what the pod sends there. */
export function takesOutbound(party: PodParty, dialed: Dialed): boolean {
  const { annotations } = party.shape;
  if (portsOf(annotations, 'excludeOutboundPorts').includes(`${dialed.port}`)) return false;
  if (rangesOf(annotations, 'excludeOutboundIPRanges', '').some((range) => covers(range, dialed))) return false;
  if (portsOf(annotations, 'includeOutboundPorts').includes(`${dialed.port}`)) return true;
  return rangesOf(annotations, 'includeOutboundIPRanges', '*').some((range) => covers(range, dialed));
}

function portsOf(annotations: Labels, name: string): string[] {
  return listOf(annotations.get(`traffic.sidecar.istio.io/${name}`) ?? '');
}

function rangesOf(annotations: Labels, name: string, fallback: string): string[] {
  return listOf(annotations.get(`traffic.sidecar.istio.io/${name}`) ?? fallback);
}

function covers(range: string, { address }: Dialed): boolean {
  if (range === '*') return true;
  const cidr = parseCidr(range)?.cidr;
  const at = parseAddress(address);
  return cidr !== undefined && at !== undefined && isInRange(at, cidr);
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
