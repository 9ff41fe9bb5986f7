import { formatAddress, parseCidr } from '#base/address.ts';
import type { SourceText } from '#parse/text/node.ts';
import { PUBLISHED } from '../cluster/labels.ts';
import {
  DNS,
  ISTIO,
  ISTIO_PORTS,
  LINKERD,
  LINKERD_PORTS,
  METRICS,
  type PlatformPods,
} from '../cluster/network/platform.ts';
import { objectOf } from '../cluster/object.ts';
import { balancerAnnotations, gatewayWorkload } from '../cluster/way-in/gateway.ts';
import { GATEWAY_PODS } from '../cluster/way-in/gateway-policies.ts';
import { workloadDocuments } from '../cluster/workload.ts';
import { subnetPrefix } from '../plan/address-plan.ts';
import type { Design } from '../plan/design.ts';
import { pauseImage } from '../plan/images.ts';
import { GATEWAY_METRICS, metricsPort, SERVICE_PORT, workloadPort } from '../plan/ports.ts';
import { type Space, spacesOf } from '../plan/spaces.ts';
import { doorOf, WAY_IN, wayInSources } from '../plan/way-in.ts';
import { commentText, type Document, yamlFile } from '../write/yaml.ts';

/** Of the workload in each namespace. */
export const STAND_IN = 'stand-in';

const WHY =
  'Workloads that stand for those to come, so that who reaches whom can be asked before anything runs. They are for proof alone: no kustomization has them, and nobody applies them.';

/** Whether a text is the one of `standIns`, in whatever folder. */
export function isStandIns({ file, text }: SourceText): boolean {
  return /(?:^|\/)stand-ins\.yaml$/.test(file) && text.startsWith(commentText(WHY));
}

/** One workload for each namespace, for the way in, and for what the platform has inside. */
export function standIns(design: Design): string {
  return `${commentText(WHY)}\n${yamlFile([
    ...spacesOf(design.choices).flatMap((space) => ofSpace(design, space)),
    ...(doorOf(design.choices) === 'gateway' ? ofGateway(design) : []),
    ...ofPlatform(design),
  ])}`;
}

function ofSpace(design: Design, { name, isEntered, callers }: Space): readonly Document[] {
  const port = workloadPort(design.choices);
  return [
    ...workloadDocuments({
      name: STAND_IN,
      namespace: name,
      image: pauseImage(design),
      ...(isEntered && { podLabels: PUBLISHED }),
      ports: { [port === 8443 ? 'https' : 'http']: port, ...metricsOf(design) },
    }),
    ...(callers.length === 0
      ? []
      : [
          objectOf({
            api: 'v1',
            kind: 'Service',
            name: STAND_IN,
            namespace: name,
            body: {
              spec: { selector: { app: STAND_IN }, ports: [{ name: 'calls', port: SERVICE_PORT, targetPort: port }] },
            },
          }),
        ]),
  ];
}

/** In a mesh what is scraped is the proxy, which comes to stand beside the workload. */
function metricsOf({ choices }: Design): Readonly<Record<string, number>> {
  return choices.mesh === 'istio' || choices.mesh === 'linkerd' ? {} : { metrics: metricsPort(choices) };
}

/** What application routing, or the mesh, makes for the Gateway. */
function ofGateway(design: Design): readonly Document[] {
  const name = gatewayWorkload(design);
  return [
    ...workloadDocuments({
      name,
      namespace: WAY_IN,
      image: pauseImage(design),
      labels: GATEWAY_PODS,
      ports: { https: SERVICE_PORT, ...(design.choices.mesh !== 'linkerd' && { metrics: GATEWAY_METRICS }) },
      why: 'As the controller makes it for the Gateway.',
    }),
    objectOf({
      api: 'v1',
      kind: 'Service',
      name,
      namespace: WAY_IN,
      annotations: balancerAnnotations(design),
      body: {
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: 'Local',
          loadBalancerSourceRanges: wayInSources(design),
          selector: GATEWAY_PODS,
          ports: [{ name: 'https', port: SERVICE_PORT, targetPort: SERVICE_PORT }],
        },
      },
    }),
  ];
}

