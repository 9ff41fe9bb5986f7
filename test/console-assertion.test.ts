import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { namesIn } from '#analysis/invariants/names.ts';
import { testOf } from '#analysis/invariants/test.ts';
import { mapOf } from '#analysis/map/map.ts';
import { preparedForNames } from '#analysis/path/names.ts';
import { pathOf } from '#analysis/path/path.ts';
import type { PathAnswer } from '#model/answers.ts';
import { readInvariants } from '#parse/invariants.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { type Assertion, inwardAssertion, pathAssertion } from '../web/parts/assertion.ts';

const SHOP = 'examples/shop';
const files = readdirSync(SHOP, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => ({ file, text: readFileSync(join(SHOP, file), 'utf8') }));
const analysis = analyseSnapshot(snapshotOf(files), {});

function judged(assertion: Assertion) {
  if (assertion.kind === 'none') return assertion.why;
  const { invariants, diagnostics } = readInvariants([{ file: 'assertion.yaml', text: assertion.text }]);
  expect(diagnostics).toEqual([]);
  return testOf(preparedForNames(analysis, namesIn(invariants)), invariants).invariants.map(({ state }) => state);
}

const ENDS = [...analysis.engine.world.owners.map(({ namespace, name }) => `${namespace}/${name}`), 'internet'];
const PAIRS = ENDS.flatMap((from) =>
  ENDS.filter((to) => to !== from && to !== 'internet').map((to) => [from, to] as const),
);

/** What is asserted of an answer holds of the input that the answer is about. */
describe.each([undefined, '5432', '53/UDP'])('of port %s', (port) => {
  test('what a path says holds, or says why it is not asserted', () => {
    const written = PAIRS.map(([from, to]) => {
      const result = pathOf(analysis, { from, to, changes: 'none', ...(port !== undefined && { port }) });
      if (result.kind === 'problem') throw new Error(result.message);
      const assertion = pathAssertion(result.answer, { from, to });
      if (assertion.kind === 'none') return 0;
      expect(judged(assertion), assertion.text).toEqual(['holds']);
      return 1;
    });
    expect(written.filter((each) => each === 1).length).toBeGreaterThan(PAIRS.length / 4);
  });
});

test('who reaches a workload, and nobody else', () => {
  const { connections, endpoints } = mapOf(analysis, { fold: 'never' });
  const outside = endpoints.filter(({ ranges }) => ranges !== undefined);
  for (const { id, kind } of endpoints) {
    if (kind !== 'workload') continue;
    const assertion = inwardAssertion({ id, in: connections.filter(({ to }) => to === id), outside });
    if (assertion.kind === 'written') expect(judged(assertion), assertion.text).toEqual(['holds']);
  }
});

const ANSWER = { verdict: 'denied', reasons: [], protocol: 'TCP', port: 80 } as unknown as PathAnswer;

test.each([
  ['unknown', { ...ANSWER, verdict: 'unknown' }],
  ['for some only', { ...ANSWER, verdict: 'mixed' }],
  ['no such protocol', { ...ANSWER, protocol: 'ICMP' }],
] as const)('none where it is %s', (_, answer) => {
  expect(pathAssertion(answer as PathAnswer, { from: 'a/b', to: 'c/d' }).kind).toBe('none');
});

test('hostile names stay names', () => {
  const assertion = pathAssertion(ANSWER, { from: 'a/b"}\n- x', to: 'c/\u202ed\u001b[31m' });
  const { invariants, diagnostics } = readInvariants([
    { file: 'assertion.yaml', text: assertion.kind === 'written' ? assertion.text : '' },
  ]);
  expect(diagnostics).toEqual([]);
  expect(invariants).toMatchObject([{ kind: 'never', from: ['a/b"}\n- x'], to: ['c/\u202ed\u001b[31m'] }]);
});
