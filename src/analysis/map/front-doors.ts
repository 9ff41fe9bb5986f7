import { parseCidr } from '#base/address.ts';
import type { Connection, EndpointEntry, Exposure, MapAnswer } from '#model/answers.ts';
import type { Analysis } from '../analysis.ts';
import { waysInto } from '../exposure/expose.ts';
import { touchesInternet } from '../outside.ts';

/**
 * The map with what enters through Ingress, Gateway, Route and Service: each connection from outside says the front doors
 * that lead through it, and a pair that only a front door connects (through a controller's pods) is added.
 */
export function withFrontDoors(analysis: Analysis, map: MapAnswer): MapAnswer {
  const doors = waysInto(analysis.engine).filter(isFromOutside);
  const nameOf = namesOf(map);
  const connections = new Map(map.connections.map((connection) => [keyOf(connection), connection]));
  for (const door of doors) {
    const to = nameOf(door.to);
    if (to === undefined) continue;
    for (const from of comingFrom(door, map.endpoints)) {
      const key = keyOf({ from, to });
      connections.set(key, withDoor(connections.get(key) ?? { from, to, allowed: [], unknown: [] }, door));
    }
  }
  return { ...map, connections: [...connections.values()] };
}

function isFromOutside({ scope, verdict }: Exposure): boolean {
  return (scope === 'internet' || scope === 'network') && verdict !== 'denied';
}

function keyOf({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${from} ${to}`;
}

/** As the map calls an endpoint: folded, by its namespace. */
function namesOf({ folded, endpoints }: MapAnswer): (id: string) => string | undefined {
  const known = new Set(endpoints.map(({ id }) => id));
  return (id) => {
    const name = folded && id.includes('/') ? `ns:${id.slice(0, id.indexOf('/'))}` : id;
    return known.has(name) ? name : undefined;
  };
}

/** Who stands before a door: the internet, or (for doors inside a network) every address that is not on it. */
function comingFrom({ scope }: Exposure, endpoints: readonly EndpointEntry[]): string[] {
  const outside = endpoints.filter(({ kind }) => kind === 'external');
  return outside.filter(({ ranges }) => isPublic(ranges ?? []) === (scope === 'internet')).map(({ id }) => id);
}

function isPublic(ranges: readonly string[]): boolean {
  return ranges.some((text) => {
    const reading = parseCidr(text);
    return reading !== undefined && touchesInternet(reading.cidr);
  });
}

function withDoor(connection: Connection, door: Exposure): Connection {
  const through = [...(connection.through ?? []), door.at];
  const told = { ...connection, through: [...new Set(through)] };
  if (connection.allowed === 'all' || connection.allowed.length > 0 || connection.mixed !== undefined) return told;
  const entry = { protocol: door.protocol, ports: `${door.targetPort ?? door.port}` };
  if (door.verdict === 'allowed') return { ...told, allowed: [entry] };
  if (door.verdict === 'mixed') return { ...told, mixed: [{ ...entry, why: 'by its front doors, for some' }] };
  return connection.unknown.length > 0 ? told : { ...told, unknown: [{ ...entry, reasons: door.reasons }] };
}
