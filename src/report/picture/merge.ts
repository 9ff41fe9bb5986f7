import { escapeControl } from '#base/escape.ts';
import { coverageOf } from '../cover.ts';
import { type Names, NODES, OUTSIDE } from '../names.ts';
import type { EdgeTone, SceneEdge } from './scene.ts';

/** A connection to be drawn. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly tone: EdgeTone;
}

/** Fewer lines that say the same: what a whole group may do is one edge of the group, or a note where it is everyone. */
export interface Merged {
  readonly edges: readonly SceneEdge[];
  /** Notes by node or group. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

/** The id of a group in a scene; no endpoint has one like it. */
export function groupId(group: string): string {
  return `group ${group}`;
}

/** First the sources of each destination, then the destinations of each source that is left. */
export function mergeLinks(links: readonly Link[], names: Names): Merged {
  const notes = new Map<string, string[]>();
  const cover = coverageOf(names);
  const half: SceneEdge[] = [];
  for (const { end, ids, label, tone } of bundles(links, 'to')) {
    const { everything, groups, single } = cover(ids, end);
    const own = names.groupOf(end);
    if (everything) note(notes, end, `← from everything: ${label}`);
    for (const group of groups) {
      if (group === own) note(notes, end, `← from all of ${ownWord(group)}: ${label}`);
      else half.push({ from: groupId(group), to: end, label, tone });
    }
    for (const id of single) half.push({ from: id, to: end, label, tone });
  }
  return { edges: mergeTargets(half, { names, notes }), notes };
}

function mergeTargets(half: readonly SceneEdge[], by: { names: Names; notes: Map<string, string[]> }): SceneEdge[] {
  const { names, notes } = by;
  const cover = coverageOf(names);
  const edges: SceneEdge[] = [];
  for (const { end, ids, label, tone } of bundles(half, 'from')) {
    const { everything, groups, single } = cover(ids, end);
    const own = names.endpoints.has(end) ? names.groupOf(end) : end.slice(groupId('').length);
    if (everything) note(notes, end, `→ to everything: ${label}`);
    for (const group of groups) {
      if (group === own) note(notes, end, `→ to all of ${ownWord(group)}: ${label}`);
      else edges.push({ from: end, to: groupId(group), label, tone });
    }
    for (const id of single) edges.push({ from: end, to: id, label, tone });
  }
  return joinLinks(edges);
}

interface Bundle {
  readonly end: string;
  readonly ids: Set<string>;
  readonly label: string;
  readonly tone: EdgeTone;
}

/** Links of one end with one label and tone, with the set of their other ends. */
function bundles(links: readonly Link[], side: 'from' | 'to'): Iterable<Bundle> {
  const out = new Map<string, Bundle>();
  for (const link of links) {
    const key = JSON.stringify([link[side], link.tone, link.label]);
    const other = side === 'from' ? link.to : link.from;
    const bundle = out.get(key);
    if (bundle === undefined)
      out.set(key, { end: link[side], ids: new Set([other]), label: link.label, tone: link.tone });
    else bundle.ids.add(other);
  }
  return out.values();
}

/** One line between two ends for each tone, whatever it carries. */
export function joinLinks(edges: readonly SceneEdge[]): SceneEdge[] {
  const out = new Map<string, SceneEdge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to, edge.tone]);
    const before = out.get(key);
    out.set(key, before === undefined ? edge : { ...before, label: `${before.label}; ${edge.label}` });
  }
  return [...out.values()];
}

function note(notes: Map<string, string[]>, id: string, text: string): void {
  const list = notes.get(id);
  if (list === undefined) notes.set(id, [text]);
  else list.push(text);
}

function ownWord(group: string): string {
  return group === OUTSIDE || group === NODES ? group : `namespace ${escapeControl(group)}`;
}
