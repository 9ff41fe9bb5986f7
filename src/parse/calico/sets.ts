import type {
  CalicoControllers,
  CalicoEndpointPort,
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
import { readProtocol } from './protocol.ts';

export function readTier(object: Reader, meta: Meta): CalicoTier {
  const spec = object.childOrEmpty('spec');
  const order = spec.number('order');
  const action = spec.choice('defaultAction', ['Deny', 'Pass']);
  const fixed = FIXED_ENDS[meta.name];
  if (fixed !== undefined && action !== undefined && action !== fixed)
    spec.refuse('RF2016', 'defaultAction', `of the tier \`${meta.name}\` is always ${fixed}`);
  return {
    ...meta,
    kind: 'Tier',
    ...(order !== undefined && { order }),
    defaultAction: (action ?? fixed) === 'Pass' ? 'pass' : 'deny',
  };
}

const FIXED_ENDS: Readonly<Record<string, 'Deny' | 'Pass'>> = {
  default: 'Deny',
  'kube-admin': 'Pass',
  'kube-baseline': 'Pass',
};

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
    ports: spec.children('ports').flatMap(readEndpointPort),
  };
}

function readEndpointPort(entry: Reader): CalicoEndpointPort[] {
  const name = entry.requiredText('name');
  const port = readPort(entry, 'port');
  const protocol = readProtocol(entry, 'protocol');
  return port === undefined || protocol === undefined ? [] : [{ name, protocol, port }];
}

/** `autoCreate` makes an endpoint of every node, unless only those of its templates are wanted. */
export function readControllers(object: Reader, meta: Meta): CalicoControllers {
  const node = object.childOrEmpty('spec').childOrEmpty('controllers').childOrEmpty('node');
  const auto = node.childOrEmpty('hostEndpoint');
  const enabled = auto.choice('autoCreate', ['Enabled', 'Disabled']) === 'Enabled';
  const byDefault = auto.choice('createDefaultHostEndpoint', ['Enabled', 'Disabled']) !== 'Disabled';
  return { ...meta, kind: 'KubeControllersConfiguration', autoHostEndpoints: enabled && byDefault, bpf: false };
}

export function readInstallation(object: Reader, meta: Meta): CalicoControllers {
  const network = object.childOrEmpty('spec').childOrEmpty('calicoNetwork');
  return { ...meta, kind: 'Installation', autoHostEndpoints: false, bpf: network.text('linuxDataplane') === 'BPF' };
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
    ...flag(spec, 'wireguardEnabled', 'wireguard'),
    ...flag(spec, 'wireguardEnabledV6', 'wireguardV6'),
    ...flag(spec, 'wireguardHostEncryptionEnabled', 'wireguardHosts'),
    ...flag(spec, 'bpfEnabled', 'bpf'),
  };
}

type Flag = 'wireguard' | 'wireguardV6' | 'wireguardHosts' | 'bpf';

function flag(spec: Reader, key: string, as: Flag): Partial<Record<Flag, boolean>> {
  const value = spec.boolean(key);
  return value === undefined ? {} : { [as]: value };
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
