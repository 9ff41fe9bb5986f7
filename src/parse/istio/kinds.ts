import { type KindEntry, kind } from '../kubernetes/kind-entry.ts';
import { readAuthorizationPolicy } from './authorization-policy.ts';
import { readDestinationRule } from './destination-rule.ts';
import { readIstioGateway } from './gateway.ts';
import { readPeerAuthentication } from './peer-authentication.ts';
import { readRequestAuthentication } from './request-authentication.ts';
import { readServiceEntry } from './service-entry.ts';
import { readSidecar } from './sidecar.ts';
import { readVirtualService } from './virtual-service.ts';

const SECURITY = ['security.istio.io/v1', 'security.istio.io/v1beta1'];
const NETWORKING = ['v1', 'v1beta1', 'v1alpha3'].map((version) => `networking.istio.io/${version}`);

/** Every kind of Istio that is read. */
export const ISTIO_KINDS: readonly KindEntry[] = [
  kind({ in: 'peerAuthentications', kind: 'PeerAuthentication', versions: SECURITY, read: readPeerAuthentication }),
  kind({ in: 'istioAuthorizations', kind: 'AuthorizationPolicy', versions: SECURITY, read: readAuthorizationPolicy }),
  kind({
    in: 'requestAuthentications',
    kind: 'RequestAuthentication',
    versions: SECURITY,
    read: readRequestAuthentication,
  }),
  kind({ in: 'destinationRules', kind: 'DestinationRule', versions: NETWORKING, read: readDestinationRule }),
  kind({ in: 'istioSidecars', kind: 'Sidecar', versions: NETWORKING, read: readSidecar }),
  kind({ in: 'serviceEntries', kind: 'ServiceEntry', versions: NETWORKING, read: readServiceEntry }),
  kind({ in: 'virtualServices', kind: 'VirtualService', versions: NETWORKING, read: readVirtualService }),
  kind({ in: 'istioGateways', kind: 'Gateway', versions: NETWORKING, read: readIstioGateway }),
];
