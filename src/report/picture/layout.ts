import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Scene, SceneEdge, SceneGroup, SceneNode } from './scene.ts';
import { px } from './svg.ts';

export const LINE = 16;
export const PAD = 10;

/** A scene with a place for everything, in pixels from the top left. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly (SceneGroup & { readonly spot: Spot })[];
  readonly nodes: readonly (SceneNode & { readonly spot: Spot })[];
  readonly edges: readonly DrawnEdge[];
}

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DrawnEdge extends SceneEdge {
  /** As SVG takes it; empty where there was no way. */
  readonly path: string;
  /** The top left of its label. */
  readonly at?: { readonly x: number; readonly y: number };
}

/** Laid out by ELK's layered algorithm, which gives the same for the same scene. */
export async function layOut(scene: Scene): Promise<Drawing> {
  const placed = await placedOf(scene);
  const spots = spotsOf(placed);
  return {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    groups: scene.groups.map((group) => ({ ...group, spot: spots.get(group.id)! })),
    nodes: scene.nodes.map((node) => ({ ...node, spot: spots.get(node.id)! })),
    edges: (placed.edges ?? []).map((edge) => drawnEdge(edge, scene.edges[Number(edge.id)]!)),
  };
}

function drawnEdge({ sections, labels }: ElkExtendedEdge, edge: SceneEdge): DrawnEdge {
  const [section] = sections ?? [];
  const [label] = labels ?? [];
  const points = section === undefined ? [] : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  return {
    ...edge,
    path: points.length === 0 ? '' : roundedPath(points),
    ...(label !== undefined && { at: { x: label.x ?? 0, y: label.y ?? 0 } }),
  };
}

/**
 * Left to right, as one reads; long chains would make a ribbon of that, so a wide drawing is also tried top to bottom
 * and the one that fits a screen of 3 to 2 at the larger scale is kept.
 */
async function placedOf(scene: Scene): Promise<ElkNode> {
  // Loaded here and nowhere else: it is 1.6 MB, and only drawings need it.
  const { default: elk } = await import('elkjs/lib/elk.bundled.js');
  const layout = new elk.default();
  const across = await layout.layout(graphOf(scene, 'RIGHT'));
  if ((across.width ?? 0) < MOST_WIDTH) return across;
  const down = await layout.layout(graphOf(scene, 'DOWN'));
  return screenOf(down) < screenOf(across) ? down : across;
}

const MOST_WIDTH = 1900;

/** Height of the smallest 3 to 2 screen that holds the drawing. */
function screenOf(placed: ElkNode): number {
  return Math.max((placed.width ?? 0) / 1.5, placed.height ?? 0);
}

type Direction = 'RIGHT' | 'DOWN';

function graphOf(scene: Scene, direction: Direction): ElkNode {
  const children: ElkNode[] = scene.groups.map((group) => groupGraph(group, { scene, direction }));
  for (const node of scene.nodes) if (node.group === undefined) children.push(nodeGraph(node));
  return {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      'elk.json.shapeCoords': 'ROOT',
      'elk.json.edgeCoords': 'ROOT',
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
      'elk.spacing.nodeNode': '24',
      'elk.spacing.edgeNode': '16',
      'elk.spacing.edgeEdge': '10',
      'elk.spacing.componentComponent': '28',
      'elk.layered.spacing.nodeNodeBetweenLayers': '44',
      'elk.layered.spacing.edgeNodeBetweenLayers': '16',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.edgeLabels.inline': 'true',
      'elk.aspectRatio': '1.6',
    },
    children,
    edges: scene.edges.map(edgeGraph),
  };
}

function groupGraph(group: SceneGroup, within: { readonly scene: Scene; readonly direction: Direction }): ElkNode {
  const head = 30 + group.notes.length * LINE;
  const least = Math.max(textWidth(group.label, 8.2), ...group.notes.map((note) => textWidth(note, 6.6))) + 2 * PAD;
  return {
    id: group.id,
    layoutOptions: {
      'elk.padding': `[top=${head + 8},left=16,bottom=16,right=16]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      // Top to bottom, ELK 0.12 takes the least size of a group with width and height exchanged.
      'elk.nodeSize.minimum': within.direction === 'RIGHT' ? `(${least},40)` : `(40,${least})`,
      // Who comes from outside stands on the left, where reading starts.
      ...(group.outside && { 'elk.layered.layering.layerConstraint': 'FIRST' }),
    },
    children: within.scene.nodes.filter((node) => node.group === group.id).map(nodeGraph),
  };
}

function nodeGraph(node: SceneNode): ElkNode {
  const width = Math.max(textWidth(node.label, 8), ...node.lines.map((line) => textWidth(line, 6.7))) + 2 * PAD;
  return { id: node.id, width: Math.max(width, 96), height: 24 + PAD + node.lines.length * LINE };
}

function edgeGraph(edge: SceneEdge, index: number): ElkExtendedEdge {
  const width = textWidth(labelOf(edge), 6.8) + 6;
  return {
    id: `${index}`,
    sources: [edge.from],
    targets: [edge.to],
    labels: [{ text: labelOf(edge), width, height: 14 }],
  };
}

/** An unknown or partial edge says so in words too: a dashed line alone is easily overlooked. */
export function labelOf(edge: SceneEdge): string {
  const text = edge.label.length > MOST ? `${edge.label.slice(0, MOST - 1)}…` : edge.label;
  if (edge.tone === 'unknown') return `? ${text}`;
  return edge.tone === 'mixed' ? `± ${text}` : text;
}

/** A label longer than this would push islands apart; the whole of it is in the edge's title. */
const MOST = 40;

function spotsOf(node: ElkNode, spots = new Map<string, Spot>()): Map<string, Spot> {
  for (const child of node.children ?? []) {
    const { id, x = 0, y = 0, width = 0, height = 0 } = child;
    spots.set(id, { x, y, width, height });
    spotsOf(child, spots);
  }
  return spots;
}

/** Corners cut by a curve, so that crossing lines can be followed with the eye. */
function roundedPath(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  let path = `M${px(first!.x)} ${px(first!.y)}`;
  for (let i = 0; i < rest.length - 1; i++) {
    const before = points[i]!;
    const corner = rest[i]!;
    const after = rest[i + 1]!;
    const enter = toward(corner, before);
    const leave = toward(corner, after);
    path += `L${px(enter.x)} ${px(enter.y)}Q${px(corner.x)} ${px(corner.y)} ${px(leave.x)} ${px(leave.y)}`;
  }
  const last = rest.at(-1)!;
  return `${path}L${px(last.x)} ${px(last.y)}`;
}

/** The point on the way from `from` to `to`, a corner's radius away and never past the middle. */
function toward(from: { x: number; y: number }, to: { x: number; y: number }): { x: number; y: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(8, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

export function textWidth(text: string, perCharacter: number): number {
  return Math.ceil([...text].length * perCharacter);
}
