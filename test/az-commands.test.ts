import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { AZURE_AROUND } from './values-that-decide.ts';

const EXAMPLE = join(import.meta.dirname, '..', 'examples/estate/resource-graph');

test.each([
  ['the estate that decides', AZURE_AROUND],
  ['the example', inFile('resources.json')],
])('%s: a name of the input stays one word of every command that is proposed', (_, resources) => {
  const commands = proposed(hostile(resources));
  expect(commands.filter((command) => /touch/.test(command)).length).toBeGreaterThan(3);
  expect(commands.filter((command) => /touch/.test(unquoted(command)))).toEqual([]);
});

/** Every name and group with what a shell would run, quotes included. */
function hostile(resources: readonly object[]): readonly object[] {
  const names = new Set(
    resources.flatMap((each) => [nameOf(each), /\/resourceGroups\/([^/"]+)/i.exec(JSON.stringify(each))?.[1] ?? '']),
  );
  let text = JSON.stringify(resources);
  for (const name of names) {
    if (name.length < 3) continue;
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    text = text.replace(new RegExp(`(?<=[/"])${escaped}(?=[/"])`, 'g'), () => `${name}';touch me;$(touch me)`);
  }
  return JSON.parse(text);
}

function nameOf(each: object): string {
  return 'name' in each && typeof each.name === 'string' ? each.name : '';
}

/** Commands and steps of every fix that every control has for the estate. */
function proposed(resources: readonly object[]): readonly string[] {
  const { estate } = readEstate([{ file: 'azure.json', text: JSON.stringify(resources) }]);
  const snapshot = { ...snapshotOf([], { objects: true }), azure: aroundOneCluster(estate, undefined).estate };
  const context = contextFor({
    analysis: analyseSnapshot(snapshot),
    settings: NO_CONTROL_SETTINGS,
    today: '2026-11-21',
    kind: 'manifests',
  });
  return CONTROLS.flatMap(({ assess, fix }) =>
    assess(context).places.flatMap((judged) => {
      const found = judged.state === 'PASS' ? undefined : fix?.(context, judged);
      const changes = found?.changes ?? [];
      const commands = changes.flatMap((change) => ('command' in change ? [change.command ?? ''] : []));
      return [...commands, ...(found?.steps ?? [])].filter((text) => /--[a-z]/.test(text));
    }),
  );
}

/** What a POSIX shell reads outside of single quotes. */
function unquoted(command: string): string {
  return command.replaceAll("\\'", '').replaceAll(/'[^']*'/g, '');
}

function inFile(name: string): readonly object[] {
  const { data }: { data: readonly object[] } = JSON.parse(readFileSync(join(EXAMPLE, name), 'utf8'));
  return data;
}
