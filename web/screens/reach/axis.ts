import { escapeControl } from '#base/escape.ts';
import type { EndpointEntry } from '#model/answers.ts';
import { breadthText } from '#report/names.ts';
import type { MatrixAnswer } from '../../api/answers.ts';

/** A row or a column, with what is written at it. */
export interface Seat {
  readonly entry: EndpointEntry;
  readonly label: string;
  readonly group: string;
  /** As a sentence names it, and questions do: `shop/web`, `10.0.0.0/8`. */
  readonly name: string;
}

/** Neighbours of one group. */
export interface Group {
  readonly label: string;
  readonly first: number;
  readonly end: number;
}

export function seatsOf({ endpoints }: MatrixAnswer): readonly Seat[] {
  return endpoints.map(seatOf);
}

function seatOf(entry: EndpointEntry): Seat {
  const { id, kind, namespace = '', name = '', members } = entry;
  switch (kind) {
    case 'external': {
      const text = externalText(entry);
      return { entry, label: text, group: 'outside', name: text };
    }
    case 'node':
      return { entry, label: escapeControl(name), group: 'nodes', name: escapeControl(id === 'nodes' ? name : id) };
    case 'namespace': {
      const count = members === undefined ? '' : ` · ${members}`;
      return { entry, label: `${escapeControl(name)}${count}`, group: 'namespaces', name: escapeControl(name) };
    }
    case 'domain':
      return { entry, label: escapeControl(name || id), group: 'outside', name: escapeControl(name || id) };
    case 'potential':
    case 'workload': {
      const part = /#\d+$/.exec(id)?.[0] ?? '';
      const label = `${escapeControl(name)}${part}`;
      return { entry, label, group: escapeControl(namespace), name: `${escapeControl(namespace)}/${label}` };
    }
  }
}

function externalText({ id, ranges = [] }: EndpointEntry): string {
  const breadth = breadthText(ranges);
  if (breadth !== '') return breadth;
  const [first, ...rest] = ranges.map(escapeControl);
  if (first === undefined) return escapeControl(id);
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}

/** The name by which a question asks about it. Pods of a workload that differ are asked about together. */
export function questionName({ id, kind, ranges = [] }: EndpointEntry): string {
  if (kind === 'external') return ranges[0] ?? 'internet';
  return id.replace(/#\d+$/, '');
}

/** Neighbours with one group, by the places that a filter left. */
export function groupsOf(seats: readonly Seat[], places: readonly number[]): readonly Group[] {
  const groups: { label: string; first: number; end: number }[] = [];
  for (const [at, place] of places.entries()) {
    const label = seats[place]!.group;
    const last = groups.at(-1);
    if (last?.label === label) last.end = at + 1;
    else groups.push({ label, first: at, end: at + 1 });
  }
  return groups;
}
