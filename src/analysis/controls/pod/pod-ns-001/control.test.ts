import { describe, expect, test } from 'vitest';
import { assess, contextOf, stateOf } from '../../controls.test-support.ts';
import { podNs001 } from './control.ts';

const web = (namespace?: string) =>
  `${JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', ...(namespace !== undefined && { namespace }) },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } },
    },
  })}\n---\n`;
const namespace = (labels: object = {}) =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } })}\n---\n`;
const DENY = `${JSON.stringify({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'shop' },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
})}\n---\n`;

describe('namespaces', () => {
  test.each([
    ['default', web('default'), 'FAIL'],
    ['none named', web(), 'WARN'],
    ['not in the input', web('shop'), 'UNKNOWN'],
    ['nobody’s', web('shop') + namespace({ a: 'b' }) + DENY, 'WARN'],
    ['open', web('shop') + namespace({ team: 'a' }), 'WARN'],
    ['shut', web('shop') + namespace({ team: 'a' }) + DENY, 'PASS'],
    ['shut, labelled by a domain', web('shop') + namespace({ 'example.com/environment': 'a' }) + DENY, 'PASS'],
    ['of the platform', web('kube-system'), 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(podNs001, { manifests, engine: 'calico' })).toBe(state);
  });

  test('of a live cluster every pod is where it is', () => {
    expect(stateOf(podNs001, { manifests: web(), kind: 'live' })).toBe('FAIL');
  });

  test('the label of the configuration counts', () => {
    const manifests = web('shop') + namespace({ zone: 'a' }) + DENY;
    expect(stateOf(podNs001, { manifests, engine: 'calico', settings: { groupLabel: 'zone' } })).toBe('PASS');
  });
});

test('who is at risk is told', () => {
  expect(assess(podNs001, { manifests: web('default') }).places[0]?.endpoints).toEqual(['default/Deployment/web']);
});

test.each([
  [web('shop') + namespace(), 'say whose namespace `shop` is'],
  [web('shop') + namespace({ team: 'a' }), 'shut namespace `shop` to others'],
  [web('default'), 'move the workloads to a namespace of their own'],
])('fix of %s', (manifests, summary) => {
  const context = contextOf({ manifests });
  expect(podNs001.fix?.(context, podNs001.assess(context).places[0]!)?.summary).toBe(summary);
});
