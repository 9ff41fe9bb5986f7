import { parseAddress } from '#base/address.ts';
import type { EndpointAddress, EndpointSlice } from '#model/exposure.ts';
import type { Meta } from './meta.ts';
import type { Reader } from './reader.ts';
import { readAddress, readPort, readProtocol, requiredPort, textOf } from './values.ts';

const SERVICE_LABEL = 'kubernetes.io/service-name';

/** `discovery.k8s.io/v1` EndpointSlice. */
export function readEndpointSlice(object: Reader, meta: Meta): EndpointSlice {
  object.requiredText('addressType');
  const addressType = object.choice('addressType', ['', 'IPv4', 'IPv6', 'FQDN']) || 'IPv4';
  return {
    ...meta,
    kind: 'EndpointSlice',
    service: meta.labels.get(SERVICE_LABEL) ?? '',
    addressType,
    endpoints: object.children('endpoints').flatMap((endpoint) => readEndpoint(endpoint, addressType)),
    ports: readPorts(object, 'optional'),
  };
}

/** A `v1` Endpoints object as slices: one for each subset and address family. */
export function readEndpoints(object: Reader, meta: Meta): EndpointSlice[] {
  const out: EndpointSlice[] = [];
  for (const subset of object.children('subsets')) {
    const ready = subset.children('addresses').flatMap((entry) => readOldAddress(entry, true));
    const waiting = subset.children('notReadyAddresses').flatMap((entry) => readOldAddress(entry, false));
    const ports = readPorts(subset, 'required');
    for (const addressType of ['IPv4', 'IPv6'] as const) {
      const endpoints = [...ready, ...waiting].filter((endpoint) => typeOf(endpoint.address) === addressType);
      if (endpoints.length > 0)
        out.push({ ...meta, kind: 'Endpoints', service: meta.name, addressType, endpoints, ports });
    }
  }
  return out;
}

function typeOf(address: string): 'IPv4' | 'IPv6' {
  return parseAddress(address)?.family === 6 ? 'IPv6' : 'IPv4';
}

/** Absent conditions: ready and serving mean yes, terminating means no. kube-proxy uses the first address only. */
function readEndpoint(endpoint: Reader, addressType: EndpointSlice['addressType']): EndpointAddress[] {
  const first = endpoint.texts('addresses')[0];
  if (first === undefined) return [];
  const address = addressType === 'FQDN' ? first.text : readAddress(endpoint.draft, first);
  if (address === undefined) return [];
  const conditions = endpoint.childOrEmpty('conditions');
  const ready = conditions.boolean('ready') ?? true;
  return [
    {
      address,
      ready,
      serving: conditions.boolean('serving') ?? true,
      terminating: conditions.boolean('terminating') ?? false,
      ...readTarget(endpoint),
    },
  ];
}

function readOldAddress(entry: Reader, ready: boolean): EndpointAddress[] {
  const placed = textOf(entry, 'ip')[0];
  if (placed === undefined) {
    entry.missing('ip');
    return [];
  }
  const address = readAddress(entry.draft, placed);
  return address === undefined ? [] : [{ address, ready, serving: ready, terminating: false, ...readTarget(entry) }];
}

function readTarget(endpoint: Reader): Pick<EndpointAddress, 'pod' | 'nodeName'> {
  const target = endpoint.childOrEmpty('targetRef');
  const nodeName = endpoint.text('nodeName');
  const name = target.text('name');
  const isPod = target.text('kind') === 'Pod' && name !== undefined;
  return {
    ...(isPod && { pod: { namespace: target.text('namespace') ?? '', name } }),
    ...(nodeName !== undefined && nodeName !== '' && { nodeName }),
  };
}

/** A slice's port may have no number: that is left to whoever made the slice, and no Service sends to it. */
function readPorts(reader: Reader, numbers: 'required' | 'optional'): EndpointSlice['ports'] {
  return reader.children('ports').flatMap((port) => {
    const number = numbers === 'required' ? requiredPort(port, 'port') : readPort(port, 'port');
    if (number === undefined) return [];
    const name = port.text('name');
    return [{ ...(name ? { name } : {}), protocol: readProtocol(port, 'TCP'), port: number }];
  });
}
