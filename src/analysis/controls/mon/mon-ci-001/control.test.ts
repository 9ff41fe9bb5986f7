import { describe, expect, test } from 'vitest';
import { stateOf } from '../../controls.test-support.ts';
import { cluster } from '../azure.test-support.ts';
import { monCi001 } from './control.ts';

const LOGS = { addonProfiles: { omsagent: { enabled: true, config: { useAADAuth: 'true' } } } };
const OLD = { addonProfiles: { omsagent: { enabled: true, config: { useAADAuth: 'false' } } } };
const METRICS = { azureMonitorProfile: { metrics: { enabled: true } } };

function run(kind: string, image: string): string {
  return `---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: a, namespace: ops }
spec: { selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: [{ name: a, image: '${image}' }] } } }
`;
}

const prometheus = run('StatefulSet', 'quay.io/prometheus/prometheus:v3.0.0');
const fluent = run('DaemonSet', 'fluent/fluent-bit:3.1');

describe('MON-CI-001', () => {
  test.each([
    ['logs and metrics', { ...LOGS, ...METRICS }, '', 'PASS'],
    ['logs', LOGS, '', 'WARN'],
    ['metrics', METRICS, '', 'WARN'],
    ['signs in with a key', { ...OLD, ...METRICS }, '', 'WARN'],
    ['metrics, and logs by an agent', METRICS, fluent, 'PASS'],
    ['neither', {}, '', 'FAIL'],
  ] as const)('%s', (_name, properties, manifests, state) => {
    expect(stateOf(monCi001, { azure: [cluster(properties)], manifests })).toBe(state);
  });

  test.each([
    ['agents for both', { manifests: prometheus + fluent }, 'PASS'],
    ['one of them, in a part of a cluster', { manifests: prometheus }, 'UNKNOWN'],
    ['one of them, in a whole cluster', { manifests: prometheus, kind: 'live' }, 'WARN'],
    ['none in a whole cluster', { manifests: run('Deployment', 'shop/web:1'), kind: 'live' }, 'FAIL'],
    ['an image that is only called so', { manifests: run('Deployment', 'shop/prometheus-demo:1') }, 'UNKNOWN'],
    ['no cluster', {}, 'NA'],
  ] as const)('%s', (_name, input, state) => {
    expect(stateOf(monCi001, input)).toBe(state);
  });
});
