import { estateResources, resource } from '#analysis/azure/estate.test-support.ts';
import type { SourceText } from '#parse/text/node.ts';

interface Pod {
  readonly namespace?: string;
  readonly labels?: object;
  readonly spec?: object;
  readonly containers: readonly object[];
}

function workload(name: string, { namespace = 'shop', labels = {}, spec = {}, containers }: Pod): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name, ...labels } }, spec: { ...spec, containers } },
    },
  };
}

function service(name: string, port: number, namespace = 'shop'): object {
  const spec = { selector: { app: name }, ports: [{ port }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

function configMap(name: string, data: object, namespace = 'shop'): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

const ETCD = ['--trusted-ca-file=/pki/ca.crt', '--cert-file=/pki/tls.crt', '--key-file=/pki/tls.key'];
const SERVER = ['kube-apiserver', '--anonymous-auth=false', '--client-ca-file=/pki/ca.crt'];

const OBJECTS: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  // What one workload is told about another, plainly, through a ConfigMap, and by its arguments.
  workload('api', {
    containers: [{ name: 'api', image: 'api:1', env: [{ name: 'CACHE', value: 'redis://cache:6379' }] }],
  }),
  workload('web', { containers: [{ name: 'web', image: 'web:1', envFrom: [{ configMapRef: { name: 'web' } }] }] }),
  configMap('web', { DATABASE_URL: 'postgres://db.shop:5432/web?sslmode=require', PLACE: 'https://pay.example.com' }),
  workload('batch', { containers: [{ name: 'batch', image: 'batch:1', args: ['--upstream', 'http://api:8080'] }] }),
  workload('cache', { containers: [{ name: 'cache', image: 'redis:7', ports: [{ containerPort: 6379 }] }] }),
  workload('db', { containers: [{ name: 'db', image: 'postgres:16', ports: [{ containerPort: 5432 }] }] }),
  service('api', 8080),
  service('cache', 6379),
  service('db', 5432),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'default-deny', namespace: 'shop' },
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  },
  // What is let there because it is told to go there.
  workload('agent', {
    namespace: 'tools',
    containers: [
      { name: 'agent', image: 'agent:1', env: [{ name: 'META', value: 'http://169.254.169.254/metadata' }] },
    ],
  }),
  workload('sync', {
    namespace: 'tools',
    containers: [
      { name: 'sync', image: 'sync:1', args: ['--master=https://kubernetes.default.svc', '--leader-elect'] },
    ],
  }),
  workload('sign-in', {
    namespace: 'tools',
    containers: [{ name: 'sign-in', image: 'sign-in:1', env: [{ name: 'AZURE_CLIENT_SECRET', value: '' }] }],
  }),
  workload('vault', {
    namespace: 'tools',
    containers: [{ name: 'a', image: 'a:1', env: [{ name: 'VAULT', value: 'https://shop.vault.azure.net' }] }],
  }),
  // Settings of a controller.
  workload('controller', {
    namespace: 'ingress-nginx',
    containers: [{ name: 'controller', image: 'registry.k8s.io/ingress-nginx/controller:v1.11.0' }],
  }),
  configMap(
    'controller',
    { 'ssl-protocols': 'TLSv1 TLSv1.2', 'allow-snippet-annotations': 'true', 'enable-modsecurity': 'true' },
    'ingress-nginx',
  ),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['shop.example.com'], secretName: 'tls' }],
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'api', port: { number: 8080 } } } }],
          },
        },
      ],
    },
  },
  // A control plane outside of its own namespace.
  workload('kube-apiserver', {
    namespace: 'tenant',
    containers: [{ name: 'kube-apiserver', image: 'kube-apiserver:v1.31.0', command: SERVER }],
  }),
  workload('etcd', {
    namespace: 'tenant',
    labels: { component: 'etcd' },
    containers: [
      {
        name: 'etcd',
        image: 'etcd:3.5',
        command: ['etcd', ...ETCD],
        env: [{ name: 'ETCD_CLIENT_CERT_AUTH', value: 'true' }],
      },
    ],
  }),
  workload('kube-proxy', {
    namespace: 'tenant',
    containers: [
      { name: 'kube-proxy', image: 'kube-proxy:v1.31.0', command: ['kube-proxy', '--metrics-bind-address=0.0.0.0'] },
    ],
  }),
  workload('kubelet', {
    namespace: 'tenant',
    containers: [{ name: 'kubelet', image: 'kubelet:v1.31.0', command: ['kubelet', '--anonymous-auth=true'] }],
  }),
  workload('kube-controller-manager', {
    namespace: 'tenant',
    containers: [
      {
        name: 'kube-controller-manager',
        image: 'kube-controller-manager:v1.31.0',
        command: ['kube-controller-manager', '--feature-gates=RotateKubeletServerCertificate=false'],
      },
    ],
  }),
  // Names that are asked of everybody, and one who says that he asks them.
  workload('dns', {
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
    containers: [{ name: 'dns', image: 'coredns:1', ports: [{ containerPort: 53, protocol: 'UDP' }] }],
  }),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: { selector: { app: 'dns' }, ports: [{ port: 53, protocol: 'UDP' }] },
  },
  workload('names', {
    namespace: 'tools',
    containers: [
      { name: 'n', image: 'n:1', env: [{ name: 'DNS_SERVER', value: 'kube-dns.kube-system.svc.cluster.local:53' }] },
    ],
  }),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'dns', namespace: 'kube-system' },
    spec: {
      podSelector: { matchLabels: { app: 'dns' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }] }],
    },
  },
  // Not values of applications.
  {
    name: 'deploy',
    on: { push: {} },
    jobs: { deploy: { 'runs-on': 'ubuntu', steps: [{ uses: 'docker://ringfence', with: { args: 'scan .' } }] } },
  },
];

/** Objects in which every value that a control reads is one that decides. */
export const VALUES_THAT_DECIDE: SourceText = {
  file: 'values.yaml',
  text: OBJECTS.map((object) => JSON.stringify(object)).join('\n---\n'),
};

/** The network of Azure around them, with a vault that one of them names. */
export const AZURE_AROUND: readonly object[] = [
  ...estateResources(),
  resource('Microsoft.KeyVault/vaults', 'shop', {}),
];
