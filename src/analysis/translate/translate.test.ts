import { describe, expect, test } from 'vitest';
import { clusterPolicy, namespace, policy } from '#engine/ask.test-support.ts';
import { TRANSLATION_REFUSALS, type TranslationTarget } from '#model/translation.ts';
import {
  admin,
  baseline,
  CLUSTER,
  calicoPolicy,
  ciliumPolicy,
  clusterwide,
  globalPolicy,
  printed,
  refusals,
  type Translating,
  translated,
} from './translate.test-support.ts';

interface Case {
  readonly what: string;
  readonly to: TranslationTarget;
  readonly from: readonly string[];
  /** Lines of the result that make the point, without indentation. */
  readonly has: readonly string[];
  readonly notes?: number;
}

const ALLOW_WEB = 'ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]';

const SAID: readonly Case[] = [
  // ---- NetworkPolicy to Calico
  {
    what: 'deny all in both directions has types and no rules',
    to: 'calico',
    from: [policy('shop/x', 'policyTypes: [Ingress, Egress]')],
    has: ['order: 1000', 'selector: "all()"', '- Ingress', '- Egress'],
  },
  {
    what: 'a peer of the own namespace leaves network sets out',
    to: 'calico',
    from: [policy('shop/x', ALLOW_WEB)],
    has: [`selector: "projectcalico.org/orchestrator == 'k8s' && app == 'web'"`],
  },
  {
    what: 'operators of selectors',
    to: 'calico',
    from: [
      policy(
        'shop/x',
        'podSelector: {matchExpressions: [{key: a, operator: In, values: [x, z]}, {key: b, operator: NotIn, values: [x]}, {key: c, operator: Exists}, {key: d, operator: DoesNotExist}]}, ingress: []',
      ),
    ],
    has: [`selector: "a in {'x', 'z'} && b != 'x' && has(c) && !has(d)"`],
  },
  {
    what: 'a rule for each protocol; a protocol without a number is all of it',
    to: 'calico',
    from: [
      policy('shop/x', 'ingress: [{ports: [{port: 80}, {port: http}, {port: 8000, endPort: 8010}, {protocol: UDP}]}]'),
    ],
    has: ['protocol: TCP', '- 80', '- http', '- "8000:8010"', 'protocol: UDP'],
  },
  {
    what: 'an ipBlock is nets without notNets',
    to: 'calico',
    from: [policy('shop/x', 'egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]')],
    has: ['nets:', '- "10.0.0.0/8"', 'notNets:', '- "10.1.0.0/16"'],
  },
  // ---- NetworkPolicy to Cilium
  {
    what: 'isolation without a rule is an entry that says nothing',
    to: 'cilium',
    from: [policy('shop/x', 'policyTypes: [Egress]')],
    has: ['egress:', '- {}'],
  },
  {
    what: 'everybody on all traffic is an entity, on ports it is no peer',
    to: 'cilium',
    from: [policy('shop/x', 'ingress: [{}], egress: [{ports: [{port: 53, protocol: UDP}]}]')],
    has: ['- fromEntities:', '- all', '- toPorts:', '- port: "53"'],
  },
  {
    what: 'labels of namespaces, and any namespace',
    to: 'cilium',
    from: [
      policy('shop/x', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}, {namespaceSelector: {}}]}]'),
    ],
    has: [
      '- matchLabels:',
      '"k8s:io.cilium.k8s.namespace.labels.team": a',
      '- key: "k8s:io.kubernetes.pod.namespace"',
      'operator: Exists',
    ],
  },
  {
    what: 'a block becomes a CIDR, and what that leaves out is said',
    to: 'cilium',
    from: [policy('shop/x', 'egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]')],
    has: ['- toCIDRSet:', '- cidr: "10.0.0.0/8"', 'except:', '- "10.1.0.0/16"'],
    notes: 1,
  },
  {
    what: 'rules outside policyTypes are enforced by Cilium, and so is what they become',
    to: 'cilium',
    from: [policy('shop/x', 'policyTypes: [Ingress], egress: [{ports: [{port: 80}]}]')],
    has: ['ingress:', '- {}', 'egress:', '- toPorts:'],
    notes: 1,
  },
  // ---- older cluster-wide kinds to ClusterNetworkPolicy
  {
    what: 'tiers, priorities, actions and ports',
    to: 'clusternetworkpolicy',
    from: [
      admin(
        'priority: 5, subject: {namespaces: {}}, ingress: [{name: r, action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {port: 80}}, {portRange: {protocol: UDP, start: 1, end: 9}}]}, {action: Pass, from: [{namespaces: {}}]}]',
      ),
      baseline(
        'subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]',
      ),
    ],
    has: [
      'tier: Admin',
      'priority: 5',
      '- name: r',
      'action: Accept',
      '- tcp:',
      'number: 80',
      '- udp:',
      'start: 1',
      '- action: Pass',
      'tier: Baseline',
      'priority: 0',
      '- action: Deny',
    ],
  },
  {
    what: 'a port by name',
    to: 'clusternetworkpolicy',
    from: [
      admin(
        'priority: 5, subject: {namespaces: {}}, egress: [{action: Deny, to: [{namespaces: {}}], ports: [{namedPort: http}, {portNumber: {port: 80}}]}]',
      ),
    ],
    has: ['- destinationNamedPort: http', 'number: 80'],
  },
  {
    what: 'more peers than the newer form takes are several rules',
    to: 'clusternetworkpolicy',
    from: [
      admin(
        `priority: 5, subject: {namespaces: {}}, ingress: [{action: Deny, from: [${Array.from({ length: 30 }, (_, n) => `{namespaces: {matchLabels: {key: x${n}}}}`).join(', ')}]}]`,
      ),
    ],
    has: ['key: x0', 'key: x29'],
  },
  {
    what: 'domains and nodes are said with a word on the channel',
    to: 'clusternetworkpolicy',
    from: [
      admin(
        'priority: 5, subject: {namespaces: {}}, egress: [{action: Allow, to: [{domainNames: [example.com]}, {nodes: {matchLabels: {a: b}}}]}]',
      ),
    ],
    has: ['- domainNames:', '- example.com', '- nodes:'],
    notes: 2,
  },
  // ---- cluster-wide kinds to Calico
  {
    what: 'a tier with all that stands in it',
    to: 'calico',
    from: [
      clusterPolicy('one', 'priority: 5, ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: a}}}]}]'),
      clusterPolicy(
        'two',
        'priority: 7, ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}]',
      ),
      clusterPolicy('three', 'tier: Baseline, egress: [{action: Pass, to: [{networks: [10.0.0.0/8]}]}]'),
    ],
    has: [
      'kind: Tier',
      'name: cluster-admin',
      'defaultAction: Pass',
      'name: cluster-admin.one',
      'order: 5',
      `namespaceSelector: "team == 'a'"`,
      'name: cluster-admin.two',
      '- action: Deny',
      'name: cluster-baseline',
      '- action: Pass',
    ],
    notes: 1,
  },
  // ---- cluster-wide kinds to Cilium
  {
    what: 'what only denies in the first tier denies without isolating',
    to: 'cilium',
    from: [clusterPolicy('one', 'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: a}}}]}]')],
    has: ['kind: CiliumClusterwideNetworkPolicy', 'enableDefaultDeny:', 'ingress: false', 'ingressDeny:'],
  },
  // ---- Calico to Kubernetes
  {
    what: 'alternatives of a peer are peers; ports left by notPorts are ranges',
    to: 'kubernetes',
    from: [
      calicoPolicy(
        `selector: app == 'api', types: [Ingress], ingress: [{action: Allow, protocol: TCP, source: {selector: "app == 'web' || !has(app)"}, destination: {notPorts: [80]}}]`,
      ),
    ],
    has: ['app: web', 'operator: DoesNotExist', 'endPort: 79', 'port: 81'],
  },
  {
    what: 'namespaces by name, by label, and all of them',
    to: 'kubernetes',
    from: [
      calicoPolicy(
        `types: [Ingress], ingress: [{action: Allow, source: {namespaceSelector: "projectcalico.org/name == 'data'"}}, {action: Allow, source: {selector: "pcns.team == 'b'", namespaceSelector: all()}}]`,
      ),
    ],
    has: ['kubernetes.io/metadata.name: data', 'team: b'],
  },
  {
    what: 'blocks, and everything of their family but blocks',
    to: 'kubernetes',
    from: [
      calicoPolicy(
        'types: [Egress], egress: [{action: Allow, destination: {nets: [10.0.0.0/8], notNets: [10.1.0.0/16]}}, {action: Allow, destination: {notNets: [10.0.0.0/8]}}]',
      ),
    ],
    has: ['cidr: "10.0.0.0/8"', '- "10.1.0.0/16"', 'cidr: "0.0.0.0/0"'],
  },
  {
    what: 'a policy of the cluster that names its namespaces is one for each; rules that only log go',
    to: 'kubernetes',
    from: [
      globalPolicy(
        `namespaceSelector: "projectcalico.org/name in {'shop', 'data'}", types: [Ingress], ingress: [{action: Log}, {action: Allow, source: {namespaceSelector: "team == 'a'"}}]`,
      ),
    ],
    has: ['namespace: shop', 'namespace: data'],
    notes: 1,
  },
  // ---- Cilium to Kubernetes
  {
    what: 'endpoints, blocks and the world',
    to: 'kubernetes',
    from: [
      ciliumPolicy(
        `endpointSelector: {matchLabels: {'k8s:app': api}}, ingress: [{fromEndpoints: [{matchLabels: {app: web}}, {matchLabels: {'k8s:io.kubernetes.pod.namespace': data}}]}], egress: [{toEntities: [world]}, {toCIDR: [10.0.0.0/8], toPorts: [{ports: [{port: '80', protocol: TCP}]}]}]`,
      ),
    ],
    has: ['kubernetes.io/metadata.name: data', 'cidr: "0.0.0.0/0"', 'cidr: "::/0"', 'cidr: "10.0.0.0/8"'],
    notes: 1,
  },
  {
    what: 'an entry that says nothing isolates',
    to: 'kubernetes',
    from: [ciliumPolicy('endpointSelector: {}, ingress: [{}]')],
    has: ['podSelector: {}', 'policyTypes:', '- Ingress'],
  },
  {
    what: 'a clusterwide policy of one namespace',
    to: 'kubernetes',
    from: [
      clusterwide(
        `endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': shop}}, ingress: [{fromEndpoints: [{}]}]`,
      ),
    ],
    has: ['namespace: shop', '- namespaceSelector: {}'],
  },
  // ---- Calico and Cilium
  {
    what: 'Calico to Cilium: denials that come first',
    to: 'cilium',
    from: [
      calicoPolicy(
        `types: [Ingress], ingress: [{action: Deny, source: {selector: "tier == 'front'"}}, {action: Allow, protocol: TCP, source: {selector: all()}, destination: {ports: [80]}}]`,
      ),
    ],
    has: ['ingressDeny:', 'tier: front', '- port: "80"'],
  },
  {
    what: 'Cilium to Calico: denials stand in front',
    to: 'calico',
    from: [
      ciliumPolicy(
        'endpointSelector: {}, ingress: [{fromEndpoints: [{}]}], ingressDeny: [{fromEndpoints: [{matchLabels: {tier: front}}]}]',
      ),
    ],
    has: ['name: p-deny', 'order: 500', '- action: Deny', 'name: p', 'order: 1000', '- action: Allow'],
  },
];

