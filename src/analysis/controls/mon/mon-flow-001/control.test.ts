import { describe, expect, test } from 'vitest';
import { assess, contextOf, stateOf } from '../../controls.test-support.ts';
import { cluster, made, VNET_ID } from '../azure.test-support.ts';
import { monFlow001 } from './control.ts';

const ACNS = { networkProfile: { advancedNetworking: { enabled: true } } };
const NO_OBSERVABILITY = {
  networkProfile: { advancedNetworking: { enabled: true, observability: { enabled: false } } },
};
const flowLog = made('Microsoft.Network/networkWatchers/flowLogs', 'w/f', { enabled: true, targetResourceId: VNET_ID });
const workload = (kind: string, image: string) => `---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: a, namespace: kube-system }
spec: { selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: [{ name: a, image: '${image}' }] } } }
`;
const web = workload('Deployment', 'shop/web:1');
const relay = workload('Deployment', 'quay.io/cilium/hubble-relay:v1.18.0');
const off = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { enable-hubble: "false" }
`;
const goldmane = `---
apiVersion: operator.tigera.io/v1
kind: Goldmane
metadata: { name: default }
spec: {}
`;
const telemetry = `---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: mesh, namespace: istio-system }
spec: { accessLogging: [{ providers: [{ name: envoy }] }] }
`;

describe('MON-FLOW-001', () => {
  test.each([
    ['container networking services', { azure: [cluster(ACNS)] }, 'PASS'],
    ['those without observability', { azure: [cluster(NO_OBSERVABILITY)] }, 'FAIL'],
    ['nothing', { azure: [cluster()] }, 'FAIL'],
    ['Hubble in the cluster', { azure: [cluster()], manifests: relay }, 'PASS'],
    ['flow logs of the network only', { azure: [cluster(), flowLog] }, 'WARN'],
    ['Retina', { manifests: workload('DaemonSet', 'ghcr.io/microsoft/retina/retina-agent:v0.0.30') }, 'PASS'],
    ['Hubble that is off', { manifests: relay + off, kind: 'live' }, 'FAIL'],
    ['Goldmane', { manifests: web + goldmane }, 'PASS'],
    ['a mesh only', { manifests: web + telemetry, kind: 'live' }, 'WARN'],
    ['nothing, in a whole cluster', { manifests: web, kind: 'live' }, 'FAIL'],
    ['nothing, in a part of one', { manifests: web }, 'UNKNOWN'],
    ['no cluster', {}, 'NA'],
  ] as const)('%s', (_name, input, state) => {
    expect(stateOf(monFlow001, input)).toBe(state);
  });

  test('the fix switches both on', () => {
    const input = { azure: [cluster()] };
    const [judged] = assess(monFlow001, input).places;
    const fix = judged && monFlow001.fix?.(contextOf(input), judged);
    expect(fix?.changes).toMatchObject([{ command: 'aks update --resource-group rg --name aks --enable-acns' }]);
  });
});
