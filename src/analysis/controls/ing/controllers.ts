import { textAt } from '#model/plain.ts';
import { CONTROLLER_FAMILIES } from '../../exposure/controller-families.ts';
import { type ControlContext, onceKey } from '../context.ts';
import type { PodOwner } from '../pod-owners.ts';

const CONTROLLERS = onceKey<ReadonlyMap<string, string>>('ingress controllers by endpoint');

/** Workloads that are made to take requests from outside and to hand them on, with what they are, by endpoint id. */
export function controllerWorkloads(context: ControlContext): ReadonlyMap<string, string> {
  return context.once(
    CONTROLLERS,
    ({ podOwners }) =>
      new Map(
        podOwners.flatMap((owner): [string, string][] => {
          const family = familyOf(owner);
          return family === undefined ? [] : [[owner.endpoint, family]];
        }),
      ),
  );
}

function familyOf(owner: PodOwner): string | undefined {
  const label = (key: string) => textAt(owner.metadata, 'labels', key);
  const family = CONTROLLER_FAMILIES.find(({ pods }) =>
    pods.some((set) => Object.entries(set).every(([key, value]) => label(key) === value)),
  );
  if (family !== undefined) return family.name;
  const gateway = GATEWAY_LABELS.map(label).find((name) => name !== undefined);
  if (gateway !== undefined) return `Gateway ${gateway}`;
  const images = owner.containers.flatMap(({ value }) => textAt(value, 'image') ?? []);
  return IMAGES.find(({ pattern }) => images.some((image) => pattern.test(image)))?.name;
}

/** What implementations of Gateway API put on the pods that they make (GEP-1762; Envoy Gateway). */
const GATEWAY_LABELS = [
  'gateway.networking.k8s.io/gateway-name',
  'gateway.envoyproxy.io/owning-gateway-name',
  'operator.istio.io/component',
];

/** Controllers and API gateways by their images, for pods without the labels of their charts. */
const IMAGES = [
  { name: 'ingress-nginx', pattern: /(?:^|\/)ingress-nginx\/controller(?:-chroot)?[:@]|nginx-ingress-controller[:@]/ },
  { name: 'NGINX Ingress Controller', pattern: /(?:^|\/)nginx\/nginx-ingress[:@]/ },
  { name: 'Traefik', pattern: /(?:^|\/)traefik(?:[:@]|$)/ },
  { name: 'HAProxy', pattern: /(?:^|\/)(?:haproxytech\/kubernetes-ingress|haproxy-ingress)[:@]/ },
  { name: 'Kong', pattern: /(?:^|\/)kong(?:\/kong-gateway)?(?:[:@]|$)/ },
  { name: 'Emissary', pattern: /(?:^|\/)(?:emissary|ambassador)(?:[:@]|$)/ },
  { name: 'APISIX', pattern: /(?:^|\/)apache\/apisix[:@]/ },
  { name: 'Tyk', pattern: /(?:^|\/)tyk-gateway(?:-ee)?[:@]/ },
  { name: 'API Management gateway', pattern: /azure-api-management\/gateway[:@]/ },
] as const;
