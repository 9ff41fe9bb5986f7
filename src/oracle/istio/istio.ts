import type { ServicePort } from '#model/exposure.ts';
import type { Direction } from '#model/resource.ts';
import type { PodParty, Question } from '../party.ts';
import { pathsTo, tcpPort } from '../service-path.ts';
import { type Arrival, authorizes, type Identity, type Judge } from './authorization.ts';
import { type Sent, sentBy } from './client.ts';
import { membershipOf, takesInbound } from './membership.ts';
import { sidecarMode, ztunnelIsStrict } from './peer-authentication.ts';

/** Whether Istio's proxies let a connection through at one of its ends. They handle TCP alone. */
export function istioAllows(question: Question, direction: Direction): boolean {
  const port = tcpPort(question);
  if (port === undefined) return true;
  const sent = sentBy(question, port);
  if (direction === 'egress') return sent !== 'blocked';
  const { to } = question.connection;
  // What never left is not judged again: both ends together say no anyway.
  if (to.kind !== 'pod' || sent === 'blocked') return true;
  switch (membershipOf(question, to)) {
    case 'none':
      return sent !== 'mtls';
    case 'sidecar':
      return sidecarAllows(question, { pod: to, port, sent });
    case 'ambient':
      return ztunnelAllows(question, { pod: to, port, sent });
  }
}

/** Whether the connection travels inside HBONE, so that pod policy sees the tunnel in its place. */
export function isTunnelled(question: Question): boolean {
  const port = tcpPort(question);
  return port !== undefined && sentBy(question, port) === 'hbone';
}

interface Received {
  readonly pod: PodParty;
  readonly port: number;
  readonly sent: Sent;
}

/** A port that the sidecar leaves alone has neither mutual TLS nor authorization. */
function sidecarAllows(question: Question, received: Received): boolean {
  const { pod, port, sent } = received;
  if (!takesInbound(pod, port)) return true;
  const isMesh = sent === 'mtls' || sent === 'hbone';
  const mode = sidecarMode(question, pod, port);
  if (mode === 'STRICT' && !isMesh) return false;
  if (mode === 'DISABLE' && isMesh) return false;
  const judges = judgesOf(question, received);
  return judges.some((judge) => authorizes(question, arrivalOf(question, received, judge)));
}

/** ztunnel takes everything unless it is told to be strict; only HBONE shows it an identity. */
function ztunnelAllows(question: Question, received: Received): boolean {
  const { pod, port, sent } = received;
  if (sent !== 'hbone' && ztunnelIsStrict(question, pod, port)) return false;
  return authorizes(question, arrivalOf(question, received, 'ztunnel'));
}

function arrivalOf(question: Question, { pod, port, sent }: Received, judge: Judge): Arrival {
  const isShown = sent === 'hbone' || (sent === 'mtls' && judge !== 'ztunnel');
  const identity = isShown ? identityOf(question) : undefined;
  return { pod, port, judge, ...(identity !== undefined && { identity }) };
}

function identityOf({ connection: { from } }: Question): Identity | undefined {
  if (from.kind !== 'pod') return undefined;
  return { namespace: from.namespace, serviceAccount: from.shape.serviceAccount };
}

/**
 * What the sidecar takes the connection for. Where nobody declares the protocol it looks at the first bytes: without a
 * request in the question the client may send either.
 */
function judgesOf(question: Question, { pod }: Received): readonly Judge[] {
  const paths = pathsTo(question, pod);
  const declared = new Set(paths.map(({ port }) => protocolOf(port)));
  if (declared.size > 1)
    return [question.world.choose('the Service that declares the protocol', [...declared])].flatMap(asJudges);
  return [...(declared.size === 0 ? ['sniffed' as const] : declared)].flatMap(asJudges);

  function asJudges(protocol: 'http' | 'tcp' | 'sniffed'): readonly Judge[] {
    if (protocol !== 'sniffed') return [protocol];
    return question.request === undefined ? ['http', 'tcp'] : ['http'];
  }
}

const HTTP = ['http', 'http2', 'grpc', 'grpc-web'];
const OTHERS = ['https', 'tls', 'tcp', 'mongo', 'mysql', 'redis', 'udp'];
/** Ports of servers that speak first: never sniffed. */
const SERVER_FIRST = [25, 53, 3306, 27017];

/** What `appProtocol` says, or the start of the port's name, or a well-known number. */
function protocolOf({ appProtocol, name = '', port }: ServicePort): 'http' | 'tcp' | 'sniffed' {
  const said = appProtocol?.toLowerCase() ?? name.toLowerCase();
  const known = [...HTTP, ...OTHERS]
    .sort((a, b) => b.length - a.length)
    .find((each) => said === each || (appProtocol === undefined && said.startsWith(`${each}-`)));
  if (known !== undefined) return HTTP.includes(known) ? 'http' : 'tcp';
  if (appProtocol === 'kubernetes.io/h2c' || appProtocol === 'kubernetes.io/ws') return 'http';
  return SERVER_FIRST.includes(port) ? 'tcp' : 'sniffed';
}
