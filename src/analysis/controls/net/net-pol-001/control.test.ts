import { describe, expect, test } from 'vitest';
import type { ControlInput } from '../../controls.test-support.ts';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { firstFix, fixedManifests, placesAfterFix } from '../net.test-support.ts';
import { netPol001 } from './control.ts';

const WEB = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, ports: [{name: http, containerPort: 8080}]}]}
`;
const policy = (spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: ${spec}
`;
const CILIUM = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p, namespace: shop}
spec: {endpointSelector: {}, ingress: [{}]}
`;
const CALICO = `---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: deny}
spec: {selector: all(), types: [Ingress], ingress: [{action: Deny}]}
`;
const BASELINE = `---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec:
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
`;

describe('NET-POL-001', () => {
  test.each<[string, string, Partial<ControlInput>, readonly string[]]>([
    ['no policy', WEB, {}, ['FAIL Namespace shop']],
    ['deny by default', WEB + policy('{podSelector: {}}'), {}, ['PASS Namespace shop']],
    [
      'a policy for one workload only',
      WEB + policy('{podSelector: {matchLabels: {app: web}}}'),
      {},
      ['FAIL Namespace shop'],
    ],
    ['egress only', WEB + policy('{podSelector: {}, policyTypes: [Egress]}'), {}, ['FAIL Namespace shop']],
    ['a rule that lets all pass', WEB + policy('{podSelector: {}, ingress: [{}]}'), {}, ['FAIL Namespace shop']],
    [
      'its own namespace may',
      WEB + policy('{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'),
      {},
      ['PASS Namespace shop'],
    ],
    [
      'one port for everybody',
      WEB + policy('{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
      {},
      ['PASS Namespace shop'],
    ],
    ['no engine enforces it', WEB + policy('{podSelector: {}}'), { engine: 'none' }, ['FAIL Namespace shop']],
    ['Cilium: an empty rule isolates and lets nobody', WEB + CILIUM, {}, ['PASS Namespace shop']],
    ['Calico: a global policy', WEB + CALICO, {}, ['PASS Namespace shop']],
    ['a baseline for all pods', WEB + BASELINE, {}, ['WARN Namespace shop']],
    ['a field that nobody knows', WEB + policy('{podSelector: {}, mystery: 1}'), {}, ['UNKNOWN Namespace shop']],
    ['of the platform', WEB.replaceAll('shop', 'kube-system'), {}, ['WARN Namespace kube-system']],
  ])('%s', (_, manifests, input, places) => {
    expect(placesOf(assess(netPol001, { manifests, ...input }))).toEqual(places);
  });

  test.each([
    ['nothing', ''],
    ['an empty namespace', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}'],
    ['pods of the host network', WEB.replace('spec: {containers', 'spec: {hostNetwork: true, containers')],
  ])('%s: not applicable', (_, manifests) => {
    expect(stateOf(netPol001, { manifests })).toBe('NA');
  });

  test('the fix passes, keeps what Services and variables ask for, and nothing else', () => {
    const manifests = `${WEB}---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: api, ports: [{containerPort: 9000}], env: [{name: WEB_URL, value: 'http://web:80/x'}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
`;
    expect(placesAfterFix(netPol001, { manifests })).toEqual(['PASS Namespace shop']);
    const fixed = fixedManifests(netPol001, { manifests })
      .split('\n---\n')
      .map((text) => JSON.parse(text));
    const written = fixed.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(written.map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      ['default-deny-ingress', { podSelector: {}, policyTypes: ['Ingress'] }],
      [
        'allow-ingress-web',
        {
          podSelector: { matchLabels: { app: 'web' } },
          policyTypes: ['Ingress'],
          ingress: [
            { from: [{ podSelector: { matchLabels: { app: 'api' } } }], ports: [{ protocol: 'TCP', port: 8080 }] },
          ],
        },
      ],
    ]);
  });

  test('a rule that lets everything pass is taken out', () => {
    const manifests = WEB + policy('{podSelector: {}, ingress: [{}]}');
    expect(placesAfterFix(netPol001, { manifests })).toEqual(['PASS Namespace shop']);
  });

  test('nothing is written where what somebody is told was not kept', () => {
    const other = `---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: elsewhere}
spec: {containers: [{name: client, image: client, env: [{name: WEB_URL, value: '[dropped]'}]}]}
`;
    const fix = firstFix(netPol001, { manifests: WEB + other });
    expect(fix).toMatchObject({ automatic: false, changes: [] });
    expect(fix?.refused).toBe(
      'what Pod elsewhere/client is told was not kept, and with it what it has to reach: take the snapshot with `--values`',
    );
    expect(fix?.steps).toEqual([fix?.refused]);
  });

  test('without an engine there is nothing to write', () => {
    const fix = firstFix(netPol001, { manifests: WEB, engine: 'none' });
    expect(fix?.automatic).toBe(false);
    expect(fix?.changes).toEqual([]);
  });
});
