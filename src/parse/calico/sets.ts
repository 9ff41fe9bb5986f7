import type {
  CalicoFailsafe,
  CalicoHostEndpoint,
  CalicoNetworkSet,
  CalicoSettings,
  CalicoTier,
} from '#model/calico.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readPort } from '../kubernetes/values.ts';
import { readNet, readNets } from '../nets.ts';

export function readTier(object: Reader, meta: Meta): CalicoTier {
  const spec = object.childOrEmpty('spec');
  const order = spec.number('order');
  const action = spec.choice('defaultAction', ['Deny', 'Pass']);
  if (meta.name === 'default' && action === 'Pass')
    spec.refuse('RF2016', 'defaultAction', 'of the tier `default` is always Deny');
  return {
    ...meta,
    kind: 'Tier',
    ...(order !== undefined && { order }),
    defaultAction: action === 'Pass' ? 'pass' : 'deny',
  };
}

export function networkSetOf(kind: CalicoNetworkSet['kind']) {
  return (object: Reader, meta: Meta): CalicoNetworkSet => {
    const spec = object.childOrEmpty('spec');
    return { ...meta, kind, nets: readNets(spec, 'nets') };
  };
}

export function readHostEndpoint(object: Reader, meta: Meta): CalicoHostEndpoint {
  const spec = object.childOrEmpty('spec');
  const node = spec.requiredText('node');
  const interfaceName = spec.text('interfaceName') ?? '';
  const expectedIps = readNets(spec, 'expectedIPs');
  if (interfaceName === '' && expectedIps.length === 0)
    spec.refuse('RF2016', undefined, 'needs `interfaceName` or `expectedIPs`');
  return {
    ...meta,
    kind: 'HostEndpoint',
    node,
    interfaceName,
    expectedIps,
    profiles: spec.texts('profiles').map(({ text }) => text),
  };
}

export function readFelixConfiguration(object: Reader, meta: Meta): CalicoSettings {
  const spec = object.childOrEmpty('spec');
  const action = spec.choice('defaultEndpointToHostAction', ['Accept', 'ACCEPT', 'Drop', 'DROP', 'Return', 'RETURN']);
  const inbound = readFailsafe(spec, 'failsafeInboundHostPorts');
  const outbound = readFailsafe(spec, 'failsafeOutboundHostPorts');
  return {
    ...meta,
    kind: 'FelixConfiguration',
    ...(action !== undefined && { endpointToHostAction: ACTIONS[action.toLowerCase()]! }),
    ...(inbound !== undefined && { failsafeInbound: inbound }),
    ...(outbound !== undefined && { failsafeOutbound: outbound }),
    wireguard: spec.boolean('wireguardEnabled') ?? false,
    wireguardV6: spec.boolean('wireguardEnabledV6') ?? false,
    wireguardHosts: spec.boolean('wireguardHostEncryptionEnabled') ?? false,
  };
}

const ACTIONS: Readonly<Record<string, 'Accept' | 'Drop' | 'Return'>> = {
  accept: 'Accept',
  drop: 'Drop',
  return: 'Return',
};

function readFailsafe(spec: Reader, key: string): CalicoFailsafe[] | undefined {
  if (!spec.has(key)) return undefined;
  return spec.children(key).flatMap((entry): CalicoFailsafe[] => {
    const port = readPort(entry, 'port');
    if (port === undefined) return [];
    const net = readNet(entry, 'net');
    const protocol = (entry.text('protocol') ?? 'tcp').toLowerCase();
    return [{ protocol: protocol === 'udp' ? 'UDP' : 'TCP', port, ...(net !== undefined && { net }) }];
  });
}
