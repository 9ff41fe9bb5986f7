/** How one kind of ingress or gateway controller is recognised, and how its traffic reaches backends. */
export interface ControllerFamily {
  readonly name: string;
  /** `IngressClass.spec.controller` or `GatewayClass.spec.controllerName`: equal, or followed by `/`. */
  readonly controllers: readonly string[];
  /** Class names that are its own by convention, for input without the class object. */
  readonly classes: readonly string[];
  /** Labels of the pods that carry the traffic: any of these sets. */
  readonly pods: readonly Readonly<Record<string, string>>[];
  /**
   * `pods`: from pods of the cluster. `network`: from addresses of the virtual network, straight to pods. `anywhere`:
   * from the cloud, to pods or node ports by its settings. `proxy`: from the node's own proxy under an identity of its own.
   */
  readonly sends: 'pods' | 'network' | 'anywhere' | 'proxy';
}

const NAME = 'app.kubernetes.io/name';
const COMPONENT = 'app.kubernetes.io/component';

/** From each project's own charts and manifests. Order matters only where a pod carries labels of two. */
export const CONTROLLER_FAMILIES: readonly ControllerFamily[] = [
  {
    name: 'ingress-nginx',
    controllers: ['k8s.io/ingress-nginx', 'k8s.io/internal-ingress-nginx'],
    classes: ['nginx'],
    pods: [{ [NAME]: 'ingress-nginx', [COMPONENT]: 'controller' }, { app: 'ingress-nginx' }],
    sends: 'pods',
  },
  {
    name: 'AKS application routing',
    controllers: ['webapprouting.kubernetes.azure.com/nginx', 'approuting.kubernetes.azure.com/nginx'],
    classes: ['webapprouting.kubernetes.azure.com'],
    pods: [{ app: 'nginx', [COMPONENT]: 'ingress-controller' }],
    sends: 'pods',
  },
  {
    name: 'NGINX Ingress Controller',
    controllers: ['nginx.org/ingress-controller'],
    classes: [],
    pods: [{ [NAME]: 'nginx-ingress' }, { app: 'nginx-ingress' }],
    sends: 'pods',
  },
  {
    name: 'NGINX Gateway Fabric',
    controllers: ['gateway.nginx.org/nginx-gateway-controller'],
    classes: [],
    pods: [{ [NAME]: 'nginx-gateway-fabric' }, { [NAME]: 'nginx-gateway' }],
    sends: 'pods',
  },
  {
    name: 'Traefik',
    controllers: ['traefik.io/ingress-controller', 'traefik.io/gateway-controller'],
    classes: ['traefik'],
    pods: [{ [NAME]: 'traefik' }, { app: 'traefik' }],
    sends: 'pods',
  },
  {
    name: 'HAProxy',
    controllers: [
      'haproxy.org/ingress-controller',
      'haproxy-ingress.github.io/controller',
      'jcmoraisjr.github.io/haproxy-ingress',
    ],
    classes: ['haproxy'],
    pods: [{ [NAME]: 'kubernetes-ingress' }, { [NAME]: 'haproxy-ingress' }, { run: 'haproxy-ingress' }],
    sends: 'pods',
  },
  {
    name: 'Contour',
    controllers: ['projectcontour.io/ingress-controller', 'projectcontour.io/gateway-controller', 'projectcontour.io'],
    classes: ['contour'],
    pods: [{ [NAME]: 'contour', [COMPONENT]: 'envoy' }, { app: 'envoy', [NAME]: 'envoy' }, { app: 'envoy' }],
    sends: 'pods',
  },
  {
    name: 'Kong',
    controllers: [
      'ingress-controllers.konghq.com/kong',
      'konghq.com/kic-gateway-controller',
      'konghq.com/gateway-operator',
    ],
    classes: ['kong'],
    pods: [{ [NAME]: 'kong' }, { [NAME]: 'gateway', [COMPONENT]: 'app' }],
    sends: 'pods',
  },
  {
    name: 'Istio',
    controllers: ['istio.io/ingress-controller', 'istio.io/gateway-controller'],
    classes: ['istio', 'approuting-istio'],
    pods: [
      { istio: 'ingressgateway' },
      { istio: 'aks-istio-ingressgateway-external' },
      { istio: 'aks-istio-ingressgateway-internal' },
    ],
    sends: 'pods',
  },
  {
    name: 'Envoy Gateway',
    controllers: ['gateway.envoyproxy.io/gatewayclass-controller'],
    classes: ['eg', 'envoy-gateway'],
    pods: [],
    sends: 'pods',
  },
  {
    name: 'OpenShift router',
    controllers: ['openshift.io/ingress-to-route', 'openshift.io/gateway-controller'],
    classes: ['openshift-default'],
    pods: [
      { 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': 'default' },
      { router: 'router', deploymentconfig: 'router' },
    ],
    sends: 'pods',
  },
  {
    name: 'Cilium',
    controllers: ['cilium.io/ingress-controller', 'io.cilium/gateway-controller'],
    classes: ['cilium'],
    pods: [],
    sends: 'proxy',
  },
  {
    name: 'Application Gateway ingress controller',
    controllers: ['azure/application-gateway'],
    classes: ['azure-application-gateway', 'azure/application-gateway'],
    pods: [],
    sends: 'network',
  },
  {
    name: 'Application Gateway for Containers',
    controllers: ['alb.networking.azure.io/alb-controller'],
    classes: ['azure-alb-external'],
    pods: [],
    sends: 'network',
  },
  {
    name: 'AWS Load Balancer Controller',
    controllers: ['ingress.k8s.aws/alb', 'gateway.k8s.aws/alb', 'gateway.k8s.aws/nlb', 'eks.amazonaws.com/alb'],
    classes: ['alb'],
    pods: [],
    sends: 'anywhere',
  },
  {
    name: 'Google Cloud load balancing',
    controllers: ['k8s.io/ingress-gce', 'networking.gke.io/gateway'],
    classes: ['gce', 'gce-internal'],
    pods: [],
    sends: 'anywhere',
  },
];

export function familyOfController(controller: string): ControllerFamily | undefined {
  return CONTROLLER_FAMILIES.find(({ controllers }) =>
    controllers.some((own) => controller === own || controller.startsWith(`${own}/`)),
  );
}

export function familyOfClass(className: string): ControllerFamily | undefined {
  return CONTROLLER_FAMILIES.find(({ classes }) => classes.includes(className));
}
