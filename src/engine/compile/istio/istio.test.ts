import { describe, expect, test } from 'vitest';
import type { Verdict } from '#model/verdict.ts';
import { type AskerOptions, axis, namespace, workload } from '../../ask.test-support.ts';
import { explainEach } from '../../explain.ts';
import {
  ambient,
  ask,
  authorization,
  bare,
  destinationRule,
  istioObject,
  meshConfig,
  networkPolicy,
  peerAuthentication,
  STRICT,
  service,
  sidecar,
  waypointPod,
} from './istio.test-support.ts';

interface Case {
  readonly title: string;
  readonly given: readonly string[];
  readonly options?: AskerOptions;
  readonly asked: Readonly<Record<string, Verdict>>;
}

function check({ given, options, asked }: Case): void {
  const asker = ask(given, options);
  for (const [question, verdict] of Object.entries(asked)) {
    const [from = '', to = '', traffic = ''] = question.split(' ');
    expect.soft(asker.verdict(from, to, traffic), question).toBe(verdict);
  }
}

const WEB = sidecar('shop/web');
const API = sidecar('shop/api');
const OLD = bare('shop/old');
const API_HTTP = service('shop/api', 'http:80:8080');
const ON_API = 'selector: {matchLabels: {app: api}}';

const MEMBERSHIP: readonly Case[] = [
  {
    title: 'a template of a namespace that is labelled has a sidecar',
    given: [
      namespace('shop', 'istio-injection: enabled'),
      workload('shop/web'),
      workload('shop/api'),
      API_HTTP,
      OLD,
      STRICT,
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/old shop/api TCP/8080': 'denied' },
  },
  {
    title: 'a revision label injects, and istio-injection beats it',
    given: [
      namespace('a', 'istio.io/rev: canary'),
      namespace('b', 'istio.io/rev: canary, istio-injection: disabled'),
      workload('a/x'),
      workload('b/x'),
      OLD,
      STRICT,
    ],
    asked: { 'shop/old a/x TCP/80': 'denied', 'shop/old b/x TCP/80': 'allowed' },
  },
  {
    title: 'a pod label says yes where the namespace says nothing, and no everywhere',
    given: [
      namespace('a'),
      namespace('b', 'istio-injection: enabled'),
      workload('a/x', { labels: "app: x, sidecar.istio.io/inject: 'true'" }),
      workload('b/x', { labels: "app: x, sidecar.istio.io/inject: 'false'" }),
      OLD,
      STRICT,
    ],
    asked: { 'shop/old a/x TCP/80': 'denied', 'shop/old b/x TCP/80': 'allowed' },
  },
  {
    title: 'a namespace whose labels are not in the input leaves it open',
    given: [workload('a/x'), OLD, STRICT],
    asked: { 'shop/old a/x TCP/80': 'unknown', 'shop/old a/x UDP/80': 'allowed' },
  },
  {
    title: 'kube-system is left alone',
    given: [namespace('kube-system', 'istio-injection: enabled'), workload('kube-system/x'), OLD, STRICT],
    asked: { 'shop/old kube-system/x TCP/80': 'allowed' },
  },
  {
    title: 'an ambient namespace takes templates in, and a pod label takes one out',
    given: [
      namespace('a', 'istio.io/dataplane-mode: ambient'),
      workload('a/x'),
      workload('a/z', { labels: 'app: z, istio.io/dataplane-mode: none' }),
      OLD,
      STRICT,
    ],
    asked: { 'shop/old a/x TCP/80': 'denied', 'shop/old a/z TCP/80': 'allowed', 'a/x a/x TCP/80': 'allowed' },
  },
  {
    title: 'a live pod that waits for ztunnel may be in or not',
    given: [bare('a/x', { annotations: 'ambient.istio.io/redirection: pending' }), OLD, STRICT],
    asked: { 'shop/old a/x TCP/80': 'unknown' },
  },
  {
    title: 'without an Istio nothing changes',
    given: [bare('a/x'), OLD],
    asked: { 'shop/old a/x TCP/80': 'allowed' },
  },
];

const INJECTOR = (config: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-sidecar-injector, namespace: istio-system}\ndata: {config: '${config}'}`;
const INJECTED = [namespace('shop', 'istio-injection: enabled'), workload('shop/api'), OLD, STRICT];

/** STRICT tells who has a sidecar. */
const INJECTION: readonly Case[] = [
  {
    title: 'the injector never takes some pods',
    given: [...INJECTED, INJECTOR('{policy: enabled, neverInjectSelector: [{matchLabels: {app: api}}]}')],
    asked: { 'shop/old shop/api TCP/80': 'allowed' },
  },
  {
    title: '… by an expression',
    given: [
      ...INJECTED,
      INJECTOR(
        '{neverInjectSelector: [{matchExpressions: [{key: app, operator: Exists}]}], alwaysInjectSelector: [{matchLabels: {app: api}}]}',
      ),
    ],
    asked: { 'shop/old shop/api TCP/80': 'allowed' },
  },
  {
    title: '… others it does, and an empty selector is for nobody',
    given: [...INJECTED, INJECTOR('{neverInjectSelector: [{matchLabels: {app: web}}, {}]}')],
    asked: { 'shop/old shop/api TCP/80': 'denied' },
  },
  {
    title: '… unless the pod asks for it',
    given: [
      namespace('shop', 'istio-injection: enabled'),
      workload('shop/api', { labels: 'app: api, sidecar.istio.io/inject: "true"' }),
      OLD,
      STRICT,
      INJECTOR('{neverInjectSelector: [{matchLabels: {app: api}}]}'),
    ],
    asked: { 'shop/old shop/api TCP/80': 'denied' },
  },
  {
    title: 'an injector that is off takes some pods only',
    given: [
      ...INJECTED,
      workload('shop/web'),
      INJECTOR('{policy: disabled, alwaysInjectSelector: [{matchLabels: {app: api}}]}'),
    ],
    asked: { 'shop/old shop/api TCP/80': 'denied', 'shop/old shop/web TCP/80': 'allowed' },
  },
];

const TRANSPORT: readonly Case[] = [
  {
    title: 'an address that no Service leads to is plain',
    given: [WEB, API, API_HTTP, STRICT],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/web shop/api TCP/8081': 'denied' },
  },
  {
    title: 'a port that the client leaves out is plain: that of the Service, which is what it dials',
    given: [
      sidecar('shop/web', { annotations: 'traffic.sidecar.istio.io/excludeOutboundPorts: "80"' }),
      API,
      API_HTTP,
      STRICT,
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    title: 'addresses that the client leaves out are plain: those of Services',
    given: [
      sidecar('shop/web', { annotations: 'traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.255.0.0/16' }),
      sidecar('shop/job', { annotations: 'traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.8.0.0/16' }),
      API,
      API_HTTP,
      STRICT,
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied', 'shop/job shop/api TCP/8080': 'allowed' },
  },
  {
    title: 'a pod without the label of the injector gets plain traffic',
    given: [WEB, bare('shop/api', { proxy: 'container', unannounced: true }), API_HTTP, STRICT],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    title: 'the rule of the client comes before that of the Service, and exportTo hides one',
    given: [
      WEB,
      sidecar('other/web'),
      sidecar('third/web'),
      API,
      API_HTTP,
      STRICT,
      destinationRule('shop/a', 'host: api, trafficPolicy: {tls: {mode: DISABLE}}, exportTo: [., third]'),
      destinationRule('third/a', 'host: api.shop.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}'),
    ],
    asked: {
      'shop/web shop/api TCP/8080': 'denied',
      'other/web shop/api TCP/8080': 'allowed',
      'third/web shop/api TCP/8080': 'allowed',
    },
  },
  {
    title: 'a rule of the root namespace is for the rest, a more specific host beats a star',
    given: [
      WEB,
      API,
      sidecar('shop/db'),
      API_HTTP,
      service('shop/db', 'tcp:5432'),
      STRICT,
      destinationRule('istio-system/all', 'host: "*.local", trafficPolicy: {tls: {mode: DISABLE}}'),
      destinationRule('istio-system/db', 'host: db.shop.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied', 'shop/web shop/db TCP/5432': 'allowed' },
  },
  {
    title: 'a rule for some workloads only',
    given: [
      WEB,
      sidecar('shop/job'),
      API,
      API_HTTP,
      STRICT,
      destinationRule(
        'shop/a',
        'host: api, workloadSelector: {matchLabels: {app: job}}, trafficPolicy: {tls: {mode: DISABLE}}',
      ),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/job shop/api TCP/8080': 'denied' },
  },
  {
    title: 'two Services that lead to one port and are spoken to differently',
    given: [
      WEB,
      API,
      API_HTTP,
      service('shop/api', 'http:80:8080').replace('name: api,', 'name: plain,'),
      STRICT,
      destinationRule('shop/a', 'host: plain, trafficPolicy: {tls: {mode: DISABLE}}'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'unknown' },
  },
  {
    title: 'a Sidecar that does not list a host makes connections to it plain',
    given: [
      WEB,
      API,
      sidecar('other/db'),
      API_HTTP,
      service('other/db', 'tcp:5432'),
      STRICT,
      istioObject('Sidecar', 'shop/default', 'egress: [{hosts: ["./*", "istio-system/*"]}]'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'allowed', 'shop/web other/db TCP/5432': 'denied' },
  },
  {
    title: 'a server with DISABLE refuses mutual TLS that a rule forces',
    given: [
      WEB,
      API,
      OLD,
      API_HTTP,
      peerAuthentication('shop/a', 'mtls: {mode: DISABLE}'),
      destinationRule('shop/a', 'host: api, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied', 'shop/old shop/api TCP/8080': 'allowed' },
  },
  {
    title: 'a rule that forces mutual TLS breaks connections to a pod without a proxy',
    given: [
      WEB,
      bare('shop/db'),
      service('shop/db', 'tcp:5432'),
      OLD,
      destinationRule('shop/a', 'host: db, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}'),
    ],
    asked: {
      'shop/web shop/db TCP/5432': 'denied',
      'shop/web shop/db TCP/5433': 'allowed',
      'shop/old shop/db TCP/5432': 'allowed',
    },
  },
  {
    title: 'automatic mutual TLS that is turned off',
    given: [WEB, API, API_HTTP, STRICT, meshConfig('{enableAutoMtls: false}')],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    title: 'ztunnel takes HBONE always; DISABLE is PERMISSIVE there',
    given: [ambient('a/x'), ambient('a/z'), OLD, peerAuthentication('a/a', 'mtls: {mode: DISABLE}')],
    asked: { 'a/x a/z TCP/80': 'allowed', 'shop/old a/z TCP/80': 'allowed' },
  },
  {
    title: 'ztunnel under STRICT: a DISABLE entry of an UNSET workload opens nothing, a PERMISSIVE one does',
    given: [
      ambient('a/x'),
      ambient('a/z'),
      OLD,
      STRICT,
      peerAuthentication('a/x', 'selector: {matchLabels: {app: x}}, portLevelMtls: {9090: {mode: DISABLE}}'),
      peerAuthentication('a/z', 'selector: {matchLabels: {app: z}}, portLevelMtls: {9090: {mode: PERMISSIVE}}'),
    ],
    asked: { 'shop/old a/x TCP/9090': 'denied', 'shop/old a/z TCP/9090': 'allowed', 'shop/old a/z TCP/80': 'denied' },
  },
  {
    title: 'a sidecar reaches an ambient pod by HBONE where it speaks it',
    given: [
      WEB,
      ambient('a/x'),
      service('a/x', 'http:80'),
      STRICT,
      meshConfig('{defaultConfig: {proxyMetadata: {ISTIO_META_ENABLE_HBONE: "true"}}}'),
    ],
    asked: { 'shop/web a/x TCP/80': 'allowed', 'shop/web a/x TCP/81': 'denied' },
  },
  {
    title: 'and it is not known where the input does not say',
    given: [WEB, ambient('a/x'), service('a/x', 'http:80'), STRICT],
    asked: { 'shop/web a/x TCP/80': 'unknown' },
  },
];

const AUTHORIZATION: readonly Case[] = [
  {
    title: 'service accounts, prefixes and suffixes',
    given: [
      WEB,
      API,
      sidecar('other/web'),
      sidecar('other/db'),
      API_HTTP,
      authorization(
        'shop/a',
        `${ON_API}, rules: [{from: [{source: {serviceAccounts: [web]}}, {source: {principals: ["*/sa/db"]}}]}]`,
      ),
    ],
    asked: {
      'shop/web shop/api TCP/8080': 'allowed',
      'other/web shop/api TCP/8080': 'denied',
      'other/db shop/api TCP/8080': 'allowed',
    },
  },
  {
    title: 'from and to and when must all hold',
    given: [
      WEB,
      API,
      sidecar('other/web'),
      service('shop/api', 'tcp:80:8080', 'tcp-b:81:8081'),
      authorization(
        'shop/a',
        `${ON_API}, rules: [{from: [{source: {namespaces: [shop, other]}}], to: [{operation: {ports: ["8080", "8081"], notPorts: ["8081"]}}], when: [{key: source.namespace, notValues: [other]}]}]`,
      ),
    ],
    asked: {
      'shop/web shop/api TCP/8080': 'allowed',
      'shop/web shop/api TCP/8081': 'denied',
      'other/web shop/api TCP/8080': 'denied',
    },
  },
  {
    title: 'a dry run is not enforced and closes nothing',
    given: [WEB, API, authorization('shop/a', `${ON_API} ## annotations: {istio.io/dry-run: "true"}`)],
    asked: { 'shop/web shop/api TCP/80': 'allowed' },
  },
  {
    title: 'a policy with a target is not for sidecars',
    given: [WEB, API, authorization('shop/a', 'targetRefs: [{kind: Service, group: "", name: api}]')],
    asked: { 'shop/web shop/api TCP/80': 'allowed' },
  },
  {
    title: 'an address of the destination',
    given: [
      WEB,
      sidecar('shop/api', { ip: '10.7.0.1' }),
      sidecar('shop/db', { ip: '10.7.1.1' }),
      authorization('shop/a', 'action: DENY, rules: [{when: [{key: destination.ip, values: ["10.7.0.0/24"]}]}]'),
    ],
    asked: { 'shop/web shop/api TCP/80': 'denied', 'shop/web shop/db TCP/80': 'allowed' },
  },
  {
    title: 'ztunnel knows no CUSTOM, and compares principals as written',
    given: [
      ambient('a/x'),
      ambient('a/z'),
      authorization('a/custom', 'action: CUSTOM, provider: {name: opa}, rules: [{}]'),
      authorization(
        'a/allow',
        'selector: {matchLabels: {app: z}}, rules: [{from: [{source: {principals: [cluster.local/ns/a/sa/x]}}]}]',
      ),
    ],
    asked: { 'a/x a/z TCP/80': 'allowed', 'a/z a/x TCP/80': 'allowed' },
  },
  {
    title: 'a star for the method means every request',
    given: [
      WEB,
      API,
      API_HTTP,
      authorization('shop/a', 'action: DENY, rules: [{to: [{operation: {methods: ["*"]}}]}]'),
    ],
    asked: { 'shop/web shop/api TCP/8080': 'denied' },
  },
  {
    title: 'an unknown field makes what the rule says open',
    given: [WEB, API, authorization('shop/a', 'action: DENY, rules: [{from: [{source: {trustDomains: [x]}}]}]')],
    asked: { 'shop/web shop/api TCP/80': 'unknown', 'shop/web shop/api UDP/80': 'allowed' },
  },
];

