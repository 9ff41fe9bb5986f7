import type { Labels, Namespace, Node, ServiceAccount } from '#model/resource.ts';
import type { PlacedText } from './draft.ts';
import type { Meta } from './meta.ts';
import type { Reader } from './reader.ts';
import { readAddresses, readCidrs, textOf } from './values.ts';

/** The label that the API server puts on every namespace and that nobody can change. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

export function readNamespace(_object: Reader, meta: Meta): Namespace {
  const labels: Labels = new Map([...meta.labels, [NAME_LABEL, meta.name]]);
  return { ...meta, kind: 'Namespace', labels };
}

export function readServiceAccount(_object: Reader, meta: Meta): ServiceAccount {
  return { ...meta, kind: 'ServiceAccount' };
}

export function readNode(object: Reader, meta: Meta): Node {
  const spec = object.childOrEmpty('spec');
  const ranges = spec.has('podCIDRs') ? spec.texts('podCIDRs') : textOf(spec, 'podCIDR');
  return {
    ...meta,
    kind: 'Node',
    addresses: readAddresses(object.draft, addressTexts(object)),
    podCidrs: readCidrs(object.draft, ranges, 'warned'),
  };
}

/** `Hostname` and DNS entries of a node's addresses are names, not addresses. */
function addressTexts(object: Reader): PlacedText[] {
  const out: PlacedText[] = [];
  for (const address of object.childOrEmpty('status').children('addresses')) {
    const type = address.text('type');
    if (type === 'InternalIP' || type === 'ExternalIP') out.push(...textOf(address, 'address'));
  }
  return out;
}
