import { addBit, type Bits, emptyBits } from '#base/bits.ts';
import type { PortProtocol } from '#model/traffic.ts';
import type { World } from '../world.ts';

/** Pods that give a port name one number. */
export interface NamedPort {
  readonly protocol: PortProtocol;
  readonly port: number;
  readonly points: Bits;
}

/** Container port names of all pods. One name may stand for several numbers and protocols, pod by pod. */
export type NamedPorts = ReadonlyMap<string, readonly NamedPort[]>;

export function namedPortsOf(world: World): NamedPorts {
  const index = new Map<string, NamedPort[]>();
  for (const [number, point] of world.points.entries()) {
    for (const { name, protocol, port } of point.namedPorts) {
      if (name === undefined) continue;
      const list = index.get(name) ?? [];
      index.set(name, list);
      let entry = list.find((candidate) => candidate.protocol === protocol && candidate.port === port);
      if (entry === undefined) {
        entry = { protocol, port, points: emptyBits(world.size) };
        list.push(entry);
      }
      addBit(entry.points, number);
    }
  }
  return index;
}
