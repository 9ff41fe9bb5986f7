import type { Encryption } from '#model/encryption.ts';
import type { PodParty, Question } from '../party.ts';
import { servicePath, tcpPort } from '../service-path.ts';
import { sentBy } from './client.ts';
import { clientPolicy } from './destination-rule.ts';
import { isOfWaypoint } from './identity.ts';
import { membershipOf, takesInbound } from './membership.ts';
import { sidecarMode, ztunnelIsStrict } from './peer-authentication.ts';

/** What Istio makes of a connection on the wire; undefined where it leaves it as it is. */
export function istioProtection(question: Question): Encryption | undefined {
  const port = tcpPort(question);
  if (port === undefined) return undefined;
  const sent = sentBy(question, port);
  if (sent === 'tls') return 'tls-app';
  const { from, to } = question.connection;
  // The user's own TLS is in there whether the tunnel is around it or not.
  if (sent === 'hbone' && from.kind === 'pod' && hasUserTls(question, from)) return 'tls-app';
  if (to.kind !== 'pod' || (sent !== 'mtls' && sent !== 'hbone')) return undefined;
  if (sent === 'mtls' && membershipOf(question, to) === 'ambient') return undefined;
  return serverProtection(question, to, port);
}

/** Required where the server takes nothing else. A server that takes no mutual TLS breaks it: nothing is protected. */
function serverProtection(question: Question, to: PodParty, port: number): Encryption | undefined {
  if (isOfWaypoint(to)) return undefined;
  switch (membershipOf(question, to)) {
    case 'none':
      return undefined;
    case 'ambient':
      return ztunnelIsStrict(question, to, port) ? 'mtls-required' : 'mtls-opportunistic';
    case 'sidecar':
      break;
  }
  if (!takesInbound(to, port)) return undefined;
  switch (sidecarMode(question, to, port)) {
    case 'STRICT':
      return 'mtls-required';
    case 'PERMISSIVE':
      return 'mtls-opportunistic';
    case 'DISABLE':
      return undefined;
  }
}

function hasUserTls(question: Question, client: PodParty): boolean {
  const path = servicePath(question);
  if (membershipOf(question, client) !== 'sidecar' || isOfWaypoint(client) || path === undefined) return false;
  const { tls } = clientPolicy(question, client, path);
  return tls === 'SIMPLE' || tls === 'MUTUAL';
}
