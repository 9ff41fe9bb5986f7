import { describe, expect, test } from 'vitest';
import { expectProblem, problemsOf, read } from './read.test-support.ts';

function object(apiVersion: string, kind: string, spec: string, more = ''): string {
  return `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: web, namespace: shop}, spec: {${spec}}${more}}`;
}

const service = (spec: string) => object('v1', 'Service', spec);
const ingress = (spec: string) => object('networking.k8s.io/v1', 'Ingress', spec);
const route = (spec: string) => object('route.openshift.io/v1', 'Route', spec);
const gateway = (kind: string, spec: string, more = '') => object('gateway.networking.k8s.io/v1', kind, spec, more);

describe('Service', () => {
  test('defaults', () => {
    const text = service('selector: {app: web}, ports: [{port: 80}]');
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).services[0]).toMatchObject({
      type: 'ClusterIP',
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { requirements: [{ key: 'app', operator: 'In', values: ['web'] }] },
      headless: false,
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: 'Cluster',
      allocateLoadBalancerNodePorts: true,
      publishNotReadyAddresses: false,
    });
  });

  test('everything given', () => {
    const text = object(
      'v1',
      'Service',
      `type: LoadBalancer, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, "fd00::1"], externalTrafficPolicy: Local, loadBalancerSourceRanges: [" 10.0.0.0/8 "],
       externalIPs: [1.2.3.4], ports: [{name: a, port: 80, targetPort: http, nodePort: 30080}, {name: b, port: 80, protocol: UDP, targetPort: 0}]`,
      ', status: {loadBalancer: {ingress: [{ip: 5.6.7.8}, {hostname: lb.example.com}]}}',
    );
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).services[0]).toMatchObject({
      clusterIPs: ['10.0.0.1', 'fd00::1'],
      externalTrafficPolicy: 'Local',
      sourceRanges: [{ length: 8 }],
      ports: [
        { targetPort: 'http', nodePort: 30080 },
        { protocol: 'UDP', targetPort: 80 },
      ],
      loadBalancerAddresses: ['5.6.7.8', 'lb.example.com'],
    });
  });

  test.each([
    ['selector: {}, ports: [{port: 80}]', 'no selector'],
    ['selector: null, ports: [{port: 80}]', 'no selector'],
    ['clusterIP: None', 'headless'],
    ['type: ExternalName, externalName: api.example.com.', 'a name'],
  ])('%s is accepted (%s)', (spec) => {
    expect(problemsOf(service(spec))).toEqual([]);
    expect(read(service(spec)).services[0]?.selector).toBeUndefined();
  });

  test.each([
    ['type: Foo, ports: [{port: 80}]', 'RF2004 `spec.type` is `Foo`'],
    ['selector: {a: b}', 'RF2003 `spec.ports` is missing'],
    ['ports: [{port: 0}]', 'RF2008 1 to 65535'],
    ['ports: [{port: 80, targetPort: 70000}]', 'RF2008 1 to 65535'],
    ['ports: [{port: 80, targetPort: "8080"}]', 'RF2008 at least one letter'],
    ['ports: [{name: a, port: 80}, {name: a, port: 81}]', 'RF2009 is `a`, which another port'],
    ['ports: [{name: a, port: 80}, {name: b, port: 80}]', 'RF2009 is `80/TCP`, which another port'],
    ['ports: [{name: a, port: 80}, {port: 81}]', 'RF2003 name` is missing'],
    ['ports: [{port: 80, protocol: HTTP}]', 'RF2004 must be `TCP`'],
    ['ports: [{port: 80}], loadBalancerSourceRanges: [1.2.3.4]', 'RF2007 not a CIDR'],
    ['type: ExternalName', 'RF2003 externalName` is missing'],
    ['type: NodePort, clusterIP: None, ports: [{port: 80}]', 'RF2009 cannot be `None`'],
  ])('%s is refused', (spec, expected) => {
    expectProblem(service(spec), expected);
  });

  test('an annotation that YAML reads as a boolean is refused', () => {
    const text =
      '{apiVersion: v1, kind: Service, metadata: {name: web, annotations: {internal: true}}, spec: {ports: [{port: 80}]}}';
    expectProblem(text, 'RF2002 `metadata.annotations.internal` must be text, not the boolean `true`');
    expect(read(text).diagnostics[0]?.help).toBe('put quotes around the value');
  });
});

