import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { firstFix, placesAfterFix } from '../net.test-support.ts';
import { netPol005 } from './control.ts';

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: api}]}
`;
const policy = (spec: string, namespace = 'shop') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: ${namespace}}
spec: ${spec}
`;
const REDUNDANT = policy(
  '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}, {from: [{podSelector: {matchLabels: {app: web}}}]}]}',
);

describe('NET-POL-005', () => {
  test.each([
    [
      'each rule counts',
      policy('{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'),
      ['PASS NetworkPolicy shop/p'],
    ],
    [
      'selects nobody',
      policy('{podSelector: {matchLabels: {app: wbe}}}'),
      ['FAIL NetworkPolicy shop/p selects-nothing'],
    ],
    [
      'selects in a namespace that is elsewhere',
      policy('{podSelector: {matchLabels: {app: wbe}}}', 'other'),
      ['UNKNOWN NetworkPolicy other/p selects-nothing'],
    ],
    [
      'a peer that is not there',
      policy('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: gone}}}]}]}'),
      ['WARN NetworkPolicy shop/p dead spec.ingress[0]'],
    ],
    [
      'a peer that may be elsewhere',
      policy(
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: gone}}}]}]}',
      ),
      ['UNKNOWN NetworkPolicy shop/p dead spec.ingress[0]'],
    ],
    ['a rule within another', REDUNDANT, ['WARN NetworkPolicy shop/p redundant spec.ingress[1]']],
  ])('%s', (_, more, places) => {
    expect(placesOf(assess(netPol005, { manifests: WEB + more }))).toEqual(places);
  });

  test('no engine enforces it', () => {
    expect(stateOf(netPol005, { manifests: WEB + policy('{podSelector: {}}'), engine: 'none' })).toBe('FAIL');
  });

  test('no policy: not applicable', () => {
    expect(stateOf(netPol005, { manifests: WEB })).toBe('NA');
  });

  test('what changes nothing is taken out', () => {
    expect(firstFix(netPol005, { manifests: WEB + REDUNDANT })?.automatic).toBe(true);
    expect(placesAfterFix(netPol005, { manifests: WEB + REDUNDANT })).toEqual(['PASS NetworkPolicy shop/p']);
  });
});
