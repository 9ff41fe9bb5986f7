import { describe, expect, test } from 'vitest';
import { buildEngine } from '#engine/engine.ts';
import { PROFILES } from '#model/profile.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { Backend } from './backends.ts';
import { type ServiceBook, serviceBookOf, type Translation } from './service-book.ts';

/** The book, and backends as text: `shop/Deployment/web:8080`. */
function open(...documents: readonly string[]): {
  book: ServiceBook;
  show: (backend: Backend) => string;
  ask: (name: string, port?: number, protocol?: 'TCP' | 'UDP') => string;
} {
  const snapshot = snapshotOf([{ file: 'services.yaml', text: documents.join('\n---\n') }]);
  expect(snapshot.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const engine = buildEngine(snapshot, { profile: PROFILES.upstream });
  const book = serviceBookOf(engine);
  return { book, show, ask };

  function show(backend: Backend): string {
    const port = backend.port === undefined ? '' : `:${backend.port}`;
    if (backend.kind === 'pod') {
      const { pod } = engine.world.units[backend.unit]!;
      return `${pod ?? engine.world.owners[backend.owner]!.id}${port}`;
    }
    return `${backend.kind}${port}`;
  }

  function ask(name: string, port = 80, protocol: 'TCP' | 'UDP' = 'TCP'): string {
    return text(book.translate(book.serviceNamed('shop', name)!, port, protocol));
  }

  function text(translation: Translation): string {
    if (translation.kind === 'backends') return translation.backends.map(show).join(' ');
    return translation.kind === 'domain' ? `domain ${translation.domain}` : translation.kind;
  }
}

function pod(
  name: string,
  {
    labels = 'app: web',
    ports = '{name: http, containerPort: 8080}',
    address = '',
    spec = '',
    namespace = 'shop',
  } = {},
): string {
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}}
spec: {${spec} containers: [{name: c, image: i, ports: [${ports}]}]}
${address === '' ? '' : `status: {podIP: ${address}, podIPs: [{ip: ${address}}]}`}`;
}

function service(spec: string, name = 'web'): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {${spec}}`;
}

function slice(endpoints: string, { ports = '{port: 8080}', service: name = 'web', type = 'IPv4' } = {}): string {
  return `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: s, namespace: shop, labels: {kubernetes.io/service-name: ${name}}}
addressType: ${type}
ports: [${ports}]
endpoints: [${endpoints}]`;
}

const BY_NAME = service('selector: {app: web}, ports: [{port: 80, targetPort: http}]');

