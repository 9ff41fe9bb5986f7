import { describe, expect, test } from 'vitest';
import { assess, type ControlInput, stateOf } from '../../controls.test-support.ts';
import { aks, CILIUM } from '../azure.test-support.ts';
import { firstFix } from '../net.test-support.ts';
import { netCni001 } from './control.ts';

const agent = (status: string) => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: calico-node, namespace: calico-system}
spec: {template: {metadata: {labels: {k8s-app: calico-node}}, spec: {containers: [{name: calico-node, image: calico/node:v3.30.0}]}}}
${status}`;
const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}}
`;

describe('NET-CNI-001', () => {
  test.each<[string, ControlInput, string]>([
    ['manifests alone', { manifests: POLICY }, 'UNKNOWN'],
    ['nothing', {}, 'UNKNOWN'],
    ['a live cluster without an agent that is known', { manifests: POLICY, kind: 'live' }, 'MANUAL'],
    ['an agent is to be installed', { manifests: agent('') }, 'PASS'],
    ['ready everywhere', { manifests: agent('status: {desiredNumberScheduled: 3, numberReady: 3}') }, 'PASS'],
    ['not ready somewhere', { manifests: agent('status: {desiredNumberScheduled: 3, numberReady: 2}') }, 'FAIL'],
    ['on no node', { manifests: agent('status: {desiredNumberScheduled: 0}') }, 'WARN'],
    ['AKS with Cilium', { azure: aks(CILIUM) }, 'PASS'],
    ['AKS without', { azure: aks({ networkPlugin: 'azure' }) }, 'FAIL'],
    ['AKS that says none', { azure: aks({ networkPlugin: 'azure', networkPolicy: 'none' }) }, 'FAIL'],
    ['a plug-in of its own', { azure: aks({ networkPlugin: 'none' }) }, 'UNKNOWN'],
    ['a plug-in of its own, with its agent', { azure: aks({ networkPlugin: 'none' }), manifests: agent('') }, 'PASS'],
  ])('%s', (_, input, state) => {
    expect(stateOf(netCni001, input)).toBe(state);
  });

  test('policies that nobody enforces are counted', () => {
    const { places } = assess(netCni001, { azure: aks({ networkPlugin: 'azure' }), manifests: POLICY });
    expect(places[0]?.message).toBe('`aks` has no policy engine; the policy of the input is ignored');
  });

  test('the fix sets an engine', () => {
    const fix = firstFix(netCni001, { azure: aks({ networkPlugin: 'azure' }) });
    expect(fix?.automatic).toBe(true);
    expect(fix?.changes[0]).toMatchObject({
      kind: 'edit-azure',
      command: 'aks update --resource-group r --name aks --network-dataplane cilium',
    });
  });
});
