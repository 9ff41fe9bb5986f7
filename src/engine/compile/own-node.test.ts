import { describe, expect, test } from 'vitest';
import type { Verdict } from '#model/verdict.ts';
import { asker, clusterPolicy, node, pod, policy } from '../ask.test-support.ts';

const NODES = [node('n1', ['10.9.0.1']), node('n2', ['10.9.0.2'])];
/** Pods in focus make points of their nodes. */
const ON_EACH = [pod('kube/one', { node: 'n1' }), pod('kube/two', { node: 'n2' })];
const focus: ReadonlySet<string> = new Set(['kube/Pod/one', 'kube/Pod/two']);
const DENY = policy('shop/x', 'policyTypes: [Ingress, Egress]');
const TWINS = { labels: 'app: twin' };

describe('traffic between a pod and its own node', () => {
  test.each<[why: string, pods: string[], from: string, to: string, verdict: Verdict]>([
    ['from its node', [pod('shop/a', { node: 'n1' })], 'node:n1', 'shop/a', 'allowed'],
    ['to its node', [pod('shop/a', { node: 'n1' })], 'shop/a', 'node:n1', 'allowed'],
    ['from another node', [pod('shop/a', { node: 'n1' })], 'node:n2', 'shop/a', 'denied'],
    ['of a pod that runs nobody knows where', [pod('shop/a')], 'node:n1', 'shop/a', 'unknown'],
    [
      'of pods of which one is there',
      [pod('shop/a', { ...TWINS, node: 'n1' }), pod('shop/b', { ...TWINS, node: 'n2' })],
      'node:n1',
      'shop/a',
      'unknown',
    ],
    [
      'of pods that are all there',
      [pod('shop/a', { ...TWINS, node: 'n1' }), pod('shop/b', { ...TWINS, node: 'n1' })],
      'node:n1',
      'shop/a',
      'allowed',
    ],
    [
      'of pods that are all elsewhere',
      [pod('shop/a', { ...TWINS, node: 'n2' }), pod('shop/b', { ...TWINS, node: 'n2' })],
      'node:n1',
      'shop/a',
      'denied',
    ],
    [
      'from a host-network pod there',
      [pod('shop/a', { node: 'n1' }), pod('kube/h', { node: 'n1', hostNetwork: true })],
      'kube/h',
      'shop/a',
      'allowed',
    ],
    [
      'from a host-network pod elsewhere',
      [pod('shop/a', { node: 'n1' }), pod('kube/h', { node: 'n2', hostNetwork: true })],
      'kube/h',
      'shop/a',
      'denied',
    ],
    [
      'from a host-network pod that is nobody knows where',
      [pod('shop/a', { node: 'n1' }), pod('kube/h', { hostNetwork: true })],
      'kube/h',
      'shop/a',
      'unknown',
    ],
  ])('%s', (_why, pods, from, to, verdict) => {
    const { verdict: ask, trace } = asker([...NODES, ...ON_EACH, ...pods, DENY], { profile: 'azure-npm-linux', focus });
    expect(ask(from, to)).toBe(verdict);
    const direction = to.startsWith('node:') ? 'egress' : 'ingress';
    if (verdict === 'unknown') expect(trace(direction, from, to).reasons).toEqual(['own-node']);
  });

  test('where each pod is a point of its own, it is known of each', () => {
    const pods = [pod('shop/a', { ...TWINS, node: 'n1' }), pod('shop/b', { ...TWINS, node: 'n2' })];
    const { verdict } = asker([...NODES, ...pods, DENY], {
      profile: 'azure-npm-linux',
      focus: new Set(['shop/Pod/a', 'shop/Pod/b']),
    });
    expect([verdict('node:n1', 'shop/a'), verdict('node:n1', 'shop/b')]).toEqual(['allowed', 'denied']);
  });

  test('is promised by NetworkPolicy alone: Admin denies before it, and Baseline is never asked', () => {
    const nodes = 'egress: [{action: Deny, to: [{nodes: {}}]}]';
    const apart = { apart: true };
    const admin = asker([...NODES, pod('shop/a', { node: 'n1' }), DENY, clusterPolicy('p', nodes)], apart);
    const baseline = asker(
      [...NODES, pod('shop/a', { node: 'n1' }), DENY, clusterPolicy('p', `tier: Baseline, ${nodes}`)],
      apart,
    );
    expect([admin.verdict('shop/a', 'node:n1'), baseline.verdict('shop/a', 'node:n1')]).toEqual(['denied', 'allowed']);
  });

  test('is no promise where no NetworkPolicy isolates: then Baseline denies', () => {
    const nodes = 'tier: Baseline, egress: [{action: Deny, to: [{nodes: {}}]}]';
    expect(
      asker([...NODES, pod('shop/a', { node: 'n1' }), clusterPolicy('p', nodes)]).verdict('shop/a', 'node:n1'),
    ).toBe('denied');
  });

  test('is known of one pod and not of another under the same policy', () => {
    const { verdict } = asker([NODES[0]!, pod('shop/a', { node: 'n1' }), pod('shop/b'), DENY], {
      profile: 'azure-npm-linux',
    });
    expect([verdict('node:n1', 'shop/a'), verdict('node:n1', 'shop/b')]).toEqual(['allowed', 'unknown']);
  });

  test('is about every protocol', () => {
    const { verdict } = asker([...NODES, pod('shop/a', { node: 'n1' }), DENY], { apart: true });
    expect(verdict('node:n1', 'shop/a', '47')).toBe('allowed');
  });
});
