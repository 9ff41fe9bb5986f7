import { describe, expect, test } from 'vitest';
import { resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy, OPEN } from '../../azure.test-support.ts';
import { arcCni001 } from './control.ts';

const cluster = (distribution: string) => resource('Microsoft.Kubernetes/connectedClusters', 'edge', { distribution });
const local = (networkProfile: object) => {
  const host = resource('Microsoft.Kubernetes/connectedClusters', 'edge');
  return [
    host,
    {
      id: `${host['id']}/providers/Microsoft.HybridContainerService/provisionedClusterInstances/default`,
      type: 'Microsoft.HybridContainerService/provisionedClusterInstances',
      name: 'default',
      properties: { networkProfile },
    },
  ];
};
const agent = (name: string) => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: kube-system}
spec:
  selector: {matchLabels: {app: a}}
  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: b}]}}
`;
const EDGE = 'connectedClusters edge';

describe('ARC-CNI-001', () => {
  test.each([
    ['an agent of Cilium', { only: [cluster('k3s')], manifests: agent('cilium') }, ['PASS']],
    ['OpenShift', { only: [cluster('openshift')] }, ['PASS']],
    [
      'Flannel alone',
      { only: [cluster('generic')], manifests: agent('kube-flannel-ds'), kind: 'live' },
      ['FAIL', `FAIL ${EDGE}`],
    ],
    [
      'Calico on Azure Local',
      { only: local({ networkPolicy: 'calico' }) },
      ['WARN', 'WARN provisionedClusterInstances default'],
    ],
    [
      'Calico on Azure Local, which is what it takes unless asked',
      { only: local({}) },
      ['WARN', 'WARN provisionedClusterInstances default'],
    ],
    ['Cilium on Azure Local', { only: local({ networkPolicy: 'cilium' }) }, ['PASS']],
    [
      'no engine on Azure Local',
      { only: local({ networkPolicy: 'none' }) },
      ['FAIL', 'FAIL provisionedClusterInstances default'],
    ],
    [
      'an expression',
      { only: local({ networkPolicy: OPEN }).slice(1) },
      ['UNKNOWN', 'UNKNOWN provisionedClusterInstances default'],
    ],
    ['nothing shows it', { only: [cluster('k3s')] }, ['MANUAL', `MANUAL ${EDGE}`]],
    ['no cluster of Arc', {}, ['NA']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(arcCni001, input)).toEqual(expected);
  });
});
