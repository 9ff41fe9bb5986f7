import { escapeControl } from '#base/escape.ts';
import type { EndpointEntry, MapAnswer } from '#model/answers.ts';
import { partsOf, shownEndpoints } from '../map-view.ts';
import { breadthText, type Names, namesOf, OUTSIDE } from '../names.ts';
import { mapSummary } from '../text/map.ts';
import { count } from '../words.ts';
import { groupId, type Link, type Merged, mergeLinks } from './merge.ts';
import type { Scene, SceneGroup, SceneNode } from './scene.ts';

/** The map as boxes in their namespaces: of the endpoints that are given, while lines are merged by all that there are. */
export function mapScene(answer: MapAnswer, shown: readonly EndpointEntry[] = shownEndpoints(answer)): Scene {
  const names = namesOf(answer.endpoints);
  const merged = mergeLinks(mapLinks(answer), names);
  return {
    title: 'Who can reach whom',
    desc: `${mapSummary(answer)}. Boxes are endpoints in their namespaces; an arrow leads from who connects to who is reached.`,
    ...boxesOf(names, merged, shown),
    edges: merged.edges,
    legend: [
      { tone: 'allowed', text: 'allowed' },
      { tone: 'mixed', text: 'allowed for some' },
      { tone: 'unknown', text: 'unknown' },
    ],
  };
}

function mapLinks(answer: MapAnswer): Link[] {
  const links: Link[] = [];
  for (const connection of answer.connections) {
    for (const { state, traffic, notes } of partsOf(connection)) {
      // With protection known, its word is the first note: see `partsOf`.
      const isProtected = connection.encryption !== undefined && state === 'allowed';
      const label = isProtected ? `${traffic} · ${notes[0]}` : traffic;
      links.push({ from: connection.from, to: connection.to, label, tone: state });
    }
  }
  return links;
}

/** Groups and nodes with their names, details and what was merged into them. */
export function boxesOf(
  names: Names,
  merged: Merged,
  shown: Iterable<EndpointEntry> = names.endpoints.values(),
): { groups: SceneGroup[]; nodes: SceneNode[] } {
  const groups = new Map<string, SceneGroup>();
  const nodes: SceneNode[] = [];
  for (const endpoint of shown) {
    const lines = [...detailsOf(endpoint), ...(merged.notes.get(endpoint.id) ?? [])];
    const label = labelOf(endpoint, names);
    // A folded namespace is a box of its own; an island around all of them would say nothing.
    if (endpoint.kind === 'namespace') {
      nodes.push({ id: endpoint.id, label, lines });
      continue;
    }
    const group = names.groupOf(endpoint.id);
    const id = groupId(group);
    groups.set(group, {
      id,
      label: escapeControl(group),
      notes: merged.notes.get(id) ?? [],
      outside: group === OUTSIDE,
    });
    nodes.push({ id: endpoint.id, group: id, label, lines });
  }
  return { groups: [...groups.values()], nodes };
}

/** Inside its island a workload needs its namespace no more. */
function labelOf(endpoint: EndpointEntry, names: Names): string {
  const name = names.nameOf(endpoint.id);
  const prefix = `${escapeControl(endpoint.namespace ?? '')}/`;
  return endpoint.kind === 'workload' && name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

function detailsOf(endpoint: EndpointEntry): string[] {
  const lines: string[] = [];
  if (endpoint.kind === 'workload') lines.push(workloadLine(endpoint));
  if (endpoint.members !== undefined) lines.push(count(endpoint.members, 'workload'));
  const { ranges } = endpoint;
  if (ranges !== undefined) {
    const breadth = breadthText(ranges);
    if (breadth !== '') lines.push(breadth);
    lines.push(...ranges.slice(0, 3).map(escapeControl));
    if (ranges.length > 3) lines.push(`and ${count(ranges.length - 3, 'more range')}`);
  }
  return lines;
}

function workloadLine(endpoint: EndpointEntry): string {
  const pods =
    endpoint.pods === undefined || endpoint.pods.length === 0 ? '' : `, ${count(endpoint.pods.length, 'pod')}`;
  const host = endpoint.hostNetwork === true ? ', host network' : '';
  return `${escapeControl(endpoint.workload ?? 'workload')}${pods}${host}`;
}