describe('endpoints', () => {
  test('EndpointSlice: absent conditions mean ready, serving and not terminating; a port without a number is left out', () => {
    const text = `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels: {kubernetes.io/service-name: web}}, addressType: IPv4,
      ports: [{port: 80}, {name: any}], endpoints: [{addresses: [10.0.0.1, 10.0.0.2], targetRef: {kind: Pod, name: p, namespace: shop}}, {addresses: [10.0.0.3], conditions: {ready: false, terminating: true}}]}`;
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).endpointSlices[0]).toMatchObject({
      service: 'web',
      ports: [{ protocol: 'TCP', port: 80 }],
      endpoints: [
        { address: '10.0.0.1', ready: true, serving: true, terminating: false, pod: { namespace: 'shop', name: 'p' } },
        { address: '10.0.0.3', ready: false, serving: true, terminating: true },
      ],
    });
  });

  test('Endpoints are a slice for each subset and family', () => {
    const text = `{apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [{addresses: [{ip: 10.0.0.1}, {ip: "fd00::1"}], notReadyAddresses: [{ip: 10.0.0.2}], ports: [{port: 80}]}]}`;
    expect(read(text).endpointSlices).toMatchObject([
      {
        kind: 'Endpoints',
        service: 'web',
        addressType: 'IPv4',
        endpoints: [{ ready: true }, { ready: false }],
        ports: [{ port: 80 }],
      },
      { addressType: 'IPv6', endpoints: [{ address: 'fd00::1' }] },
    ]);
  });
});

describe('Ingress', () => {
  const backend = 'backend: {service: {name: web, port: {number: 80}}}';

  test('v1 and v1beta1 are read alike', () => {
    const now = ingress(
      `rules: [{host: "*.a.b", http: {paths: [{path: /x, pathType: Prefix, ${backend}}]}}], tls: [{hosts: [c.d]}], defaultBackend: {service: {name: web, port: {name: http}}}`,
    );
    const old = object(
      'extensions/v1beta1',
      'Ingress',
      'rules: [{host: "*.a.b", http: {paths: [{path: /x, pathType: Prefix, backend: {serviceName: web, servicePort: 80}}]}}], tls: [{hosts: [c.d]}], backend: {serviceName: web, servicePort: http}',
    );
    for (const text of [now, old]) {
      expect(problemsOf(text)).toEqual([]);
      expect(read(text).ingresses[0]).toMatchObject({
        rules: [
          {
            host: '*.a.b',
            paths: [{ path: '/x', pathType: 'Prefix', backend: { service: { name: 'web', port: 80 } } }],
          },
        ],
        defaultBackend: { service: { port: 'http' } },
        tlsHosts: ['c.d'],
        hasTls: true,
      });
    }
  });

  test.each([
    ['', 'RF2003 has neither `rules` nor `defaultBackend`'],
    ['defaultBackend: {}', 'RF2003 is empty'],
    ['defaultBackend: {service: {name: a, port: {}}}', 'RF2003 is empty'],
    ['defaultBackend: {service: {name: a, port: {name: a, number: 1}}}', 'RF2009 only one of'],
    ['rules: [{host: 1.2.3.4}]', 'RF2004 not an address'],
    ['rules: [{host: A.b}]', 'RF2004 lower case'],
    [`rules: [{http: {paths: [{path: /x, ${backend}}]}}]`, 'RF2003 pathType` is missing'],
    [`rules: [{http: {paths: [{path: x, pathType: Exact, ${backend}}]}}]`, 'RF2004 must begin with `/`'],
  ])('{%s} is refused', (spec, expected) => {
    expectProblem(ingress(spec), expected);
  });

  test('IngressClass', () => {
    const text =
      '{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: c, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}, spec: {controller: a/b}}';
    expect(read(text).ingressClasses).toMatchObject([{ controller: 'a/b', isDefault: true }]);
  });
});

