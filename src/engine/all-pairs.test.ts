import { describe, expect, test } from 'vitest';
import { intersects, members } from '#base/bits.ts';
import { allPairs } from './all-pairs.ts';
import { asker, pod, policy } from './ask.test-support.ts';
import { grantBetween } from './reach.ts';

const from = (app: string, port?: number) =>
  `{from: [{podSelector: {matchLabels: {app: ${app}}}}]${port === undefined ? '' : `, ports: [{port: ${port}}]`}}`;
const on = (app: string, spec: string, name = app) =>
  policy(`shop/${name}`, `podSelector: {matchLabels: {app: ${app}}}, ${spec}`);
const EVERYBODY_BUT =
  'ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [a]}]}}]}]';

describe('allPairs', () => {
  test.each<[why: string, policies: string[]]>([
    ['no policy', []],
    ['most get nothing, some get something', [on('b', `ingress: [${from('a', 80)}]`)]],
    ['most get something, some get nothing', [on('b', EVERYBODY_BUT)]],
    ['most get something, some get something else', [on('b', `ingress: [{ports: [{port: 1}]}, ${from('a', 80)}]`)]],
    [
      'several destinations make exceptions for one source',
      [on('b', EVERYBODY_BUT), on('c', EVERYBODY_BUT), on('d', `ingress: [${from('a', 80)}]`)],
    ],
    [
      'egress and ingress meet',
      [
        on('a', 'policyTypes: [Egress], egress: [{ports: [{port: 80, endPort: 90}]}]'),
        on('b', `ingress: [${from('a', 85)}, {ports: [{port: 80}]}]`),
      ],
    ],
    ['a source that may send nothing', [on('a', 'policyTypes: [Egress]')]],
  ])('%s: every pair once, as it is asked by itself', (_why, policies) => {
    const pods = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      pod(`shop/${name}`, { ips: name === 'e' ? ['fd00::1'] : ['10.1.0.1'] }),
    );
    const { reach, world } = asker([...pods, ...policies]).engine;
    const sources: number[] = [];
    for (const { from: source, to } of allPairs(reach)) {
      sources.push(source);
      for (const a of to) for (const b of to) expect(a === b || !intersects(a.peers, b.peers)).toBe(true);
      const told = new Map(to.flatMap(({ grant, peers }) => [...members(peers)].map((peer) => [peer, grant] as const)));
      for (let peer = 0; peer < world.size; peer++)
        expect(told.get(peer) ?? reach.grants.none).toBe(grantBetween(reach, source, peer));
    }
    expect(sources).toEqual([...world.points.keys()]);
  });
});
