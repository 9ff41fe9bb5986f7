import type { DiffAnswer } from '#model/answers.ts';
import { type Names, namesOf } from '../names.ts';
import { CHANGE_MARKS, CHANGES, diffSummary } from '../text/diff.ts';
import { trafficText } from '../words.ts';
import { boxesOf } from './map-scene.ts';
import { joinLinks, type Link } from './merge.ts';
import type { Scene } from './scene.ts';

/** What changed, and only that: endpoints without a change are left out. */
export function diffScene(answer: DiffAnswer): Scene {
  const names = changedNames(answer);
  return {
    title: 'What changed in who can reach whom',
    desc: `${diffSummary(answer)}. Boxes are endpoints with a change, in their namespaces.`,
    ...boxesOf(names, { edges: [], notes: newcomerNotes(answer) }),
    edges: joinLinks(diffLinks(answer)),
    legend: [
      { tone: 'opened', text: '+ opened' },
      { tone: 'closed', text: '− closed' },
      { tone: 'unsettled', text: '? now unknown, or no longer' },
    ],
  };
}

export function changedNames(answer: DiffAnswer): Names {
  return namesOf(
    answer.about ?? [],
    answer.changes.flatMap((change) => [change.from, change.to]),
  );
}

function diffLinks(answer: DiffAnswer): Link[] {
  const links: Link[] = [];
  for (const { from, to, ...lists } of answer.changes) {
    for (const change of CHANGES) {
      const traffic = trafficText(lists[change]);
      if (traffic !== '') links.push({ from, to, label: `${CHANGE_MARKS[change]} ${traffic}`, tone: change });
    }
  }
  return links;
}

function newcomerNotes(answer: DiffAnswer): Map<string, readonly string[]> {
  const notes = new Map<string, readonly string[]>();
  for (const id of answer.endpoints.added) notes.set(id, ['new']);
  for (const id of answer.endpoints.removed) notes.set(id, ['removed']);
  return notes;
}