const WAYPOINT =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: wp, namespace: a}\nspec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}';
const BEHIND = service('a/api', 'http:80:8080').replace(
  'namespace: a}',
  'namespace: a, labels: {istio.io/use-waypoint: wp}}',
);
const FROM_WAYPOINT =
  'selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/a/sa/wp]}}]}]';
const CLIENTS = [ambient('a/web'), ambient('a/job'), ambient('a/api'), OLD];

const WAYPOINTS: readonly Case[] = [
  {
    title: 'behind a waypoint the pod sees the identity of the waypoint',
    given: [...CLIENTS, WAYPOINT, BEHIND, authorization('a/only', FROM_WAYPOINT)],
    asked: { 'a/web a/api TCP/8080': 'allowed', 'a/web a/api TCP/9090': 'denied', 'shop/old a/api TCP/8080': 'denied' },
  },
  {
    title: 'the waypoint sees the client and the port of the Service; both must let it',
    given: [
      ...CLIENTS,
      WAYPOINT,
      BEHIND,
      authorization('a/only', FROM_WAYPOINT),
      authorization(
        'a/wp',
        'targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: wp}], rules: [{from: [{source: {principals: [cluster.local/ns/a/sa/web]}}], to: [{operation: {ports: ["80"]}}]}]',
      ),
    ],
    asked: {
      'a/web a/api TCP/8080': 'allowed',
      'a/job a/api TCP/8080': 'denied',
      'shop/old a/api TCP/8080': 'denied',
      'a/web a/job TCP/80': 'allowed',
    },
  },
  {
    title: 'a class of the root namespace is for every waypoint',
    given: [
      ...CLIENTS,
      WAYPOINT,
      BEHIND,
      authorization(
        'istio-system/all',
        'action: DENY, targetRefs: [{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}], rules: [{}]',
      ),
    ],
    asked: {
      'a/web a/api TCP/8080': 'denied',
      'a/web a/job TCP/8080': 'allowed',
      'shop/old a/api TCP/8080': 'allowed',
    },
  },
];

