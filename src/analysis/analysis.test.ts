import { describe, expect, test } from 'vitest';
import { clusterOf, clusterPolicy, namespace, node, pod, policy, workload } from '#engine/ask.test-support.ts';
import type { ProfileId } from '#model/profile.ts';
import { analyseSnapshot, withWorld } from './analysis.ts';

function codes(documents: readonly string[], engine?: ProfileId): string[] {
  const { diagnostics } = analyseSnapshot(clusterOf(...documents), engine === undefined ? {} : { engine });
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}

const WEB = [namespace('shop'), workload('shop/web')];

describe('what the snapshot as a whole shows', () => {
  test.each<[why: string, documents: string[], engine: ProfileId, want: (string | RegExp)[]]>([
    ['nothing', [...WEB, policy('shop/x')], 'azure-npm-linux', []],
    [
      'rules that policyTypes leave out',
      [...WEB, policy('shop/x', 'policyTypes: [Ingress], egress: [{}]')],
      'azure-npm-linux',
      [/^RF3002 NetworkPolicy shop\/x has `egress` rules/],
    ],
    [
      'a policy that selects no pod',
      [...WEB, policy('shop/x', 'podSelector: {matchLabels: {app: none}}')],
      'azure-npm-linux',
      [/^RF3003 NetworkPolicy shop\/x selects no pod/],
    ],
    [
      '… is not told where there are no pods at all',
      [policy('shop/x', 'podSelector: {matchLabels: {app: none}}')],
      'azure-npm-linux',
      [],
    ],
    [
      '… nor where it selects one perhaps',
      [...WEB, policy('shop/x', 'podSelector: {matchLabels: {pod-template-hash: x}}')],
      'azure-npm-linux',
      [],
    ],
    [
      'a cluster-wide one',
      [
        ...WEB,
        clusterPolicy(
          'c',
          'subject: {namespaces: {matchLabels: {a: b}}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]',
        ),
      ],
      'upstream',
      [/^RF3003 ClusterNetworkPolicy c selects no pod/],
    ],
    [
      'a kind that the engine does not enforce',
      [...WEB, clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]')],
      'azure-npm-linux',
      [/^RF4004 ClusterNetworkPolicy c is inert/],
    ],
    [
      'an engine that enforces nothing',
      [...WEB, policy('shop/x'), policy('shop/w')],
      'none',
      [/^RF4003 NetworkPolicy shop\/x and every other policy is inert/],
    ],
  ])('%s', (_why, documents, engine, want) => {
    const told = codes(documents, engine);
    expect(told).toHaveLength(want.length);
    for (const [index, pattern] of want.entries()) expect(told[index]).toMatch(pattern);
  });

  test('diagnostics of reading and of detecting come with it', () => {
    const documents = [
      ...WEB,
      workload('kube-system/cilium', { kind: 'DaemonSet' }),
      workload('kube-system/calico-node', { kind: 'DaemonSet' }),
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: late}',
    ];
    expect(codes(documents).map((line) => line.slice(0, 6))).toContain('RF4007');
    expect(codes(documents, 'upstream').map((line) => line.slice(0, 6))).not.toContain('RF4007');
  });
});

describe('analyseSnapshot', () => {
  test('says which engine, and why', () => {
    expect(analyseSnapshot(clusterOf(...WEB)).entry).toEqual({
      profile: 'upstream',
      why: expect.stringContaining('no engine'),
    });
    expect(analyseSnapshot(clusterOf(...WEB), { engine: 'azure-npm-linux' }).entry).toEqual({
      profile: 'azure-npm-linux',
      why: 'chosen with --engine',
    });
  });

  test.each<[why: string, documents: string[], want: string[]]>([
    ['nothing to assume', WEB, []],
    [
      'addresses that are not in the input, under a block',
      [...WEB, policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')],
      ['RF4002'],
    ],
    [
      '… that are',
      [
        namespace('shop'),
        pod('shop/a', { ips: ['10.1.0.1'] }),
        policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'),
      ],
      [],
    ],
    [
      '… of pods on their nodes',
      [
        namespace('shop'),
        node('n1'),
        pod('shop/a', { hostNetwork: true }),
        policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'),
      ],
      [],
    ],
    ['namespaces that are not defined while others are', [...WEB, workload('lost/web')], ['RF3004']],
    ['no namespace is defined', [workload('lost/web')], []],
  ])('assumes: %s', (_why, documents, want) => {
    expect(analyseSnapshot(clusterOf(...documents)).assumptions.map(({ code }) => code)).toEqual(want);
  });

  test('a wider world is of the same snapshot and profile', () => {
    const analysis = analyseSnapshot(clusterOf(...WEB), { engine: 'azure-npm-linux' });
    const wider = withWorld(analysis, { cuts: [{ family: 4, lo: 5n, hi: 9n }] });
    expect(wider.engine.world.size).toBe(analysis.engine.world.size + 2);
    expect([wider.entry, wider.snapshot]).toEqual([analysis.entry, analysis.snapshot]);
  });
});
