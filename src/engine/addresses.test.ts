import { describe, expect, test } from 'vitest';
import { parseCidr } from '#base/address.ts';
import { hasBit } from '#base/bits.ts';
import { asker, namespace, node, pod, policy, workload } from './ask.test-support.ts';

const range = (text: string) => parseCidr(text)!.cidr;
const web = (cidr: string, except = '') =>
  policy(
    'shop/x',
    `podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: '${cidr}', except: [${except}]}}]}]`,
  );

describe('a pod whose address is in the input', () => {
  test.each([
    ['10.1.0.0/24', '', 'allowed'],
    ['10.1.0.2/32', '', 'allowed'],
    ['10.1.0.3/32', '', 'denied'],
    ['10.1.0.0/24', '10.1.0.2/32', 'denied'],
    ['10.1.0.0/24', '10.1.0.3/32', 'allowed'],
    ['0.0.0.0/0', '', 'allowed'],
    ['::/0', '', 'denied'],
  ])('under %s except [%s] is %s', (cidr, except, verdict) => {
    const documents = [
      pod('shop/web', { ips: ['10.1.0.1'] }),
      pod('shop/api', { ips: ['10.1.0.2'] }),
      web(cidr, except),
    ];
    expect(asker(documents).verdict('shop/api', 'shop/web')).toBe(verdict);
  });
});

describe('a pod whose address is not in the input', () => {
  const documents = [workload('shop/web'), workload('shop/api')];

  test.each<[why: string, cidr: string, except: string, podRanges: string[], verdict: string]>([
    ['all of the pod ranges', '10.0.0.0/8', '', ['10.1.0.0/16'], 'allowed'],
    ['more than all', '0.0.0.0/0', '', ['10.1.0.0/16', '10.7.0.0/16'], 'allowed'],
    ['some of them', '10.1.2.0/24', '', ['10.1.0.0/16'], 'unknown'],
    ['one of two', '10.1.0.0/16', '', ['10.1.0.0/16', '10.7.0.0/16'], 'unknown'],
    ['none of them', '192.168.0.0/16', '', ['10.1.0.0/16'], 'denied'],
    ['a hole that is the pod ranges', '10.0.0.0/8', '10.1.0.0/16', ['10.1.0.0/16'], 'denied'],
    ['a hole within the pod ranges', '10.0.0.0/8', '10.1.2.0/24', ['10.1.0.0/16'], 'unknown'],
    ['private ranges where none are given: some', '10.0.0.0/8', '', [], 'unknown'],
    ['… all', '0.0.0.0/0', '', [], 'allowed'],
    ['… none', '203.0.113.0/24', '', [], 'denied'],
  ])('%s', (_why, cidr, except, podRanges, verdict) => {
    const { verdict: ask, trace } = asker([...documents, web(cidr, except)], { podRanges: podRanges.map(range) });
    expect(ask('shop/api', 'shop/web')).toBe(verdict);
    if (verdict === 'unknown')
      expect(trace('ingress', 'shop/api', 'shop/web').reasons).toEqual(['pod-address-unknown']);
  });

  test('the ranges of the nodes are taken where they are in the input', () => {
    const kubernetes = `apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nspec: {podCIDR: 10.4.0.0/24, podCIDRs: [10.4.0.0/24]}`;
    expect(asker([...documents, kubernetes, web('10.4.0.0/16')]).verdict('shop/api', 'shop/web')).toBe('allowed');
    expect(asker([...documents, kubernetes, web('10.5.0.0/16')]).verdict('shop/api', 'shop/web')).toBe('denied');
  });

  test('ranges that are given win over those of the nodes', () => {
    const kubernetes = `apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nspec: {podCIDR: 10.4.0.0/24, podCIDRs: [10.4.0.0/24]}`;
    const ask = asker([...documents, kubernetes, web('10.4.0.0/16')], { podRanges: [range('10.9.0.0/16')] });
    expect(ask.verdict('shop/api', 'shop/web')).toBe('denied');
  });
});

describe('nodes and pods on their nodes’ network', () => {
  const CLUSTER = [
    namespace('shop'),
    node('n1', ['10.9.0.1']),
    node('n2', []),
    pod('shop/web', { ips: ['10.1.0.1'], node: 'n9' }),
    pod('shop/agent', { hostNetwork: true, node: 'n1' }),
    pod('shop/lost', { hostNetwork: true, node: 'n7' }),
  ];

  test.each<[from: string, cidr: string, upstream: string, npm: string]>([
    ['node:n1', '10.9.0.0/24', 'unknown', 'allowed'],
    ['node:n1', '10.8.0.0/24', 'denied', 'denied'],
    ['shop/agent', '10.9.0.0/24', 'unknown', 'allowed'],
    ['shop/agent', '10.8.0.0/24', 'denied', 'denied'],
    // of unknown address: anywhere
    ['node:n2', '10.9.0.0/24', 'unknown', 'unknown'],
    ['node:n2', '0.0.0.0/0', 'unknown', 'allowed'],
    ['shop/lost', '0.0.0.0/0', 'unknown', 'allowed'],
  ])('%s under %s: %s, and where the engine covers them %s', (from, cidr, upstream, npm) => {
    const documents = [...CLUSTER, web(cidr)];
    expect(asker(documents).verdict(from, 'shop/web')).toBe(upstream);
    expect(asker(documents, { profile: 'azure-npm-linux' }).verdict(from, 'shop/web')).toBe(npm);
  });
});

describe('outside addresses', () => {
  test.each([
    ['203.0.113.7', 'allowed'],
    ['203.0.113.255', 'allowed'],
    ['203.0.114.0', 'denied'],
    ['203.0.113.128', 'denied'],
    ['::1', 'denied'],
  ])('%s is %s', (address, verdict) => {
    const documents = [pod('shop/web'), web('203.0.113.0/24', '203.0.113.128/32')];
    expect(asker(documents).verdict(address, 'shop/web')).toBe(verdict);
  });
});

describe('the book', () => {
  test('answers equal blocks with one span, and tells holes apart', () => {
    const { engine } = asker([pod('shop/web', { ips: ['10.1.0.1'] }), web('10.0.0.0/8', '10.1.0.0/16')]);
    const { ipBlocks } = engine.compiling;
    const whole = ipBlocks.covered(range('10.0.0.0/8'), []);
    const holed = ipBlocks.covered(range('10.0.0.0/8'), [range('10.1.0.0/16')]);
    expect(ipBlocks.covered(range('10.0.0.0/8'), [])).toBe(whole);
    const point = engine.world.points.findIndex(({ kind }) => kind === 'pod');
    expect([hasBit(whole.must, point), hasBit(holed.may, point)]).toEqual([true, false]);
  });
});
