import { describe, expect, test } from 'vitest';
import type { DiffAnswer } from '#model/answers.ts';
import { readInvariants } from '#parse/invariants.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import { trafficText } from '../traffic-list.ts';
import { diffOf, narrowableDiff } from './diff.ts';

const WORKLOADS = ['shop/web', 'shop/api', 'data/db', 'data/cache'].map(deployment).join('---\n');
const DENY = policy('data/deny', '{podSelector: {}, policyTypes: [Ingress]}');
const WEB_80 = admit('web', '80');

function deployment(name: string): string {
  const [namespace, app] = name.split('/');
  const template = `{metadata: {labels: {app: ${app}}}, spec: {containers: [{name: c}]}}`;
  return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${app}, namespace: ${namespace}}, spec: {selector: {matchLabels: {app: ${app}}}, template: ${template}}}\n`;
}

function policy(name: string, spec: string): string {
  const [namespace, id] = name.split('/');
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${id}, namespace: ${namespace}}, spec: ${spec}}\n`;
}

/** Admits pods of one app, in any namespace, to `data/db`. */
function admit(app: string, port: string): string {
  const peer = `{namespaceSelector: {}, podSelector: {matchLabels: {app: ${app}}}}`;
  return policy(
    'data/db',
    `{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{from: [${peer}], ports: [{port: ${port}}]}]}`,
  );
}

function block(cidr: string): string {
  return policy(
    'data/db',
    `{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}], ports: [{port: 80}]}]}`,
  );
}

function pods(addresses: Readonly<Record<string, string>>): string {
  const owner = '[{apiVersion: apps/v1, kind: StatefulSet, name: pool, controller: true}]';
  const list = Object.entries(addresses).map(
    ([name, ip]) =>
      `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: data, labels: {app: pool}, ownerReferences: ${owner}}, spec: {containers: [{name: c}]}, status: {podIPs: [{ip: ${ip}}]}}\n`,
  );
  const template = '{metadata: {labels: {app: pool}}, spec: {containers: [{name: c}]}}';
  return [
    `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: pool, namespace: data}, spec: {selector: {matchLabels: {app: pool}}, template: ${template}}}\n`,
    ...list,
  ].join('---\n');
}

function diff(base: readonly string[], head: readonly string[]): DiffAnswer {
  return diffOf(analysisOf(base), analysisOf(head));
}

function analysisOf(documents: readonly string[]) {
  return analyseSnapshot(snapshotOf([{ file: 'all.yaml', text: documents.join('---\n') }]), {
    engine: 'kube-network-policies',
  });
}

/** `opened TCP 80: a, b -> c`, outside ranges written out. */
function told({ groups, about = [] }: DiffAnswer): string[] {
  const nameOf = (id: string) => about.find((entry) => entry.id === id)?.ranges?.join(' ') ?? id;
  return groups.map(
    ({ change, traffic, from, to }) =>
      `${change} ${trafficText(traffic)}: ${from.map(nameOf).join(', ')} -> ${to.map(nameOf).join(', ')}`,
  );
}

const EVERYWHERE = '0.0.0.0/0 ::/0';

describe('what changed, told in groups', () => {
  const table: readonly (readonly [
    why: string,
    base: readonly string[],
    head: readonly string[],
    want: readonly string[],
  ])[] = [
    ['nothing', [WORKLOADS, DENY], [WORKLOADS, DENY], []],
    [
      'a rule opens one connection',
      [WORKLOADS, DENY],
      [WORKLOADS, DENY, WEB_80],
      ['opened TCP 80: shop/Deployment/web -> data/Deployment/db'],
    ],
    [
      '… and closes it',
      [WORKLOADS, DENY, WEB_80],
      [WORKLOADS, DENY],
      ['closed TCP 80: shop/Deployment/web -> data/Deployment/db'],
    ],
    [
      'another port: one closed, one opened',
      [WORKLOADS, DENY, WEB_80],
      [WORKLOADS, DENY, admit('web', '81')],
      [
        'opened TCP 81: shop/Deployment/web -> data/Deployment/db',
        'closed TCP 80: shop/Deployment/web -> data/Deployment/db',
      ],
    ],
    [
      'a rewritten policy that says the same',
      [WORKLOADS, DENY, WEB_80],
      [WORKLOADS, DENY, admit('web', '80'), policy('data/two', '{podSelector: {}, ingress: []}')],
      [],
    ],
    [
      'a default deny: everybody else to the namespace, and its members among themselves',
      [WORKLOADS],
      [WORKLOADS, DENY],
      [`closed all: ${EVERYWHERE}, ns:data, ns:shop -> ns:data`],
    ],
    [
      'a block of addresses that the other side does not mention',
      [WORKLOADS, DENY],
      [WORKLOADS, DENY, block('203.0.113.0/24')],
      ['opened TCP 80: 203.0.113.0/24 -> data/Deployment/db'],
    ],
    [
      'one block in place of another: only what differs',
      [WORKLOADS, DENY, block('203.0.113.0/25')],
      [WORKLOADS, DENY, block('203.0.113.0/24')],
      ['opened TCP 80: 203.0.113.128/25 -> data/Deployment/db'],
    ],
    [
      'a block in which pods may be: known before, and now not',
      [WORKLOADS, DENY],
      [WORKLOADS, DENY, block('10.0.0.0/8')],
      [
        'opened TCP 80: 10.0.0.0/8 -> data/Deployment/db',
        'unsettled TCP 80: data/Deployment/cache, ns:shop -> data/Deployment/db',
      ],
    ],
    [
      'ranges that another policy tells apart are one where the change is one',
      [WORKLOADS, DENY, block('203.0.113.0/24')],
      [WORKLOADS, block('203.0.113.0/24')],
      [`opened all: ${EVERYWHERE}, data/Deployment/db, ns:shop -> data/Deployment/cache`],
    ],
  ];
  test.each(table)('%s', (_why, base, head, want) => {
    expect(told(diff(base, head))).toEqual(want);
  });
});

