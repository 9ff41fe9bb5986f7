import { unite } from '#base/intervals.ts';
import { ALL_PORTS, isPortProtocol, NO_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import { type Answer, connsOf } from './answers.ts';

/** The workload pairs of `ringfence map -o json` as canonical answers; outside addresses and nodes are left out. */
export function readMapAnswers(text: string): Answer[] {
  const map: unknown = JSON.parse(text);
  const names = new Map<string, string>();
  for (const endpoint of listOf(map, 'endpoints')) {
    if (textOf(endpoint, 'kind') !== 'workload') continue;
    names.set(textOf(endpoint, 'id'), `${textOf(endpoint, 'namespace')}/${textOf(endpoint, 'name')}`);
  }
  const out: Answer[] = [];
  for (const connection of listOf(map, 'connections')) {
    const [from, to] = [names.get(textOf(connection, 'from')), names.get(textOf(connection, 'to'))];
    if (from === undefined || to === undefined) continue;
    const conns = connsOf(readAllowed(connection));
    if (conns !== '') out.push({ from, to, conns });
  }
  return out;
}

function readAllowed(connection: unknown): TrafficSet {
  if (fieldOf(connection, 'allowed') === 'all') return ALL_PORTS;
  let traffic = NO_TRAFFIC;
  for (const entry of listOf(connection, 'allowed')) {
    const protocol = textOf(entry, 'protocol');
    if (isPortProtocol(protocol)) traffic = unite(traffic, readPorts(protocol, fieldOf(entry, 'ports')));
  }
  return traffic;
}

/** A missing list and `all` are every port of the protocol. */
function readPorts(protocol: 'TCP' | 'UDP' | 'SCTP', ports: unknown): TrafficSet {
  if (typeof ports !== 'string' || ports === 'all') return portTraffic(protocol, 1, 65535);
  return ports.split(',').reduce<TrafficSet>((traffic, part) => {
    const [lo, hi] = part.split('-').map(Number);
    return unite(traffic, portTraffic(protocol, lo!, hi ?? lo!));
  }, NO_TRAFFIC);
}

function listOf(value: unknown, field: string): readonly unknown[] {
  const list = fieldOf(value, field);
  if (!Array.isArray(list)) throw new Error(`the map has no list \`${field}\` where one is due`);
  return list;
}

function textOf(value: unknown, field: string): string {
  const text = fieldOf(value, field);
  return typeof text === 'string' ? text : '';
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}
