import { describe, expect, test } from 'vitest';
import { wantedOf } from './cluster.ts';

describe('what is asked of a cluster', () => {
  test.each([
    ['policies', ['networkpolicies.networking.k8s.io', 'adminnetworkpolicies.policy.networking.k8s.io']],
    [
      'plurals',
      ['ingresses.networking.k8s.io', 'ingressclasses.networking.k8s.io', 'gatewayclasses.gateway.networking.k8s.io'],
    ],
    ['irregular names', ['network-attachment-definitions.k8s.cni.cncf.io', 'multi-networkpolicies.k8s.cni.cncf.io']],
    [
      'workloads',
      ['pods', 'deployments.apps', 'cronjobs.batch', 'virtualmachines.kubevirt.io', 'replicationcontrollers'],
    ],
    ['Endpoints where there are no slices', ['endpoints', 'services']],
  ])('%s', (_name, served) => {
    expect(wantedOf(new Set(served)).sort()).toEqual([...served].sort());
  });

  test('never Secrets, nor what is not served', () => {
    expect(wantedOf(new Set(['secrets', 'configmaps', 'pods']))).toEqual(['configmaps', 'pods']);
  });

  test('Endpoints only where slices are not served', () => {
    expect(wantedOf(new Set(['endpoints', 'endpointslices.discovery.k8s.io']))).toEqual([
      'endpointslices.discovery.k8s.io',
    ]);
  });
});
