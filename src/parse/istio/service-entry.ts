import { type Cidr, cidrOf, formatAddress, parseAddress, parseCidr } from '#base/address.ts';
import type { ServiceEntry, ServiceEntryEndpoint, ServiceEntryPort } from '#model/istio.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readPort, requiredPort } from '../kubernetes/values.ts';
import { readWorkloadSelector } from './target.ts';

/** `networking.istio.io` ServiceEntry. */
export function readServiceEntry(object: Reader, meta: Meta): ServiceEntry {
  const spec = object.childOrEmpty('spec');
  if (spec.length('hosts') === 0) spec.missing('hosts');
  const hosts = spec.texts('hosts');
  for (const placed of hosts) {
    if (placed.text === '*') spec.draft.refuse('RF2009', placed, 'is `*`: a ServiceEntry needs at least a suffix');
  }
  if (spec.has('workloadSelector') && spec.has('endpoints')) {
    spec.refuse('RF2009', 'endpoints', 'cannot be given beside `workloadSelector`');
  }
  const workloadSelector = readWorkloadSelector(spec, 'workloadSelector', 'labels');
  return {
    ...meta,
    kind: 'ServiceEntry',
    hosts: hosts.map(({ text }) => text.toLowerCase()),
    addresses: readBlocks(spec),
    location: spec.choice('location', ['MESH_EXTERNAL', 'MESH_INTERNAL']) ?? 'MESH_EXTERNAL',
    resolution: spec.choice('resolution', ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN']) ?? 'NONE',
    ports: spec.children('ports').map(readEntryPort),
    endpoints: spec.children('endpoints').map(readEndpoint),
    ...(workloadSelector !== undefined && { workloadSelector }),
    exportTo: spec.texts('exportTo').map(({ text }) => text),
    gaps: [...object.unread('spec'), ...spec.unread()],
  };
}

function readBlocks(spec: Reader): Cidr[] {
  const out: Cidr[] = [];
  for (const placed of spec.texts('addresses')) {
    const address = parseAddress(placed.text);
    const cidr =
      address === undefined ? parseCidr(placed.text)?.cidr : cidrOf(address, address.family === 4 ? 32 : 128);
    if (cidr !== undefined) out.push(cidr);
    else spec.draft.refuse('RF2016', placed, `is ${quote(placed.text)}, which is no address and no CIDR`);
  }
  return out;
}

function readEntryPort(port: Reader): ServiceEntryPort {
  const number = requiredPort(port, 'number');
  return {
    number,
    name: port.requiredText('name'),
    protocol: (port.text('protocol') ?? '').toUpperCase(),
    targetPort: readPort(port, 'targetPort') ?? number,
    origin: port.origin,
  };
}

function readEndpoint(endpoint: Reader): ServiceEntryEndpoint {
  const text = endpoint.text('address') ?? '';
  const address = parseAddress(text);
  const ports = new Map<string, number>();
  const list = endpoint.childOrEmpty('ports');
  for (const key of list.keys()) ports.set(key, readPort(list, key) ?? 0);
  return { address: address === undefined ? text : formatAddress(address), ports, origin: endpoint.origin };
}
