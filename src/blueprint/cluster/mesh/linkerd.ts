import type { Design } from '../../plan/design.ts';
import { workloadPort } from '../../plan/ports.ts';
import type { Space } from '../../plan/spaces.ts';
import { doorOf, WAY_IN, wayInSources } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import { objectOf } from '../object.ts';

const API = 'policy.linkerd.io';

/** A server for the port of workloads, and who may call it, by identity. The default of the namespace denies the rest. */
export function linkerdOf(design: Design, { name, callers, isEntered }: Space): readonly Document[] {
  const { choices } = design;
  const hasGateway = doorOf(choices) === 'gateway';
  const from = [...callers, ...(isEntered && hasGateway ? [WAY_IN] : [])];
  return [
    objectOf({
      api: `${API}/v1beta3`,
      kind: 'Server',
      name: 'workloads',
      namespace: name,
      why: 'The port of workloads: who may call it is named below, and nobody else may.',
      body: {
        spec: { podSelector: {}, port: workloadPort(choices), proxyProtocol: 'HTTP/1', accessPolicy: 'deny' },
      },
    }),
    ...(from.length === 0
      ? []
      : [
          objectOf({
            api: `${API}/v1alpha1`,
            kind: 'MeshTLSAuthentication',
            name: 'callers',
            namespace: name,
            body: {
              spec: { identityRefs: from.map((other) => ({ kind: 'Namespace', name: other })) },
            },
          }),
          objectOf({
            api: `${API}/v1alpha1`,
            kind: 'AuthorizationPolicy',
            name: 'callers',
            namespace: name,
            body: {
              spec: {
                targetRef: { group: API, kind: 'Server', name: 'workloads' },
                requiredAuthenticationRefs: [{ group: API, kind: 'MeshTLSAuthentication', name: 'callers' }],
              },
            },
          }),
        ]),
    ...(isEntered && !hasGateway ? fromEdge(design, name) : []),
  ];
}

/** Who comes from the edge has no identity of the mesh: it is known by its addresses. */
function fromEdge(design: Design, namespace: string): readonly Document[] {
  return [
    objectOf({
      api: `${API}/v1alpha1`,
      kind: 'NetworkAuthentication',
      name: 'way-in',
      namespace,
      body: { spec: { networks: wayInSources(design).map((cidr) => ({ cidr })) } },
    }),
    objectOf({
      api: `${API}/v1alpha1`,
      kind: 'AuthorizationPolicy',
      name: 'way-in',
      namespace,
      body: {
        spec: {
          targetRef: { group: API, kind: 'Server', name: 'workloads' },
          requiredAuthenticationRefs: [{ group: API, kind: 'NetworkAuthentication', name: 'way-in' }],
        },
      },
    }),
  ];
}
