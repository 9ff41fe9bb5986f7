import type { Direction } from '#model/resource.ts';
import type { PodParty, Question } from '../party.ts';
import { pathsTo, tcpPort } from '../service-path.ts';
import { type Arrival, authorizes, type Judge } from './authorization.ts';
import { type Sent, sentBy } from './client.ts';
import { identityOf, isOfWaypoint } from './identity.ts';
import { membershipOf, takesInbound } from './membership.ts';
import { sidecarMode, ztunnelIsStrict } from './peer-authentication.ts';
import { protocolsOf } from './protocol.ts';

/** Whether Istio's proxies let a connection through at one of its ends. They handle TCP alone. */
export function istioAllows(question: Question, direction: Direction): boolean {
  const port = tcpPort(question);
  if (port === undefined) return true;
  const sent = sentBy(question, port);
  if (direction === 'egress') return sent !== 'blocked';
  const { to } = question.connection;
  // What never left is not judged again: both ends together say no anyway.
  if (to.kind !== 'pod' || sent === 'blocked') return true;
  // Policies of Istio are for what goes through a waypoint, not for what is sent to it.
  if (isOfWaypoint(to)) return sent !== 'mtls';
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
  const judges = protocolsOf(question, pathsTo(question, pod));
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
  const identity = isShown ? identityOf(question.connection.from) : undefined;
  return { pod, port, judge, ...(identity !== undefined && { identity }) };
}
