import { endpointsOf } from '#analysis/endpoints.ts';
import { CONNECTION_FORM } from '#analysis/filter-forms.ts';
import { narrowedMap } from '#analysis/map/narrow.ts';
import { wholeOf } from '#analysis/workload/workload.ts';
import { escapeControl } from '#base/escape.ts';
import type { EndpointEntry, MapAnswer } from '#model/answers.ts';
import { namespaceOf } from '#model/endpoint.ts';
import { shownEndpoints } from '#report/map-view.ts';
import { MOST_BOXES, readable } from '#report/picture/fold-scene.ts';
import { islandsSvg } from '#report/picture/islands.ts';
import { layOut } from '#report/picture/layout.ts';
import { mapScene } from '#report/picture/map-scene.ts';
import type { Scene } from '#report/picture/scene.ts';
import { keptBy, refuseUnknownNamespaces } from './lists.ts';
import { mapAnswer } from './map-answer.ts';
import { type Material, once } from './material.ts';
import { type DrawingAsked, type MapAsked, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';

/** The map as a drawing with a place for everything, never larger than can be read: what is folded or left out is counted. */
export async function drawingReply(material: Material, asked: DrawingAsked): Promise<Reply> {
  const map = mapFor(material, asked);
  const { focus } = asked;
  const named = shownEndpoints(map);
  const own = focus === undefined ? [] : map.endpoints.filter(({ id }) => isFocus(id, focus));
  const shown = own.length === 0 ? named : [...new Set([...named, ...own])];
  const { scene, folded, left, undrawn } = readable(mapScene(map, shown), focus);
  const drawing = await layOut(scene);
  const asks = new Map(map.endpoints.map((entry) => [entry.id, askName(entry)]));
  return told({
    schema: 'ringfence.dev/drawing/v1',
    engine: map.engine,
    folded: map.folded,
    counts: {
      endpoints: shown.length,
      connections: map.connections.length,
      islands: folded,
      left,
      undrawn,
    },
    width: Math.ceil(drawing.width),
    height: Math.ceil(drawing.height),
    groups: drawing.groups,
    nodes: drawing.nodes.map((node) => ({ ...node, ...(asks.has(node.id) && { ask: asks.get(node.id) }) })),
    edges: drawing.edges,
    ...(asked.svg && { svg: await svgOf(scene) }),
  });
}

async function svgOf(scene: Scene): Promise<string> {
  let text = '';
  for await (const part of islandsSvg(scene)) text += part;
  return text;
}

function mapFor(material: Material, asked: DrawingAsked): MapAnswer {
  const { focus, filter = '', layer, ingress } = asked;
  const namespaces = focus === undefined ? [] : [focusNamespace(material, focus)];
  const isFolded = focus === undefined && isFoldedFor(material, asked);
  const fold = isFolded ? 'always' : 'never';
  // Protection is of pairs of workloads: a folded namespace has none of its own.
  const about = { namespaces, layer, ingress, fold, encryption: asked.encryption && !isFolded } as const;
  const whole = wholeMap(material, about);
  if (focus === undefined && filter === '') return whole;
  const keeps = keptBy(filter, CONNECTION_FORM);
  return narrowedMap(whole, (each) => (focus === undefined || touches(each, focus)) && keeps(each));
}

type About = Omit<MapAsked, 'protocols'>;

function wholeMap(material: Material, about: About): MapAnswer {
  const asked = { ...about, protocols: [] };
  return once(material, `drawn:${JSON.stringify(asked)}`, () => mapAnswer(material, asked));
}

/** Unless it is asked for, workloads are drawn where they can be taken in at one look. */
function isFoldedFor(material: Material, { level, layer, ingress, encryption }: DrawingAsked): boolean {
  const boxes = once(material, 'boxes', () => endpointsOf(material.analysis.engine).length);
  if (level === 'namespace' || boxes > MOST_BOXES) return true;
  if (level === 'workload') return false;
  const map = wholeMap(material, { namespaces: [], layer, ingress, fold: 'never', encryption });
  return mapScene(map).edges.length > CALM_LINES;
}

const CALM_LINES = 40;

/** Of a namespace (`ns:shop`) or a workload (`shop/Deployment/web`). */
function focusNamespace(material: Material, focus: string): string {
  const namespace = namespaceOf(focus);
  if (namespace === undefined)
    throw new Refused('asked', `\`${escapeControl(focus)}\` is neither a workload nor a namespace`, ['ns:NAMESPACE']);
  refuseUnknownNamespaces(material, [namespace]);
  const { owners } = material.analysis.engine.world;
  if (!focus.startsWith('ns:') && !owners.some(({ id }) => id === wholeOf(focus)))
    throw new Refused('missing', `no workload \`${escapeControl(focus)}\` in the input`);
  return namespace;
}

function touches({ from, to }: { readonly from: string; readonly to: string }, focus: string): boolean {
  return isFocus(from, focus) || isFocus(to, focus);
}

function isFocus(id: string, focus: string): boolean {
  return focus.startsWith('ns:') ? namespaceOf(id) === focus.slice(3) : wholeOf(id) === wholeOf(focus);
}

/** As questions name it. */
function askName({ id, kind, ranges = [] }: EndpointEntry): string {
  return kind === 'external' ? (ranges[0] ?? 'internet') : wholeOf(id);
}
