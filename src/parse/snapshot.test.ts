import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { supportTable } from './kubernetes/fields.ts';
import { KINDS } from './kubernetes/kinds.ts';
import { expectProblem, problemsOf, read } from './kubernetes/read.test-support.ts';
import { SnapshotBuilder, snapshotOf } from './snapshot.ts';
import { NOT_KUBERNETES } from './source-reader.ts';

const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}';

describe('lists', () => {
  test('a List is taken apart, and positions stay those of the file', () => {
    const text = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Namespace
    metadata: {name: a}
  - apiVersion: v1
    kind: List
    items:
      - {apiVersion: v1, kind: Namespace, metadata: {name: b}}
`;
    const snapshot = read(text);
    expect(snapshot.namespaces.map(({ name, origin }) => [name, origin.line])).toEqual([
      ['a', 4],
      ['b', 10],
    ]);
    expect(snapshot.files).toEqual(new Map([['test.yaml', 2]]));
  });

  test('the items of a typed list need not say what they are', () => {
    const text = '{"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "p"}}]}';
    expect(read(text).pods).toMatchObject([{ name: 'p', apiVersion: 'v1' }]);
  });

  test.each([
    '{apiVersion: v1, kind: List}',
    '{apiVersion: v1, kind: List, items: null}',
    '{apiVersion: v1, kind: List, items: [null]}',
  ])('%s holds nothing', (text) => {
    expect(read(text)).toMatchObject({ diagnostics: [], others: new Map() });
  });
});

describe('the same object twice', () => {
  test('the later one is kept, and the report names the earlier place', () => {
    const snapshot = snapshotOf([
      { file: 'a.yaml', text: `# first\n${SERVICE}` },
      { file: 'b.yaml', text: SERVICE.replace('80', '81') },
    ]);
    expect(snapshot.services).toMatchObject([{ ports: [{ port: 81 }], origin: { file: 'b.yaml' } }]);
    expect(snapshot.diagnostics).toMatchObject([
      { code: 'RF2011', message: expect.stringContaining('`a.yaml:2`'), origin: { file: 'b.yaml' } },
    ]);
  });

  test.each([
    ['another namespace', SERVICE.replace('name: web', 'name: web, namespace: other')],
    ['another kind', '{apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}'],
    ['refused', SERVICE.replace('80', '0')],
  ])('not when it is of %s', (_what, text) => {
    expect(problemsOf(`${SERVICE}\n---\n${text}`).join()).not.toContain('RF2011');
  });

  test('the group of an old version is the same object', () => {
    const policy = (version: string) => `{apiVersion: ${version}, kind: NetworkPolicy, metadata: {name: p}, spec: {}}`;
    expectProblem(`${policy('extensions/v1beta1')}\n---\n${policy('networking.k8s.io/v1')}`, 'RF2011 a second time');
  });

  test('objects with generated names are never the same', () => {
    const text = '{apiVersion: batch/v1, kind: Job, metadata: {generateName: load-}, spec: {template: {}}}';
    expect(read(`${text}\n---\n${text}`).workloads.map((job) => job.name)).toEqual(['load-?', 'load-?2']);
  });
});

describe('namespaces', () => {
  test.each([
    [undefined, 'default'],
    ['shop', 'shop'],
  ])('defaultNamespace %s', (defaultNamespace, expected) => {
    const options = defaultNamespace === undefined ? {} : { defaultNamespace };
    expect(read(SERVICE, options).services[0]?.namespace).toBe(expected);
  });

  test('cluster-scoped kinds have none, whatever is written', () => {
    expect(read('{apiVersion: v1, kind: Node, metadata: {name: n1, namespace: shop}}').nodes[0]?.namespace).toBe('');
  });
});

describe('what is not read', () => {
  test.each([
    ['{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}', 'v1/ConfigMap'],
    ['{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}}', 'serving.knative.dev/v1/Service'],
    ['{services: {web: {image: a}}}', NOT_KUBERNETES],
    ['[a, b]', NOT_KUBERNETES],
    ['{apiVersion: v2, name: chart, version: 1.0.0}', NOT_KUBERNETES],
    ['{kind: Kustomization, resources: [a.yaml]}', NOT_KUBERNETES],
    ['{kind: pipeline, metadata: {name: a}}', NOT_KUBERNETES],
  ])('%s is counted as %s, without complaint', (text, key) => {
    expect(read(text)).toMatchObject({ diagnostics: [], others: new Map([[key, 1]]) });
  });

  test.each([
    ['{kind: Deployment, metadata: {name: a}}', 'RF2001 `apiVersion` is missing'],
    ['{apiVersion: v1, metadata: {name: a}}', 'RF2001 `kind` is missing'],
    ['{apiVersion: v1, kind: Pod}', 'RF2001 `metadata.name` is missing'],
    ['{apiVersion: v1, kind: Pod, metadata: {labels: {}}}', 'RF2001 `metadata.name` is missing'],
    [
      '{apiVersion: networking.k8s.io/v2, kind: NetworkPolicy, metadata: {name: a}}',
      'RF2012 is `networking.k8s.io/v2`, a version of `NetworkPolicy`',
    ],
    ['{apiVersion: v2, kind: Pod, metadata: {name: a}}', 'RF2012 is `v2`'],
    ['{apiVersion: v1, kind: Deployment, metadata: {name: a}}', 'RF2012 is `v1`'],
  ])('%s is reported', (text, expected) => {
    expectProblem(text, expected);
  });

  test('an unknown version names the known ones', () => {
    const text = '{apiVersion: policy.networking.k8s.io/v1, kind: ClusterNetworkPolicy, metadata: {name: a}}';
    expect(read(text).diagnostics[0]?.help).toBe('known: `policy.networking.k8s.io/v1alpha2`');
  });
});

