import { describe, expect, test } from 'vitest';
import { assess, type ControlInput, placesOf, stateOf } from '../../controls.test-support.ts';
import { placesAfterFix } from '../net.test-support.ts';
import { netPol007 } from './control.ts';

const space = (name: string, labels: string) => `---
apiVersion: v1
kind: Namespace
metadata: {name: ${name}, labels: ${labels}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${name}}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
`;
const deny = (namespace: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: ${namespace}}
spec: {podSelector: {}}
`;
const TWO = space('a', '{env: prod}') + space('b', '{env: dev}');
const TEAMS = space('a', '{team: blue}') + space('b', '{team: green}');
const ANSWER = { answer: 'yes', by: 'ada', on: '2026-11-01' } as const;

describe('NET-POL-007', () => {
  test.each<[string, string, Partial<ControlInput>, readonly string[]]>([
    ['nothing parts them', TWO, {}, ['FAIL Namespace a', 'FAIL Namespace b']],
    ['one denies', TWO + deny('a'), {}, ['PASS Namespace a', 'FAIL Namespace b']],
    ['both deny', TWO + deny('a') + deny('b'), {}, ['PASS Namespace a', 'PASS Namespace b']],
    [
      'guessed from names',
      space('shop-dev', '{}') + space('shop-prod', '{}'),
      {},
      ['WARN Namespace shop-dev', 'WARN Namespace shop-prod'],
    ],
    ['the label that is set', TEAMS, { settings: { groupLabel: 'team' } }, ['FAIL Namespace a', 'FAIL Namespace b']],
  ])('%s', (_, manifests, input, places) => {
    expect(placesOf(assess(netPol007, { manifests, ...input }))).toEqual(places);
  });

  test('no groups: a person answers', () => {
    expect(stateOf(netPol007, { manifests: TEAMS })).toBe('MANUAL');
    expect(stateOf(netPol007, { manifests: TEAMS, settings: { answers: new Map([['NET-POL-007', ANSWER]]) } })).toBe(
      'PASS',
    );
  });

  test('one namespace: not applicable', () => {
    expect(stateOf(netPol007, { manifests: space('a', '{env: prod}') })).toBe('NA');
  });

  test('the fix parts them', () => {
    expect(placesAfterFix(netPol007, { manifests: TWO })).toEqual(['PASS Namespace a', 'PASS Namespace b']);
  });
});