describe('what can be said is said, and proven', () => {
  test.each(SAID)('$to: $what', ({ to, from, has, notes = 0 }) => {
    const answer = translated(to, from);
    expect(answer.refused).toEqual([]);
    const lines = printed(answer)
      .split('\n')
      .map((line) => line.trim());
    for (const line of has) expect(lines).toContain(line);
    expect(new Set(answer.translated.flatMap((entry) => entry.notes)).size).toBe(notes);
    for (const { proof } of answer.translated) expect(proof.madeUp.pairs).toBeGreaterThan(0);
  });
});

interface Refused {
  readonly to: TranslationTarget;
  readonly from: readonly string[];
  readonly refused: readonly string[];
  readonly options?: Translating;
}

const CALICO_RULE = (rule: string, direction = 'Ingress') =>
  calicoPolicy(`types: [${direction}], ${direction.toLowerCase()}: [{action: Allow, ${rule}}]`);
const CILIUM_IN = (entry: string) => ciliumPolicy(`endpointSelector: {}, ingress: [${entry}]`);
const CILIUM_OUT = (entry: string) => ciliumPolicy(`endpointSelector: {}, egress: [${entry}]`);
const ADMIN_OUT = (peer: string) => clusterPolicy('c', `egress: [{action: Accept, to: [${peer}]}]`);

