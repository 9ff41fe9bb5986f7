import { describe, expect, test } from 'vitest';
import { HIGHEST, mergeRanges, parseAddress, parseCidr } from '#base/address.ts';
import { asker, namespace, node, pod, policy, workload } from '#engine/ask.test-support.ts';
import { endpointsOf, externalEndpoints } from './endpoints.ts';

const npm = { profile: 'azure-npm-linux' } as const;

/** Each endpoint as `id: pods or ranges`. */
function endpoints(...documents: readonly string[]): string[] {
  return endpointsOf(asker(documents, npm).engine).map(({ entry }) =>
    `${entry.id}: ${(entry.pods ?? entry.ranges ?? []).join(' ')}`.trim(),
  );
}

function outside(...documents: readonly string[]): string[][] {
  return externalEndpoints(asker(documents, npm).engine).map(({ entry }) => [...(entry.ranges ?? [])]);
}

function blocks(...list: readonly string[]): string {
  return policy('shop/x', `ingress: [${list.map((block) => `{from: [{ipBlock: ${block}}]}`).join(', ')}]`);
}

describe('outside ranges', () => {
  test.each<[why: string, documents: string[], want: string[][]]>([
    ['nothing tells addresses apart: one for each family', [pod('shop/a')], [['0.0.0.0/0'], ['::/0']]],
    [
      'a block',
      [pod('shop/a'), blocks('{cidr: 10.0.0.0/8}')],
      [
        ['0.0.0.0/5', '8.0.0.0/7', '11.0.0.0/8', '12.0.0.0/6', '16.0.0.0/4', '32.0.0.0/3', '64.0.0.0/2', '128.0.0.0/1'],
        ['10.0.0.0/8'],
        ['::/0'],
      ],
    ],
    [
      'two halves of one block that get the same',
      [pod('shop/a'), blocks('{cidr: 0.0.0.0/1}', '{cidr: 128.0.0.0/1}')],
      [['0.0.0.0/0'], ['::/0']],
    ],
    ['a block that nobody is selected by', [pod('other/a'), blocks('{cidr: 10.0.0.0/8}')], [['0.0.0.0/0'], ['::/0']]],
    [
      'what an endpoint owns is not outside',
      [pod('shop/a', { ips: ['0.0.0.1'] }), node('n1', ['0.0.0.2']), blocks('{cidr: 0.0.0.0/30}', "{cidr: '::/0'}")],
      [['0.0.0.0/32', '0.0.0.3/32'], ['0.0.0.4/30', '0.0.0.8/29'], ['::/0']],
    ],
  ])('%s', (_why, documents, want) => {
    const got = outside(...documents);
    expect(got.length).toBe(want.length);
    for (const [index, ranges] of want.entries()) expect(got[index]!.slice(0, ranges.length)).toEqual(ranges);
  });

  test('are disjoint and cover every address that no endpoint owns', () => {
    const owned = ['10.1.0.1', '10.1.0.2', 'fd00::1'];
    const documents = [
      pod('shop/a', { ips: [owned[0]!, owned[2]!] }),
      node('n1', [owned[1]!]),
      blocks('{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}', "{cidr: 'fd00::/8'}", '{cidr: 203.0.113.0/24}'),
    ];
    const ranges = outside(...documents)
      .flat()
      .map((text) => parseCidr(text)!.cidr);
    const own = owned.map((text) => parseAddress(text)!).map(({ family, value }) => ({ family, lo: value, hi: value }));
    const size = (list: readonly { lo: bigint; hi: bigint }[]) =>
      list.reduce((sum, { lo, hi }) => sum + hi - lo + 1n, 0n);
    const whole = [
      { family: 4, lo: 0n, hi: HIGHEST[4] },
      { family: 6, lo: 0n, hi: HIGHEST[6] },
    ];
    expect(mergeRanges([...ranges, ...own])).toEqual(whole);
    expect(size([...ranges, ...own])).toBe((1n << 32n) + (1n << 128n));
  });

  test('come before nodes, and nodes before workloads', () => {
    const ids = endpoints(namespace('shop'), node('n1'), workload('shop/web')).map((line) => line.split(': ')[0]);
    expect(ids).toEqual(['external:1', 'external:2', 'node:n1:', 'shop/Deployment/web:']);
  });
});