describe('Gateway API', () => {
  test('a Gateway and its defaults', () => {
    const text = gateway(
      'Gateway',
      `gatewayClassName: c, listeners: [{name: a, port: 80, protocol: HTTP}, {name: b, port: 443, protocol: HTTPS, hostname: "*.a.b", tls: {},
        allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {x: one}}}, kinds: [{kind: HTTPRoute}]}}]`,
      ', status: {addresses: [{value: 1.2.3.4}]}',
    );
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).gateways[0]).toMatchObject({
      listeners: [
        { allowedNamespaces: 'Same', allowedKinds: [] },
        {
          hostname: '*.a.b',
          tlsMode: 'Terminate',
          allowedNamespaces: { requirements: [{ key: 'x' }] },
          allowedKinds: ['gateway.networking.k8s.io/HTTPRoute'],
        },
      ],
      statusAddresses: ['1.2.3.4'],
      allowedListenerNamespaces: 'None',
    });
  });

  test('a route and its defaults, mirrors and status', () => {
    const text = gateway(
      'HTTPRoute',
      `parentRefs: [{name: g}, {name: h, namespace: edge, sectionName: s}], hostnames: [a.b], rules: [{matches: [{method: GET, path: {value: /orders}}, {path: {type: Exact, value: /x}}],
        filters: [{type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}}}], backendRefs: [{name: web, port: 80, weight: 0}, {name: api, namespace: other, port: 81}]}]`,
      ', status: {parents: [{parentRef: {name: g}, conditions: [{type: Accepted, status: "True"}]}, {parentRef: {name: h, namespace: edge, sectionName: s}, conditions: [{type: Accepted, status: "False"}]}]}',
    );
    expect(problemsOf(text)).toEqual([]);
    const found = read(text).routes[0];
    expect(found).toMatchObject({
      parents: [
        { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'shop', name: 'g' },
        { namespace: 'edge', sectionName: 's' },
      ],
      rules: [
        {
          matches: ['GET /orders/*', '/x'],
          backends: [
            { name: 'copy', mirror: true },
            { group: '', kind: 'Service', namespace: 'shop', name: 'web', weight: 0, mirror: false },
            { namespace: 'other', weight: 1 },
          ],
        },
      ],
    });
    expect([...(found?.accepted ?? [])]).toEqual([
      ['0', true],
      ['1', false],
    ]);
  });

  test.each([
    [
      'gateway.networking.k8s.io/v1',
      'GRPCRoute',
      'rules: [{matches: [{method: {service: a.B}}], backendRefs: [{name: x, port: 1}]}]',
      'a.B/*',
    ],
    ['gateway.networking.k8s.io/v1alpha2', 'TLSRoute', 'rules: [{backendRefs: [{name: x, port: 1}]}]', undefined],
    ['gateway.networking.k8s.io/v1alpha3', 'TLSRoute', 'rules: [{backendRefs: [{name: x, port: 1}]}]', undefined],
    ['gateway.networking.k8s.io/v1alpha2', 'TCPRoute', 'rules: [{backendRefs: [{name: x, port: 1}]}]', undefined],
    ['gateway.networking.k8s.io/v1', 'UDPRoute', 'rules: [{backendRefs: [{name: x, port: 1}]}]', undefined],
  ])('%s %s', (apiVersion, kind, spec, match) => {
    const text = object(apiVersion, kind, spec);
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).routes[0]).toMatchObject({ kind, rules: [{ matches: match === undefined ? [] : [match] }] });
  });

  test('a ListenerSet, in both of its groups', () => {
    const spec = 'parentRef: {name: g}, listeners: [{name: a, port: 80, protocol: HTTP}]';
    const text = `${gateway('ListenerSet', spec)}\n---\n${object('gateway.networking.x-k8s.io/v1alpha1', 'XListenerSet', spec)}`;
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).listenerSets).toMatchObject([
      { kind: 'ListenerSet', parent: { name: 'g', namespace: 'shop' } },
      { kind: 'XListenerSet' },
    ]);
  });

  test('a ReferenceGrant', () => {
    const text = object(
      'gateway.networking.k8s.io/v1beta1',
      'ReferenceGrant',
      'from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: a}], to: [{group: "", kind: Service}]',
    );
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).referenceGrants[0]).toMatchObject({
      from: [{ namespace: 'a' }],
      to: [{ group: '', kind: 'Service' }],
    });
  });

  test.each([
    [gateway('Gateway', 'gatewayClassName: c'), 'RF2003 listeners` is missing'],
    [gateway('Gateway', 'gatewayClassName: c, listeners: []'), 'RF2014 at least 1'],
    [gateway('Gateway', 'listeners: [{name: a, port: 80, protocol: HTTP}]'), 'RF2003 gatewayClassName` is missing'],
    [gateway('Gateway', 'gatewayClassName: c, listeners: [{name: a, port: 0, protocol: HTTP}]'), 'RF2008 1 to 65535'],
    [gateway('HTTPRoute', 'rules: [{backendRefs: [{name: a}]}]'), 'RF2003 port` is missing'],
    [gateway('HTTPRoute', 'rules: [{backendRefs: [{name: a, port: 1, weight: -1}]}]'), 'RF2004 must be 0 to 1000000'],
    [gateway('HTTPRoute', 'hostnames: ["*"]'), 'RF2004 is `*`'],
    [gateway('HTTPRoute', 'useDefaultGateways: All'), 'RF3009 attaches routes to gateways'],
  ])('%s is reported', (text, expected) => {
    expectProblem(text, expected);
  });
});

