import type { Design } from '../../plan/design.ts';
import { workloadPort } from '../../plan/ports.ts';
import type { Space } from '../../plan/spaces.ts';
import { WAY_IN } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import { PUBLISHED } from '../labels.ts';
import { ISTIO } from '../network/platform.ts';
import { objectOf } from '../object.ts';

const API = 'security.istio.io/v1';

export function istioOfCluster(): readonly Document[] {
  return [
    objectOf({
      api: API,
      kind: 'PeerAuthentication',
      name: 'default',
      namespace: ISTIO.namespace,
      why: 'In the root namespace of the add-on: every workload of the mesh takes mutual TLS and nothing else.',
      body: { spec: { mtls: { mode: 'STRICT' } } },
    }),
  ];
}

/** Who may call, by the identity that mutual TLS proves. */
export function istioOf({ choices }: Design, { name, callers, isEntered }: Space): readonly Document[] {
  const to = [{ operation: { ports: [`${workloadPort(choices)}`] } }];
  return [
    istioDefaultDeny(name),
    ...(callers.length === 0
      ? []
      : [
          objectOf({
            api: API,
            kind: 'AuthorizationPolicy',
            name: 'callers',
            namespace: name,
            body: { spec: { action: 'ALLOW', rules: [{ from: [{ source: { namespaces: callers } }], to }] } },
          }),
        ]),
    ...(isEntered
      ? [
          objectOf({
            api: API,
            kind: 'AuthorizationPolicy',
            name: 'way-in',
            namespace: name,
            body: {
              spec: {
                selector: { matchLabels: PUBLISHED },
                action: 'ALLOW',
                rules: [{ from: [{ source: { namespaces: [WAY_IN] } }], to }],
              },
            },
          }),
        ]
      : []),
  ];
}

export function istioDefaultDeny(namespace: string): Document {
  return objectOf({
    api: API,
    kind: 'AuthorizationPolicy',
    name: 'default-deny',
    namespace,
    why: 'A policy without rules allows nothing: who may call is named by the others.',
    body: { spec: {} },
  });
}