describe('predicted from the selector', () => {
  const cases: [string, readonly string[], string][] = [
    ['a number', [pod('a'), service('selector: {app: web}, ports: [{port: 80, targetPort: 9090}]')], 'a:9090'],
    ['no targetPort', [pod('a'), service('selector: {app: web}, ports: [{port: 80}]')], 'a:80'],
    ['a name', [pod('a'), BY_NAME], 'a:8080'],
    [
      'gotcha 5: a name, another number on another pod',
      [pod('a'), pod('b', { ports: '{name: http, containerPort: 9090}' }), BY_NAME],
      'a:8080 b:9090',
    ],
    [
      'a pod without the name is no backend',
      [pod('a'), pod('b', { ports: '{name: web, containerPort: 80}' }), BY_NAME],
      'a:8080',
    ],
    [
      'a name of another protocol',
      [pod('a', { ports: '{name: http, protocol: UDP, containerPort: 8080}' }), BY_NAME],
      'latent',
    ],
    ['another label', [pod('a', { labels: 'app: other' }), BY_NAME], 'latent'],
    ['another namespace', [pod('a', { namespace: 'other' }), BY_NAME], 'latent'],
    ['a pod that has ended', [`${pod('a')}\nstatus: {phase: Succeeded}`, BY_NAME], 'latent'],
    [
      'gotcha 4: headless, the client chooses the port',
      [pod('a'), service('clusterIP: None, selector: {app: web}, ports: [{port: 443, targetPort: http}]')],
      'a:80',
    ],
    ['headless without ports', [pod('a'), service('clusterIP: None, selector: {app: web}')], 'a:80'],
    ['gotcha 7: ExternalName', [service('type: ExternalName, externalName: db.example.com')], 'domain db.example.com'],
    ['a port that is not there', [pod('a'), service('selector: {app: web}, ports: [{port: 8080}]')], 'no-port'],
    ['gotcha 6: neither selector nor slices', [service('ports: [{port: 80}]')], 'unknown'],
    ['an empty selector is none', [pod('a'), service('selector: {}, ports: [{port: 80}]')], 'unknown'],
  ];
  test.each(cases)('%s', (_, documents, expected) => {
    expect(open(...documents).ask('web')).toBe(expected);
  });

  test('says that it is predicted', () => {
    const { book } = open(pod('a'), BY_NAME);
    expect(book.backendsOf(book.serviceNamed('shop', 'web')!).predicted).toBe(true);
  });

  test('a workload stands for its pods', () => {
    const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {hostNetwork: true, containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}}}`;
    const { book, ask } = open(deployment, BY_NAME);
    expect(ask('web')).toBe('shop/Deployment/web:8080');
    expect(book.translate(book.serviceNamed('shop', 'web')!, 80, 'TCP')).toMatchObject({
      predicted: true,
      backends: [{ hostNetwork: true }],
    });
  });
});

describe('read from EndpointSlices', () => {
  const A = pod('a', { address: '10.2.0.1' });
  const B = pod('b', { address: '10.2.0.2' });
  const plain = service('selector: {app: web}, ports: [{port: 80, targetPort: http}]');
  const refTo = (name: string, address: string, conditions = ''): string =>
    `{addresses: [${address}], targetRef: {kind: Pod, name: ${name}, namespace: shop}, conditions: {${conditions}}}`;
  const cases: [string, readonly string[], string][] = [
    ['the slice is right, not the selector', [A, B, plain, slice(refTo('a', '10.2.0.1'))], 'a:8080'],
    ['the slice names the number', [A, plain, slice(refTo('a', '10.2.0.1'), { ports: '{port: 9999}' })], 'a:9999'],
    ['by address where no pod is named', [A, plain, slice('{addresses: [10.2.0.1]}')], 'a:8080'],
    ['conditions that are absent mean ready', [A, plain, slice('{addresses: [10.2.0.1], conditions: {}}')], 'a:8080'],
    [
      'not ready',
      [A, B, plain, slice(`${refTo('a', '10.2.0.1')}, ${refTo('b', '10.2.0.2', 'ready: false, serving: false')}`)],
      'a:8080',
    ],
    ['none is ready', [A, plain, slice(refTo('a', '10.2.0.1', 'ready: false, serving: false'))], 'latent'],
    [
      'publishNotReadyAddresses',
      [
        A,
        service('publishNotReadyAddresses: true, selector: {app: web}, ports: [{port: 80}]'),
        slice(refTo('a', '10.2.0.1', 'ready: false, serving: false')),
      ],
      'a:8080',
    ],
    [
      'gotcha 16: all terminate and still serve',
      [A, plain, slice(refTo('a', '10.2.0.1', 'ready: false, serving: true, terminating: true'))],
      'a:8080',
    ],
    [
      'one is ready, one terminates',
      [
        A,
        B,
        plain,
        slice(`${refTo('a', '10.2.0.1', 'ready: false, serving: true, terminating: true')}, ${refTo('b', '10.2.0.2')}`),
      ],
      'b:8080',
    ],
    [
      'names that do not exist are not translated',
      [plain, slice('{addresses: [db.example.com]}', { type: 'FQDN' })],
      'latent',
    ],
    ['a slice without ports offers nothing', [A, plain, slice(refTo('a', '10.2.0.1'), { ports: '' })], 'latent'],
    [
      'ports belong together by name',
      [A, plain, slice(refTo('a', '10.2.0.1'), { ports: '{name: other, port: 8080}' })],
      'latent',
    ],
    ['only the first address counts', [A, B, plain, slice('{addresses: [10.2.0.2, 10.2.0.1]}')], 'b:8080'],
    [
      'gotcha 6: an address outside',
      [service('ports: [{port: 80}]'), slice('{addresses: [198.51.100.4]}')],
      'outside:8080',
    ],
    [
      'gotcha 6: a pod of another namespace',
      [
        pod('x', { namespace: 'other', address: '10.2.0.9' }),
        service('ports: [{port: 80}]'),
        slice('{addresses: [10.2.0.9]}'),
      ],
      'x:8080',
    ],
    ['a pod that is not in the input', [plain, slice(refTo('gone', '10.2.0.7'))], 'unseen:8080'],
    [
      'a Service without slices where others have them',
      [A, plain, service('ports: [{port: 80}]', 'bare'), slice(refTo('a', '10.2.0.1'))],
      'a:8080',
    ],
  ];
  test.each(cases)('%s', (_, documents, expected) => {
    expect(open(...documents).ask('web')).toBe(expected);
  });

  test('a cluster that shows slices shows all: without one there is no backend', () => {
    expect(open(A, plain, slice(refTo('a', '10.2.0.1')), service('ports: [{port: 80}]', 'bare')).ask('bare')).toBe(
      'latent',
    );
  });

  test('a pod that is not in the input, of a workload that is', () => {
    const template = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}`;
    expect(open(template, plain, slice(refTo('web-abc', '10.2.0.7'))).ask('web')).toBe('shop/Deployment/web:8080');
  });

  test('an address of a node, and a host-network pod on it', () => {
    const node =
      'apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: InternalIP, address: 10.1.0.4}]}';
    const bare = service('ports: [{port: 80}]');
    expect(open(node, bare, slice('{addresses: [10.1.0.4]}')).ask('web')).toBe('node:8080');
    const host = pod('h', {
      spec: 'hostNetwork: true, nodeName: n1,',
      ports: '{containerPort: 8080}',
      address: '10.1.0.4',
    });
    expect(open(node, host, bare, slice('{addresses: [10.1.0.4]}')).ask('web')).toBe('h:8080');
  });

  test('Endpoints count where there is no slice', () => {
    const endpoints =
      'apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: shop}\nsubsets: [{addresses: [{ip: 10.2.0.2}], ports: [{port: 7000}]}]';
    expect(open(A, B, plain, endpoints).ask('web')).toBe('b:7000');
    expect(open(A, B, plain, endpoints, slice(refTo('a', '10.2.0.1'))).ask('web')).toBe('a:8080');
  });
});

