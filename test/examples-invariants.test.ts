import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { testOf } from '#analysis/invariants/test.ts';
import { readInvariants } from '#parse/invariants.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { readPaths } from '#source/read-paths.ts';

test('examples/shop/invariants.yaml says in its comments what comes out', async () => {
  const { files } = await readPaths(['examples/shop']);
  const { invariants, diagnostics } = readInvariants(files);
  const { invariants: results } = testOf(analyseSnapshot(snapshotOf(files)), invariants);
  const told = [
    ...readFileSync('examples/shop/invariants.yaml', 'utf8').matchAll(
      /# (Holds|Broken): .*\n(?: *#.*\n)* *- name: (.*)\n|# (Holds)\.\n *- name: (.*)\n/g,
    ),
  ];
  const want = told.map(
    ([, state, name, plain, plainName]) => `${(state ?? plain)!.toLowerCase()} ${name ?? plainName}`,
  );
  expect(diagnostics).toEqual([]);
  expect(want).toHaveLength(6);
  expect(results.map(({ state, name }) => `${state} ${name}`)).toEqual(want);
  // examples/README.md: "three of the six invariants are broken, each with the connections that break it".
  expect(results.filter(({ state }) => state === 'broken').map(({ witnesses }) => witnesses.length > 0)).toEqual([
    true,
    true,
    true,
  ]);
});