const THROUGH = [ambient('a/web'), ambient('a/job'), ambient('a/api'), OLD, waypointPod('a/wp'), WAYPOINT, BEHIND];
const TO_API =
  '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: CLIENT}}}], ports: [{port: PORT}]}]}';
const ONLY_WEB =
  'targetRefs: [{kind: Service, group: "", name: api}], rules: [{from: [{source: {principals: [cluster.local/ns/a/sa/web]}}]}]';

function ingressOf(client: string, port: number): string {
  return networkPolicy('a/ingress', TO_API.replace('CLIENT', client).replace('PORT', `${port}`));
}

/** Pod policy sees the client and the waypoint, and the waypoint and the pod, both on TCP 15008. */
const LEGS: readonly Case[] = [
  {
    title: 'no pod policy',
    given: THROUGH,
    asked: { 'a/web a/api TCP/8080': 'allowed', 'a/web a/job TCP/80': 'allowed' },
  },
  {
    title: 'the destination admits the waypoint',
    given: [...THROUGH, ingressOf('wp', 15008)],
    asked: {
      'a/web a/api TCP/8080': 'allowed',
      'a/web a/api TCP/9090': 'denied',
      'shop/old a/api TCP/8080': 'denied',
      'a/wp a/api TCP/8080': 'allowed',
    },
  },
  {
    title: 'the destination admits the client, which nobody shows it',
    given: [...THROUGH, ingressOf('web', 15008)],
    asked: { 'a/web a/api TCP/8080': 'denied', 'a/web a/api TCP/9090': 'allowed' },
  },
  {
    title: 'the destination admits the waypoint on the port of the application',
    given: [...THROUGH, ingressOf('wp', 8080)],
    asked: { 'a/web a/api TCP/8080': 'denied' },
  },
  {
    title: 'the client may send to the waypoint',
    given: [
      ...THROUGH,
      networkPolicy(
        'a/egress',
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: wp}}}], ports: [{port: 15008}]}]}',
      ),
    ],
    asked: { 'a/web a/api TCP/8080': 'allowed', 'a/web a/api TCP/9090': 'denied', 'a/web a/job TCP/80': 'denied' },
  },
  {
    title: 'the client may send to the destination only',
    given: [
      ...THROUGH,
      networkPolicy(
        'a/egress',
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]}',
      ),
    ],
    asked: { 'a/web a/api TCP/8080': 'denied', 'a/web a/api TCP/9090': 'allowed' },
  },
  {
    title: 'the waypoint takes from one client only',
    given: [
      ...THROUGH,
      networkPolicy(
        'a/waypoint',
        '{podSelector: {matchLabels: {app: wp}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: job}}}]}]}',
      ),
    ],
    asked: { 'a/web a/api TCP/8080': 'denied', 'a/job a/api TCP/8080': 'allowed', 'a/web a/api TCP/9090': 'allowed' },
  },
  {
    title: 'the waypoint may send nowhere',
    given: [...THROUGH, networkPolicy('a/waypoint', '{podSelector: {matchLabels: {app: wp}}, policyTypes: [Egress]}')],
    asked: { 'a/web a/api TCP/8080': 'denied', 'a/web a/api TCP/9090': 'allowed' },
  },
  {
    title: 'a waypoint whose pods are not in the input',
    given: [...CLIENTS, WAYPOINT, BEHIND, ingressOf('wp', 15008)],
    asked: { 'a/web a/api TCP/8080': 'unknown', 'a/web a/api TCP/9090': 'denied', 'shop/old a/api TCP/8080': 'denied' },
  },
  {
    title: '… which matters not where there is no pod policy',
    given: [...CLIENTS, WAYPOINT, BEHIND],
    asked: { 'a/web a/api TCP/8080': 'allowed' },
  },
  {
    title: 'two pods of a waypoint that policy tells apart',
    given: [...THROUGH, waypointPod('a/wp', 'wp2'), ingressOf('wp', 15008)],
    asked: { 'a/web a/api TCP/8080': 'unknown' },
  },
  {
    title: 'a pod without a proxy behind a waypoint gets what was sent, and the policies of the waypoint',
    given: [
      ambient('a/web'),
      ambient('a/job'),
      bare('a/api'),
      waypointPod('a/wp'),
      WAYPOINT,
      BEHIND,
      ingressOf('wp', 8080),
      authorization('a/wp', ONLY_WEB),
    ],
    asked: { 'a/web a/api TCP/8080': 'allowed', 'a/job a/api TCP/8080': 'denied', 'a/web a/api TCP/9090': 'denied' },
  },
  {
    title: 'a pod with a sidecar behind a waypoint: the policies of the waypoint and its own',
    given: [
      ambient('a/web'),
      ambient('a/job'),
      sidecar('a/api'),
      waypointPod('a/wp'),
      WAYPOINT,
      BEHIND,
      authorization('a/wp', ONLY_WEB),
    ],
    asked: { 'a/web a/api TCP/8080': 'allowed', 'a/job a/api TCP/8080': 'denied', 'a/job a/api TCP/9090': 'allowed' },
  },
];

