import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { scanOf } from '#analysis/scan/scan.ts';
import { FRAMEWORK_IDS } from '#model/control.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import type { ScanAnswer } from '#model/scan.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { readPaths } from '#source/read-paths.ts';

/**
 * What all controls say of real repositories, held as goldens: whoever changes a verdict sees where else it changes. They
 * are beside this repository (RINGFENCE_CORPUS names another folder); without them this does not run. Kustomizations are
 * not rendered, so that the verdicts are the same where no kustomize is.
 */
const CORPUS = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const SAMPLES = join(CORPUS, 'aks-construction/samples');
const GOLDENS = join(import.meta.dirname, 'verdicts');
/** Retirements are held against it. */
const TODAY = '2026-11-21';

interface Repository {
  readonly name: string;
  readonly path: string;
  readonly azure?: string;
}

const REPOSITORIES: readonly Repository[] = [
  ...foldersIn(CORPUS).map((name) => ({ name, path: join(CORPUS, name) })),
  ...filesIn(SAMPLES).map((file) => ({
    name: `aks-construction-${basename(file, '.json').toLowerCase()}`,
    path: join(CORPUS, 'aks-construction/postdeploy'),
    azure: join(SAMPLES, file),
  })),
];
const reason = REPOSITORIES.length === 0 ? ` (did not run: no repositories at ${CORPUS})` : '';

describe.skipIf(REPOSITORIES.length === 0)(`verdicts of real repositories${reason}`, () => {
  test.each(REPOSITORIES)('$name', async (repository) => {
    const answer = await scanned(repository);
    expect(answer.internalErrors).toEqual([]);
    expect(JSON.stringify(await scanned(repository))).toBe(JSON.stringify(answer));
    await expect(verdicts(answer)).toMatchFileSnapshot(join(GOLDENS, `${repository.name}.txt`));
  });
});

async function scanned({ path, azure }: Repository): Promise<ScanAnswer> {
  const { files } = await readPaths([path], { kustomize: 'never' });
  const cluster = snapshotOf(files, { objects: true });
  const { estate } = readEstate(azure === undefined ? [] : [{ file: azure, text: readFileSync(azure, 'utf8') }]);
  const snapshot = { ...cluster, azure: aroundOneCluster(estate, undefined).estate };
  const context = contextFor({
    analysis: analyseSnapshot(snapshot, {}),
    settings: NO_CONTROL_SETTINGS,
    today: TODAY,
    kind: 'manifests',
  });
  return scanOf(context, {
    controls: CONTROLS,
    frameworks: FRAMEWORK_IDS,
    version: '0.0.0',
    input: [path],
    taken: `${TODAY}T00:00:00.000Z`,
  });
}

/** `NET-POL-001 PARTIAL 2 FAIL 5 PASS` */
function verdicts({ controls }: ScanAnswer): string {
  const lines = controls.map(({ id, state, counts }) =>
    [
      id,
      state,
      ...Object.entries(counts)
        .sort()
        .map(([each, count]) => `${count} ${each}`),
    ].join(' '),
  );
  return `${lines.join('\n')}\n`;
}

function foldersIn(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function filesIn(path: string): readonly string[] {
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : [];
}
