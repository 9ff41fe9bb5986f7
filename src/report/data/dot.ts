import { escapeControl } from '#base/escape.ts';
import type { DiffAnswer, MapAnswer } from '#model/answers.ts';
import { partsOf } from '../map-view.ts';
import { type Names, namesOf, rangesText } from '../names.ts';
import { trafficText } from '../words.ts';

/** The map for Graphviz: a cluster for each namespace, an edge for each connection. */
export function* mapDot(answer: MapAnswer): Generator<string> {
  const names = namesOf(answer.endpoints);
  yield* headText('ringfence map', names);
  for (const connection of answer.connections) {
    const parts = partsOf(connection);
    const label = parts.map((part) => (part.state === 'allowed' ? part.traffic : `${part.traffic} ${part.state}`));
    const known = parts.some((part) => part.state === 'allowed');
    yield edgeText(connection.from, connection.to, { label: label.join('\n'), style: known ? 'solid' : 'dashed' });
  }
  yield '}\n';
}

/** What changed for Graphviz: opened, closed and unsettled differ in colour and in line. */
export function* diffDot(answer: DiffAnswer): Generator<string> {
  const names = namesOf(
    [],
    answer.changes.flatMap((change) => [change.from, change.to]),
  );
  yield* headText('ringfence diff', names);
  for (const { from, to, ...lists } of answer.changes) {
    for (const change of ['opened', 'closed', 'unsettled'] as const) {
      const traffic = trafficText(lists[change]);
      if (traffic !== '') yield edgeText(from, to, { label: `${change} ${traffic}`, ...CHANGE_LOOKS[change] });
    }
  }
  yield '}\n';
}

interface EdgeLook {
  readonly label: string;
  readonly style: string;
  readonly color?: string;
}

const CHANGE_LOOKS = {
  opened: { style: 'bold', color: '#b3261e' },
  closed: { style: 'solid', color: '#1a7f37' },
  unsettled: { style: 'dashed', color: '#8a6100' },
} as const;

function* headText(name: string, names: Names): Generator<string> {
  yield `digraph ${quoted(name)} {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname="sans-serif"];\n`;
  yield '  edge [fontname="sans-serif", fontsize=10];\n';
  const groups = new Map<string, string[]>();
  for (const id of names.endpoints.keys()) {
    const group = names.groupOf(id);
    groups.set(group, [...(groups.get(group) ?? []), id]);
  }
  let index = 0;
  for (const [group, ids] of groups) {
    yield `  subgraph cluster_${index++} {\n    label=${quoted(group)};\n`;
    for (const id of ids) yield `    ${quoted(id)} [label=${quoted(labelOf(id, names))}];\n`;
    yield '  }\n';
  }
}

function labelOf(id: string, names: Names): string {
  const ranges = names.endpoints.get(id)?.ranges;
  return ranges === undefined ? names.nameOf(id) : `${names.nameOf(id)}\n${rangesText(ranges, 3)}`;
}

function edgeText(from: string, to: string, look: EdgeLook): string {
  const color = look.color === undefined ? '' : `, color="${look.color}", fontcolor="${look.color}"`;
  return `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(look.label)}, style=${look.style}${color}];\n`;
}

/** In a quoted DOT string only `"` ends it, but labels read backslash sequences (`\N` is the node), so both go. */
function quoted(text: string): string {
  const lines = text.split('\n').map((line) => escapeControl(line).replace(/[\\"]/g, '\\$&'));
  return `"${lines.join('\\n')}"`;
}