describe('which Service an address means', () => {
  const node =
    'apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: InternalIP, address: 10.1.0.4}]}';
  const web = `${service('type: LoadBalancer, clusterIP: 10.0.0.10, clusterIPs: [10.0.0.10], externalIPs: [203.0.113.9], selector: {app: web}, ports: [{port: 80, nodePort: 30080}]')}\nstatus: {loadBalancer: {ingress: [{ip: 198.51.100.10}]}}`;
  const cases: [string, string, number, string][] = [
    ['ClusterIP', '10.0.0.10', 80, 'ClusterIP web:80'],
    ['external IP', '203.0.113.9', 80, 'externalIP web:80'],
    ['load balancer', '198.51.100.10', 80, 'LoadBalancer web:80'],
    ['node port', '10.1.0.4', 30080, 'NodePort web:80'],
    ['a port that it does not have', '10.0.0.10', 81, 'ClusterIP web:none'],
    ['a node and no node port', '10.1.0.4', 80, ''],
    ['nobody', '10.9.9.9', 80, ''],
  ];
  test.each(cases)('%s', (_, address, port, expected) => {
    const found = open(node, web).book.resolveServiceAddress({ address, port, protocol: 'TCP' });
    expect(found.map(({ via, service: own, port: its }) => `${via} ${own.name}:${its?.port ?? 'none'}`).join()).toBe(
      expected,
    );
  });
});
