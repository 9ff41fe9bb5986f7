import type { PlainObject } from '#model/plain.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import type { Design } from '../../plan/design.ts';
import { SERVICE_PORT, workloadPort } from '../../plan/ports.ts';
import { type Space, spacesOf } from '../../plan/spaces.ts';
import { WAY_IN, wayInSources } from '../../plan/way-in.ts';
import { CERTIFICATE } from '../../plan/workload-account.ts';
import type { Document } from '../../write/yaml.ts';
import { ENTRY, PUBLISHED } from '../labels.ts';
import { ISTIO_REVISION } from '../mesh/mesh.ts';
import { objectOf } from '../object.ts';

const API = 'gateway.networking.k8s.io/v1';

/** Classes of AKS: application routing, or the mesh where there is one, as the two cannot stand side by side. */
export function gatewayClass({ choices }: Design): string {
  return choices.mesh === 'istio' ? 'istio' : 'approuting-istio';
}

/** What implementations of Istio make for the Gateway is called after both. */
export function gatewayWorkload(design: Design): string {
  return `${WAY_IN}-${gatewayClass(design)}`;
}

/** The gateway in the cluster, behind an internal balancer with a fixed address. */
export function gatewayDocuments(design: Design): readonly Document[] {
  const sources = wayInSources(design);
  return [
    objectOf({
      api: 'v1',
      kind: 'ConfigMap',
      name: 'gateway',
      namespace: WAY_IN,
      why: 'How the balancer of the gateway is made: it takes only what comes from the way in, and keeps the address of who sent it, by which the network policy decides.',
      body: {
        data: {
          service: [
            ...yamlText({ spec: { externalTrafficPolicy: 'Local', loadBalancerSourceRanges: [...sources] } }),
          ].join(''),
        },
      },
    }),
    objectOf({
      api: API,
      kind: 'Gateway',
      name: WAY_IN,
      namespace: WAY_IN,
      ...(design.choices.mesh === 'istio' && { labels: { 'istio.io/rev': ISTIO_REVISION } }),
      why: 'HTTPS and nothing else, with the certificate of Key Vault; the balancer has an address of the network and none of the internet.',
      body: {
        spec: {
          gatewayClassName: gatewayClass(design),
          infrastructure: {
            annotations: balancerAnnotations(design),
            parametersRef: { group: '', kind: 'ConfigMap', name: 'gateway' },
          },
          listeners: [listener(design)],
        },
      },
    }),
  ];
}

/** HTTPS of the one name under which people come; namespaces of the platform attach no route. */
export function listener({ choices }: Design): PlainObject {
  return {
    name: 'https',
    protocol: 'HTTPS',
    port: SERVICE_PORT,
    hostname: choices.host,
    tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: CERTIFICATE }] },
    allowedRoutes: {
      namespaces: {
        from: 'Selector',
        selector: {
          matchExpressions: [
            {
              key: 'kubernetes.io/metadata.name',
              operator: 'In',
              values: spacesOf(choices)
                .filter(({ isEntered }) => isEntered)
                .map(({ name }) => name),
            },
          ],
        },
      },
    },
  };
}

/** Of the cloud provider of Azure (cloud-provider-azure, "LoadBalancer annotations" and "Private Link Service"). */
export function balancerAnnotations({ addresses, choices, names }: Design): Readonly<Record<string, string>> {
  const prefix = 'service.beta.kubernetes.io/azure';
  return {
    [`${prefix}-load-balancer-internal`]: 'true',
    [`${prefix}-load-balancer-internal-subnet`]: 'snet-balancer',
    [`${prefix}-load-balancer-ipv4`]: addresses.wayIn,
    ...(choices.waf === 'front-door' && {
      [`${prefix}-pls-create`]: 'true',
      [`${prefix}-pls-name`]: names.of('pl', WAY_IN),
      [`${prefix}-pls-ip-configuration-subnet`]: 'snet-balancer',
      [`${prefix}-pls-proxy-protocol`]: 'false',
    }),
  };
}

/** The way from the door to the pods of a published namespace. */
export function routeDocuments(design: Design, space: Space): readonly Document[] {
  if (!space.isEntered) return [];
  const entered = spacesOf(design.choices).filter(({ isEntered }) => isEntered);
  const path = entered.length === 1 ? '/' : `/${space.name}`;
  return [
    entryService(design, space.name, {}),
    objectOf({
      api: API,
      kind: 'HTTPRoute',
      name: ENTRY,
      namespace: space.name,
      body: {
        spec: {
          parentRefs: [{ name: WAY_IN, namespace: WAY_IN, sectionName: 'https' }],
          hostnames: [design.choices.host],
          rules: [
            {
              matches: [{ path: { type: 'PathPrefix', value: path } }],
              backendRefs: [{ name: ENTRY, port: SERVICE_PORT }],
            },
          ],
        },
      },
    }),
  ];
}

/** The pods that answer: HTTPS of their own, or HTTP that what is below encrypts. */
export function entryService(design: Design, namespace: string, fields: PlainObject): Document {
  const targetPort = workloadPort(design.choices);
  return objectOf({
    api: 'v1',
    kind: 'Service',
    name: ENTRY,
    namespace,
    why: 'The way in leads here, and from here to the pods that are labelled as published.',
    body: {
      spec: {
        ...fields,
        selector: PUBLISHED,
        ports: [
          {
            name: targetPort === 8443 ? 'https' : 'http',
            port: SERVICE_PORT,
            targetPort,
            ...(targetPort === 8443 && { appProtocol: 'https' }),
          },
        ],
      },
    },
  });
}
