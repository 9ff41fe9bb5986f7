import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import type { ControlContext } from '#analysis/controls/context.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { assessAll } from '#analysis/scan/scan.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { DROPPED } from '#model/object.ts';
import type { PlainObject } from '#model/plain.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import { bundleOf, bundleText, openBundle } from '#source/bundle.ts';
import { AZURE_AROUND, VALUES_THAT_DECIDE } from './values-that-decide.ts';

const ROOT = join(import.meta.dirname, '..');

/** What a snapshot may have been taken of. */
const INPUTS: readonly (readonly [string, readonly SourceText[], readonly object[]])[] = [
  ['values that decide', [VALUES_THAT_DECIDE], []],
  ['values that decide, with Azure around', [VALUES_THAT_DECIDE], AZURE_AROUND],
  ['examples/shop', filesIn('examples/shop'), []],
  ['examples/estate', filesIn('examples/estate/manifests'), []],
];
const KINDS = ['manifests', 'live'] as const;

describe.each(INPUTS)('%s', (_, files, azure) => {
  describe.each(KINDS)('as %s', (kind) => {
    const judged = (values: boolean) =>
      assessAll(contextOf(taken({ files, azure }, values), kind), { controls: CONTROLS });
    const full = judged(true);
    const without = judged(false);

    test('no control fails by a mistake of ours', () => {
      expect([...full.internalErrors, ...without.internalErrors]).toEqual([]);
    });

    test.each(CONTROLS.map(({ data }) => data.id))('%s says nothing else without values than with them', (id) => {
      expect(contradictions(full.assessments.get(id)!, without.assessments.get(id)!)).toEqual([]);
    });
  });
});

/** What is said without values and is neither open nor what is said with them. */
function contradictions(full: Assessment, without: Assessment): readonly string[] {
  const out: string[] = [];
  const isProven = without.state === 'PARTIAL' && full.state === 'FAIL';
  if (without.state !== full.state && without.state !== 'UNKNOWN' && !isProven)
    out.push(`${full.state} became ${without.state}: ${without.why}`);
  const known = new Map(full.places.map((judged) => [keyOf(judged), judged]));
  for (const judged of without.places) {
    const { state, message } = judged;
    if (state !== 'UNKNOWN' && known.get(keyOf(judged))?.state !== state)
      out.push(`${keyOf(judged)}: ${known.get(keyOf(judged))?.state} became ${state}: ${message}`);
  }
  const lost = new Set(without.places.map(keyOf));
  const missing = full.places.filter((judged) => !lost.has(keyOf(judged)));
  const isOpen = without.state === 'UNKNOWN' || without.places.some(({ state }) => state === 'UNKNOWN');
  if (missing.length > 0 && !isOpen) out.push(`nothing is open, and ${missing.map(keyOf).join(', ')} is gone`);
  return out;
}

function keyOf({ where, detail }: Judged): string {
  return detail === undefined ? where.id : `${where.id} ${detail}`;
}

// ---------------------------------------------------------------- who reads values

/** Controls that see values which were not kept and say the same whatever they are. */
const READ_ANYWAY: Readonly<Record<string, string>> = {
  'CFG-SEC-001': 'marks of secrets are kept',
  'TLS-CRT-001': 'marks of secrets are kept',
  'IAM-MI-001': 'whether there is a value is kept',
  'NET-POL-004': 'who must not be known comes by a route, a load balancer or DNS, and no value says so',
};

describe('controls that read values', () => {
  const readers = new Set<string>();
  const changed = new Set<string>();

  beforeAll(() => {
    for (const [, files, azure] of INPUTS.slice(0, 2)) {
      for (const kind of KINDS) {
        const full = contextOf(taken({ files, azure }, true), kind);
        const without = watched(taken({ files, azure }, false), kind);
        for (const { data, assess } of CONTROLS) {
          const before = without.count();
          const said = told(assess(without.context));
          if (without.count() > before) readers.add(data.id);
          if (told(assess(full)) !== said) changed.add(data.id);
        }
      }
    }
  });

  test('say so', () => {
    const silent = CONTROLS.filter(({ data, readsValues }) => readers.has(data.id) && readsValues === undefined);
    expect(silent.map(({ data }) => data.id).sort()).toEqual(Object.keys(READ_ANYWAY).sort());
  });

  test('those that would be wrong without a word are those that say so', () => {
    const open = [...changed].filter((id) => CONTROLS.find(({ data }) => data.id === id)?.readsValues === undefined);
    expect(open).toEqual([]);
  });

  test('each that says so has a value in the fixture that decides', () => {
    const idle = CONTROLS.filter(({ data, readsValues }) => readsValues !== undefined && !changed.has(data.id));
    expect(idle.map(({ data }) => data.id)).toEqual([]);
  });
});

function told({ state, places }: Assessment): string {
  return [state, ...places.map((judged) => `${keyOf(judged)} ${judged.state}`)].join('\n');
}

/** A context that counts values which were not kept, each time one is looked at, or a thing that was made of it. */
function watched(snapshot: Snapshot, kind: ControlContext['kind']) {
  let count = 0;
  const watch = (value: PlainObject): PlainObject =>
    new Proxy(value, {
      get(target, key, receiver) {
        const found: unknown = Reflect.get(target, key, receiver);
        if (found === DROPPED) count++;
        return isObject(found) ? watch(found) : found;
      },
    });
  const objects = snapshot.objects.map((object) =>
    object.kind === 'Secret' ? object : { ...object, value: watch(object.value) },
  );
  const inner = contextOf({ ...snapshot, objects }, kind);
  const looks = new Map<unknown, number>();
  const context: ControlContext = {
    ...inner,
    once(key, make) {
      const known = looks.get(key);
      const before = count;
      const made = inner.once(key, () => make(context));
      if (known === undefined) looks.set(key, count - before);
      else count += known;
      return made;
    },
  };
  return { context, count: () => count };
}

function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null;
}

// ---------------------------------------------------------------- inputs

interface Taken {
  readonly files: readonly SourceText[];
  readonly azure: readonly object[];
}

/** The snapshot as it is read back from a file that was taken with values, or without. */
function taken({ files, azure }: Taken, values: boolean): Snapshot {
  const bundle = bundleOf(files, [], { ringfence: '0', taken: '2026-11-21T00:00:00Z', from: [], values });
  const opened = openBundle({ file: 'snapshot.json', text: [...bundleText(bundle)].join('') });
  const { estate } = readEstate(azure.length === 0 ? [] : [{ file: 'azure.json', text: JSON.stringify(azure) }]);
  return { ...snapshotOf(opened.files, { objects: true }), azure: aroundOneCluster(estate, undefined).estate };
}

function contextOf(snapshot: Snapshot, kind: ControlContext['kind']): ControlContext {
  return contextFor({
    analysis: analyseSnapshot(snapshot),
    settings: NO_CONTROL_SETTINGS,
    today: '2026-11-21',
    kind,
  });
}

function filesIn(folder: string): readonly SourceText[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ file: name, text: readFileSync(join(ROOT, folder, name), 'utf8') }));
}
