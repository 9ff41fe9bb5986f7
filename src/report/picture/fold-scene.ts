import { count } from '../words.ts';
import type { Scene, SceneEdge, SceneNode } from './scene.ts';

/** Boxes that can be told apart on one screen, and lines that can be followed between them. */
export const MOST_BOXES = 300;
export const MOST_LINES = 240;

/** A scene that can be looked at, and what was left out for that. */
export interface Readable {
  readonly scene: Scene;
  /** Islands that stand as one box each. */
  readonly folded: number;
  /** Boxes with the fewest lines, not drawn. */
  readonly left: number;
  /** Lines that are not drawn: each box says how many it has. */
  readonly undrawn: number;
}

/** Folds what no line tells apart, then drops what there is too much of. `keep` stays. */
export function readable(given: Scene, keep: string | undefined): Readable {
  const { scene: folded, islands } = given.nodes.length > MOST_BOXES ? foldIslands(given, keep) : asItIs(given);
  const lines = linesOf(folded.edges);
  const kept = keptNodes(folded, { lines, keep });
  const edges = folded.edges.filter(({ from, to }) => kept.ends.has(from) && kept.ends.has(to));
  const isTooMany = edges.length > MOST_LINES;
  return {
    scene: {
      ...folded,
      groups: folded.groups.filter(({ id }) => kept.ends.has(id)),
      nodes: isTooMany ? kept.nodes.map((node) => withLines(node, lines.get(node.id))) : kept.nodes,
      edges: isTooMany ? [] : edges,
    },
    folded: islands,
    left: folded.nodes.length - kept.nodes.length,
    undrawn: isTooMany ? edges.length : 0,
  };
}

interface Folding {
  readonly scene: Scene;
  readonly islands: number;
}

function asItIs(scene: Scene): Folding {
  return { scene, islands: 0 };
}

/** An island of which no box has a line or a note of its own is one box with a count. */
function foldIslands(scene: Scene, keep: string | undefined): Folding {
  const own = new Set(scene.edges.flatMap(({ from, to }) => [from, to]));
  const members = Map.groupBy(scene.nodes, ({ group }) => group);
  const foldable = scene.groups.filter(({ id }) => {
    const nodes = members.get(id) ?? [];
    return nodes.length > 1 && nodes.every((node) => !own.has(node.id) && node.id !== keep);
  });
  const folded = new Set(foldable.map(({ id }) => id));
  const boxes: SceneNode[] = foldable.map(({ id, label, notes }) => ({
    id,
    label,
    lines: [count(members.get(id)!.length, 'endpoint'), ...notes],
  }));
  const nodes = scene.nodes.filter(({ group }) => group === undefined || !folded.has(group));
  return {
    scene: { ...scene, groups: scene.groups.filter(({ id }) => !folded.has(id)), nodes: [...boxes, ...nodes] },
    islands: boxes.length,
  };
}

interface Lines {
  readonly from: number;
  readonly to: number;
}

function linesOf(edges: readonly SceneEdge[]): ReadonlyMap<string, Lines> {
  const lines = new Map<string, Lines>();
  for (const { from, to } of edges) {
    const sender = lines.get(from) ?? { from: 0, to: 0 };
    lines.set(from, { ...sender, from: sender.from + 1 });
    const receiver = lines.get(to) ?? { from: 0, to: 0 };
    lines.set(to, { ...receiver, to: receiver.to + 1 });
  }
  return lines;
}

function keptNodes(
  { nodes }: Scene,
  { lines, keep }: { readonly lines: ReadonlyMap<string, Lines>; readonly keep: string | undefined },
): { readonly nodes: readonly SceneNode[]; readonly ends: ReadonlySet<string> } {
  const weight = ({ id }: SceneNode) =>
    id === keep ? Number.POSITIVE_INFINITY : (lines.get(id)?.from ?? 0) + (lines.get(id)?.to ?? 0);
  const chosen =
    nodes.length <= MOST_BOXES
      ? new Set(nodes)
      : new Set([...nodes].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_BOXES));
  const kept = nodes.filter((node) => chosen.has(node));
  return { nodes: kept, ends: new Set(kept.flatMap(({ id, group }) => (group === undefined ? [id] : [id, group]))) };
}

function withLines(node: SceneNode, { from, to }: Lines = { from: 0, to: 0 }): SceneNode {
  return { ...node, lines: [...node.lines, `reaches ${from}, reached by ${to}`] };
}
