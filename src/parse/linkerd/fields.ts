import type { FieldEntry, KindFields } from '../kubernetes/field-support.ts';
import { selectorFields } from '../kubernetes/fields/policy.ts';

type Fields = Readonly<Record<string, FieldEntry>>;

const REPORT: FieldEntry = ['harmless', 'what a controller reports'];
const ROUTING: FieldEntry = ['harmless', 'where the request goes and how it is changed, not whether it may come in'];

function networks(path: string): Fields {
  return { [`${path}[].cidr`]: 'supported', [`${path}[].except[]`]: 'supported' };
}

function ref(path: string): Fields {
  return {
    [`${path}.group`]: 'supported',
    [`${path}.kind`]: 'supported',
    [`${path}.name`]: 'supported',
    [`${path}.namespace`]: 'supported',
  };
}

const kindOf = (kind: string, versions: readonly string[], fields: Fields): KindFields => ({
  group: 'policy.linkerd.io',
  versions,
  kind,
  strict: true,
  fields: { ...fields, 'status.*': REPORT },
});

/** The fields of Linkerd's policy kinds. */
export const LINKERD_FIELDS: readonly KindFields[] = [
  kindOf('Server', ['v1beta3', 'v1beta2', 'v1beta1'], {
    ...selectorFields('spec.podSelector'),
    ...Object.fromEntries(
      Object.keys(selectorFields('spec.externalWorkloadSelector')).map((key) => [
        key,
        ['harmless', 'machines outside are no endpoints of an input'] as const,
      ]),
    ),
    'spec.port': 'supported',
    'spec.proxyProtocol': 'supported',
    'spec.accessPolicy': 'supported',
  }),
  kindOf('AuthorizationPolicy', ['v1alpha1'], {
    'spec.targetRef.group': 'supported',
    'spec.targetRef.kind': 'supported',
    'spec.targetRef.name': 'supported',
    ...ref('spec.requiredAuthenticationRefs[]'),
  }),
  kindOf('ServerAuthorization', ['v1beta1'], {
    'spec.server.name': 'supported',
    ...selectorFields('spec.server.selector'),
    'spec.client.unauthenticated': 'supported',
    'spec.client.meshTLS.unauthenticatedTLS': 'supported',
    'spec.client.meshTLS.identities[]': 'supported',
    'spec.client.meshTLS.serviceAccounts[].name': 'supported',
    'spec.client.meshTLS.serviceAccounts[].namespace': 'supported',
    ...networks('spec.client.networks'),
  }),
  kindOf('MeshTLSAuthentication', ['v1alpha1'], { 'spec.identities[]': 'supported', ...ref('spec.identityRefs[]') }),
  kindOf('NetworkAuthentication', ['v1alpha1'], networks('spec.networks')),
  kindOf('EgressNetwork', ['v1alpha1'], { ...networks('spec.networks'), 'spec.trafficPolicy': 'supported' }),
  kindOf('HTTPRoute', ['v1beta3', 'v1beta2', 'v1beta1', 'v1alpha1'], {
    ...ref('spec.parentRefs[]'),
    'spec.parentRefs[].port': ROUTING,
    'spec.parentRefs[].sectionName': ROUTING,
    'spec.hostnames[]': 'supported',
    'spec.rules[].matches[].method': 'supported',
    'spec.rules[].matches[].path.type': 'supported',
    'spec.rules[].matches[].path.value': 'supported',
    'spec.rules[].matches[].headers[].name': 'supported',
    'spec.rules[].matches[].headers[].type': 'supported',
    'spec.rules[].matches[].headers[].value': 'supported',
    'spec.rules[].matches[].queryParams[].*': ['partial', 'such a match is met perhaps: questions have no query'],
    'spec.rules[].filters[].*': ROUTING,
    'spec.rules[].backendRefs[].*': ROUTING,
    'spec.rules[].timeouts.*': ROUTING,
  }),
];
