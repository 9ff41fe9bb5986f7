import { describe, expect, test } from 'vitest';
import { MOST_BOXES, MOST_LINES, readable } from './fold-scene.ts';
import type { Scene, SceneEdge } from './scene.ts';

function sceneOf(sizes: Readonly<Record<string, number>>, edges: readonly (readonly [string, string])[]): Scene {
  return {
    title: '',
    desc: '',
    legend: [],
    groups: Object.keys(sizes).map((id) => ({ id, label: id, notes: [], outside: false })),
    nodes: Object.entries(sizes).flatMap(([group, size]) =>
      Array.from({ length: size }, (_, at) => ({ id: `${group}/${at}`, group, label: `${at}`, lines: [] })),
    ),
    edges: edges.map(([from, to]): SceneEdge => ({ from, to, label: 'TCP 80', tone: 'allowed' })),
  };
}

describe('a scene that can be read', () => {
  test('stays as it is', () => {
    const scene = sceneOf({ a: 3, b: 2 }, [['a/0', 'b/1']]);
    expect(readable(scene, undefined)).toEqual({ scene, folded: 0, left: 0, undrawn: 0 });
  });

  test('has islands with a count where no line tells their boxes apart', () => {
    const { scene, folded } = readable(sceneOf({ a: MOST_BOXES, b: 2 }, [['a', 'b/1']]), undefined);
    expect(folded).toBe(1);
    expect(scene.nodes.map(({ id, lines }) => [id, ...lines])).toEqual([
      ['a', `${MOST_BOXES} endpoints`],
      ['b/0'],
      ['b/1'],
    ]);
    expect(scene.edges).toHaveLength(1);
  });

  test('has at most so many boxes, the one that is asked about among them', () => {
    const edges = Array.from({ length: MOST_BOXES + 9 }, (_, at) => [`a/${at}`, 'b/0'] as const);
    const { scene, left } = readable(sceneOf({ a: MOST_BOXES + 9, b: 1, c: 1 }, edges), 'c/0');
    expect([scene.nodes.length, left]).toEqual([MOST_BOXES, 11]);
    expect(scene.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(['b/0', 'c/0']));
  });

  test('says how many lines a box has where there are too many to follow', () => {
    const edges = Array.from({ length: MOST_LINES + 1 }, (_, at) => [`a/${at % 20}`, `b/${at % 19}`] as const);
    const { scene, undrawn } = readable(sceneOf({ a: 20, b: 19 }, edges), undefined);
    expect([scene.edges.length, undrawn]).toEqual([0, MOST_LINES + 1]);
    expect(scene.nodes[0]!.lines).toEqual(['reaches 13, reached by 0']);
  });
});
