/**
 * Why a verdict is unknown: a closed list. Adding one is a change that users notice (docs/unknown.md lists them all).
 */
export const REASONS = {
  'unread-field': 'the input has a field that Ringfence does not know, and it may matter',
  'unsupported-field': 'the input uses a field that matters and that Ringfence does not model yet',
  'protocol-undefined':
    'the NetworkPolicy API defines TCP, UDP and SCTP only; what happens to other protocols depends on the engine',
  'host-network-undefined': 'the API leaves policy for host-network pods to the engine',
  'node-address-undefined': 'the API leaves open whether an ipBlock covers the addresses of nodes',
  'own-node': 'traffic between a pod and its own node is always allowed, and the pod may run on that node',
  'pod-address-unknown': 'the address of the pod is not in the input, so a CIDR may or may not cover it',
  'named-port-unknown': 'a port is given by name, and the pod that would give it a number is not in the input',
  'equal-priority': 'two policies of one tier have the same priority and disagree; the API leaves the order open',
  'domain-name': 'a rule names a domain; which addresses it stands for is known only at run time',
  'dns-record-missing': 'a private DNS zone of the network is for this name, and the input has no record of it there',
  'nodes-unknown': 'a rule names nodes, and the nodes of the cluster are not in the input',
  'labels-unknown': 'the labels of the namespace are not in the input',
  'label-generated': 'a selector names a label whose value a controller sets when it makes the pod',
  'secondary-network': 'the endpoint is on a network of its own, which these policies may not govern',
  'engine-undefined': 'what this engine does here is not documented',
  'source-port': 'a rule limits the port of the sender, and any connection may come from it',
  'request-unknown': 'a rule looks into the request, and what is asked about does not say enough',
  'mesh-membership': 'whether the pod has a mesh proxy is not certain from the input',
  'mesh-transport': 'whether the connection carries a mesh identity is not certain from the input',
  'default-policy-unknown':
    'the proxy of the pod may have been started with another default policy than the one that the input shows',
  'waypoint-unknown': 'the connection goes through a waypoint, and the input does not say through which pod',
  'external-authorization': 'a service outside the cluster policy decides at run time',
  'host-forwarding': 'a policy of the node applies to forwarded traffic, and the input does not say what passes it',
  'identity-unknown': 'the identity that the engine gives this endpoint is not known',
  'cloud-group': 'a rule names a group that only the cloud can resolve',
  'entity-unknown': 'which addresses a named group of the engine stands for is not in the input',
  'version-dependent': 'versions of the engine differ here, and the input does not say which one runs',
  'backends-unknown': 'which pods or addresses serve this name is not in the input',
  'cloud-expression': 'a cloud document has an expression here whose value is not known before it is deployed',
  'cloud-resource-missing': 'a cloud resource that has a say here is not in the input',
  'service-tag': 'a rule names a service tag, and the list of addresses of tags is not in the input',
  'default-route-tag':
    'a rule names VirtualNetwork, which may or may not contain the default route that the subnet has',
  'security-group-members': 'a rule names a group of network interfaces, and its members are not in the input',
  'gateway-routes': 'a gateway may have learned routes that the input does not show',
  'node-placement': 'which node, and so which subnet, the pod runs on is not certain from the input',
  'same-node': 'pods on one node talk without crossing the network, and the input does not say where they run',
  'frontend-address': 'a rule names addresses, and which one the frontend gets is not in the input',
  'source-translation': 'which address the connection leaves with is not certain from the input',
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof REASONS;