const REGISTRY: readonly Case[] = [
  {
    title: 'REGISTRY_ONLY drops what is not known',
    given: [
      WEB,
      API,
      OLD,
      API_HTTP,
      meshConfig('{outboundTrafficPolicy: {mode: REGISTRY_ONLY}}'),
      istioObject(
        'ServiceEntry',
        'shop/a',
        'hosts: [db.example], addresses: ["203.0.113.0/24"], ports: [{number: 5432, name: tcp, protocol: TCP}]',
      ),
    ],
    options: { domains: ['db.example'] },
    asked: {
      'shop/web shop/api TCP/8080': 'allowed',
      'shop/web shop/api TCP/8081': 'denied',
      'shop/web shop/old TCP/80': 'denied',
      'shop/web 203.0.113.7 TCP/5432': 'allowed',
      'shop/web 203.0.113.7 TCP/5433': 'denied',
      'shop/web 198.51.100.1 TCP/5432': 'denied',
      'shop/web 198.51.100.1 UDP/53': 'allowed',
      'shop/old 198.51.100.1 TCP/5432': 'allowed',
    },
  },
  {
    title: 'a host without addresses may be any address',
    given: [
      WEB,
      istioObject('Sidecar', 'shop/default', 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}'),
      istioObject(
        'ServiceEntry',
        'shop/a',
        'hosts: [api.example], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS',
      ),
    ],
    asked: { 'shop/web 198.51.100.1 TCP/443': 'unknown', 'shop/web 198.51.100.1 TCP/80': 'denied' },
  },
  {
    title: 'a Sidecar of the namespace overrules the mesh',
    given: [
      WEB,
      sidecar('other/web'),
      meshConfig('{outboundTrafficPolicy: {mode: REGISTRY_ONLY}}'),
      istioObject('Sidecar', 'shop/default', 'outboundTrafficPolicy: {mode: ALLOW_ANY}'),
    ],
    asked: { 'shop/web 198.51.100.1 TCP/80': 'allowed', 'other/web 198.51.100.1 TCP/80': 'denied' },
  },
];