describe('workloads', () => {
  const set = workload('shop/set', { kind: 'ReplicaSet', labels: 'app: x' });
  const member = (name: string, labels: string, ips: string[] = []) =>
    pod(`shop/${name}`, { owner: 'ReplicaSet/set', labels, ips });
  const workloads = (...documents: readonly string[]) =>
    endpoints(...documents).filter((line) => line.startsWith('shop/'));

  test.each<[why: string, documents: string[], want: string[]]>([
    [
      'pods that nothing tells apart',
      [set, member('a', 'app: x'), member('b', 'app: x')],
      ['shop/ReplicaSet/set: a b'],
    ],
    [
      'labels that no verdict depends on do not split',
      [set, member('a', 'app: x, v: "1"'), member('b', 'app: x, v: "2"')],
      ['shop/ReplicaSet/set: a b'],
    ],
    [
      'labels that one does, do',
      [
        set,
        member('a', 'app: x, v: "1"'),
        member('b', 'app: x, v: "2"'),
        policy('shop/x', 'podSelector: {matchLabels: {v: "1"}}'),
      ],
      ['shop/ReplicaSet/set#1: a', 'shop/ReplicaSet/set#2: b'],
    ],
    [
      '… as a peer too',
      [
        set,
        member('a', 'app: x, v: "1"'),
        member('b', 'app: x, v: "2"'),
        workload('shop/db'),
        policy(
          'shop/x',
          'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {v: "1"}}}]}]',
        ),
      ],
      ['shop/Deployment/db:', 'shop/ReplicaSet/set#1: a', 'shop/ReplicaSet/set#2: b'],
    ],
    [
      'three of which two are alike',
      [
        set,
        member('a', 'app: x, v: "1"'),
        member('b', 'app: x, v: "2"'),
        member('c', 'app: x, v: "3"'),
        policy('shop/x', 'podSelector: {matchLabels: {v: "2"}}'),
      ],
      ['shop/ReplicaSet/set#1: a c', 'shop/ReplicaSet/set#2: b'],
    ],
    [
      'addresses that a block divides',
      [
        set,
        member('a', 'app: x', ['10.1.0.1']),
        member('b', 'app: x', ['10.2.0.1']),
        workload('shop/db'),
        policy('shop/x', 'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]'),
      ],
      ['shop/Deployment/db:', 'shop/ReplicaSet/set#1: a', 'shop/ReplicaSet/set#2: b'],
    ],
    [
      'both families of one pod are one endpoint',
      [set, member('a', 'app: x', ['10.1.0.1', 'fd00::1']), blocks('{cidr: 10.0.0.0/8}')],
      ['shop/ReplicaSet/set: a'],
    ],
    [
      'pods of two workloads that nothing tells apart stay two endpoints',
      [workload('shop/a', { labels: 'app: x' }), workload('shop/b', { labels: 'app: x' })],
      ['shop/Deployment/a:', 'shop/Deployment/b:'],
    ],
  ])('%s', (_why, documents, want) => {
    expect(workloads(...documents).sort()).toEqual([...want].sort());
  });

  test('say what they are', () => {
    const [entry] = endpointsOf(asker([pod('shop/a', { hostNetwork: true })]).engine).flatMap(({ entry: each }) =>
      each.kind === 'workload' ? [each] : [],
    );
    expect(entry).toMatchObject({
      id: 'shop/Pod/a',
      namespace: 'shop',
      name: 'a',
      workload: 'Pod',
      pods: ['a'],
      hostNetwork: true,
      origin: { file: 'cluster.yaml', line: 2 },
    });
  });
});
