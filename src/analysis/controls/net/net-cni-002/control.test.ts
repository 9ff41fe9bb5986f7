import { describe, expect, test } from 'vitest';
import { type ControlInput, stateOf } from '../../controls.test-support.ts';
import { aks, CILIUM } from '../azure.test-support.ts';
import { firstFix } from '../net.test-support.ts';
import { netCni002 } from './control.ts';

const KUBENET = aks({ networkPlugin: 'kubenet', networkPolicy: 'calico' });
const NPM = { networkPlugin: 'azure', networkPolicy: 'azure' };
const agent = (name: string) => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: kube-system}
spec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: agent, image: "agent:v1.2.3"}]}}}
`;

describe('NET-CNI-002', () => {
  test.each<[string, ControlInput, string]>([
    ['overlay with Cilium', { azure: aks(CILIUM) }, 'PASS'],
    ['kubenet, long before', { azure: KUBENET }, 'WARN'],
    ['kubenet, within a year', { azure: KUBENET, today: '2027-06-01' }, 'FAIL'],
    ['kubenet, afterwards', { azure: KUBENET, today: '2029-01-01' }, 'FAIL'],
    ['network policy manager', { azure: aks(NPM) }, 'WARN'],
    ['network policy manager with Windows', { azure: aks(NPM, { osType: 'Windows' }) }, 'PARTIAL'],
    ['network policy manager, too large', { azure: aks(NPM, { count: 300 }) }, 'PARTIAL'],
    ['its agent in manifests', { manifests: agent('azure-npm') }, 'WARN'],
    ['another agent', { manifests: agent('antrea-agent') }, 'MANUAL'],
    ['a plug-in of its own', { azure: aks({ networkPlugin: 'none' }) }, 'MANUAL'],
    ['nothing', {}, 'UNKNOWN'],
    ['a live cluster of nobody knows whom', { kind: 'live' }, 'NA'],
  ])('%s', (_, input, state) => {
    expect(stateOf(netCni002, input)).toBe(state);
  });

  test('overlay comes before Cilium', () => {
    expect(firstFix(netCni002, { azure: KUBENET })?.summary).toBe('move aks to Azure CNI overlay');
    expect(firstFix(netCni002, { azure: aks(NPM) })?.summary).toBe('move aks to the dataplane of Cilium');
  });
});
