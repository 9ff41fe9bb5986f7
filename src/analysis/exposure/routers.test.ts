import { describe, expect, test } from 'vitest';
import { deployment, exposuresIn, lineOf, policy, service } from './cluster.test-support.ts';

const WEB = deployment('shop/web');
const WEB_SERVICE = service('shop/web');
const NGINX = deployment('edge/nginx', {
  port: 'http:80',
  labels: ', app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller',
});
const NGINX_CLASS =
  'apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: nginx}\nspec: {controller: k8s.io/ingress-nginx}';
const NGINX_SERVICE = service(
  'edge/nginx',
  'type: LoadBalancer, externalTrafficPolicy: Local, allocateLoadBalancerNodePorts: false',
);
const CONTROLLER = [NGINX, NGINX_CLASS, NGINX_SERVICE];
const DENY = policy('shop/deny', 'policyTypes: [Ingress]');
const NAMESPACES = ['shop', 'edge'].map(
  (name) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {team: ${name}}}`,
);

function ingress({ name = 'shop/web', className = 'nginx', more = '', annotations = '' } = {}): string {
  const [namespace, own] = name.split('/');
  const classText = className === '' ? '' : `ingressClassName: ${className},`;
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${own}, namespace: ${namespace}, annotations: {${annotations}}}
spec: {${classText} ${more} rules: [{host: shop.example.com, http: {paths: [{path: /cart, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}`;
}

function through(kind: string, documents: readonly string[]): string[] {
  return exposuresIn(documents)
    .filter((exposure) => exposure.through.startsWith(kind))
    .map(lineOf);
}

describe('Ingress: two legs', () => {
  const base = [WEB, WEB_SERVICE, ...CONTROLLER, ...NAMESPACES];
  const fromEdge = policy('shop/edge', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: edge}}}]}]');
  const fromClients = policy(
    'shop/clients',
    'ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10]}}]}]',
  );
  const closedEdge = policy('edge/deny', 'policyTypes: [Ingress]');
  const heldBack = policy('edge/egress', 'policyTypes: [Egress]');
  const cases: [string, readonly string[], string][] = [
    ['nothing isolates', [], 'internet http://shop.example.com/cart -> shop/Deployment/web:8080 allowed'],
    [
      'the backend admits the controller',
      [fromEdge],
      'internet http://shop.example.com/cart -> shop/Deployment/web:8080 allowed',
    ],
    ['the backend admits nobody', [DENY], 'internet http://shop.example.com/cart -> shop/Deployment/web:8080 denied'],
    [
      'the backend never sees clients',
      [fromClients],
      'internet http://shop.example.com/cart -> shop/Deployment/web:8080 denied',
    ],
    [
      'the controller admits nobody',
      [closedEdge],
      'internet http://shop.example.com/cart -> shop/Deployment/web:8080 denied',
    ],
    [
      'the controller may not send',
      [heldBack],
      'internet http://shop.example.com/cart -> shop/Deployment/web:8080 denied',
    ],
  ];
  test.each(cases)('%s', (_, policies, expected) => {
    expect(through('Ingress', [...base, ingress(), ...policies])).toEqual([expected]);
  });

  test('how the controller was found is told', () => {
    const found = exposuresIn([...base, ingress()]).find((exposure) => exposure.through.startsWith('Ingress'));
    expect(found?.notes.join('\n')).toContain('edge/Deployment/nginx by app.kubernetes.io/name=ingress-nginx');
    expect(found?.notes.join('\n')).toContain('clients come by Service edge/nginx (LoadBalancer)');
  });

  test('gotcha 14: TLS is asked for at https and ends at the controller', () => {
    const secure = ingress({ more: 'tls: [{hosts: [shop.example.com], secretName: s}],' });
    const found = exposuresIn([...base, secure]).find((exposure) => exposure.through.startsWith('Ingress'));
    expect(found).toMatchObject({ at: 'https://shop.example.com/cart', port: 443 });
    expect(found?.notes).toContain('TLS ends at the controller');
  });

  test('gotcha 10: the backend is in the namespace of the Ingress', () => {
    const [line] = through('Ingress', [...base, ingress({ name: 'edge/web' })]);
    expect(line).toBe('internet http://shop.example.com/cart -> svc:edge/web unknown');
  });
});

