import { unite } from '#base/intervals.ts';
import type { CalicoFailsafe, CalicoSettings } from '#model/calico.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Direction } from '#model/resource.ts';
import { isPortProtocol, NO_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { type Box, exactly, exactTraffic, type Policy, type Tier } from '../../form.ts';
import type { Calico } from './context.ts';
import { onNodes } from './hosts.ts';
import { settingOf } from './settings.ts';

/** felix/config: ports that no policy of a host endpoint closes. */
const FAILSAFE: Readonly<Record<Direction, Readonly<Record<'TCP' | 'UDP', readonly number[]>>>> = {
  ingress: { TCP: [22, 179, 2379, 2380, 5473, 6443, 6666, 6667], UDP: [68] },
  egress: { TCP: [179, 2379, 2380, 5473, 6443, 6666, 6667], UDP: [53, 67] },
};

/** Asked before any policy of nodes, each of which may be told ports of its own. */
export function failsafeTier(calico: Calico, direction: Direction): Tier | undefined {
  const { snapshot, world } = calico;
  const key = direction === 'ingress' ? 'failsafeInbound' : 'failsafeOutbound';
  const told = (node: string) => settingOf(snapshot, node, key)?.by;
  const groups = [undefined, ...snapshot.calicoSettings].flatMap((settings): Policy[] => {
    const boxes = boxesOf(calico, settings, { key, direction });
    const subject = onNodes(calico, (node) => (told(node) === settings ? 'all' : 'none'));
    if (boxes.length === 0 || subject.may.every((word) => word === 0)) return [];
    const origin = settings?.origin ?? NO_ORIGIN;
    const rule = { action: 'allow' as const, boxes, path: `spec.${key}HostPorts`, origin };
    return [{ ref: refOf(settings), subject, isolates: false, rules: [rule] }];
  });
  return groups.length === 0 || world.size === 0 ? undefined : { name: 'failsafe', levels: [groups], onEnd: 'pass' };
}

function refOf(settings: CalicoSettings | undefined): PolicyRef {
  return settings === undefined
    ? { kind: 'HostEndpoint', namespace: '', name: 'failsafe ports', origin: NO_ORIGIN }
    : { kind: settings.kind, namespace: '', name: settings.name, origin: settings.origin };
}

interface Where {
  readonly key: 'failsafeInbound' | 'failsafeOutbound';
  readonly direction: Direction;
}

function boxesOf({ compiling, world }: Calico, settings: CalicoSettings | undefined, { key, direction }: Where): Box[] {
  const everyone = exactly(world.everything);
  if (settings === undefined) return [{ peers: everyone, traffic: exactTraffic(usual(direction)) }];
  return (settings[key] ?? []).map((entry) => ({
    peers: entry.net === undefined ? everyone : compiling.networks.covered(entry.net, []),
    traffic: exactTraffic(trafficOf(entry)),
  }));
}

function usual(direction: Direction): TrafficSet {
  let traffic: TrafficSet = NO_TRAFFIC;
  for (const protocol of ['TCP', 'UDP'] as const) {
    for (const port of FAILSAFE[direction][protocol]) traffic = unite(traffic, portTraffic(protocol, port));
  }
  return traffic;
}

function trafficOf({ protocol, port }: CalicoFailsafe): TrafficSet {
  return isPortProtocol(protocol) ? portTraffic(protocol, port) : protocolTraffic(protocol);
}