function ofPlatform(design: Design): readonly Document[] {
  return [
    ...[DNS.namespace, ...controlPlanes(design).map(({ pods }) => pods.namespace)].map(platformSpace),
    ...workloadDocuments({
      name: 'coredns',
      namespace: DNS.namespace,
      image: pauseImage(design),
      labels: DNS.labels,
      why: 'DNS and the collector of metrics, as AKS has them.',
    }),
    ...(design.choices.platform === 'aks'
      ? workloadDocuments({
          name: METRICS_COLLECTOR,
          namespace: METRICS.namespace,
          image: pauseImage(design),
          labels: METRICS.labels,
        })
      : []),
    ...controlPlanes(design).flatMap(({ name, pods }) =>
      workloadDocuments({ name, namespace: pods.namespace, image: pauseImage(design), labels: pods.labels }),
    ),
    ...apiServer(design),
  ];
}

/** What proxies ask: of the mesh, and of the gateway. */
export interface ControlPlane {
  readonly name: string;
  readonly pods: PlatformPods;
  readonly ports: readonly number[];
  /** Namespaces whose proxies ask it. */
  readonly askedBy: readonly string[];
}

export function controlPlanes({ choices }: Design): readonly ControlPlane[] {
  const spaces = spacesOf(choices).map(({ name }) => name);
  const door = doorOf(choices) === 'gateway' ? [WAY_IN] : [];
  const istio = [...(choices.mesh === 'istio' ? spaces : []), ...door];
  const linkerd = choices.mesh === 'linkerd' ? [...spaces, ...door] : [];
  return [
    { name: 'istiod', pods: ISTIO, ports: ISTIO_PORTS, askedBy: istio },
    { name: 'linkerd-destination', pods: LINKERD, ports: LINKERD_PORTS, askedBy: linkerd },
  ].filter(({ askedBy }) => askedBy.length > 0);
}

/** As the API server labels it. */
function platformSpace(name: string): Document {
  return objectOf({
    api: 'v1',
    kind: 'Namespace',
    name,
    labels: { 'kubernetes.io/metadata.name': name },
    body: {},
  });
}

/** Where the API server answers: an address of the subnet in which it, or its private endpoint, stands. */
function apiServer(design: Design): readonly Document[] {
  const { prefix, where } = apiServerPlace(design);
  const ports = [{ name: 'https', port: SERVICE_PORT, protocol: 'TCP' }];
  return [
    objectOf({
      api: 'v1',
      kind: 'Service',
      name: 'kubernetes',
      namespace: 'default',
      why: `The API server, at an address of ${where}.`,
      body: { spec: { ports: [{ ...ports[0]!, targetPort: SERVICE_PORT }] } },
    }),
    objectOf({
      api: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
      body: {
        addressType: 'IPv4',
        endpoints: [{ addresses: [firstAddress(prefix)], conditions: { ready: true } }],
        ports,
      },
    }),
  ];
}

function apiServerPlace({ choices, addresses }: Design): { readonly prefix: string; readonly where: string } {
  if (choices.platform !== 'aks') {
    const prefix = choices.onPremises.ranges[0]!;
    return { prefix, where: `${prefix}, where the cluster stands` };
  }
  const subnet = choices.apiServer === 'vnet-integration' ? 'snet-apiserver' : 'snet-system';
  return { prefix: subnetPrefix(addresses.spoke, subnet), where: `${subnet}, where Azure gives it one` };
}

/** Azure keeps the first four addresses of a subnet. */
function firstAddress(prefix: string): string {
  const { cidr } = parseCidr(prefix)!;
  return formatAddress({ family: cidr.family, value: cidr.lo + 4n });
}

export const METRICS_COLLECTOR = 'ama-metrics';
