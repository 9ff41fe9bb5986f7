import { describe, expect, test } from 'vitest';
import { assess, contextOf, stateOf } from '../../controls.test-support.ts';
import { ingSvc002 } from './control.ts';

const WITH = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, externalIPs: [203.0.113.7], ports: [{ port: 80 }] }
`;

describe('ING-SVC-002', () => {
  test.each([
    ['an external address', WITH, 'FAIL'],
    ['none', WITH.replace('externalIPs: [203.0.113.7], ', ''), 'PASS'],
    ['no Service', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(ingSvc002, { manifests })).toBe(state);
  });

  test.each(['203.0.113.7', '203.0.113.0/24'])('%s on the list', (entry) => {
    expect(stateOf(ingSvc002, { manifests: WITH, settings: { allowedExternalIps: [entry] } })).toBe('PASS');
  });

  test('a load balancer loses the field without harm', () => {
    const context = contextOf({ manifests: WITH });
    const fix = ingSvc002.fix?.(context, ingSvc002.assess(context).places[0]!);
    expect(fix).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ op: 'remove', path: ['spec', 'externalIPs'] }] }],
    });
  });

  test('the line is told', () => {
    expect(assess(ingSvc002, { manifests: WITH }).places[0]?.evidence[0]).toMatchObject({
      field: 'spec.externalIPs',
      value: ['203.0.113.7'],
      origin: { line: 5 },
    });
  });
});