describe('OpenShift Route', () => {
  test('is read with its defaults', () => {
    const text = object(
      'route.openshift.io/v1',
      'Route',
      'host: a.b, to: {name: web}, alternateBackends: [{kind: Service, name: old, weight: 0}], port: {targetPort: http}, tls: {termination: edge}',
      ', status: {ingress: [{conditions: [{type: Admitted, status: "True"}]}]}',
    );
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).openShiftRoutes[0]).toMatchObject({
      backends: [
        { service: 'web', weight: 100 },
        { service: 'old', weight: 0 },
      ],
      targetPort: 'http',
      termination: 'edge',
      insecurePolicy: 'None',
      wildcard: false,
      admitted: true,
    });
  });

  test('without tls it is plain HTTP; without status nothing is known of admission', () => {
    const found = read(route('to: {kind: Service, name: web}')).openShiftRoutes[0];
    expect(found).toMatchObject({ insecurePolicy: 'Allow' });
    expect(found?.admitted).toBeUndefined();
  });

  test.each([
    ['host: a', 'RF2003 `spec.to.name` is missing'],
    ['to: {kind: Pod, name: a}', 'RF2004 is `Pod`'],
    ['to: {name: a, weight: 257}', 'RF2004 must be 0 to 256'],
    ['to: {name: a}, tls: {}', 'RF2003 termination` is missing'],
    ['to: {name: a}, tls: {termination: passthrough, insecureEdgeTerminationPolicy: Allow}', 'RF2004 with passthrough'],
    ['to: {name: a}, port: {targetPort: 0}', 'RF2008 must be a port name'],
  ])('{%s} is refused', (spec, expected) => {
    expect(problemsOf(route(spec)).join('\n')).toContain(expected.slice(7));
    expect(read(route(spec)).openShiftRoutes).toEqual([]);
  });
});
