import type { Service } from '#model/exposure.ts';
import type { ClusterObject } from '#model/object.ts';
import { isPlainObject, listAt, numberAt, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import { type ControllerFamily, familyOfClass, familyOfController } from '../exposure/controller-families.ts';
import { addToService, containerPorts, labelsOf, type NeedBook, nameOf, serviceName, workloadEnd } from './book.ts';
import type { NeedEnd } from './needs.ts';

/** What is let in on purpose: load balancers and node ports, routes of Ingress and Gateway, webhooks, ports of nodes. */
export function addInbound(book: NeedBook): void {
  for (const service of book.snapshot.services) addOpened(book, service);
  for (const owner of book.owners) {
    const ports = containerPorts(owner).filter(({ hostPort }) => hostPort !== undefined);
    if (ports.length === 0) continue;
    book.edges.push({
      from: { kind: 'anyone' },
      to: workloadEnd(owner),
      ports: ports.map(({ protocol, port }) => ({ protocol, port })),
      cause: 'host-port',
      why: `${nameOf(owner)} takes a port of its nodes`,
      origin: owner.object.originAt([...owner.path, 'spec', 'containers']),
    });
  }
  addIngresses(book);
  addRoutes(book);
  addWebhooks(book);
}

/** Clients of a load balancer or a node port come with the address of a node, or with their own: who they are is not known. */
function addOpened(book: NeedBook, service: Service): void {
  const isOpened = service.type === 'LoadBalancer' || service.type === 'NodePort' || service.externalIPs.length > 0;
  if (!isOpened) return;
  const why = `${serviceName(service)} is of type ${service.type}`;
  addToService(book, { from: { kind: 'anyone' }, service, cause: 'load-balancer', why, origin: service.origin });
}

// ---------------------------------------------------------------- Ingress

function addIngresses(book: NeedBook): void {
  for (const ingress of book.snapshot.ingresses) {
    const backends = [
      ingress.defaultBackend,
      ...ingress.rules.flatMap(({ paths }) => paths.map(({ backend }) => backend)),
    ];
    const senders = sendersOf(book, ingressFamily(book, ingress.className));
    for (const backend of backends) {
      const target = backend?.service;
      const service = target && book.services.get(`${ingress.namespace}/${target.name}`);
      if (backend === undefined || target === undefined || service === undefined) continue;
      const why = `Ingress ${ingress.namespace}/${ingress.name} leads to ${serviceName(service)}`;
      for (const from of senders)
        addToService(book, { from, service, port: target.port, cause: 'route', why, origin: backend.origin });
    }
  }
}

function ingressFamily({ snapshot }: NeedBook, className: string | undefined): ControllerFamily | undefined {
  const named = snapshot.ingressClasses.find(({ name, isDefault }) =>
    className === undefined ? isDefault : name === className,
  );
  if (named !== undefined) return familyOfController(named.controller);
  return className === undefined ? undefined : familyOfClass(className);
}

/** The pods of the controller where the input has them; else it may be anybody. */
export function sendersOf(book: NeedBook, family: ControllerFamily | undefined): readonly NeedEnd[] {
  if (family === undefined || family.sends !== 'pods') return [{ kind: 'anyone' }];
  const found = book.owners.filter((owner) => {
    const labels = labelsOf(owner);
    return family.pods.some((set) => Object.entries(set).every(([key, value]) => labels.get(key) === value));
  });
  return found.length > 0 ? found.map(workloadEnd) : [{ kind: 'anyone' }];
}

// ---------------------------------------------------------------- routes

const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

function addRoutes(book: NeedBook): void {
  for (const kind of ROUTES) {
    for (const route of book.objects.of('gateway.networking.k8s.io', kind)) addRoute(book, route);
  }
  for (const route of book.objects.of('route.openshift.io', 'Route')) {
    for (const to of [plainAt(route.value, 'spec', 'to'), ...listAt(route.value, 'spec', 'alternateBackends')])
      addBackend(book, route, { name: textAt(to, 'name'), from: [{ kind: 'anyone' }] });
  }
  for (const virtual of book.objects.of('networking.istio.io', 'VirtualService')) addVirtual(book, virtual);
}

function addRoute(book: NeedBook, route: ClusterObject): void {
  const from = sendersOfRoute(book, route);
  for (const rule of listAt(route.value, 'spec', 'rules')) {
    for (const backend of listAt(rule, 'backendRefs')) {
      const namespace = textAt(backend, 'namespace');
      const port = numberAt(backend, 'port');
      addBackend(book, route, {
        name: textAt(backend, 'name'),
        from,
        ...(namespace !== undefined && { namespace }),
        ...(port !== undefined && { port }),
      });
    }
  }
}

function sendersOfRoute(book: NeedBook, route: ClusterObject): readonly NeedEnd[] {
  const senders = listAt(route.value, 'spec', 'parentRefs').flatMap((parent) => {
    const namespace = textAt(parent, 'namespace') ?? route.namespace;
    return sendersOfGateway(book, { namespace, name: textAt(parent, 'name') ?? '' });
  });
  return senders.length === 0 ? [{ kind: 'anyone' }] : senders;
}

/** Pods that were made for a gateway carry its name (GEP-1762); else those of the controller of its class. */
function sendersOfGateway(
  book: NeedBook,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): readonly NeedEnd[] {
  const own = book
    .ownersIn(namespace)
    .filter((owner) => labelsOf(owner).get('gateway.networking.k8s.io/gateway-name') === name);
  if (own.length > 0) return own.map(workloadEnd);
  const gateway = book.snapshot.gateways.find((each) => each.namespace === namespace && each.name === name);
  const found = book.snapshot.gatewayClasses.find((each) => each.name === gateway?.className);
  return sendersOf(book, found === undefined ? undefined : familyOfController(found.controller));
}

interface Backend {
  readonly name: string | undefined;
  readonly namespace?: string;
  readonly port?: number;
  readonly from: readonly NeedEnd[];
}

function addBackend(book: NeedBook, route: ClusterObject, { name, namespace, port, from }: Backend): void {
  const service = name === undefined ? undefined : book.services.get(`${namespace ?? route.namespace}/${name}`);
  if (service === undefined) return;
  const why = `${route.kind} ${route.namespace}/${route.name} leads to ${serviceName(service)}`;
  for (const end of from)
    addToService(book, { from: end, service, port, cause: 'route', why, origin: route.originAt(['spec']) });
}

/** Of a VirtualService on a gateway; those inside of the mesh only lead elsewhere what is asked for anyway. */
function addVirtual(book: NeedBook, virtual: ClusterObject): void {
  const gateways = listAt(virtual.value, 'spec', 'gateways').filter((gateway) => gateway !== 'mesh');
  if (gateways.length === 0) return;
  const pods = book.owners.filter((owner) => /ingress-?gateway/.test(labelsOf(owner).get('istio') ?? ''));
  const from: readonly NeedEnd[] = pods.length > 0 ? pods.map(workloadEnd) : [{ kind: 'anyone' }];
  for (const field of ['http', 'tls', 'tcp']) {
    for (const rule of listAt(virtual.value, 'spec', field)) {
      for (const route of listAt(rule, 'route')) {
        const [name, namespace] = (textAt(route, 'destination', 'host') ?? '').split('.');
        const port = numberAt(route, 'destination', 'port', 'number');
        addBackend(book, virtual, {
          name,
          from,
          ...(namespace !== undefined && { namespace }),
          ...(port !== undefined && { port }),
        });
      }
    }
  }
}

// ---------------------------------------------------------------- webhooks

/** The API server calls webhooks, aggregated APIs and conversions; from which address is not in the input. */
function addWebhooks(book: NeedBook): void {
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
    for (const object of book.objects.of('admissionregistration.k8s.io', kind)) {
      for (const webhook of listAt(object.value, 'webhooks'))
        addCalled(book, object, plainAt(webhook, 'clientConfig', 'service'));
    }
  }
  for (const object of book.objects.of('apiregistration.k8s.io', 'APIService'))
    addCalled(book, object, plainAt(object.value, 'spec', 'service'));
  for (const object of book.objects.of('apiextensions.k8s.io', 'CustomResourceDefinition'))
    addCalled(book, object, plainAt(object.value, 'spec', 'conversion', 'webhook', 'clientConfig', 'service'));
}

function addCalled(book: NeedBook, object: ClusterObject, reference: PlainValue | undefined): void {
  if (!isPlainObject(reference)) return;
  const service = book.services.get(`${textAt(reference, 'namespace') ?? ''}/${textAt(reference, 'name') ?? ''}`);
  if (service === undefined) return;
  const why = `the API server calls ${serviceName(service)} for ${object.kind} ${object.name}`;
  addToService(book, {
    from: { kind: 'anyone' },
    service,
    port: numberAt(reference, 'port') ?? 443,
    cause: 'webhook',
    why,
    origin: object.origin,
  });
}
