import { describe, expect, test } from 'vitest';
import { stateOf } from '../../controls.test-support.ts';
import { cluster, made, SUBSCRIPTION, under } from '../azure.test-support.ts';
import { monDef001 } from './control.ts';

const SENSOR = { securityProfile: { defender: { securityMonitoring: { enabled: true } } } };
const OWNER = `/subscriptions/${SUBSCRIPTION}`;

function plan(pricingTier: string) {
  return under(OWNER, 'Microsoft.Security/pricings', 'Containers', { pricingTier });
}

const arc = made('Microsoft.Kubernetes/connectedClusters', 'edge');
const extension = under(String(arc['id']), 'Microsoft.KubernetesConfiguration/extensions', 'd', {
  extensionType: 'microsoft.azuredefender.kubernetes',
});
const workload = (kind: string, image: string) => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: a, namespace: ops }
spec: { selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: [{ name: a, image: '${image}' }] } } }`;

describe('MON-DEF-001', () => {
  test.each([
    ['plan and sensor', { azure: [cluster(SENSOR), plan('Standard')] }, 'PASS'],
    ['plan without sensor', { azure: [cluster(), plan('Standard')] }, 'WARN'],
    ['no plan', { azure: [cluster(SENSOR), plan('Free')] }, 'FAIL'],
    ['a plan that nobody touched', { azure: [cluster(SENSOR)], azureLive: true }, 'FAIL'],
    ['a plan that is not in the input', { azure: [cluster(SENSOR)] }, 'UNKNOWN'],
    ['Arc with the extension', { azure: [arc, extension, plan('Standard')] }, 'PASS'],
    ['Arc without it', { azure: [arc, plan('Standard')], azureLive: true }, 'WARN'],
    ['Arc in a template', { azure: [arc, plan('Standard')] }, 'UNKNOWN'],
    ['another sensor', { azure: [cluster()], manifests: workload('DaemonSet', 'falcosecurity/falco:0.40.0') }, 'PASS'],
    ['a sensor on some node only', { manifests: workload('Deployment', 'falcosecurity/falco:0.40.0') }, 'MANUAL'],
    ['an agent of something else', { manifests: workload('DaemonSet', 'shop/node-agent:1') }, 'MANUAL'],
    ['no cluster', {}, 'NA'],
  ] as const)('%s', (_name, input, state) => {
    expect(stateOf(monDef001, input)).toBe(state);
  });

  test('an answer counts', () => {
    const answers = new Map([['MON-DEF-001', { answer: 'yes', by: 'Kim', on: '2026-11-01' } as const]]);
    expect(stateOf(monDef001, { azure: [cluster(), plan('Free')], settings: { answers } })).toBe('PASS');
  });
});
