import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { firstFix, fixedManifests, placesAfterFix } from '../net.test-support.ts';
import { netPol002 } from './control.ts';

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web
          env:
            - {name: API_HOST, value: api.example.com}
            - {name: API_PORT, value: "8443"}
            - {name: DB_URL, value: "postgres://u@db.data:5432/x"}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: postgres, ports: [{containerPort: 5433, name: sql}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec: {selector: {app: db}, ports: [{port: 5432, targetPort: sql}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: data}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}
`;
const policy = (spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: ${spec}
`;

describe('NET-POL-002', () => {
  test.each([
    ['no policy', '', 'FAIL'],
    [
      'rules of egress without policyTypes: egress is taken from them',
      policy('{podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}]}]}'),
      'PASS',
    ],
    ['DNS is forgotten', policy('{podSelector: {}, policyTypes: [Egress]}'), 'WARN'],
    [
      'DNS by the name of its namespace',
      policy(
        '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{port: 53, protocol: UDP}]}]}',
      ),
      'PASS',
    ],
    [
      'DNS by a label of a namespace that is not in the input',
      policy(
        '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {name: kube-system}}}], ports: [{port: 53, protocol: UDP}]}]}',
      ),
      'UNKNOWN',
    ],
    [
      'every pod, and nothing outside',
      policy('{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}'),
      'WARN',
    ],
    [
      'every address',
      policy('{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}'),
      'FAIL',
    ],
  ])('%s', (_, more, state) => {
    const places = placesOf(assess(netPol002, { manifests: WEB + more }));
    expect(places).toEqual(['PASS Namespace data', `${state} Namespace shop`]);
  });

  test('nothing: not applicable', () => {
    expect(stateOf(netPol002, { manifests: '' })).toBe('NA');
  });

  test('the fix keeps DNS and what the workload is configured to ask', () => {
    expect(placesAfterFix(netPol002, { manifests: WEB })).toEqual(['PASS Namespace data', 'PASS Namespace shop']);
    const written = fixedManifests(netPol002, { manifests: WEB })
      .split('\n---\n')
      .map((text) => JSON.parse(text));
    const web = written.find(({ metadata }) => metadata.name === 'allow-egress-web');
    expect(web.spec.egress).toEqual([
      {
        to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32', '168.63.129.16/32'] } }],
        ports: [{ protocol: 'TCP', port: 8443 }],
      },
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } },
            podSelector: { matchLabels: { app: 'db' } },
          },
        ],
        ports: [{ protocol: 'TCP', port: 5433 }],
      },
    ]);
  });

  test('Cilium: names are written as names', () => {
    const fix = firstFix(netPol002, { manifests: WEB, engine: 'cilium' });
    const kinds = fix?.changes.map((change) => (change.kind === 'new-object' ? change.object.kind : change.kind));
    expect(kinds).toContain('CiliumNetworkPolicy');
    expect(placesAfterFix(netPol002, { manifests: WEB, engine: 'cilium' })).toEqual([
      'PASS Namespace data',
      'PASS Namespace shop',
    ]);
  });
});