describe('who is in the mesh', () => {
  test.each(MEMBERSHIP)('$title', check);
  test.each(INJECTION)('$title', check);
});

describe('what proxies speak and take', () => {
  test.each(TRANSPORT)('$title', check);
});

describe('authorization', () => {
  test.each(AUTHORIZATION)('$title', check);

  test('the trace names the policy, and what it could not see', () => {
    const { traces } = ask([
      WEB,
      API,
      OLD,
      API_HTTP,
      STRICT,
      authorization('shop/a', `${ON_API}, action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]`),
    ]);
    const refused = traces('ingress', 'shop/old', 'shop/api', 'TCP/8080').mesh;
    expect(refused?.steps.find(({ decides }) => decides)?.rule.policy).toMatchObject({
      kind: 'PeerAuthentication',
      name: 'default',
    });
    const passed = traces('ingress', 'shop/web', 'shop/api', 'TCP/8080').mesh;
    expect(passed).toMatchObject({ verdict: 'allowed', exceptions: ['method GET'] });
  });
});

describe('waypoints', () => {
  test.each(WAYPOINTS)('$title', check);
  test.each(LEGS)('leg by leg: $title', (each) => check({ ...each, options: { profile: 'upstream' } }));

  test('both legs have a word', () => {
    const { engine, points } = ask([...THROUGH, ingressOf('web', 15008)], { profile: 'upstream' });
    const [subject, peer] = [points('a/api')[0]!, points('a/web')[0]!];
    const said = explainEach(engine.reach, { direction: 'ingress', subject, peer, traffic: axis('TCP/8080') });
    const pods = said.filter(({ layer }) => layer === 'pod');
    expect(pods.map(({ asked, trace }) => [asked.direction, asked.traffic, trace.verdict, trace.seenAs])).toEqual([
      ['egress', axis('TCP/15008'), 'allowed', 'HBONE over waypoint a/wp'],
      ['ingress', axis('TCP/15008'), 'denied', 'HBONE over waypoint a/wp'],
    ]);
  });
});

describe('REGISTRY_ONLY', () => {
  test.each(REGISTRY)('$title', check);
});
