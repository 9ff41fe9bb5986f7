import type { Design } from '../../plan/design.ts';
import { GATEWAY_METRICS, SERVICE_PORT, wirePorts } from '../../plan/ports.ts';
import { spacesOf } from '../../plan/spaces.ts';
import { WAY_IN, wayInSources } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import { istioDefaultDeny } from '../mesh/istio.ts';
import { dnsPolicy } from '../network/dns.ts';
import { addressesIn, networkPolicy, podsIn, tcp } from '../network/kubernetes.ts';
import { defaultDeny, meshPolicies } from '../network/namespace-policies.ts';
import { ISTIO, ISTIO_PORTS, METRICS } from '../network/platform.ts';
import { objectOf } from '../object.ts';

/** Labels that implementations give to the pods of a Gateway (GEP-1762). */
export const GATEWAY_PODS: Readonly<Record<string, string>> = { 'gateway.networking.k8s.io/gateway-name': WAY_IN };

/** What the gateway may do: take requests from the way in, and pass them on to published namespaces. */
export function gatewayPolicies(design: Design): readonly Document[] {
  const entered = spacesOf(design.choices).filter(({ isEntered }) => isEntered);
  return [
    defaultDeny(WAY_IN),
    dnsPolicy(design, WAY_IN),
    ...(design.choices.mesh === 'istio' ? [] : [gatewayControl()]),
    ...meshPolicies(design, WAY_IN),
    networkPolicy({
      name: 'way-in',
      namespace: WAY_IN,
      why: 'Requests come from the subnets of the way in alone; metrics are scraped.',
      pods: GATEWAY_PODS,
      ingress: [
        { from: wayInSources(design).map((prefix) => addressesIn(prefix)), ports: tcp(SERVICE_PORT) },
        { from: [podsIn(METRICS.namespace, METRICS.labels)], ports: tcp(GATEWAY_METRICS) },
      ],
    }),
    networkPolicy({
      name: 'published',
      namespace: WAY_IN,
      why: 'The gateway passes requests on to published namespaces, and to nobody else.',
      pods: GATEWAY_PODS,
      egress: [{ to: entered.map(({ name }) => podsIn(name)), ports: tcp(...wirePorts(design.choices)) }],
    }),
    ...(design.choices.mesh === 'istio' ? istioPolicies(design) : []),
  ];
}

/** Of application routing, which has the control plane of Istio and no mesh. */
function gatewayControl(): Document {
  return networkPolicy({
    name: 'control',
    namespace: WAY_IN,
    why: 'The gateway takes its routes and certificates from its control plane.',
    pods: GATEWAY_PODS,
    egress: [{ to: [podsIn(ISTIO.namespace, ISTIO.labels)], ports: tcp(...ISTIO_PORTS) }],
  });
}

function istioPolicies(design: Design): readonly Document[] {
  return [
    istioDefaultDeny(WAY_IN),
    objectOf({
      api: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      name: 'way-in',
      namespace: WAY_IN,
      why: 'Those who come from outside have no identity of the mesh: the gateway takes them by their addresses.',
      body: {
        spec: {
          selector: { matchLabels: GATEWAY_PODS },
          action: 'ALLOW',
          rules: [
            {
              from: [{ source: { ipBlocks: [...wayInSources(design)] } }],
              to: [{ operation: { ports: [`${SERVICE_PORT}`] } }],
            },
          ],
        },
      },
    }),
  ];
}
