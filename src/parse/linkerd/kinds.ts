import { type KindEntry, kind } from '../kubernetes/kind-entry.ts';
import {
  readAuthorization,
  readEgressNetwork,
  readIdentity,
  readNetwork,
  readRoute,
  readServer,
  readServerAuthorization,
} from './objects.ts';

const of = (...versions: readonly string[]) => versions.map((version) => `policy.linkerd.io/${version}`);

export const LINKERD_KINDS: readonly KindEntry[] = [
  kind({ in: 'linkerdServers', kind: 'Server', versions: of('v1beta3', 'v1beta2', 'v1beta1'), read: readServer }),
  kind({ in: 'linkerdAuthorizations', kind: 'AuthorizationPolicy', versions: of('v1alpha1'), read: readAuthorization }),
  kind({
    in: 'linkerdServerAuthorizations',
    kind: 'ServerAuthorization',
    versions: of('v1beta1'),
    read: readServerAuthorization,
  }),
  kind({ in: 'linkerdIdentities', kind: 'MeshTLSAuthentication', versions: of('v1alpha1'), read: readIdentity }),
  kind({ in: 'linkerdNetworks', kind: 'NetworkAuthentication', versions: of('v1alpha1'), read: readNetwork }),
  kind({ in: 'linkerdEgressNetworks', kind: 'EgressNetwork', versions: of('v1alpha1'), read: readEgressNetwork }),
  kind({
    in: 'linkerdRoutes',
    kind: 'HTTPRoute',
    versions: of('v1beta3', 'v1beta2', 'v1beta1', 'v1alpha1'),
    read: readRoute,
  }),
];
