import { MTLS_MODES, type MtlsMode, type PeerAuthentication } from '#model/istio.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { isPort } from '../kubernetes/values.ts';
import { readWorkloadSelector } from './target.ts';

/** `security.istio.io` PeerAuthentication. */
export function readPeerAuthentication(object: Reader, meta: Meta): PeerAuthentication {
  const spec = object.childOrEmpty('spec');
  const selector = readWorkloadSelector(spec, 'selector', 'matchLabels');
  const selects = selector !== undefined && selector.requirements.length > 0;
  if (!selects && spec.has('portLevelMtls')) {
    spec.refuse('RF2009', 'portLevelMtls', 'needs a `selector` with labels: ports are those of workloads');
  }
  return {
    ...meta,
    kind: 'PeerAuthentication',
    ...(selects && { selector }),
    mode: readMode(spec.child('mtls')),
    ports: readPorts(spec),
    gaps: [...object.unread('spec'), ...spec.unread()],
  };
}

function readMode(mtls: Reader | undefined): MtlsMode {
  return mtls?.choice('mode', MTLS_MODES) ?? 'UNSET';
}

function readPorts(spec: Reader): ReadonlyMap<number, MtlsMode> {
  const ports = new Map<number, MtlsMode>();
  const list = spec.childOrEmpty('portLevelMtls');
  for (const key of list.keys()) {
    const port = /^[1-9]\d{0,4}$/.test(key) ? Number(key) : 0;
    if (isPort(port)) ports.set(port, readMode(list.child(key)));
    else list.refuse('RF2008', key, 'is not a port; ports are 1 to 65535');
  }
  return ports;
}