describe('Ingress: whose it is', () => {
  const defaultClass = NGINX_CLASS.replace(
    '{name: nginx}',
    '{name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}',
  );
  const cases: [string, readonly string[], string, string][] = [
    [
      'default class',
      [NGINX, defaultClass, NGINX_SERVICE, ingress({ className: '' })],
      'the default class nginx',
      'allowed',
    ],
    [
      'old annotation',
      [...CONTROLLER, ingress({ className: '', annotations: 'kubernetes.io/ingress.class: nginx' })],
      'class nginx with controller',
      'allowed',
    ],
    ['class object not in the input', [NGINX, NGINX_SERVICE, ingress()], 'class nginx, by its name', 'allowed'],
    [
      'no class, one controller',
      [NGINX, NGINX_SERVICE, ingress({ className: '' })],
      'ingress-nginx is deployed',
      'allowed',
    ],
    ['no controller, open backend', [ingress()], 'pods are not in the input', 'allowed'],
    ['no controller, closed backend', [ingress(), DENY], 'pods are not in the input', 'denied'],
    [
      'no controller, rules tell sources apart',
      [ingress(), policy('shop/some', 'ingress: [{from: [{podSelector: {}}]}]')],
      'pods are not in the input',
      'unknown',
    ],
    [
      'unknown class',
      [ingress({ className: 'ours' }), policy('shop/some', 'ingress: [{from: [{podSelector: {}}]}]')],
      'class ours',
      'unknown',
    ],
  ];
  test.each(cases)('%s', (_, documents, evidence, verdict) => {
    const found = exposuresIn([WEB, WEB_SERVICE, ...documents]).find((exposure) =>
      exposure.through.startsWith('Ingress'),
    );
    expect(found?.notes.join('\n')).toContain(evidence);
    expect(found?.verdict).toBe(verdict);
  });

  test('gotcha 19: Application Gateway sends from the virtual network', () => {
    const agic = ingress({ className: 'azure-application-gateway' });
    const subnet = policy('shop/subnet', 'ingress: [{from: [{ipBlock: {cidr: 10.3.0.0/24}}]}]');
    const vnet = policy('shop/vnet', 'ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]');
    expect(through('Ingress', [WEB, WEB_SERVICE, agic, vnet])[0]).toMatch(/^internet .* allowed$/);
    expect(through('Ingress', [WEB, WEB_SERVICE, agic, subnet])[0]).toMatch(/^internet .* unknown$/);
    const inner = ingress({
      className: 'azure-application-gateway',
      annotations: 'appgw.ingress.kubernetes.io/use-private-ip: "true"',
    });
    expect(through('Ingress', [WEB, WEB_SERVICE, inner])[0]).toMatch(/^network /);
  });

  test('an internal controller makes an internal Ingress', () => {
    const internal = service(
      'edge/nginx',
      'type: LoadBalancer',
      'service.beta.kubernetes.io/azure-load-balancer-internal: "true"',
    );
    expect(through('Ingress', [WEB, WEB_SERVICE, NGINX, NGINX_CLASS, internal, ingress()])[0]).toMatch(/^network /);
    expect(through('Ingress', [WEB, WEB_SERVICE, NGINX, NGINX_CLASS, service('edge/nginx'), ingress()])[0]).toMatch(
      /^cluster /,
    );
  });
});

function asPattern(expected: string | RegExp): RegExp {
  return expected instanceof RegExp ? expected : new RegExp(`^${expected.replace(/[.*+?()[\]{}|\\^$]/g, '\\$&')}$`);
}

const PROXY = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: proxy, namespace: edge}
spec:
  selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: gw}}
  template:
    metadata: {labels: {gateway.networking.k8s.io/gateway-name: gw}}
    spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: proxy, namespace: edge}
spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, externalTrafficPolicy: Local, selector: {gateway.networking.k8s.io/gateway-name: gw}, ports: [{port: 80}]}`;

function gateway(listener = '', spec = ''): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: edge}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP${listener === '' ? '' : `, ${listener}`}}]${spec === '' ? '' : `, ${spec}`}}`;
}

interface RouteParts {
  readonly namespace?: string;
  readonly kind?: string;
  readonly parent?: string;
  readonly backend?: string;
  readonly hostnames?: string;
  readonly status?: string;
}

function route({
  namespace = 'shop',
  kind = 'HTTPRoute',
  parent = '',
  backend = '',
  hostnames = '',
  status = '',
}: RouteParts = {}): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: web, namespace: ${namespace}}
spec:
  parentRefs: [{name: gw, namespace: edge${parent}}]
  ${hostnames === '' ? '' : `hostnames: [${hostnames}]`}
  rules: [{backendRefs: [{name: web, port: 80${backend}}]}]
