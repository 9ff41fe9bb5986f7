import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { placesAfterFix } from '../net.test-support.ts';
import { netPol003 } from './control.ts';

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: night, namespace: shop}
spec: {schedule: "0 0 * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: night, image: night}]}}}}}
`;
const policy = (spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: ${spec}
`;

describe('NET-POL-003', () => {
  test.each([
    ['nothing', '', ['FAIL CronJob shop/night', 'FAIL Deployment shop/web']],
    [
      'both directions',
      policy('{podSelector: {}, policyTypes: [Ingress, Egress]}'),
      ['PASS CronJob shop/night', 'PASS Deployment shop/web'],
    ],
    [
      'one of two',
      policy('{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}'),
      ['FAIL CronJob shop/night', 'PASS Deployment shop/web'],
    ],
    ['one direction', policy('{podSelector: {}}'), ['FAIL CronJob shop/night', 'FAIL Deployment shop/web']],
    [
      'a rule that lets all pass is a word too',
      policy('{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}'),
      ['PASS CronJob shop/night', 'PASS Deployment shop/web'],
    ],
    [
      'a label that a controller gives',
      policy('{podSelector: {matchLabels: {pod-template-hash: abc}}, policyTypes: [Ingress, Egress]}'),
      ['FAIL CronJob shop/night', 'UNKNOWN Deployment shop/web'],
    ],
  ])('%s', (_, more, places) => {
    expect(placesOf(assess(netPol003, { manifests: WEB + more }))).toEqual(places);
  });

  test('nothing: not applicable', () => {
    expect(stateOf(netPol003, { manifests: '' })).toBe('NA');
  });

  test.each(['upstream', 'calico', 'cilium', 'azure-npm-linux'] as const)(
    'the fix passes under %s, and labels what had no label',
    (engine) => {
      const places = placesAfterFix(netPol003, { manifests: WEB, engine });
      expect(places).toEqual(['PASS CronJob shop/night', 'PASS Deployment shop/web']);
    },
  );
});
