import { xmlText } from '../xml.ts';
import { type Drawing, type DrawnEdge, LINE, labelOf, layOut, PAD, type Spot, textWidth } from './layout.ts';
import type { Scene, SceneEdge, SceneGroup, SceneNode } from './scene.ts';
import { CLOSE_SVG, openSvg, rectAt, textAt } from './svg.ts';

const MARGIN = 20;
const HEAD = 92;

/** Namespaces as islands, laid out by ELK's layered algorithm (deterministic: its seed is fixed). */
export async function* islandsSvg(scene: Scene): AsyncGenerator<string> {
  const { width, height, groups, nodes, edges }: Drawing = await layOut(scene);
  const size = { width: Math.max(width + 2 * MARGIN, 560), height: height + HEAD + MARGIN };
  yield openSvg({ title: scene.title, desc: scene.desc, ...size });
  yield `${markerDefs(scene)}${headText(scene)}<g transform="translate(${MARGIN} ${HEAD})">\n`;
  for (const { spot } of groups) yield `${rectAt(spot, 'island', 12)}\n`;
  // Lines over islands and under boxes and words, so that no line hides a name.
  for (const edge of edges) yield lineText(edge);
  for (const group of groups) yield groupText(group, group.spot);
  for (const node of nodes) yield nodeText(node, node.spot);
  for (const edge of edges) yield labelText(edge);
  yield `</g>\n${CLOSE_SVG}`;
}

function headText(scene: Scene): string {
  const out = [textAt(scene.title, { x: MARGIN, y: 34, class: 't' })];
  let x = MARGIN;
  for (const { tone, text } of scene.legend) {
    out.push(`<path d="M${x} 58h30" class="e s-${tone} ${DASHES[tone]}" marker-end="url(#a-${tone})"/>`);
    out.push(textAt(text, { x: x + 38, y: 62, class: 'q' }));
    x += 38 + textWidth(text, 6.6) + 24;
  }
  return `${out.join('\n')}\n`;
}

const DASHES: Readonly<Record<SceneEdge['tone'], string>> = {
  allowed: '',
  mixed: 'dash',
  unknown: 'dash',
  opened: 'heavy',
  closed: '',
  unsettled: 'dash',
};

function markerDefs(scene: Scene): string {
  const markers = scene.legend.map(
    ({ tone }) =>
      `<marker id="a-${tone}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" class="f-${tone}"/></marker>`,
  );
  return `<defs>${markers.join('')}</defs>\n`;
}

function groupText(group: SceneGroup, spot: Spot): string {
  const out = [textAt(group.label, { x: spot.x + 14, y: spot.y + 22, class: 'g h' })];
  for (const [index, note] of group.notes.entries()) {
    out.push(textAt(note, { x: spot.x + 14, y: spot.y + 40 + index * LINE, class: 'q h' }));
  }
  return `${out.join('')}\n`;
}

function nodeText(node: SceneNode, spot: Spot): string {
  const out = [`<g><title>${xmlText([node.id, ...node.lines].join('\n'))}</title>`, rectAt(spot, 'box')];
  out.push(textAt(node.label, { x: spot.x + PAD, y: spot.y + 20, class: 'n' }));
  for (const [index, line] of node.lines.entries()) {
    out.push(textAt(line, { x: spot.x + PAD, y: spot.y + 38 + index * LINE, class: 'q' }));
  }
  return `${out.join('')}</g>\n`;
}

function lineText(edge: DrawnEdge): string {
  if (edge.path === '') return '';
  const title = `${edge.from} → ${edge.to}: ${edge.label} (${edge.tone})`;
  const look = `e s-${edge.tone} ${DASHES[edge.tone]}`.trimEnd();
  return `<path d="${edge.path}" class="${look}" marker-end="url(#a-${edge.tone})"><title>${xmlText(title)}</title></path>\n`;
}

function labelText(edge: DrawnEdge): string {
  if (edge.at === undefined) return '';
  return `${textAt(labelOf(edge), { x: edge.at.x + 3, y: edge.at.y + 11, class: `l f-${edge.tone}` })}\n`;
}
