import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES } from '#model/codes.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { readPaths } from '#source/read-paths.ts';

// Real repositories, one folder each, from a folder that is not part of this repository: RINGFENCE_CORPUS names it.
const CORPUS = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const PROJECTS = existsSync(CORPUS)
  ? readdirSync(CORPUS, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  : [];

describe('corpus', () => {
  if (PROJECTS.length === 0) {
    console.log(`no corpus at ${CORPUS}: nothing real was read; set RINGFENCE_CORPUS to a folder of repositories`);
    test.skip('is not on this machine', () => {});
    return;
  }

  test.each(PROJECTS)('%s is read whole, twice alike, and nothing in it is our bug', async (project) => {
    const first = await read(project);
    const second = await read(project);
    expect(comparable(first)).toEqual(comparable(second));
    expect(first.files.size).toBeGreaterThan(0);
    for (const { code, message } of first.diagnostics) {
      expect(CODES[code], message).toBeDefined();
      expect(code, message).not.toMatch(/^RF9/);
    }
  });
});

async function read(project: string): Promise<Snapshot> {
  const { files } = await readPaths([join(CORPUS, project)], { kustomize: 'never' });
  return snapshotOf(files);
}

/** Counts and diagnostics: what two readings of one folder must have in common, in a form that is quick to compare. */
function comparable(snapshot: Snapshot): unknown {
  const lists = Object.entries(snapshot).map(([name, list]) => [name, Array.isArray(list) ? list.length : undefined]);
  return { lists, others: [...snapshot.others], files: [...snapshot.files], diagnostics: snapshot.diagnostics };
}
