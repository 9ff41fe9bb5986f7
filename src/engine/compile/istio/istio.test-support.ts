import { type Asker, type AskerOptions, asker } from '../../ask.test-support.ts';

/** A pod with a sidecar and a service account of its name: `web`, or `web@other` for another account. */
export function sidecar(place: string, spec: MeshPod = {}): string {
  return meshPod(place, { proxy: 'container', ...spec });
}

/** A pod of the ambient mesh, as a live cluster shows it. */
export function ambient(place: string, spec: MeshPod = {}): string {
  return meshPod(place, { proxy: 'ztunnel', ...spec });
}

/** A pod outside of the mesh. */
export function bare(place: string, spec: MeshPod = {}): string {
  return meshPod(place, { proxy: 'none', ...spec });
}

export interface MeshPod {
  readonly account?: string;
  readonly labels?: string;
  readonly annotations?: string;
  readonly ip?: string;
  readonly proxy?: 'container' | 'init' | 'ztunnel' | 'none';
  /** `http:8080` */
  readonly ports?: readonly string[];
  readonly hostNetwork?: boolean;
  /** Without the label by which clients know that it takes mutual TLS. */
  readonly unannounced?: boolean;
}

/** A pod of the waypoint of its name, or of another name, with that name as `app`. */
export function waypointPod(place: string, app?: string): string {
  const [namespace, name] = place.split('/');
  const own = [
    `app: ${app ?? name}`,
    `gateway.networking.k8s.io/gateway-name: ${name}`,
    'gateway.istio.io/managed: istio.io-mesh-controller',
    'istio.io/dataplane-mode: none',
  ];
  return meshPod(`${namespace}/${app ?? name}`, {
    proxy: 'container',
    unannounced: true,
    account: name!,
    labels: own.join(', '),
  });
}

let next = 0;

function meshPod(place: string, spec: MeshPod): string {
  const [namespace, name] = place.split('/');
  const {
    account = name,
    labels = `app: ${name}`,
    annotations = '',
    proxy = 'none',
    ports = [],
    hostNetwork = false,
    unannounced = false,
  } = spec;
  const ip = spec.ip ?? `10.8.${(next >> 8) & 255}.${next++ & 255}`;
  const announced =
    (proxy === 'container' || proxy === 'init') && !unannounced ? ', security.istio.io/tlsMode: istio' : '';
  const redirected = proxy === 'ztunnel' ? 'ambient.istio.io/redirection: enabled' : '';
  const notes = [annotations, redirected].filter((text) => text !== '').join(', ');
  const main = `{name: app, image: i, ports: [${ports.map(containerPort).join(', ')}]}`;
  const containers = proxy === 'container' ? `${main}, {name: istio-proxy, image: p}` : main;
  const init = proxy === 'init' ? ', initContainers: [{name: istio-proxy, image: p, restartPolicy: Always}]' : '';
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}${announced}}, annotations: {${notes}}}
spec: {serviceAccountName: ${account}, hostNetwork: ${hostNetwork}, nodeName: n1, containers: [${containers}]${init}}
status: {phase: Running, podIP: ${ip}, podIPs: [{ip: ${ip}}]}`;
}

function containerPort(text: string): string {
  const [name, port] = text.split(':');
  return `{name: ${name}, containerPort: ${port}}`;
}

/** The address of every Service of `service`. */
const SERVICE_IP = '10.255.0.1';

/** A Service of the pods that have its name as `app`: `service('shop/db', 'tcp-db:5432')`. */
export function service(place: string, ...ports: readonly string[]): string {
  const [namespace, name] = place.split('/');
  const list = ports.map((text) => {
    const [port, number, target = number] = text.split(':');
    return `{name: ${port}, port: ${number}, targetPort: ${target}}`;
  });
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {clusterIP: ${SERVICE_IP}, selector: {app: ${name}}, ports: [${list.join(', ')}]}`;
}

function object(apiVersion: string, kind: string, place: string, rest: string): string {
  const [namespace, name] = place.split('/');
  const [spec = '', metadata = ''] = rest.split(' ## ');
  return `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}${metadata === '' ? '' : `, ${metadata}`}}
spec: {${spec}}`;
}

/** More of the metadata may follow behind ` ## `. */
export function authorization(place: string, rest: string): string {
  return object('security.istio.io/v1', 'AuthorizationPolicy', place, rest);
}

export function peerAuthentication(place: string, rest: string): string {
  return object('security.istio.io/v1', 'PeerAuthentication', place, rest);
}

export function destinationRule(place: string, rest: string): string {
  return object('networking.istio.io/v1', 'DestinationRule', place, rest);
}

/** A NetworkPolicy with a spec as flow YAML. */
export function networkPolicy(place: string, spec: string): string {
  return object('networking.k8s.io/v1', 'NetworkPolicy', place, spec.slice(1, -1));
}

export function istioObject(kind: string, place: string, rest: string): string {
  return object('networking.istio.io/v1', kind, place, rest);
}

export const STRICT = peerAuthentication('istio-system/default', 'mtls: {mode: STRICT}');

/** The ConfigMap `istio` with some settings, as flow YAML. */
export function meshConfig(settings: string): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: '${settings}'}`;
}

/** Asks of a small mesh that everything but the mesh lets through. */
export function ask(documents: readonly string[], options: AskerOptions = {}): Asker {
  return asker(documents, { profile: 'none', ...options });
}
