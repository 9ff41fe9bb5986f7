import { parseAddress } from '#base/address.ts';
import type { ClientTlsMode } from '#model/istio.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { PodParty, Question } from '../party.ts';
import { dialedBy, isFor, type ServicePath, servicePath } from '../service-path.ts';
import { clientPolicy } from './destination-rule.ts';
import { isOfWaypoint } from './identity.ts';
import { announcesTls, membershipOf, sidecarsSpeakHbone, takesOutbound } from './membership.ts';
import { namespaceMode, sidecarMode } from './peer-authentication.ts';
import { knows, outboundMode } from './sidecar.ts';

/**
 * What comes out of the client's side: `blocked`, nothing at all; `tls`, TLS of the user's own, which shows no identity of
 * the mesh; `mtls` and `hbone`, the mesh's, which does.
 */
export type Sent = 'blocked' | 'plaintext' | 'tls' | 'mtls' | 'hbone';

/** Of a connection to a TCP port. */
export function sentBy(question: Question, port: number): Sent {
  const { from, to } = question.connection;
  if (from.kind !== 'pod') return 'plaintext';
  const membership = membershipOf(question, from);
  if (membership === 'sidecar' && isOfWaypoint(from)) return sentByWaypoint(question, port);
  switch (membership) {
    case 'none':
      return 'plaintext';
    case 'ambient':
      return speaksHbone(question) ? 'hbone' : 'plaintext';
    case 'sidecar':
      return sentBySidecar(question, { client: from, port, to });
  }
}

/** A waypoint knows every pod, and what it can do. */
function sentByWaypoint(question: Question, port: number): Sent {
  const { to } = question.connection;
  if (to.kind !== 'pod') return 'plaintext';
  if (speaksHbone(question)) return 'hbone';
  return announcesTls(question, to) && sidecarMode(question, to, port) !== 'DISABLE' ? 'mtls' : 'plaintext';
}

interface Leaving {
  readonly client: PodParty;
  readonly to: Question['connection']['to'];
  readonly port: number;
}

function sentBySidecar(question: Question, { client, to, port }: Leaving): Sent {
  const path = servicePath(question);
  if (!takesOutbound(client, dialedBy(question, path))) return 'plaintext';
  if (to.kind !== 'pod' || path === undefined || !knows(question, client, path)) {
    return outboundMode(question, client) === 'REGISTRY_ONLY' ? 'blocked' : 'plaintext';
  }
  const { tls, passthrough } = clientPolicy(question, client, path);
  const choosesEndpoint = !path.service.headless && !passthrough;
  // Endpoints that take HBONE come before whatever a DestinationRule says of TLS.
  if (choosesEndpoint && membershipOf(question, to) === 'ambient' && sidecarsSpeakHbone(question)) return 'hbone';
  if (tls === undefined) return automatic(question, { to, path, port, choosesEndpoint });
  return SENT_BY_RULE[tls];
}

const SENT_BY_RULE: Readonly<Record<ClientTlsMode, Sent>> = {
  DISABLE: 'plaintext',
  SIMPLE: 'tls',
  MUTUAL: 'tls',
  ISTIO_MUTUAL: 'mtls',
};

interface Automatic {
  readonly to: PodParty;
  readonly path: ServicePath;
  readonly port: number;
  readonly choosesEndpoint: boolean;
}

/** Nobody says how: the mesh looks at what the namespace demands and at what the destination can do. */
function automatic(question: Question, leaving: Automatic): Sent {
  const { to, path, port, choosesEndpoint } = leaving;
  if (!question.mesh.autoMtls) return 'plaintext';
  if (namespaceMode(question, path.service.namespace) === 'DISABLE') return 'plaintext';
  if (!choosesEndpoint) return allAnnounceTls(question, leaving) ? 'mtls' : 'plaintext';
  return announcesTls(question, to) && sidecarMode(question, to, port) !== 'DISABLE' ? 'mtls' : 'plaintext';
}

/** Where the client's proxy does not choose the endpoint, one without a proxy makes it plaintext for all. */
function allAnnounceTls(question: Question, { to, path }: Automatic): boolean {
  const behind = podsOf(question.snapshot).filter((pod) => isFor(path.service, pod));
  return [to, ...behind].every((pod) => announcesTls(question, pod));
}

/** Pods that run, and those that workloads without any will make. */
function podsOf({ pods, workloads }: Snapshot): PodParty[] {
  const running = pods.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
  const idle = workloads.filter(
    ({ namespace, kind, name }) =>
      !pods.some((pod) => pod.namespace === namespace && pod.controller?.kind === kind && pod.controller.name === name),
  );
  return [
    ...running.flatMap(({ namespace, shape, addresses }): PodParty[] => {
      const address = parseAddress(addresses[0] ?? '');
      return address === undefined ? [] : [{ kind: 'pod', namespace, shape, address, family: address.family }];
    }),
    ...idle.map(({ namespace, template }): PodParty => ({ kind: 'pod', namespace, shape: template, family: 4 })),
  ];
}

function speaksHbone(question: Question): boolean {
  const { to } = question.connection;
  // Nothing captures what a waypoint is sent for itself.
  if (isOfWaypoint(to)) return false;
  const server = membershipOf(question, to);
  return server === 'ambient' || (server === 'sidecar' && sidecarsSpeakHbone(question));
}
