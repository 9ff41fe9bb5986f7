import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '#model/snapshot.ts';
import { KINDS } from '#parse/kubernetes/kinds.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import { snapshots } from '../../test/property/generate.ts';
import { toManifests } from '../../test/property/manifests.ts';
import { bundleOf, bundleText, isBundle, openBundle } from './bundle.ts';

const FACTS = { ringfence: '0', taken: '2026-01-01T00:00:00.000Z', from: ['x'] };

function reread(files: readonly SourceText[]): Snapshot {
  const text = [...bundleText(bundleOf(files, [], FACTS))].join('');
  const source = { file: 'bundle.json', text };
  expect(isBundle(source)).toBe(true);
  const opened = openBundle(source);
  const snapshot = snapshotOf(opened.files);
  return { ...snapshot, diagnostics: [...opened.diagnostics, ...snapshot.diagnostics] };
}

/** Everything but counts of what a bundle leaves out, and the frames, which show the text at hand. */
function comparable({ others: _others, files: _files, diagnostics, ...lists }: Snapshot): unknown {
  return { ...lists, diagnostics: diagnostics.map(({ frame: _frame, ...rest }) => rest) };
}

describe('a snapshot file', () => {
  test.each([
    ['block YAML', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    1: x\n    b: "y"\n    0: z\n'],
    ['a list', '{apiVersion: v1, kind: PodList, items: [{metadata: {name: a}}, {metadata: {name: b}}]}'],
    ['a refused object', '{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 99999}]}}'],
    [
      'an unknown field that matters',
      '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}, ingres: []}}',
    ],
    ['an unknown version', '{apiVersion: networking.k8s.io/v9, kind: NetworkPolicy, metadata: {name: a}}'],
    ['no kind', '{apiVersion: v1, metadata: {name: a}}'],
    [
      'the same twice',
      '{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: a}}',
    ],
    ['broken text', 'a: [\n---\n{apiVersion: v1, kind: Pod, metadata: {name: a}}'],
    ['a label named __proto__', '{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {__proto__: x}}}'],
    ['anchors', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: &l {app: x}, annotations: *l}'],
  ])('%s: reads as before, with every place', (_name, text) => {
    const files = [{ file: 'a.yaml', text }];
    expect(comparable(reread(files))).toEqual(comparable(snapshotOf(files)));
  });

  test('generated clusters read as before', () => {
    fc.assert(
      fc.property(snapshots(), (snapshot) => {
        const text = toManifests(snapshot)
          .map((manifest) => JSON.stringify(manifest, null, 1))
          .join('\n---\n');
        const files = [{ file: 'cluster.yaml', text }];
        expect(comparable(reread(files))).toEqual(comparable(snapshotOf(files)));
      }),
      { numRuns: 25 },
    );
  });

  test('every kind that is read is kept', () => {
    for (const { kind, apiVersions } of KINDS) {
      const text = JSON.stringify({
        apiVersion: apiVersions[0],
        kind,
        metadata: { name: kind === 'ConfigMap' ? 'cilium-config' : 'a' },
      });
      const { items } = bundleOf([{ file: 'a.json', text }], [], FACTS);
      expect(
        items.map(({ object }) => object),
        kind,
      ).toMatchObject([{ kind }]);
    }
  });

  test.each([
    ['5'],
    ['{"apiVersion": "ringfence.dev/v1", "kind": "Snapshot"'],
    ['{"items": [5], "diagnostics": [], "from": []}'],
    ['{"items": [], "diagnostics": [{"code": "constructor", "message": "x"}], "from": []}'],
    ['{"items": [{"file": "a", "at": ["x"], "object": {}}], "diagnostics": [], "from": []}'],
    [
      `{"apiVersion": "ringfence.dev/v1", "kind": "Snapshot", "from": [], "diagnostics": [], "items": [{"file": "a", "at": [], "object": {"a": ${'['.repeat(3000)}${']'.repeat(3000)}}}]}`,
    ],
  ])('damaged: %.60s', (text) => {
    expect(openBundle({ file: 'b.json', text })).toMatchObject({ files: [], diagnostics: [{ code: 'RF1001' }] });
  });

  test('names and messages of a file from elsewhere cannot act on a terminal', () => {
    const item = {
      file: 'a\u001b[31m',
      at: [],
      object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 0 }] } },
    };
    const diagnostics = [
      {
        code: 'RF1001',
        severity: 'error',
        message: '\u001b[31m',
        frame: 'x\n\u001b',
        origin: { file: '\u001b', line: 1, column: 1 },
      },
    ];
    const text = JSON.stringify({
      apiVersion: 'ringfence.dev/v1',
      kind: 'Snapshot',
      ringfence: '0',
      taken: '',
      from: [],
      diagnostics,
      items: [item],
    });
    const { files, diagnostics: found } = openBundle({ file: 'b.json', text });
    const all = JSON.stringify([found, snapshotOf(files).diagnostics]);
    expect(all).toContain('RF2008');
    expect(all).not.toMatch(/\\u001b/);
  });
});