describe('names and labels', () => {
  test.each([
    ['{name: "<b>"}', 'RF2006 `metadata.name` is `<b>`'],
    ['{name: Web}', 'RF2006 lower case'],
    ['{name: "a\\e[31m"}', 'RF2006 is `a\\u{1b}[31m`'],
    ['{name: web, namespace: a.b}', 'RF2006 `metadata.namespace` is `a.b`'],
    [`{name: ${'a'.repeat(254)}}`, 'RF2006 at most 253'],
    ['{name: web, labels: {a: 1}}', 'RF2002 `metadata.labels.a` must be text, not the number `1`'],
    ['{name: web, labels: {a/b/c: x}}', 'RF2006 has the key `a/b/c`'],
    ['{name: web, labels: {a: -x}}', 'RF2006 has `-x` for the key `a`'],
    ['{name: web, labels: [a]}', 'RF2002 must be a mapping, not a list'],
  ])('%s is refused', (metadata, expected) => {
    expectProblem(`{apiVersion: v1, kind: ServiceAccount, metadata: ${metadata}}`, expected);
  });

  test('a hostile label key is only a label', () => {
    const text =
      '{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a", "annotations": {"constructor": "x", "last": "y"}}}';
    expect([...(read(text).serviceAccounts[0]?.annotations ?? [])]).toEqual([
      ['constructor', 'x'],
      ['last', 'y'],
    ]);
  });

  test('a label called __proto__ is refused as any key that begins with an underscore, and does no harm', () => {
    expectProblem(
      '{apiVersion: v1, kind: ServiceAccount, metadata: {name: a, labels: {__proto__: x}}}',
      'RF2006 has the key `__proto__`',
    );
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

test('syntax errors and objects of one file come together', () => {
  const snapshot = read(`${SERVICE}\n---\n{a: [}\n---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}`);
  expect(snapshot.diagnostics).toMatchObject([{ code: 'RF1001' }]);
  expect([snapshot.services.length, snapshot.serviceAccounts.length]).toEqual([1, 1]);
});

test('a builder is fed file by file, and what others found is kept', () => {
  const builder = new SnapshotBuilder();
  builder.report([{ code: 'RF1006', severity: 'error', message: 'gone' }]);
  builder.add({ file: 'a.yaml', text: SERVICE });
  builder.add({ file: 'empty.yaml', text: '# nothing\n' });
  expect(builder.snapshot()).toMatchObject({
    services: [{ name: 'web' }],
    diagnostics: [{ code: 'RF1006' }],
    files: new Map([
      ['a.yaml', 1],
      ['empty.yaml', 0],
    ]),
  });
});

test('a hostile object is reported in bounds', () => {
  const ports = Array.from({ length: 500 }, () => '{port: 0}').join(', ');
  const text = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {ingress: [{ports: [${ports}]}]}}`;
  expect(read(text).diagnostics.length).toBeLessThanOrEqual(40);
});

describe('whatever stands in an object, reading it does not throw', () => {
  const names = [...new Set(supportTable().flatMap((line) => line.path.replaceAll('[]', '').split('.')))];
  const scalar = fc.oneof(
    fc.constantFrom(null, true, 0, 80, 70000, 'TCP', 'Ingress', '10.0.0.1/8', '::/0', ''),
    fc.string(),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 7, depthSize: 'medium' }, scalar, tie('map'), fc.array(tie('value'), { maxLength: 3 })),
    map: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
  }));

  test.each(KINDS.map((entry) => [entry.apiVersions[0]!, entry.kind]))('%s %s', (apiVersion, kind) => {
    const metadata = { name: 'web' };
    const object = fc.record({ spec: value, status: value, subsets: value, endpoints: value, ports: value });
    fc.assert(
      fc.property(object, (fields) => {
        const text = JSON.stringify({ apiVersion, kind, metadata, ...fields });
        for (const { message } of read(text).diagnostics) expect(message).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 40 },
    );
  });
});
