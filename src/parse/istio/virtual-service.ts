import { escapeControl } from '#base/escape.ts';
import type { RouteDestination, VirtualRoute, VirtualService } from '#model/istio.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readPort } from '../kubernetes/values.ts';

/** `networking.istio.io` VirtualService: where its routes lead. */
export function readVirtualService(object: Reader, meta: Meta): VirtualService {
  const spec = object.childOrEmpty('spec');
  return {
    ...meta,
    kind: 'VirtualService',
    hosts: spec.texts('hosts').map(({ text }) => text.toLowerCase()),
    gateways: spec.texts('gateways').map(({ text }) => text),
    exportTo: spec.texts('exportTo').map(({ text }) => text),
    routes: (['http', 'tls', 'tcp'] as const).flatMap((protocol) =>
      spec.children(protocol).map((route) => readRoute(route, protocol, meta.namespace)),
    ),
    gaps: [...object.unread('spec'), ...spec.unread()],
  };
}

function readRoute(route: Reader, protocol: VirtualRoute['protocol'], namespace: string): VirtualRoute {
  const mirrors = [
    ...route.children('mirrors').map((mirror) => mirror.requiredChild('destination')),
    ...(route.has('mirror') ? [route.childOrEmpty('mirror')] : []),
  ];
  const delegate = route.child('delegate');
  return {
    protocol,
    matches: route.children('match').map(matchText),
    destinations: [
      ...route.children('route').map((entry) => readDestination(entry.requiredChild('destination'), entry)),
      ...mirrors.map((destination) => readDestination(destination, undefined)),
    ],
    ...(delegate !== undefined && {
      delegate: { namespace: delegate.text('namespace') || namespace, name: delegate.text('name') ?? '' },
    }),
    origin: route.origin,
  };
}

/** One destination of a route; without an entry it gets a copy only. */
function readDestination(destination: Reader, entry: Reader | undefined): RouteDestination {
  const subset = destination.text('subset');
  const port = readPort(destination.childOrEmpty('port'), 'number');
  return {
    host: destination.requiredText('host').toLowerCase(),
    ...(subset ? { subset } : {}),
    ...(port !== undefined && { port }),
    weight: entry?.integer('weight') ?? 0,
    mirror: entry === undefined,
    origin: destination.origin,
  };
}

const MATCHED = ['uri', 'method', 'authority', 'scheme'];

/** What a request must look like, for people. */
function matchText(match: Reader): string {
  const parts: string[] = [];
  for (const key of MATCHED) {
    const text = stringMatch(match.child(key));
    if (text !== undefined) parts.push(key === 'uri' ? text : `${key} ${text}`);
  }
  const port = match.integer('port');
  if (port !== undefined) parts.push(`port ${port}`);
  const hosts = match.texts('sniHosts').map(({ text }) => text);
  if (hosts.length > 0) parts.push(`SNI ${hosts.join(', ')}`);
  const others = match.present(['headers', 'queryParams', 'sourceLabels', 'sourceNamespace', 'withoutHeaders']);
  return escapeControl([...parts, ...others].join(' '));
}

function stringMatch(reader: Reader | undefined): string | undefined {
  const exact = reader?.text('exact');
  const prefix = reader?.text('prefix');
  const regex = reader?.text('regex');
  return exact ?? (prefix === undefined ? regex && `~${regex}` : `${prefix}*`);
}