const REFUSED: readonly Refused[] = [
  {
    to: 'calico',
    from: [policy('shop/x', 'ingress: [{from: [{podSelectr: {}}]}]')],
    refused: ['not-read spec.ingress[0].from[0]'],
  },
  { to: 'kubernetes', from: [CALICO_RULE('mystery: 1')], refused: ['not-read spec.ingress[0].mystery'] },
  {
    to: 'kubernetes',
    from: [globalPolicy('selector: all(), applyOnForward: true, types: [Ingress]')],
    refused: ['host spec.applyOnForward', 'cluster-wide spec'],
  },
  {
    to: 'kubernetes',
    from: [clusterwide('nodeSelector: {}, ingress: [{fromEntities: [all]}]')],
    refused: ['host spec.nodeSelector', 'cluster-wide spec'],
  },
  {
    to: 'kubernetes',
    from: [calicoPolicy('types: [Ingress], ingress: [{action: Deny}]')],
    refused: ['action spec.ingress[0]'],
  },
  {
    to: 'cilium',
    from: [calicoPolicy('types: [Ingress], ingress: [{action: Pass}]')],
    refused: ['action spec.ingress[0]'],
  },
  {
    to: 'kubernetes',
    from: [ciliumPolicy('endpointSelector: {}, enableDefaultDeny: {ingress: false}, ingress: [{}]')],
    refused: ['isolation spec.enableDefaultDeny.ingress'],
  },
  {
    to: 'kubernetes',
    from: [clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]')],
    refused: ['priority spec'],
  },
  {
    to: 'cilium',
    from: [clusterPolicy('c', 'tier: Baseline, ingress: [{action: Deny, from: [{namespaces: {}}]}]')],
    refused: ['priority spec'],
  },
  {
    to: 'cilium',
    from: [clusterPolicy('c', 'ingress: [{action: Accept, from: [{namespaces: {}}]}]')],
    refused: ['priority spec.ingress[0]'],
  },
  {
    to: 'kubernetes',
    from: [calicoPolicy('tier: early, types: [Ingress]', 'shop/early.p')],
    refused: ['priority spec.tier'],
  },
  {
    to: 'kubernetes',
    from: [globalPolicy("selector: app == 'web', types: [Ingress]")],
    refused: ['cluster-wide spec'],
  },
  { to: 'kubernetes', from: [clusterwide('endpointSelector: {}, ingress: [{}]')], refused: ['cluster-wide spec'] },
  {
    to: 'kubernetes',
    from: [CALICO_RULE("source: {selector: app contains 'w'}")],
    refused: ['selector spec.ingress[0].source.selector'],
  },
  {
    to: 'kubernetes',
    from: [CALICO_RULE('source: {namespaceSelector: global()}')],
    refused: ['selector spec.ingress[0].source.namespaceSelector'],
  },
  {
    to: 'kubernetes',
    from: [calicoPolicy("selector: a == 'x' || b == 'y', types: [Ingress]")],
    refused: ['selector spec.selector'],
  },
  {
    to: 'kubernetes',
    from: [CILIUM_IN("{fromEndpoints: [{matchLabels: {'reserved:host': ''}}]}")],
    refused: ['selector spec.ingress[0].fromEndpoints'],
  },
  {
    to: 'kubernetes',
    from: [CALICO_RULE('source: {serviceAccounts: {names: [a]}}')],
    refused: ['service-account spec.ingress[0].source.serviceAccounts'],
  },
  {
    to: 'kubernetes',
    from: [CILIUM_IN('{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: a}}]}')],
    refused: ['service-account spec.ingress[0].fromEndpoints'],
  },
  {
    to: 'kubernetes',
    from: [CALICO_RULE("destination: {selector: app == 'web'}")],
    refused: ['near-end spec.ingress[0].destination'],
  },
  {
    to: 'kubernetes',
    from: [CALICO_RULE("source: {selector: app == 'web', nets: [10.0.0.0/8]}")],
    refused: ['peers spec.ingress[0].source'],
  },
  {
    to: 'kubernetes',
    from: [CILIUM_IN('{fromEntities: [cluster]}')],
    refused: ['entity spec.ingress[0].fromEntities'],
  },
  { to: 'calico', from: [ADMIN_OUT('{nodes: {}}')], refused: ['nodes spec.egress[0].to[0]'] },
  { to: 'calico', from: [ADMIN_OUT('{domainNames: [example.com]}')], refused: ['domain-names spec.egress[0].to[0]'] },
  {
    to: 'kubernetes',
    from: [CILIUM_OUT('{toFQDNs: [{matchName: example.com}]}')],
    refused: ['domain-names spec.egress[0].toFQDNs'],
  },
  {
    to: 'kubernetes',
    from: [CALICO_RULE('destination: {services: {name: a}}', 'Egress')],
    refused: ['service spec.egress[0].destination.services'],
  },
  {
    to: 'kubernetes',
    from: [CILIUM_OUT('{toServices: [{k8sService: {serviceName: a}}]}')],
    refused: ['service spec.egress[0].toServices'],
  },
  {
    to: 'kubernetes',
    from: [CILIUM_IN('{fromCIDRSet: [{cidrGroupRef: a}]}')],
    refused: ['address-group spec.ingress[0].fromCIDRSet'],
  },
  { to: 'kubernetes', from: [CALICO_RULE('protocol: ICMP')], refused: ['protocol spec.ingress[0].protocol'] },
  {
    to: 'kubernetes',
    from: [CILIUM_IN('{icmps: [{fields: [{type: 8}]}]}')],
    refused: ['protocol spec.ingress[0].icmps'],
  },
  {
    to: 'kubernetes',
    from: [CALICO_RULE('protocol: TCP, destination: {notPorts: [http]}')],
    refused: ['ports spec.ingress[0].destination.notPorts'],
  },
  {
    to: 'calico',
    from: [
      clusterPolicy(
        'c',
        'ingress: [{action: Accept, from: [{namespaces: {}}], protocols: [{destinationNamedPort: http}]}]',
      ),
    ],
    refused: ['ports spec.ingress[0]'],
  },
  {
    to: 'kubernetes',
    from: [CALICO_RULE('protocol: TCP, source: {ports: [80]}')],
    refused: ['source-ports spec.ingress[0].source.ports'],
  },
  {
    to: 'kubernetes',
    from: [CALICO_RULE('protocol: TCP, http: {methods: [GET]}')],
    refused: ['request spec.ingress[0].http'],
  },
  {
    to: 'kubernetes',
    from: [CILIUM_IN("{toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{method: GET}]}}]}")],
    refused: ['request spec.ingress[0].toPorts[0].rules'],
  },
  {
    to: 'kubernetes',
    from: [CILIUM_IN('{fromEndpoints: [{}], authentication: {mode: required}}')],
    refused: ['authentication spec.ingress[0].authentication'],
  },
  {
    to: 'clusternetworkpolicy',
    from: [
      admin(
        `priority: 1, subject: {namespaces: {}}, ingress: [${Array.from({ length: 26 }, () => '{action: Deny, from: [{namespaces: {}}]}').join(', ')}]`,
      ),
    ],
    refused: ['too-large spec.ingress'],
  },
  {
    to: 'calico',
    from: [
      clusterPolicy('one', 'egress: [{action: Accept, to: [{nodes: {}}]}]'),
      clusterPolicy('two', 'priority: 20, egress: [{action: Deny, to: [{namespaces: {}}]}]'),
    ],
    refused: ['nodes spec.egress[0].to[0]', 'moves-together spec'],
  },
  {
    to: 'cilium',
    from: [
      calicoPolicy('types: [Ingress], ingress: [{action: Deny}]'),
      calicoPolicy('types: [Ingress], ingress: [{action: Pass}]', 'shop/q'),
    ],
    refused: ['moves-together spec', 'action spec.ingress[0]'],
  },
  // The world of Cilium is what is outside; a block of all addresses is pods and nodes too.
  { to: 'calico', from: [CILIUM_OUT('{toEntities: [world]}')], refused: ['changes-verdicts spec'] },
  // An allow before a denial has no place where denials always win.
  {
    to: 'cilium',
    from: [
      calicoPolicy(
        `types: [Ingress], ingress: [{action: Allow, source: {selector: "app == 'web'"}}, {action: Deny, source: {selector: all()}}]`,
      ),
    ],
    refused: ['changes-verdicts spec'],
  },
  // A name that the other API does not take.
  {
    to: 'clusternetworkpolicy',
    from: [
      admin(
        'priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], ports: [{portRange: {start: 9, end: 3}}]}]',
      ),
    ],
    refused: ['not-taken spec'],
  },
];

