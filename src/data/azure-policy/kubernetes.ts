import { type BuiltInPolicy, type PolicyEffect, sourceOf } from './policy.ts';

const CHOICE: readonly PolicyEffect[] = ['Audit', 'Deny', 'Disabled'];
const SOURCE = sourceOf('Kubernetes');

/** What holds for every policy that Gatekeeper enforces. */
export const GATEKEEPER_BLIND_SPOTS: readonly string[] = [
  'objects that were there before stay: deny only refuses what is written from now on',
  'the webhook lets through what it cannot answer in time (`failurePolicy: Ignore`)',
  'objects in kube-system, gatekeeper-system and azure-arc are never judged',
];

/** Definitions of mode `Microsoft.Kubernetes.Data` about the network, and about what goes around it. */
export const KUBERNETES_POLICIES: readonly BuiltInPolicy[] = [
  kubernetes('1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d', {
    title: 'Ingresses serve HTTPS only',
    version: '9.0.0',
    kinds: ['Ingress'],
    effect: 'Deny',
    blindSpots: [
      'Gateways, routes of Istio and OpenShift, and Services of type LoadBalancer are not looked at',
      'the annotation `kubernetes.io/ingress.allow-http` is read by few controllers: others go on serving HTTP',
      'whether the Secret with the certificate exists is not looked at',
    ],
  }),
  kubernetes('233a2a17-77ca-4fb1-9b6b-69223d272a44', {
    title: 'Services listen on listed ports only',
    version: '8.2.0',
    kinds: ['Service'],
    effect: 'Deny',
    parameters: { allowedServicePortsList: null },
    blindSpots: [
      'node ports and target ports are not looked at, nor ports of Gateways',
      'Services inside of the cluster are held to the same list as those that are open to the outside',
    ],
  }),
  kubernetes('d46c275d-1680-448d-b2ec-e495a3b6cc89', {
    title: 'Services use listed external addresses only',
    version: '5.2.0',
    kinds: ['Service'],
    effect: 'Audit',
    parameters: { allowedExternalIPs: [] },
    blindSpots: [
      '`spec.loadBalancerIP`, annotations for addresses and the status of a load balancer are not looked at',
    ],
  }),
  kubernetes('82985f06-dc18-4a48-bc1c-b9f4f0098cfe', {
    title: 'Pods use the network and the ports of hosts only as listed',
    version: '7.0.0',
    kinds: ['Pod'],
    effect: 'Audit',
    parameters: { allowHostNetwork: false, allowedHostPorts: [], excludedImages: [] },
    blindSpots: [
      'initiatives for pod security still give it a range of ports, which this version does not read',
      'pods of excluded images keep their host ports',
    ],
  }),
  kubernetes('3fc4dc25-5baf-40d8-9b05-7fe74c1bc64e', {
    title: 'Load balancers are internal',
    version: '8.2.0',
    kinds: ['Service'],
    effect: 'Deny',
    blindSpots: [
      'Gateways and application gateways that are open to the internet are not looked at',
      'an internal load balancer may still be reached from peered networks',
    ],
  }),
  kubernetes('47a1ee2f-2a2a-4576-bf2a-e0e36709c2b8', {
    title: 'Pods share no namespaces of the host',
    version: '6.0.0',
    kinds: ['Pod'],
    effect: 'Audit',
    parameters: { excludedImages: [] },
    blindSpots: ['the network of the host is another policy'],
  }),
  kubernetes('9f061a12-e40d-4183-a00e-171812443373', {
    title: 'Nothing runs in the default namespace',
    version: '4.2.0',
    kinds: ['Pod', 'Service', 'ServiceAccount'],
    effect: 'Audit',
    effects: CHOICE,
    blindSpots: ['ConfigMaps, Secrets, Ingresses and workloads without pods are not looked at'],
  }),
  kubernetes('95edb821-ddaf-4404-9732-666045e056b4', {
    title: 'No container is privileged',
    version: '9.2.0',
    kinds: ['Pod'],
    effect: 'Deny',
    parameters: { excludedContainers: [], excludedImages: [] },
    blindSpots: ['capabilities that come to the same, and volumes of the host, are other policies'],
  }),
  kubernetes('febd0533-8e55-448f-b837-bd0e06f16469', {
    title: 'Images come from where they may',
    version: '9.3.0',
    kinds: ['Pod'],
    effect: 'Deny',
    parameters: { allowedContainerImagesRegex: null, excludedContainers: [] },
    blindSpots: ['an expression without `^` and `$` takes the allowed text anywhere in the name'],
  }),
  kubernetes('d8c942c6-16a3-400b-8f2e-785f44030036', {
    title: 'Rules of Ingresses name their host',
    version: '1.1.0-preview',
    kinds: ['Ingress'],
    effect: 'Audit',
    blindSpots: ['`spec.defaultBackend` takes every host and is not looked at; routes of Gateways are not either'],
  }),
  kubernetes('b0fdedee-7b9e-4a17-9f5d-5e8e912d2f01', {
    title: 'No two Services of a namespace select the same pods by the same labels',
    version: '1.2.2',
    kinds: ['Service'],
    effect: 'Audit',
    blindSpots: ['selectors that are written differently and meet the same pods are not found'],
  }),
  kubernetes('1ddac26b-ed48-4c30-8cc5-3a68c79b8001', {
    title: 'The role edit does not write endpoints',
    version: '3.2.0',
    kinds: ['ClusterRole'],
    effect: 'Audit',
    effects: ['Audit', 'Disabled'],
    blindSpots: ['other roles that write endpoints are not looked at, nor EndpointSlices'],
  }),
];

type Given = Pick<BuiltInPolicy, 'title' | 'version' | 'kinds' | 'effect' | 'blindSpots'> &
  Partial<Pick<BuiltInPolicy, 'effects' | 'parameters'>>;

function kubernetes(id: string, given: Given): BuiltInPolicy {
  return { id, mode: 'kubernetes', effects: CHOICE, parameters: {}, source: SOURCE, ...given };
}
