import { describe, expect, test } from 'vitest';
import type { Verdict } from '#model/verdict.ts';
import { NO_LABELS } from '#parse/kubernetes/reader.ts';
import { type AskerOptions, namespace, policy } from '../../ask.test-support.ts';
import { encryptionSources } from '../layer.ts';
import {
  ambient,
  ask,
  authorization,
  bare,
  destinationRule,
  istioObject,
  meshConfig,
  peerAuthentication,
  STRICT,
  service,
  sidecar,
} from './istio.test-support.ts';

/** The surprises of Istio by their number: a small mesh and what is asked of it. */
interface Gotcha {
  readonly number: number;
  readonly title: string;
  readonly given: readonly string[];
  readonly options?: AskerOptions;
  /** `from to traffic` and the verdict. */
  readonly asked: Readonly<Record<string, Verdict>>;
}

const WEB = sidecar('shop/web');
const API = sidecar('shop/api');
const OLD = bare('shop/old');
const API_HTTP = service('shop/api', 'http:80:8080');
const API_TCP = service('shop/api', 'tcp:80:8080');
const ON_API = 'selector: {matchLabels: {app: api}}';
const FROM_WEB = 'rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]}]';
const NO_REQUEST = { kind: 'http', headers: NO_LABELS } as const;

const CASES: readonly Gotcha[] = [
  {
    number: 1,
    title: 'one ALLOW policy closes a workload, one of the mesh closes all',
    given: [WEB, API, OLD, API_HTTP, authorization('shop/a', `${ON_API}, ${FROM_WEB}`)],
    asked: {
      'shop/web shop/api TCP/8080': 'allowed',
      'shop/old shop/api TCP/8080': 'denied',
      'shop/old shop/web TCP/8080': 'allowed',
    },
  },
  {
    number: 1,
    title: 'an ALLOW policy of the root namespace is for every namespace',
    given: [WEB, sidecar('other/db'), authorization('istio-system/a', 'rules: [{to: [{operation: {ports: ["80"]}}]}]')],
    asked: {
      'shop/web other/db TCP/80': 'allowed',
      'shop/web other/db TCP/81': 'denied',
      'shop/web other/db UDP/81': 'allowed',
    },
  },
  {
    number: 2,
    title: 'no rules: nothing passes',
    given: [WEB, API, authorization('shop/a', '')],
    asked: { 'shop/web shop/api TCP/80': 'denied', 'shop/web shop/api UDP/80': 'allowed' },
  },
  {
    number: 2,
    title: 'one empty rule: everything passes',
    given: [WEB, API, authorization('shop/a', 'rules: [{}]')],
    asked: { 'shop/web shop/api TCP/80': 'allowed' },
  },
  {
    number: 2,
    title: 'DENY without rules denies nothing',
    given: [WEB, API, authorization('shop/a', 'action: DENY')],
    asked: { 'shop/web shop/api TCP/80': 'allowed' },
  },
  {
    number: 2,
    title: 'DENY with one empty rule denies everything',
    given: [WEB, API, authorization('shop/a', 'action: DENY, rules: [{}]')],
    asked: { 'shop/web shop/api TCP/80': 'denied' },
  },
  {
    number: 3,
    title: 'STRICT lets any workload of the mesh in',
    given: [WEB, API, OLD, API_HTTP, sidecar('evil/any'), STRICT],
    asked: {
      'evil/any shop/api TCP/8080': 'allowed',
      'shop/old shop/api TCP/8080': 'denied',
      '203.0.113.9 shop/api TCP/8080': 'denied',
    },
  },
  {
    number: 4,
    title: 'PERMISSIVE and a rule about principals: plaintext is denied by ALLOW',
    given: [
      WEB,
      API,
      OLD,
      API_HTTP,
      authorization('shop/a', `${ON_API}, rules: [{from: [{source: {principals: ["*"]}}]}]`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/old shop/api TCP/8080': 'denied' },
  },
  {
    number: 5,
    title: 'DENY with notPrincipals or notNamespaces catches plaintext',
    given: [
      WEB,
      API,
      OLD,
      API_HTTP,
      authorization('shop/a', `${ON_API}, action: DENY, rules: [{from: [{source: {notNamespaces: [shop]}}]}]`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/old shop/api TCP/8080': 'denied' },
  },
  {
    number: 6,
    title: 'namespaces mean the identity of the client, not its pod',
    given: [
      WEB,
      API,
      OLD,
      API_HTTP,
      authorization('shop/a', `${ON_API}, rules: [{from: [{source: {namespaces: [shop]}}]}]`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/old shop/api TCP/8080': 'denied' },
  },
  {
    number: 7,
    title: 'DENY of a method on a TCP port blocks everything at a sidecar',
    given: [
      WEB,
      API,
      API_TCP,
      authorization('shop/a', 'action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied', 'shop/api shop/web TCP/80': 'allowed' },
  },
  {
    number: 7,
    title: 'on an HTTP port it stops those requests only',
    given: [
      WEB,
      API,
      API_HTTP,
      authorization('shop/a', 'action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed' },
  },
  {
    number: 7,
    title: 'on an HTTP port the request decides',
    given: [
      WEB,
      API,
      API_HTTP,
      authorization('shop/a', 'action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]'),
    ],
    options: { request: { ...NO_REQUEST, method: 'DELETE' } },
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    number: 7,
    title: 'ztunnel denies nothing for a method, and a whole port where the rule has one',
    given: [
      ambient('shop/web'),
      ambient('shop/api'),
      ambient('shop/db'),
      authorization('shop/a', `${ON_API}, action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]`),
      authorization(
        'shop/b',
        'selector: {matchLabels: {app: db}}, action: DENY, rules: [{to: [{operation: {ports: ["80"], methods: [DELETE]}}]}]',
      ),
    ],
    asked: {
      'shop/web shop/api TCP/80': 'allowed',
      'shop/web shop/db TCP/80': 'denied',
      'shop/web shop/db TCP/81': 'allowed',
    },
  },
  {
    number: 7,
    title: 'ztunnel leaves an ALLOW rule about requests out, and its policy still closes',
    given: [
      ambient('shop/web'),
      ambient('shop/api'),
      authorization('shop/a', `${ON_API}, rules: [{to: [{operation: {methods: [GET]}}]}]`),
    ],
    asked: { 'shop/web shop/api TCP/80': 'denied', 'shop/api shop/web TCP/80': 'allowed' },
  },
  {
    number: 8,
    title: 'a selector in the root namespace works for AuthorizationPolicy',
    given: [WEB, API, authorization('istio-system/a', `${ON_API}, action: DENY, rules: [{}]`)],
    asked: { 'shop/web shop/api TCP/80': 'denied', 'shop/api shop/web TCP/80': 'allowed' },
  },
  {
    number: 8,
    title: 'and not for PeerAuthentication',
    given: [API, OLD, peerAuthentication('istio-system/a', `${ON_API}, mtls: {mode: STRICT}`)],
    asked: { 'shop/old shop/api TCP/80': 'allowed' },
  },
  {
    number: 9,
    title: 'of two for one workload the oldest counts, and ports are not merged',
    given: [
      API,
      OLD,
      peerAuthentication(
        'shop/new',
        `${ON_API}, mtls: {mode: STRICT}, portLevelMtls: {9090: {mode: STRICT}} ## creationTimestamp: "2026-02-01T00:00:00Z"`,
      ),
      peerAuthentication(
        'shop/old',
        `${ON_API}, mtls: {mode: PERMISSIVE} ## creationTimestamp: "2026-01-01T00:00:00Z"`,
      ),
    ],
    asked: { 'shop/old shop/api TCP/80': 'allowed', 'shop/old shop/api TCP/9090': 'allowed' },
  },
  {
    number: 9,
    title: 'without times it is not known which one counts',
    given: [
      API,
      OLD,
      peerAuthentication('shop/a', `${ON_API}, mtls: {mode: STRICT}`),
      peerAuthentication('shop/b', `${ON_API}, mtls: {mode: PERMISSIVE}`),
    ],
    asked: { 'shop/old shop/api TCP/80': 'unknown' },
  },
  {
    number: 10,
    title: 'portLevelMtls and ports of rules are those of the container',
    given: [
      API,
      OLD,
      API_HTTP,
      peerAuthentication('shop/a', `${ON_API}, mtls: {mode: PERMISSIVE}, portLevelMtls: {80: {mode: STRICT}}`),
    ],
    asked: { 'shop/old shop/api TCP/8080': 'allowed', 'shop/old shop/api TCP/80': 'denied' },
  },
  {
    number: 10,
    title: 'a DENY of the Service port does not meet the pod',
    given: [
      WEB,
      API,
      API_HTTP,
      authorization('shop/a', `${ON_API}, action: DENY, rules: [{to: [{operation: {ports: ["80"]}}]}]`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/web shop/api TCP/80': 'denied' },
  },
  {
    number: 11,
    title: 'UNSET inherits',
    given: [
      API,
      OLD,
      STRICT,
      peerAuthentication('shop/a', `${ON_API}, mtls: {mode: UNSET}, portLevelMtls: {9090: {mode: UNSET}}`),
    ],
    asked: { 'shop/old shop/api TCP/80': 'denied', 'shop/old shop/api TCP/9090': 'denied' },
  },
  {
    number: 12,
    title: 'a DestinationRule with DISABLE breaks traffic to a STRICT server',
    given: [WEB, API, API_HTTP, STRICT, destinationRule('shop/a', 'host: api, trafficPolicy: {tls: {mode: DISABLE}}')],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    number: 12,
    title: 'and gives plaintext to a PERMISSIVE one',
    given: [
      WEB,
      API,
      API_HTTP,
      destinationRule('shop/a', 'host: api, trafficPolicy: {tls: {mode: DISABLE}}'),
      authorization('shop/a', `${ON_API}, ${FROM_WEB}`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    number: 12,
    title: 'a namespace with DISABLE and a STRICT workload: clients infer plaintext and are refused',
    given: [
      WEB,
      API,
      API_HTTP,
      peerAuthentication('shop/ns', 'mtls: {mode: DISABLE}'),
      peerAuthentication('shop/api', `${ON_API}, mtls: {mode: STRICT}`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    number: 13,
    title: 'a traffic policy without tls keeps automatic mutual TLS',
    given: [
      WEB,
      API,
      API_HTTP,
      STRICT,
      destinationRule('shop/a', 'host: api, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed' },
  },
  {
    number: 13,
    title: 'a port entry without tls takes the outer tls away, by the port of the Service',
    given: [
      WEB,
      API,
      service('shop/api', 'http:80:8080', 'http-b:81:8081'),
      STRICT,
      destinationRule(
        'shop/a',
        'host: api, trafficPolicy: {tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {maxConnections: 1}}}]}',
      ),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/web shop/api TCP/8081': 'denied' },
  },
  {
    number: 13,
    title: 'a subset overrides tls only where it gives one',
    given: [
      WEB,
      API,
      API_HTTP,
      STRICT,
      destinationRule(
        'shop/a',
        'host: api, trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: v1, labels: {app: api}, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]',
      ),
      istioObject(
        'VirtualService',
        'shop/a',
        'hosts: [api], http: [{route: [{destination: {host: api, subset: v1}}]}]',
      ),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    number: 13,
    title: 'a subset with tls of its own',
    given: [
      WEB,
      API,
      API_HTTP,
      STRICT,
      destinationRule(
        'shop/a',
        'host: api, trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: v1, labels: {app: api}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]',
      ),
      istioObject(
        'VirtualService',
        'shop/a',
        'hosts: [api], http: [{route: [{destination: {host: api, subset: v1}}]}]',
      ),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed' },
  },
  {
    number: 14,
    title: 'an excluded inbound port has no policy of Istio at all',
    given: [
      sidecar('shop/api', { annotations: 'traffic.sidecar.istio.io/excludeInboundPorts: "9000"' }),
      OLD,
      STRICT,
      authorization('shop/a', 'action: DENY, rules: [{}]'),
    ],
    asked: { 'shop/old shop/api TCP/9000': 'allowed', 'shop/old shop/api TCP/9001': 'denied' },
  },
  {
    number: 15,
    title: 'ipBlocks see the last hop',
    given: [
      sidecar('edge/gw', { ip: '10.0.0.9' }),
      API,
      API_HTTP,
      authorization('shop/a', `${ON_API}, rules: [{from: [{source: {ipBlocks: ["203.0.113.0/24"]}}]}]`),
    ],
    asked: { 'edge/gw shop/api TCP/8080': 'denied', '203.0.113.9 shop/api TCP/8080': 'allowed' },
  },
  {
    number: 16,
    title: 'probes of the kubelet pass: to the agent of a sidecar, and past ztunnel',
    given: [API, ambient('shop/am'), STRICT],
    asked: {
      '198.51.100.1 shop/api TCP/15021': 'allowed',
      '198.51.100.1 shop/api TCP/15020': 'allowed',
      '169.254.7.127 shop/am TCP/8080': 'allowed',
      '169.254.7.128 shop/am TCP/8080': 'denied',
    },
  },
  {
    number: 17,
    title: 'between ambient pods NetworkPolicy sees TCP 15008',
    given: [
      ambient('shop/web'),
      ambient('shop/api'),
      bare('shop/out'),
      policy('shop/p', 'podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}]}]'),
    ],
    options: { profile: 'calico' },
    asked: { 'shop/web shop/api TCP/8080': 'denied', 'shop/out shop/api TCP/8080': 'allowed' },
  },
  {
    number: 17,
    title: 'and 15008 opens every port',
    given: [
      ambient('shop/web'),
      ambient('shop/api'),
      bare('shop/out'),
      policy('shop/p', 'podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 15008}]}]'),
    ],
    options: { profile: 'upstream' },
    asked: {
      'shop/web shop/api TCP/9999': 'allowed',
      'shop/out shop/api TCP/9999': 'denied',
      'shop/web shop/api UDP/53': 'denied',
    },
  },
  {
    number: 18,
    title: 'with sidecars the port stays what it is',
    given: [WEB, API, policy('shop/p', 'podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}]}]')],
    options: { profile: 'upstream' },
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/web shop/api TCP/15008': 'denied' },
  },
  {
    number: 19,
    title: 'principals of an alias of the trust domain still match',
    given: [
      WEB,
      API,
      API_HTTP,
      meshConfig('{trustDomain: new.example, trustDomainAliases: [old.example]}'),
      authorization('shop/a', `${ON_API}, rules: [{from: [{source: {principals: [old.example/ns/shop/sa/web]}}]}]`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed' },
  },
  {
    number: 19,
    title: 'those of another trust domain do not',
    given: [
      WEB,
      API,
      API_HTTP,
      meshConfig('{trustDomain: new.example}'),
      authorization('shop/a', `${ON_API}, rules: [{from: [{source: {principals: [old.example/ns/shop/sa/web]}}]}]`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    number: 20,
    title: 'AUDIT has no say',
    given: [WEB, API, authorization('shop/a', 'action: AUDIT, rules: [{}]')],
    asked: { 'shop/web shop/api TCP/80': 'allowed' },
  },
  {
    number: 20,
    title: 'CUSTOM may deny, and what it lets may still be denied',
    given: [
      WEB,
      API,
      meshConfig('{extensionProviders: [{name: opa, envoyExtAuthzGrpc: {service: opa.opa.svc, port: 9191}}]}'),
      authorization(
        'shop/a',
        'action: CUSTOM, provider: {name: opa}, rules: [{to: [{operation: {ports: ["80", "81"]}}]}]',
      ),
      authorization('shop/b', 'action: DENY, rules: [{to: [{operation: {ports: ["81"]}}]}]'),
    ],
    asked: {
      'shop/web shop/api TCP/80': 'unknown',
      'shop/web shop/api TCP/81': 'denied',
      'shop/web shop/api TCP/82': 'allowed',
    },
  },
  {
    number: 20,
    title: 'a provider that is not set up denies what the rule matches',
    given: [
      WEB,
      API,
      meshConfig('{extensionProviders: []}'),
      authorization('shop/a', 'action: CUSTOM, provider: {name: opa}, rules: [{to: [{operation: {ports: ["80"]}}]}]'),
    ],
    asked: { 'shop/web shop/api TCP/80': 'denied', 'shop/web shop/api TCP/82': 'allowed' },
  },
  {
    number: 21,
    title: 'a header on a TCP port takes an ALLOW rule away',
    given: [
      WEB,
      API,
      API_TCP,
      authorization('shop/a', `${ON_API}, rules: [{when: [{key: "request.headers[x]", values: ["1"]}]}]`),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    number: 22,
    title: 'paths are compared after they are normalised',
    given: [
      WEB,
      API,
      API_HTTP,
      authorization('shop/a', `${ON_API}, action: DENY, rules: [{to: [{operation: {paths: ["/admin/*"]}}]}]`),
    ],
    options: { request: { ...NO_REQUEST, path: '/public/../admin/users' } },
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    number: 23,
    title: 'a policy for a Service is for traffic to that Service only',
    given: [
      ambient('shop/web'),
      ambient('shop/api'),
      `${service('shop/api', 'http:80:8080').replace('namespace: shop}', 'namespace: shop, labels: {istio.io/use-waypoint: wp}}')}`,
      'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: wp, namespace: shop}\nspec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}',
      authorization('shop/a', 'targetRefs: [{kind: Service, group: "", name: api}], action: DENY, rules: [{}]'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied', 'shop/web shop/api TCP/9999': 'allowed' },
  },
  {
    number: 25,
    title: 'pods decide, not their namespace: host-network and pods without a proxy are outside',
    given: [
      namespace('shop', 'istio-injection: enabled'),
      WEB,
      bare('shop/job'),
      bare('shop/agent', { hostNetwork: true }),
      STRICT,
    ],
    asked: {
      'shop/job shop/web TCP/80': 'denied',
      'shop/web shop/job TCP/80': 'allowed',
      'shop/agent shop/web TCP/80': 'denied',
    },
  },
  {
    number: 26,
    title: 'a native sidecar is an init container that stays',
    given: [bare('shop/api', { proxy: 'init' }), OLD, STRICT],
    asked: { 'shop/old shop/api TCP/80': 'denied' },
  },
  {
    number: 27,
    title: 'RequestAuthentication alone lets requests without a token pass',
    given: [
      WEB,
      API,
      API_HTTP,
      'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {name: a, namespace: shop}\nspec: {jwtRules: [{issuer: i}]}',
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed' },
  },
];

describe('the surprises of Istio', () => {
  test.each(CASES)('$number: $title', ({ given, options, asked }) => {
    const asker = ask(given, options);
    for (const [question, verdict] of Object.entries(asked)) {
      const [from = '', to = '', traffic = ''] = question.split(' ');
      expect.soft(asker.verdict(from, to, traffic), question).toBe(verdict);
    }
  });

  test('12, 24: what the wire carries', () => {
    const entry = istioObject(
      'ServiceEntry',
      'shop/ext',
      'hosts: [api.example.com], addresses: ["203.0.113.0/24"], ports: [{number: 443, name: https, protocol: HTTPS}], resolution: NONE',
    );
    const rule = destinationRule('shop/ext', 'host: api.example.com, trafficPolicy: {tls: {mode: SIMPLE}}');
    const off = destinationRule('shop/plain', 'host: api, trafficPolicy: {tls: {mode: DISABLE}}');
    const documents = [WEB, API, sidecar('shop/db'), OLD, API_HTTP, service('shop/db', 'tcp:5432'), off, entry, rule];
    const { engine, points } = ask(documents);
    const [source] = encryptionSources(engine.compiling, engine.snapshot);
    const between = (from: string, to: string, traffic: number) =>
      source?.between({ from: points(from)[0]!, to: points(to)[0]!, traffic });
    expect(between('shop/web', 'shop/api', 8080)).toMatchObject({
      encryption: 'plaintext',
      hole: { kind: 'disabled' },
    });
    expect(between('shop/web', 'shop/db', 5432)).toMatchObject({
      encryption: 'mtls-opportunistic',
      hole: { kind: 'permissive' },
    });
    expect(between('shop/old', 'shop/db', 5432)).toMatchObject({
      encryption: 'plaintext',
      hole: { kind: 'outside-mesh' },
    });
    expect(between('shop/web', 'shop/old', 80)).toMatchObject({
      encryption: 'plaintext',
      hole: { kind: 'outside-mesh' },
    });
    expect(between('shop/web', '203.0.113.7', 443)).toMatchObject({ encryption: 'tls-app' });
    expect(between('shop/old', '203.0.113.7', 443)).toBeUndefined();
    expect(between('shop/web', 'shop/db', 65536 + 53)).toBeUndefined();
  });
});
