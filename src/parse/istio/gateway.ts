import { type IstioGateway, type IstioServer, SERVER_TLS_MODES } from '#model/istio.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readLabels, requiredPort } from '../kubernetes/values.ts';

/** `networking.istio.io` Gateway. */
export function readIstioGateway(object: Reader, meta: Meta): IstioGateway {
  const spec = object.childOrEmpty('spec');
  return {
    ...meta,
    kind: 'Gateway',
    selector: readLabels(spec, 'selector'),
    servers: spec.children('servers').map(readServer),
    gaps: [...object.unread('spec'), ...spec.unread()],
  };
}

function readServer(server: Reader): IstioServer {
  const port = server.requiredChild('port');
  if (server.length('hosts') === 0) server.missing('hosts');
  const tls = server.child('tls');
  return {
    name: server.text('name') ?? '',
    port: requiredPort(port, 'number'),
    protocol: port.requiredText('protocol').toUpperCase(),
    hosts: server.texts('hosts').map(({ text }) => text.toLowerCase()),
    ...(tls !== undefined && { tls: tls.choice('mode', SERVER_TLS_MODES) ?? 'PASSTHROUGH' }),
    httpsRedirect: tls?.boolean('httpsRedirect') ?? false,
    origin: server.origin,
  };
}
