import type { Gateway, GatewayClass, Listener, ListenerSet, ReferenceGrant } from '#model/exposure.ts';
import { quote } from './draft.ts';
import { readParentRef, reportUnsupported } from './gateway-ref.ts';
import type { Meta } from './meta.ts';
import { wrongHost } from './names.ts';
import type { Reader } from './reader.ts';
import { readSelector } from './selector.ts';
import { requiredPort } from './values.ts';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

export function readGatewayClass(object: Reader, meta: Meta): GatewayClass {
  return { ...meta, kind: 'GatewayClass', controller: object.requiredChild('spec').requiredText('controllerName') };
}

export function readGateway(object: Reader, meta: Meta): Gateway {
  const spec = object.requiredChild('spec');
  if (!spec.has('listeners')) spec.missing('listeners');
  spec.bounded('listeners', 1, 64);
  reportUnsupported(spec, 'defaultScope');
  return {
    ...meta,
    kind: 'Gateway',
    className: spec.requiredText('gatewayClassName'),
    listeners: readListeners(spec),
    addresses: readAddressValues(spec),
    statusAddresses: readAddressValues(object.childOrEmpty('status')),
    allowedListenerNamespaces: readNamespaces(spec.childOrEmpty('allowedListeners'), 'None'),
  };
}

/** Where its listeners may attach is up to the parent Gateway, which allows nobody by default. */
export function listenerSetOf(kind: ListenerSet['kind']): (object: Reader, meta: Meta) => ListenerSet {
  return (object, meta) => {
    const spec = object.requiredChild('spec');
    spec.bounded('listeners', 1, 64);
    return {
      ...meta,
      kind,
      parent: readParentRef(spec.requiredChild('parentRef'), meta.namespace),
      listeners: readListeners(spec),
      creationTimestamp: object.childOrEmpty('metadata').text('creationTimestamp') ?? '',
    };
  };
}

export function readReferenceGrant(object: Reader, meta: Meta): ReferenceGrant {
  const spec = object.requiredChild('spec');
  for (const key of ['from', 'to']) if (!spec.has(key)) spec.missing(key);
  return {
    ...meta,
    kind: 'ReferenceGrant',
    from: spec.children('from').map((from) => ({
      group: from.text('group') ?? '',
      kind: from.requiredText('kind'),
      namespace: from.requiredText('namespace'),
    })),
    to: spec.children('to').map((to) => {
      const name = to.text('name');
      const whole = { group: to.text('group') ?? '', kind: to.requiredText('kind') };
      return name === undefined || name === '' ? whole : { ...whole, name };
    }),
  };
}

function readListeners(spec: Reader): Listener[] {
  const names = new Set<string>();
  return spec.children('listeners').map((reader) => {
    const listener = readListener(reader);
    if (names.has(listener.name))
      reader.refuse('RF2009', 'name', `is ${quote(listener.name)}, which another listener has already`);
    names.add(listener.name);
    return listener;
  });
}

function readListener(reader: Reader): Listener {
  const hostname = reader.text('hostname');
  const wrong = hostname ? wrongHost(hostname) : undefined;
  if (wrong !== undefined) reader.refuse('RF2004', 'hostname', `is ${quote(hostname ?? '')}: a host name ${wrong}`);
  const tls = reader.child('tls');
  return {
    name: reader.requiredText('name'),
    port: requiredPort(reader, 'port'),
    protocol: reader.requiredText('protocol'),
    ...(hostname ? { hostname } : {}),
    ...(tls && { tlsMode: tls.choice('mode', ['Terminate', 'Passthrough']) ?? 'Terminate' }),
    allowedNamespaces: readNamespaces(reader.childOrEmpty('allowedRoutes'), 'Same'),
    allowedKinds: readKinds(reader.childOrEmpty('allowedRoutes')),
    origin: reader.origin,
  };
}

function readKinds(allowed: Reader): string[] {
  return allowed.children('kinds').map((kind) => `${kind.text('group') ?? GATEWAY_GROUP}/${kind.requiredText('kind')}`);
}

type From = 'Same' | 'All' | 'None';

function readNamespaces(allowed: Reader, absent: From): Listener['allowedNamespaces'] {
  const namespaces = allowed.childOrEmpty('namespaces');
  const from = namespaces.choice('from', ['Same', 'All', 'None', 'Selector']) ?? absent;
  if (from !== 'Selector') return from;
  return readSelector(namespaces.requiredChild('selector'));
}

function readAddressValues(reader: Reader): string[] {
  return reader.children('addresses').flatMap((address) => address.text('value') ?? []);
}
