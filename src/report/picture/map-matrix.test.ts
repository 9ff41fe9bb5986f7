import { describe, expect, test } from 'vitest';
import type { Connection, EndpointEntry, MapAnswer } from '#model/answers.ts';
import { MAP } from '../samples.test-support.ts';
import { mapMatrix } from './map-matrix.ts';
import { cellKey } from './matrix.ts';

const SIZE = 110;

describe('a map too big for rows and columns', () => {
  const matrix = mapMatrix(threeNamespaces());
  const stateOf = (from: string, to: string) => matrix.cells.get(cellKey(from, to))?.state;

  test('is folded to namespaces, and says so', () => {
    expect(matrix.ends.map((end) => end.label)).toEqual(['a', 'b', 'c']);
    expect(matrix.note).toContain('330 endpoints folded to 3 groups');
  });

  test('a cell is full only where every pair is', () => {
    expect(stateOf('a', 'b')).toBe('full');
    expect(stateOf('a', 'c')).toBe('part');
    expect(stateOf('b', 'b')).toBe('full');
    expect(stateOf('c', 'a')).toBe('unknown');
    expect(stateOf('b', 'a')).toBeUndefined();
  });

  test('its title counts pairs', () => {
    expect(matrix.cells.get(cellKey('a', 'c'))!.text).toBe(`1 of ${SIZE * SIZE} pairs allowed in full or in part`);
  });
});

function threeNamespaces(): MapAnswer {
  const endpoints = ['a', 'b', 'c'].flatMap((namespace) =>
    Array.from(
      { length: SIZE },
      (_, i): EndpointEntry => ({ id: `${namespace}/Pod/p${i}`, kind: 'workload', namespace, name: `p${i}` }),
    ),
  );
  const connections: Connection[] = [{ from: 'a/Pod/p0', to: 'c/Pod/p0', allowed: 'all', unknown: [] }];
  connections.push({
    from: 'c/Pod/p0',
    to: 'a/Pod/p0',
    allowed: [],
    unknown: [{ protocol: 'TCP', ports: '80', reasons: ['own-node'] }],
  });
  for (const from of endpoints) {
    for (const to of endpoints) {
      const whole = to.namespace === 'b' && (from.namespace === 'a' || from.namespace === 'b');
      if (whole && from.id !== to.id) connections.push({ from: from.id, to: to.id, allowed: 'all', unknown: [] });
    }
  }
  return { ...MAP, endpoints, connections };
}
