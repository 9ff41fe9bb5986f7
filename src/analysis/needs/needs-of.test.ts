import { describe, expect, test } from 'vitest';
import { snapshotOf } from '#parse/snapshot.ts';
import type { NeedEnd } from './needs.ts';
import { needsOf } from './needs-of.ts';

const DB = `
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec: {selector: {app: db}, ports: [{name: sql, port: 5432, targetPort: pg}, {name: metrics, port: 9187}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  serviceName: db
  replicas: 1
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: postgres, ports: [{name: pg, containerPort: 5433}]}]}
`;
const web = (container: string, spec = '', metadata = '') => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}${metadata}}
    spec: {${spec}containers: [{name: web, image: web, ports: [{name: http, containerPort: 8080}]${container}}]}
`;
const WEB = 'shop/Deployment/web';
const TO_DB = `${WEB} > data/StatefulSet/db TCP 5433`;

function edgesOf(manifests: string): string[] {
  const { edges } = needsOf(snapshotOf([{ file: 'input.yaml', text: manifests }], { objects: true }));
  return edges
    .filter(({ cause }) => cause !== 'service')
    .map(
      ({ from, to, ports }) =>
        `${textOf(from)} > ${textOf(to)} ${ports.map((each) => `${each.protocol} ${each.port}`).join(', ') || 'any'}`,
    );
}

function textOf(end: NeedEnd): string {
  switch (end.kind) {
    case 'workload':
      return end.id;
    case 'host':
      return end.name;
    case 'address':
      return end.cidr;
    case 'pods':
      return `pods ${JSON.stringify(end.labels)} of ${end.namespace ?? 'any'}`;
    case 'api-server':
    case 'anyone':
      return end.kind;
  }
}

const env = (name: string, value: string) => web(`, env: [{name: ${name}, value: "${value}"}]`);

describe('what workloads are configured to ask', () => {
  test.each([
    ['a URL with a user', env('DB', 'postgres://me@db.data:5432/shop'), [TO_DB]],
    ['a name in full', env('X', 'tcp://db.data.svc.cluster.local:5432'), [TO_DB]],
    ['host and port', env('X', 'db.data:5432'), [TO_DB]],
    [
      'a name alone, in a variable about hosts: every port',
      env('DB_HOST', 'db.data'),
      [`${WEB} > data/StatefulSet/db TCP 5433, TCP 9187`],
    ],
    ['its port beside it', web(', env: [{name: DB_HOST, value: db.data}, {name: DB_PORT, value: "5432"}]'), [TO_DB]],
    ['a pod of a StatefulSet', env('X', 'db-0.db.data.svc:5432'), [TO_DB]],
    ['an argument', web(', args: ["--db=db.data:5432"]'), [TO_DB]],
    ['a word that is no name of a Service', env('LOG_LEVEL', 'db'), []],
    ['a short name of another namespace', env('DB_HOST', 'db'), []],
    ['a Service that is not in the input', env('X', 'http://gone.other.svc:80'), [`${WEB} > pods {} of other any`]],
    ['a host outside', env('X', 'https://api.example.com/v1'), [`${WEB} > api.example.com TCP 443`]],
    ['a host outside with a port', env('X', 'api.example.com:8443'), [`${WEB} > api.example.com TCP 8443`]],
    [
      'several brokers',
      env('X', 'mongodb://a.example.com:1,b.example.com:2/x'),
      [`${WEB} > a.example.com TCP 1`, `${WEB} > b.example.com TCP 2`],
    ],
    ['an address', env('X', 'http://203.0.113.7:81'), [`${WEB} > 203.0.113.7/32 TCP 81`]],
    ['itself', env('X', 'http://localhost:80 127.0.0.1:81 0.0.0.0:82'), []],
    ['files, versions and times', env('X', 'app.yaml:12 v1.2:30 10:30 a.b.c'), []],
    ['the API server', env('X', 'https://kubernetes.default.svc'), [`${WEB} > api-server any`]],
  ])('%s', (_, manifests, edges) => {
    expect(edgesOf(DB + manifests)).toEqual(edges);
  });

  test('files of ConfigMaps, without their comments', () => {
    const map =
      '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: shop}\ndata:\n  app.conf: |\n    # see https://docs.example.com\n    upstream db.data:5432;\n';
    expect(edgesOf(DB + web('', 'volumes: [{name: c, configMap: {name: conf}}], ') + map)).toEqual([TO_DB]);
  });

  test('values of Secrets are open', () => {
    const manifests = web(', env: [{name: DB_URL, valueFrom: {secretKeyRef: {name: s, key: k}}}]');
    const { open } = needsOf(snapshotOf([{ file: 'input.yaml', text: manifests }], { objects: true }));
    expect(open.map(({ why }) => why)).toEqual([
      'env DB_URL of Deployment shop/web has a value that is not in the input',
    ]);
  });
});

describe('what is let in, and what the platform does', () => {
  const SERVICE =
    '---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]';
  const INGRESS =
    '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: shop}\nspec: {ingressClassName: nginx, rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}\n';
  const NGINX =
    '---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: nginx, namespace: in}\nspec: {template: {metadata: {labels: {app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller}}, spec: {containers: [{name: c, image: c}]}}}\n';
  test.each([
    ['a load balancer', `${web('')}${SERVICE}, type: LoadBalancer}\n`, [`anyone > ${WEB} TCP 8080`]],
    ['an Ingress whose controller is elsewhere', `${web('')}${SERVICE}}\n${INGRESS}`, [`anyone > ${WEB} TCP 8080`]],
    [
      'an Ingress whose controller is here',
      `${web('')}${SERVICE}}\n${INGRESS}${NGINX}`,
      [`in/Deployment/nginx > ${WEB} TCP 8080`],
    ],
    [
      'a port of its node',
      web('').replace('containerPort: 8080', 'containerPort: 8080, hostPort: 80'),
      [`anyone > ${WEB} TCP 8080`],
    ],
    [
      'metrics',
      web('', '', ', annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9100"}'),
      [`pods {} of any > ${WEB} TCP 9100`],
    ],
    [
      'a workload identity',
      web('').replace('{app: web}', '{app: web, azure.workload.identity/use: "true"}'),
      [`${WEB} > login.microsoftonline.com TCP 443`],
    ],
    [
      'a role',
      `${web('', 'serviceAccountName: w, ')}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: w}\nsubjects: [{kind: ServiceAccount, name: w, namespace: shop}]\n`,
      [`${WEB} > api-server any`],
    ],
    [
      'pods of a StatefulSet',
      DB.replace('replicas: 1', 'replicas: 3'),
      ['data/StatefulSet/db > data/StatefulSet/db TCP 5433, TCP 9187'],
    ],
  ])('%s', (_, manifests, edges) => {
    expect(edgesOf(manifests)).toEqual(edges);
  });

  test('a Service that nothing names is asked by its own namespace', () => {
    const { edges } = needsOf(snapshotOf([{ file: 'input.yaml', text: DB }], { objects: true }));
    expect(edges.map(({ from, cause }) => [textOf(from), cause])).toEqual([['pods {} of data', 'service']]);
  });
});
