import { type Cidr, cidrOf, parseAddress } from '#base/address.ts';
import type { CalicoHostEndpoint } from '#model/calico.ts';
import type { Node } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

const MADE_BY = 'projectcalico.org/created-by';
const CONTROLLERS = 'calico-kube-controllers';
const OPEN_PROFILE = 'projectcalico-default-allow';

/**
 * Host endpoints of the input, and those that Calico's controllers make of every node where KubeControllersConfiguration
 * tells them to: for all interfaces, with the node's labels, and a profile that allows.
 */
export function hostEndpointsOf({ calicoHostEndpoints, calicoControllers, nodes }: Snapshot): CalicoHostEndpoint[] {
  const made = calicoControllers.find(({ autoHostEndpoints }) => autoHostEndpoints);
  if (made === undefined) return [...calicoHostEndpoints];
  const own = new Set(calicoHostEndpoints.filter(({ labels }) => labels.has(MADE_BY)).map(({ node }) => node));
  return [
    ...calicoHostEndpoints,
    ...nodes.filter(({ name }) => !own.has(name)).map((node) => autoHostEndpoint(node, made.apiVersion)),
  ];
}

function autoHostEndpoint({ name, labels, addresses, origin }: Node, apiVersion: string): CalicoHostEndpoint {
  return {
    kind: 'HostEndpoint',
    apiVersion,
    namespace: '',
    name: `${name}-auto-hep`,
    labels: new Map([...labels, [MADE_BY, CONTROLLERS]]),
    annotations: new Map(),
    origin,
    node: name,
    interfaceName: '*',
    expectedIps: addresses.flatMap(blockOf),
    profiles: [OPEN_PROFILE],
    ports: [],
  };
}

function blockOf(text: string): Cidr[] {
  const address = parseAddress(text);
  return address === undefined ? [] : [cidrOf(address, address.family === 4 ? 32 : 128)];
}