${status}`;
}

const ALL = 'allowedRoutes: {namespaces: {from: All}}';
const OPEN = 'internet http://*/* -> shop/Deployment/web:8080 allowed';
const STATUS = (value: string): string =>
  `status: {parents: [{parentRef: {name: gw, namespace: edge}, controllerName: x, conditions: [{type: Accepted, status: "${value}"}]}]}`;

describe('Gateway API: attachment', () => {
  const cases: [string, string, string, string | RegExp][] = [
    ['all namespaces', gateway(ALL), route(), OPEN],
    ['gotcha 11: its own namespace by default', gateway(), route(), /^none .*/],
    [
      'by label',
      gateway('allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: shop}}}}'),
      route(),
      OPEN,
    ],
    [
      'by label, not carried',
      gateway('allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: other}}}}'),
      route(),
      /^none /,
    ],
    ['by section', gateway(ALL), route({ parent: ', sectionName: http' }), OPEN],
    ['by a section that is not there', gateway(ALL), route({ parent: ', sectionName: other' }), /^none /],
    ['by port', gateway(ALL), route({ parent: ', port: 80' }), OPEN],
    ['by another port', gateway(ALL), route({ parent: ', port: 81' }), /^none /],
    ['a kind that the protocol does not carry', gateway(ALL), route({ kind: 'TCPRoute' }), /^none /],
    [
      'a kind that is not listed',
      gateway('allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}'),
      route(),
      /^none /,
    ],
    [
      'hostnames that meet',
      gateway(`${ALL}, hostname: "*.example.com"`),
      route({ hostnames: 'a.b.example.com' }),
      'internet http://a.b.example.com/* -> shop/Deployment/web:8080 allowed',
    ],
    [
      'hostnames that do not meet',
      gateway(`${ALL}, hostname: "*.example.com"`),
      route({ hostnames: 'example.com' }),
      /^none /,
    ],
    ['status knows: not accepted', gateway(ALL), route({ status: STATUS('False') }), /^none /],
    ['status knows: accepted', gateway(), route({ status: STATUS('True') }), OPEN],
    ['gotcha 13: weight 0', gateway(ALL), route({ backend: ', weight: 0' }), /^none /],
    [
      'a parent that is not in the input',
      '',
      route({ parent: '', backend: '' }),
      'internet https://*/* -> shop/Deployment/web:8080 allowed',
    ],
  ];
  test.each(cases)('%s', (_, front, own, expected) => {
    const lines = through(own.includes('TCPRoute') ? 'TCPRoute' : 'HTTPRoute', [
      WEB,
      WEB_SERVICE,
      PROXY,
      ...NAMESPACES,
      front,
      own,
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(asPattern(expected));
  });

  test('policy at the backend decides about the proxy, not about clients', () => {
    const fromProxy = policy('shop/proxy', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: edge}}}]}]');
    const base = [WEB, WEB_SERVICE, PROXY, ...NAMESPACES, gateway(ALL), route()];
    expect(through('HTTPRoute', [...base, fromProxy])).toEqual([OPEN]);
    expect(through('HTTPRoute', [...base, DENY])).toEqual([OPEN.replace('allowed', 'denied')]);
  });

  test('a namespace whose labels are not in the input may be refused', () => {
    const selective = gateway('allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: shop}}}}');
    const found = exposuresIn([WEB, WEB_SERVICE, PROXY, selective, route()]).find((exposure) =>
      exposure.through.startsWith('HTTPRoute'),
    );
    expect(found).toMatchObject({ scope: 'internet', verdict: 'unknown', reasons: ['labels-unknown'] });
  });

  test('why it is not attached is told', () => {
    const [found] = exposuresIn([WEB, WEB_SERVICE, PROXY, ...NAMESPACES, gateway(), route()]).filter(
      ({ scope }) => scope === 'none',
    );
    expect(found?.notes[0]).toBe('not attached: listener http admits its own namespace only');
  });
});

describe('Gateway API: references', () => {
  const cross = route({ namespace: 'edge', backend: ', namespace: shop' });
  const grant = (to = '{group: "", kind: Service}', from = 'edge'): string => `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: shop}
spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: ${from}}], to: [${to}]}`;
  const cases: [string, readonly string[], string][] = [
    ['gotcha 10: no grant, no exposure', [], 'none'],
    ['a grant', [grant()], 'internet'],
    ['a grant for this Service', [grant('{group: "", kind: Service, name: web}')], 'internet'],
    ['a grant for another Service', [grant('{group: "", kind: Service, name: other}')], 'none'],
    ['a grant for another namespace', [grant(undefined, 'other')], 'none'],
  ];
  test.each(cases)('%s', (_, grants, scope) => {
    const found = exposuresIn([WEB, WEB_SERVICE, PROXY, gateway(), cross, ...grants]).find((exposure) =>
      exposure.through.startsWith('HTTPRoute'),
    );
    expect(found?.scope).toBe(scope);
  });

  test('a mirror gets traffic too', () => {
    const mirrored = route().replace(
      'rules: [{',
      'rules: [{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}}}], ',
    );
    const lines = through('HTTPRoute', [
      WEB,
      WEB_SERVICE,
      deployment('shop/copy'),
      service('shop/copy'),
      PROXY,
      gateway(ALL),
      mirrored,
    ]);
    expect(lines).toEqual([OPEN.replace('web', 'copy'), OPEN]);
  });

  test('gotcha 12: a ListenerSet is taken only where the Gateway says so', () => {
    const set = `
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: more, namespace: shop}
spec: {parentRef: {name: gw, namespace: edge}, listeners: [{name: own, port: 80, protocol: HTTP, hostname: own.example.com}]}`;
    const own = route().replace('{name: gw, namespace: edge}', '{kind: ListenerSet, name: more}');
    const base = [WEB, WEB_SERVICE, PROXY, set, own];
    expect(through('HTTPRoute', [...base, gateway()])[0]).toMatch(/^none /);
    expect(through('HTTPRoute', [...base, gateway('', 'allowedListeners: {namespaces: {from: All}}')])[0]).toBe(
      'internet http://own.example.com/* -> shop/Deployment/web:8080 allowed',
    );
    const taken = gateway('hostname: own.example.com', 'allowedListeners: {namespaces: {from: All}}');
    expect(through('HTTPRoute', [...base, taken])[0]).toMatch(/^none /);
  });

  test('gotcha 22: passthrough is told', () => {
    const tls = gateway()
      .replace('protocol: HTTP', `protocol: TLS, tls: {mode: Passthrough}, ${ALL}`)
      .replace('port: 80', 'port: 443');
    const own = route({ kind: 'TLSRoute', hostnames: 'db.example.com' });
    const found = exposuresIn([WEB, WEB_SERVICE, PROXY, tls, own]).find((exposure) =>
      exposure.through.startsWith('TLSRoute'),
    );
    expect(found).toMatchObject({ at: 'db.example.com:443' });
    expect(found?.notes).toContain('TLS goes through to the pod');
  });

  test('a Service as parent is mesh routing and no exposure', () => {
    const mesh = route().replace('{name: gw, namespace: edge}', '{group: "", kind: Service, name: web}');
    expect(through('HTTPRoute', [WEB, WEB_SERVICE, mesh])).toEqual([]);
  });
});

describe('OpenShift Route', () => {
  const ROUTER = deployment('openshift-ingress/router', {
    port: 'http:80',
    labels: ', ingresscontroller.operator.openshift.io/deployment-ingresscontroller: default',
  });
  const ROUTER_SERVICE = service(
    'openshift-ingress/router',
    'type: LoadBalancer, externalTrafficPolicy: Local, allocateLoadBalancerNodePorts: false',
  );
  const openShiftRoute = (spec = '', status = ''): string => `
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec: {host: shop.example.com, to: {kind: Service, name: web}${spec === '' ? '' : `, ${spec}`}}
${status}`;
  const admitted = (value: string): string =>
    `status: {ingress: [{conditions: [{type: Admitted, status: "${value}"}]}]}`;
  const target = '-> shop/Deployment/web:8080 allowed';
  const cases: [string, string, (string | RegExp)[]][] = [
    ['plain', openShiftRoute(), [`internet http://shop.example.com/ ${target}`]],
    ['edge', openShiftRoute('tls: {termination: edge}'), [`internet https://shop.example.com/ ${target}`]],
    [
      'edge, insecure allowed',
      openShiftRoute('tls: {termination: edge, insecureEdgeTerminationPolicy: Allow}'),
      [`internet http://shop.example.com/ ${target}`, `internet https://shop.example.com/ ${target}`],
    ],
    ['gotcha 13: not admitted', openShiftRoute('', admitted('False')), [/^none /]],
    ['admitted', openShiftRoute('', admitted('True')), [`internet http://shop.example.com/ ${target}`]],
    ['number of the pods', openShiftRoute('port: {targetPort: 8080}'), [`internet http://shop.example.com/ ${target}`]],
    ['a port that is not there', openShiftRoute('port: {targetPort: 9999}'), [/^none /]],
    ['weight 0', openShiftRoute().replace('name: web}', 'name: web, weight: 0}'), [/^none /]],
  ];
  test.each(cases)('%s', (_, own, expected) => {
    const lines = through('Route', [WEB, WEB_SERVICE, ROUTER, ROUTER_SERVICE, own]);
    expect(lines).toHaveLength(expected.length);
    for (const [index, want] of expected.entries()) expect(lines[index]).toMatch(asPattern(want));
  });
});
