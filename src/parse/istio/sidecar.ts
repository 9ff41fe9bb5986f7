import { type IstioSidecar, SERVER_TLS_MODES, type SidecarEgress, type SidecarIngress } from '#model/istio.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readPort } from '../kubernetes/values.ts';
import { readWorkloadSelector } from './target.ts';

/** `networking.istio.io` Sidecar. */
export function readSidecar(object: Reader, meta: Meta): IstioSidecar {
  const spec = object.childOrEmpty('spec');
  const selector = readWorkloadSelector(spec, 'workloadSelector', 'labels');
  const selects = selector !== undefined && selector.requirements.length > 0;
  return {
    ...meta,
    kind: 'Sidecar',
    ...(selects && { workloadSelector: selector }),
    egress: spec.children('egress').map(readEgress),
    ingress: spec.children('ingress').map(readIngress),
    ...readOutbound(spec),
    gaps: [...object.unread('spec'), ...spec.unread()],
  };
}

/** A policy that is there without a mode has the first of its list: REGISTRY_ONLY. */
function readOutbound(spec: Reader): Pick<IstioSidecar, 'outboundMode'> {
  const policy = spec.child('outboundTrafficPolicy');
  if (policy === undefined) return {};
  if (policy.has('egressProxy')) {
    policy.draft.warn('RF3009', policy.place('egressProxy'), 'sends unknown traffic to a gateway, which is not read');
  }
  return { outboundMode: policy.choice('mode', ['REGISTRY_ONLY', 'ALLOW_ANY']) ?? 'REGISTRY_ONLY' };
}

function readEgress(egress: Reader): SidecarEgress {
  reportCapture(egress);
  if (egress.length('hosts') === 0) egress.missing('hosts');
  const hosts = egress.texts('hosts');
  for (const placed of hosts) {
    if (placed.text.split('/').length === 2) continue;
    egress.draft.refuse('RF2016', placed, `is ${quote(placed.text)}; must be \`namespace/host\``);
  }
  const port = readPort(egress.childOrEmpty('port'), 'number');
  return { hosts: hosts.map(({ text }) => text), ...(port !== undefined && { port }), origin: egress.origin };
}

function readIngress(ingress: Reader): SidecarIngress {
  reportCapture(ingress);
  const port = ingress.requiredChild('port');
  const endpoint = ingress.text('defaultEndpoint');
  const tls = ingress.child('tls');
  return {
    port: readPort(port, 'number') ?? 0,
    protocol: (port.text('protocol') ?? '').toUpperCase(),
    ...(endpoint !== undefined && { defaultEndpoint: endpoint }),
    ...(tls !== undefined && { tls: tls.choice('mode', SERVER_TLS_MODES) ?? 'PASSTHROUGH' }),
    origin: ingress.origin,
  };
}

function reportCapture(listener: Reader): void {
  if (listener.choice('captureMode', ['DEFAULT', 'IPTABLES', 'NONE']) !== 'NONE') return;
  listener.draft.warn('RF3009', listener.place('captureMode'), 'is `NONE`; answers take the traffic as captured');
}
