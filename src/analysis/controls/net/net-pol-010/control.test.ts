import { describe, expect, test } from 'vitest';
import { assess, type ControlInput, placesOf, stateOf } from '../../controls.test-support.ts';
import { firstFix, placesAfterFix } from '../net.test-support.ts';
import { netPol010 } from './control.ts';

const web = (spec: string, container = '', metadata = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}${metadata}}
    spec: {${spec}containers: [{name: web, image: web${container}}]}
`;
const MESH = `---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
`;
const BEHIND = `---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: office, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}
`;

describe('NET-POL-010', () => {
  test.each<[string, string, Partial<ControlInput>, readonly string[]]>([
    ['nothing', web(''), {}, ['PASS Deployment shop/web']],
    ['the network of the node', web('hostNetwork: true, '), {}, ['FAIL Deployment shop/web host network']],
    [
      'a port of the node',
      web('', ', ports: [{containerPort: 80, hostPort: 8080}]'),
      {},
      ['FAIL Deployment shop/web host port 8080 of web'],
    ],
    [
      'an allowed port of the node',
      web('', ', ports: [{containerPort: 80, hostPort: 8080}]'),
      { settings: { allowedHostPorts: { from: 8000, to: 9000 } } },
      ['PASS Deployment shop/web'],
    ],
    [
      'forged packets',
      web('', ', securityContext: {capabilities: {add: [NET_RAW]}}'),
      {},
      ['FAIL Deployment shop/web capabilities of web'],
    ],
    ['privileged', web('', ', securityContext: {privileged: true}'), {}, ['FAIL Deployment shop/web privileged web']],
    [
      'a capability that is harmless',
      web('', ', securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}'),
      {},
      ['PASS Deployment shop/web'],
    ],
    [
      'ports kept out of a mesh',
      web('', '', ', annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "8080"}').replace(
        'labels: {app: web},',
        'labels: {app: web},',
      ) + MESH,
      {},
      ['WARN Deployment shop/web traffic.sidecar.istio.io/excludeInboundPorts'],
    ],
    [
      'no proxy where all have one',
      web('', '', ', annotations: {sidecar.istio.io/inject: "false"}') + MESH,
      {},
      ['WARN Deployment shop/web sidecar.istio.io/inject'],
    ],
    [
      'client addresses are hidden',
      web('') + BEHIND,
      {},
      ['PASS Deployment shop/web', 'WARN Service shop/web client addresses'],
    ],
    ['of the platform', web('hostNetwork: true, ').replaceAll('namespace: shop', 'namespace: kube-system'), {}, []],
  ])('%s', (_, manifests, input, places) => {
    expect(placesOf(assess(netPol010, { manifests, ...input }))).toEqual(places);
  });

  test('nothing: not applicable', () => {
    expect(stateOf(netPol010, { manifests: '' })).toBe('NA');
  });

  test('what takes a right away is for a person to apply', () => {
    const fix = firstFix(netPol010, { manifests: web('hostNetwork: true, ') });
    expect(fix?.automatic).toBe(false);
    expect(fix?.changes).toHaveLength(1);
  });

  test('client addresses are kept', () => {
    expect(placesAfterFix(netPol010, { manifests: web('') + BEHIND })).toEqual(['PASS Deployment shop/web']);
  });
});
