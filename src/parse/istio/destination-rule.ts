import {
  CLIENT_TLS_MODES,
  type ClientTlsMode,
  type DestinationPort,
  type DestinationRule,
  type DestinationSubset,
  type DestinationTraffic,
} from '#model/istio.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readLabels, readPort } from '../kubernetes/values.ts';
import { readWorkloadSelector } from './target.ts';

/** `networking.istio.io` DestinationRule: of its traffic policies, what says how a connection is protected. */
export function readDestinationRule(object: Reader, meta: Meta): DestinationRule {
  const spec = object.childOrEmpty('spec');
  const workloadSelector = readWorkloadSelector(spec, 'workloadSelector', 'matchLabels');
  return {
    ...meta,
    kind: 'DestinationRule',
    host: spec.requiredText('host'),
    exportTo: spec.texts('exportTo').map(({ text }) => text),
    ...(workloadSelector !== undefined && { workloadSelector }),
    ...readTraffic(spec),
    subsets: spec.children('subsets').map(readSubset),
    gaps: [...object.unread('spec'), ...spec.unread()],
  };
}

function readSubset(subset: Reader): DestinationSubset {
  return {
    name: subset.requiredText('name'),
    labels: readLabels(subset, 'labels'),
    ...readTraffic(subset),
    origin: subset.origin,
  };
}

function readTraffic(parent: Reader): { traffic?: DestinationTraffic } {
  const policy = parent.child('trafficPolicy');
  if (policy === undefined) return {};
  if (policy.has('tunnel')) {
    const message = 'sends traffic through another proxy, which is not read';
    policy.draft.warn('RF3009', policy.place('tunnel'), message);
  }
  const traffic = {
    ...readTls(policy),
    ports: policy.children('portLevelSettings').map(readPortSettings),
    passthrough: policy.childOrEmpty('loadBalancer').text('simple') === 'PASSTHROUGH',
    origin: policy.origin,
  };
  return { traffic };
}

function readPortSettings(settings: Reader): DestinationPort {
  const port = readPort(settings.childOrEmpty('port'), 'number') ?? 0;
  return { port, ...readTls(settings), origin: settings.origin };
}

/** The mode of a `tls` that is there without one is the first of its list: DISABLE. */
function readTls(policy: Reader): { tls?: ClientTlsMode } {
  const tls = policy.child('tls');
  return tls === undefined ? {} : { tls: tls.choice('mode', CLIENT_TLS_MODES) ?? 'DISABLE' };
}
