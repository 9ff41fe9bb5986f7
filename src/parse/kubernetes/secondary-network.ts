import type { LabelSelector, MultiNetworkPolicy, SecondaryNetwork } from '#model/resource.ts';
import type { Meta } from './meta.ts';
import type { Reader } from './reader.ts';
import { readSelector } from './selector.ts';

const POLICY_FOR = 'k8s.v1.cni.cncf.io/policy-for';

/** Its rules are not read: they govern networks that no answer is about. */
export function readMultiNetworkPolicy(_object: Reader, meta: Meta): MultiNetworkPolicy {
  const names = (meta.annotations.get(POLICY_FOR) ?? '').split(',');
  return {
    ...meta,
    kind: 'MultiNetworkPolicy',
    networks: names.map((name) => name.trim()).filter((name) => name !== ''),
  };
}

export function readNetworkAttachment(object: Reader, meta: Meta): SecondaryNetwork {
  const primary = isPrimaryConfig(object.childOrEmpty('spec').text('config') ?? '');
  return {
    ...meta,
    kind: 'NetworkAttachmentDefinition',
    primary,
    ...(primary && { namespaceSelector: namespaceNamed(object, meta.namespace) }),
  };
}

/** `k8s.ovn.org/v1` UserDefinedNetwork: of its own namespace. */
export function readUserDefinedNetwork(object: Reader, meta: Meta): SecondaryNetwork {
  return {
    ...meta,
    kind: 'UserDefinedNetwork',
    primary: isPrimary(object.childOrEmpty('spec')),
    namespaceSelector: namespaceNamed(object, meta.namespace),
  };
}

/** `k8s.ovn.org/v1` ClusterUserDefinedNetwork: of the namespaces that it selects. */
export function readClusterUserDefinedNetwork(object: Reader, meta: Meta): SecondaryNetwork {
  const spec = object.requiredChild('spec');
  return {
    ...meta,
    kind: 'ClusterUserDefinedNetwork',
    primary: isPrimary(spec.childOrEmpty('network')),
    namespaceSelector: readSelector(spec.requiredChild('namespaceSelector')),
  };
}

function isPrimary(network: Reader): boolean {
  return ['layer2', 'layer3', 'localnet'].some((layer) => network.childOrEmpty(layer).text('role') === 'Primary');
}

/** OVN-Kubernetes writes `"role": "primary"` into the attachment that it makes for a primary network. */
function isPrimaryConfig(config: string): boolean {
  return /"role"\s*:\s*"primary"/i.test(config);
}

function namespaceNamed(object: Reader, namespace: string): LabelSelector {
  const requirements = [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [namespace] } as const];
  return { requirements, origin: object.origin };
}
