import { parseAddress } from '#base/address.ts';
import type { Gateway } from '#model/exposure.ts';
import type { IstioTargetRef } from '#model/istio.ts';
import type { Labels } from '#model/resource.ts';
import { isPerhaps, type PodParty, type Question } from '../party.ts';
import { type ServicePath, servicePath, tcpPort } from '../service-path.ts';
import { namespaceLabels } from '../where.ts';
import { authorizesBy } from './authorization.ts';
import { identityOf, isOfWaypoint } from './identity.ts';
import { membershipOf } from './membership.ts';
import { protocolsOf } from './protocol.ts';

const NAME = 'gateway.networking.k8s.io/gateway-name';

/** A waypoint that stands in the way of a connection. */
export interface Waypoint {
  readonly gateway: Gateway;
  /** One of its pods. */
  readonly pod: PodParty;
  /** Whether the input has the pod; all that is known of another is who it is. */
  readonly isKnown: boolean;
  readonly path: ServicePath | undefined;
}

/**
 * The waypoint that ztunnel sends the connection to: that of the Service it goes through, or, to a pod itself, that of the
 * pod. Sidecars pass waypoints by, and so does what comes from one.
 */
export function waypointOf(question: Question): Waypoint | undefined {
  const { from, to } = question.connection;
  if (tcpPort(question) === undefined || to.kind !== 'pod' || from.kind !== 'pod') return undefined;
  if (isOfWaypoint(from) || isOfWaypoint(to) || membershipOf(question, from) !== 'ambient') return undefined;
  const path = servicePath(question);
  // What is on the host's network is no workload of the mesh.
  if (path === undefined && to.shape.hostNetwork) return undefined;
  const own = path === undefined ? to.shape.labels : path.service.labels;
  const gateway = gatewayFor(question, {
    own,
    namespace: to.namespace,
    kind: path === undefined ? 'workload' : 'service',
  });
  if (gateway === undefined) return undefined;
  const pod = podOf(question, gateway);
  return { gateway, pod: pod ?? imagined(gateway, from), isKnown: pod !== undefined, path };
}

interface Wanted {
  readonly own: Labels;
  readonly namespace: string;
  readonly kind: 'service' | 'workload';
}

/** A label of the object itself goes before that of its namespace; `none` opts out. */
function gatewayFor(question: Question, { own, namespace, kind }: Wanted): Gateway | undefined {
  const ofNamespace = namespaceLabels(question, namespace);
  const isOwn = own.has('istio.io/use-waypoint');
  const labelOf = (key: string) => (isOwn ? own.get(key) : ofNamespace(key));
  const name = labelOf('istio.io/use-waypoint');
  if (name === undefined || name === 'none') return undefined;
  const home = labelOf('istio.io/use-waypoint-namespace') ?? namespace;
  const gateway = question.snapshot.gateways.find((each) => each.namespace === home && each.name === name);
  if (gateway?.className !== 'istio-waypoint') return undefined;
  const serves = gateway.labels.get('istio.io/waypoint-for') ?? 'service';
  return serves === kind || serves === 'all' ? gateway : undefined;
}

/** Of several pods the connection may go through any. */
function podOf({ snapshot, world }: Question, { namespace, name }: Gateway): PodParty | undefined {
  const pods = snapshot.pods
    .filter((pod) => pod.namespace === namespace && pod.shape.labels.get(NAME) === name)
    .flatMap((pod): PodParty[] => {
      const address = parseAddress(pod.addresses[0] ?? '');
      return address === undefined
        ? []
        : [{ kind: 'pod', namespace, shape: pod.shape, address, family: address.family }];
    });
  return pods.length === 0 ? undefined : world.choose('the pod of the waypoint', pods);
}

function imagined({ namespace, name }: Gateway, { family, shape }: PodParty): PodParty {
  const labels = new Map([
    [NAME, name],
    ['gateway.istio.io/managed', 'istio.io-mesh-controller'],
  ]);
  const containers = [{ name: 'istio-proxy', image: '', role: 'container' as const }];
  return {
    kind: 'pod',
    namespace,
    family,
    shape: { ...shape, labels, annotations: new Map(), containers, serviceAccount: name, ports: [] },
  };
}

/** Whether the policies that are attached to the waypoint, to its class or to the Service let the client through. */
export function waypointAllows(question: Question, { gateway, path }: Waypoint): boolean {
  const { to } = question.connection;
  // What is addressed to a Service has the port of the Service until the waypoint passes it on.
  const port = path?.port.port ?? tcpPort(question) ?? 0;
  if (to.kind !== 'pod') return true;
  const policies = question.snapshot.istioAuthorizations.filter(
    ({ dryRun, targetRefs, namespace, gaps, name }) =>
      !dryRun &&
      targetRefs.some((ref) => isTarget(question, ref, { namespace, gateway, path })) &&
      (gaps.length === 0 || isPerhaps(question, `AuthorizationPolicy ${namespace}/${name} applies`)),
  );
  const identity = identityOf(question.connection.from);
  return protocolsOf(question, path === undefined ? [] : [path]).some((judge) =>
    authorizesBy(question, policies, { pod: to, port, judge, ...(identity !== undefined && { identity }) }),
  );
}

interface Attached {
  readonly namespace: string;
  readonly gateway: Gateway;
  readonly path: ServicePath | undefined;
}

function isTarget({ mesh }: Question, { kind, name }: IstioTargetRef, { namespace, gateway, path }: Attached): boolean {
  switch (kind) {
    case 'Gateway':
      return namespace === gateway.namespace && name === gateway.name;
    case 'GatewayClass':
      return namespace === mesh.rootNamespace && name === gateway.className;
    case 'Service':
      return namespace === path?.service.namespace && name === path.service.name;
    default:
      return false;
  }
}