describe('endpoints that came or went', () => {
  const NEW = deployment('shop/cart');
  test('are listed, and what they bring is opened, apart from what policies opened', () => {
    const answer = diff(
      [WORKLOADS, DENY],
      [
        WORKLOADS,
        DENY,
        NEW,
        admit('web', '80'),
        policy('shop/cart', '{podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress, Egress]}'),
      ],
    );
    expect(answer.endpoints).toEqual({ added: ['shop/Deployment/cart'], removed: [] });
    expect(told(answer)).toEqual(['opened TCP 80: shop/Deployment/web -> data/Deployment/db']);
    expect(answer.policies).toEqual({
      added: ['NetworkPolicy data/db', 'NetworkPolicy shop/cart'],
      removed: [],
      changed: [],
    });
  });

  test('one that nothing isolates opens to whom and for whom nothing else is isolated', () => {
    const answer = diff([WORKLOADS, DENY], [WORKLOADS, DENY, NEW]);
    expect(told(answer)).toEqual([
      `opened all: ${EVERYWHERE}, ns:data, shop/Deployment/api, shop/Deployment/web -> shop/Deployment/cart`,
      `opened all: shop/Deployment/cart -> ${EVERYWHERE}, shop/Deployment/api, shop/Deployment/web`,
    ]);
    expect(
      told(diff([WORKLOADS, DENY, NEW], [WORKLOADS, DENY])).map((line) => line.replace('closed', 'opened')),
    ).toEqual(told(answer));
  });
});

describe('pods of one workload', () => {
  const RULE = policy(
    'data/pool',
    '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]}',
  );
  test('that changed differently are parts of it, which say which pods they are', () => {
    const all = pods({ 'pool-0': '10.0.0.1', 'pool-1': '10.0.1.1' });
    const answer = diff([WORKLOADS, all], [WORKLOADS, all, RULE]);
    const about = answer.about?.filter(({ id }) => id.includes('pool')).map(({ id, pods }) => [id, pods]);
    expect(about).toEqual([['data/StatefulSet/pool#2', ['pool-1']]]);
  });

  test('that changed alike are one endpoint, however the other policies tell them apart', () => {
    const all = pods({ 'pool-0': '10.0.0.1', 'pool-1': '10.0.1.1' });
    const web = policy('shop/web', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}');
    const answer = diff([WORKLOADS, all, RULE], [WORKLOADS, all, RULE, web]);
    expect(answer.changes.filter(({ from }) => from.includes('pool')).map(({ from, to }) => `${from} ${to}`)).toEqual([
      'data/StatefulSet/pool shop/Deployment/web',
    ]);
  });

  test('with other names and the same say are no change: a rollout, a replica more', () => {
    const before = [WORKLOADS, pods({ 'pool-a': '10.0.0.1' }), RULE];
    expect(told(diff(before, [WORKLOADS, pods({ 'pool-b': '10.0.0.9' }), RULE]))).toEqual([]);
    expect(told(diff(before, [WORKLOADS, pods({ 'pool-a': '10.0.0.1', 'pool-c': '10.0.0.7' }), RULE]))).toEqual([]);
  });
});

test('policies are compared by what they say, not by where or in which order they stand', () => {
  const selector = (labels: string) => policy('data/x', `{podSelector: {matchLabels: {${labels}}}}`);
  const both = diff([WORKLOADS, selector('m: a, n: b'), DENY], [WORKLOADS, DENY, selector('n: b, m: a')]);
  expect(both.policies).toEqual({ added: [], removed: [], changed: [] });
  expect(
    diff([WORKLOADS, DENY], [WORKLOADS, policy('data/deny', '{podSelector: {}, policyTypes: [Egress]}')]).policies
      .changed,
  ).toEqual(['NetworkPolicy data/deny']);
});

test('invariants are told for both sides', () => {
  const text =
    '{apiVersion: ringfence.dev/v1, kind: Invariants, metadata: {name: x}, invariants: [{name: closed, never: {from: shop/web, to: data/db}}]}';
  const { invariants } = readInvariants([{ file: 'i.yaml', text }]);
  expect(
    diffOf(analysisOf([WORKLOADS, DENY]), analysisOf([WORKLOADS, DENY, WEB_80]), { invariants }).invariants,
  ).toEqual([{ name: 'closed', base: 'holds', head: 'broken' }]);
});

test('a part of the changes is grouped anew, and says of how many it is', () => {
  const both = [admit('web', '80'), policy('data/cache', '{podSelector: {matchLabels: {app: cache}}, ingress: [{}]}')];
  const sides = [analysisOf([WORKLOADS, DENY]), analysisOf([WORKLOADS, DENY, ...both])] as const;
  const { diff: whole, narrowed } = narrowableDiff(...sides);
  const part = narrowed(({ to }) => to === 'data/Deployment/db');
  expect(told(part)).toEqual(['opened TCP 80: shop/Deployment/web -> data/Deployment/db']);
  expect(part.unfiltered).toBe(whole.changes.length);
  expect(whole.changes.length).toBeGreaterThan(1);
  expect(narrowed(() => true)).toEqual({ ...whole, unfiltered: whole.changes.length });
});
