import { isInRange } from '#base/address.ts';
import type { LinkerdAuthorization, LinkerdRoute, LinkerdServer } from '#model/linkerd.ts';
import { oldestOf } from '../age.ts';
import { isPerhaps, type PodParty, type Question } from '../party.ts';
import { selects } from '../selector.ts';
import { addressOf } from '../where.ts';
import { authorizationAdmits, identityOf, policyAdmits, serverAuthorizationAdmits } from './client.ts';
import { listsPort, namespaceAnnotation, proxySetting } from './membership.ts';
import { routeFor, routesTo } from './routes.ts';

/** Whether the proxy of the pod lets the client in at the port. */
export function serverAdmits(question: Question, pod: PodParty, port: number): boolean {
  const server = serverOf(question, pod, port);
  if (server === undefined) {
    const opaque = proxySetting(question, pod, 'opaque-ports') ?? question.linkerd.opaquePorts;
    return defaultAdmits(question, pod, port) || (!listsPort(opaque, port) && isProbe(question, pod, port));
  }
  const isIn = isAdmittedTo(question, server);
  const routes = routesTo(question, server);
  const looksIntoHttp = ['unknown', 'HTTP/1', 'HTTP/2'].includes(server.protocol);
  if (routes.length === 0) return isIn || (looksIntoHttp && isProbe(question, pod, port));
  // Some request may come on a connection that only some requests may use.
  if (question.request === undefined) return isIn || routes.some((route) => isAdmittedOn(question, route));
  const route = routeFor(question, routes, question.request);
  return route !== undefined && (isIn || isAdmittedOn(question, route));
}

/** Whether it may be what the kubelet asks: some path of the pod's probes, from where probes come. */
function isProbe(question: Question, { shape }: PodParty, port: number): boolean {
  const { request, linkerd } = question;
  if (question.ignoresProbes === true) return false;
  const paths = shape.containers.flatMap(({ name, probes = [] }) =>
    probes
      .filter(
        ({ port: asked }) =>
          shape.ports.some((own) => own.container === name && own.name === asked && own.port === port) ||
          asked === port,
      )
      .map(({ path }) => path),
  );
  if (paths.length === 0) return false;
  const from = addressOf(question, 'from');
  if (linkerd.probeNetworks?.some((network) => isInRange(from, network)) === false) return false;
  if (request === undefined) return true;
  return (request.method ?? 'GET') === 'GET' && (request.path === undefined || paths.includes(request.path));
}

/** Of the Servers that name the port of the pod the oldest. */
function serverOf(question: Question, pod: PodParty, port: number): LinkerdServer | undefined {
  const named = question.snapshot.linkerdServers.filter(
    (server) => server.namespace === pod.namespace && isFor(question, server, { pod, port }),
  );
  return oldestOf(question.world, named);
}

function isFor(
  question: Question,
  { podSelector, port: wanted, gaps, namespace, name }: LinkerdServer,
  { pod, port }: { readonly pod: PodParty; readonly port: number },
): boolean {
  if (gaps.length > 0) return isPerhaps(question, `Server ${namespace}/${name} is for the port`);
  if (podSelector === undefined || !selects(podSelector, (key) => pod.shape.labels.get(key))) return false;
  if (typeof wanted === 'number') return wanted === port;
  return pod.shape.ports.some((own) => own.name === wanted && own.protocol === 'TCP' && own.port === port);
}

/** Without a Server: what the proxy was started with, and for some ports only those who show who they are. */
function defaultAdmits(question: Question, pod: PodParty, port: number): boolean {
  const policy = proxySetting(question, pod, 'default-inbound-policy') ?? inherited(question, pod);
  const identified = proxySetting(question, pod, 'proxy-require-identity-inbound-ports') ?? '';
  if (listsPort(identified, port) && identityOf(question) === undefined) return false;
  return policyAdmits(question, policy);
}

/** A pod that runs may have been made before or after its namespace said something. */
function inherited(question: Question, pod: PodParty): string {
  const said = namespaceAnnotation(question, pod, 'config.linkerd.io/default-inbound-policy');
  const { defaultPolicy } = question.linkerd;
  if (said === undefined) return defaultPolicy;
  return isPerhaps(question, `the pod is younger than what namespace ${pod.namespace} says`) ? said : defaultPolicy;
}

/** Any of the authorizations of the Server or of its namespace, or its own `accessPolicy`. */
function isAdmittedTo(question: Question, server: LinkerdServer): boolean {
  const { snapshot } = question;
  const old = snapshot.linkerdServerAuthorizations.filter(
    ({ namespace, server: wanted }) =>
      namespace === server.namespace &&
      ('name' in wanted ? wanted.name === server.name : selects(wanted.selector, (key) => server.labels.get(key))),
  );
  return (
    old.some((policy) => serverAuthorizationAdmits(question, policy)) ||
    authorizationsFor(question, server).some((policy) => authorizationAdmits(question, policy)) ||
    policyAdmits(question, server.accessPolicy)
  );
}

function authorizationsFor({ snapshot }: Question, server: LinkerdServer): LinkerdAuthorization[] {
  return snapshot.linkerdAuthorizations.filter(({ namespace, target }) => {
    if (namespace !== server.namespace) return false;
    if (target.kind === 'Server') return target.name === server.name;
    return target.kind === 'Namespace' && target.name === namespace;
  });
}

function isAdmittedOn(question: Question, route: LinkerdRoute): boolean {
  const policies = question.snapshot.linkerdAuthorizations.filter(
    ({ namespace, target }) =>
      namespace === route.namespace &&
      target.kind === route.kind &&
      target.name === route.name &&
      (target.group === '' || route.apiVersion.startsWith(`${target.group}/`)),
  );
  return policies.some((policy) => authorizationAdmits(question, policy));
}