describe('what cannot be said is refused with its field', () => {
  test.each(REFUSED)('$to: $refused', ({ to, from, refused, options }) => {
    const answer = translated(to, from, options);
    expect(refusals(answer)).toEqual(refused);
    expect(answer.translated).toEqual([]);
    for (const entry of answer.refused) {
      expect(entry.origin.line).toBeGreaterThan(0);
      expect(entry.why).not.toBe('');
      expect(entry.witness !== undefined).toBe(entry.reason === 'changes-verdicts');
    }
  });

  test('every reason of the closed list is in the table', () => {
    const seen = new Set(REFUSED.flatMap(({ refused }) => refused.map((text) => text.split(' ')[0])));
    expect([...seen].sort()).toEqual(Object.keys(TRANSLATION_REFUSALS).sort());
  });
});

describe('translate', () => {
  test('what is of that form already stays', () => {
    const answer = translated('kubernetes', [policy('shop/x', ALLOW_WEB)]);
    expect(answer.kept).toEqual([expect.objectContaining({ name: 'x', why: 'of that form already' })]);
    expect(answer.engines).toEqual([]);
  });

  test('staged policies stay', () => {
    const staged = calicoPolicy('types: [Ingress]').replace('kind: NetworkPolicy', 'kind: StagedNetworkPolicy');
    expect(translated('kubernetes', [staged]).kept).toEqual([expect.objectContaining({ kind: 'StagedNetworkPolicy' })]);
  });

  test('only the namespaces that were asked for', () => {
    const both = [policy('shop/x', ALLOW_WEB), policy('data/other', ALLOW_WEB)];
    const answer = translated('calico', both, { namespaces: ['data'] });
    expect(answer.translated.map(({ from }) => from[0]?.name)).toEqual(['other']);
  });

  test('labels come along, and a name that is taken gets a number', () => {
    const own = policy('shop/p', ALLOW_WEB).replace('name: p,', 'name: p, labels: {owner: me},');
    const answer = translated('calico', [own, calicoPolicy('types: [Ingress], order: 1', 'shop/p')]);
    expect(answer.translated[0]?.documents[0]).toMatchObject({ metadata: { name: 'p-2', labels: { owner: 'me' } } });
    expect(answer.translated[0]?.notes).toEqual([expect.stringContaining('`p-2`')]);
  });

  test('without any pod the made-up world alone is the proof', () => {
    const answer = translated('calico', [policy('shop/x', ALLOW_WEB)], { cluster: [namespace('shop')] });
    expect(answer.translated[0]?.proof.madeUp.pods).toBeGreaterThan(4);
    const wrong = translated('calico', [CILIUM_OUT('{toEntities: [world]}')], { cluster: [namespace('shop')] });
    expect(wrong.refused[0]?.witness?.world).toBe('made-up');
  });

  test('one policy that cannot be said takes no other with it', () => {
    const answer = translated('kubernetes', [
      CILIUM_IN('{fromEndpoints: [{}]}'),
      ciliumPolicy('endpointSelector: {}, ingress: [{fromEntities: [host]}]', 'shop/q'),
    ]);
    expect(answer.translated).toHaveLength(1);
    expect(refusals(answer)).toEqual(['entity spec.ingress[0].fromEntities']);
  });

  test('who is to blame for a changed verdict is found among many', () => {
    const fine = Array.from({ length: 9 }, (_, n) =>
      ciliumPolicy('endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]', `shop/p${n}`),
    );
    const answer = translated('calico', [
      ...fine,
      ciliumPolicy('endpointSelector: {}, egress: [{toEntities: [world]}]', 'data/bad'),
    ]);
    expect(answer.translated).toHaveLength(9);
    expect(answer.refused.map(({ name }) => name)).toEqual(['bad']);
  });

  test('what several APIs become is proven together, under two engines too', () => {
    const denial = clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: b}}}]}]');
    const answer = translated('cilium', [policy('shop/x', ALLOW_WEB), denial, policy('data/x', ALLOW_WEB)]);
    expect(answer.refused).toEqual([]);
    expect(answer.engines.map(({ source, result }) => `${source.profile} ${result.profile}`)).toEqual([
      'cilium cilium',
      'kube-network-policies cilium',
    ]);
    // A block means pods to the one engine and not to the other, so beside it nothing of two engines is proven.
    const block = policy('shop/y1', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]');
    expect(refusals(translated('cilium', [block, denial]))).toEqual(['changes-verdicts spec']);
  });

  test('an unknown on both sides is no change, and is counted', () => {
    const named = policy('shop/x', 'egress: [{ports: [{port: http}]}]');
    const [entry] = translated('cilium', [named]).translated;
    expect((entry?.proof.input.unknown ?? 0) + (entry?.proof.madeUp.unknown ?? 0)).toBeGreaterThan(0);
  });

  test('an engine that does not enforce the result is a slip', () => {
    expect(() => translated('calico', [], { engine: 'upstream' })).toThrow('does not enforce');
  });

  test.each<[TranslationTarget, readonly string[], Translating, string]>([
    ['calico', [policy('shop/x', ALLOW_WEB)], {}, 'calico calico'],
    ['cilium', [policy('shop/x', ALLOW_WEB)], { engine: 'cilium-1.18' }, 'cilium-1.18 cilium-1.18'],
    ['kubernetes', [CALICO_RULE('protocol: TCP')], {}, 'calico calico'],
    ['cilium', [CALICO_RULE('protocol: TCP')], {}, 'calico cilium'],
    ['clusternetworkpolicy', [baseline('subject: {namespaces: {}}')], {}, 'upstream upstream'],
    [
      'clusternetworkpolicy',
      [baseline('subject: {namespaces: {}}')],
      { engine: 'kube-network-policies' },
      'kube-network-policies kube-network-policies',
    ],
    [
      'cilium',
      [clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]')],
      {},
      'kube-network-policies cilium',
    ],
  ])('engines for %s', (to, from, options, engines) => {
    const [entry] = translated(to, from, options).engines;
    expect(`${entry?.source.profile} ${entry?.result.profile}`).toBe(engines);
  });

  test('the order of the input does not matter to what is said', () => {
    const all = [
      policy('shop/x', ALLOW_WEB),
      policy('shop/other', 'policyTypes: [Egress]'),
      policy('data/z', ALLOW_WEB),
    ];
    const texts = [all, [...all].reverse()].map((list) => {
      const { translated: entries } = translated('cilium', list, { cluster: CLUSTER });
      return entries.map(({ documents }) => JSON.stringify(documents)).sort();
    });
    expect(texts[0]).toEqual(texts[1]);
  });
});
