import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { clusterOf, namespace, node, pod, policy, workload } from '#engine/ask.test-support.ts';
import type { PathAnswer, SmallestChange } from '#model/answers.ts';
import type { ProfileId } from '#model/profile.ts';
import { analyseSnapshot } from '../analysis.ts';
import { trafficText } from '../traffic-list.ts';
import { resolveName, worldForNames } from './names.ts';
import { type PathResult, pathOf } from './path.ts';
import { readPort } from './port.ts';

interface Question {
  readonly from: string;
  readonly to: string;
  readonly port?: string;
  readonly engine?: ProfileId;
}

function ask(documents: readonly string[], { engine = 'azure-npm-linux', ...question }: Question): PathResult {
  const analysis = analyseSnapshot(clusterOf(...documents), {
    engine,
    world: worldForNames([question.from, question.to]),
  });
  return pathOf(analysis, question);
}

function answer(documents: readonly string[], question: Question): PathAnswer {
  const result = ask(documents, question);
  if (result.kind === 'problem') throw new Error(`${result.message}: ${result.near.join(' ')}`);
  return result.answer;
}

function service(place: string, spec: string): string {
  const [space, name] = place.split('/');
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${space}}\nspec: {${spec}}`;
}

const CLUSTER = [
  namespace('shop', 'team: a'),
  namespace('other', 'team: b'),
  namespace('empty'),
  node('n1', ['10.9.0.1']),
  node('n2', ['10.9.0.2']),
  workload('shop/web', { ports: ['http:8080'] }),
  workload('shop/db', { kind: 'StatefulSet', ports: ['pg:5432'] }),
  workload('shop/both'),
  workload('shop/both', { kind: 'StatefulSet' }),
  pod('other/api', { ips: ['10.2.0.1'], node: 'n1' }),
];

describe('names', () => {
  const analysis = (names: readonly string[] = []) =>
    analyseSnapshot(
      clusterOf(
        ...CLUSTER,
        service('shop/web', 'selector: {app: web}, ports: [{port: 80, targetPort: http}]'),
        policy('shop/x', 'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.2.0.0/16}}]}]'),
      ),
      { engine: 'azure-npm-linux', world: worldForNames(names) },
    );

  test.each<[text: string, label: string, ids: string[]]>([
    ['shop/web', 'shop/Deployment/web', ['shop/Deployment/web']],
    ['shop/Deployment/web', 'shop/Deployment/web', ['shop/Deployment/web']],
    ['shop/deployment/web', 'shop/Deployment/web', ['shop/Deployment/web']],
    ['shop/StatefulSet/both', 'shop/StatefulSet/both', ['shop/StatefulSet/both']],
    ['pod:other/api', 'pod:other/api', ['pod:other/api']],
    ['ns:other', 'ns:other', ['other/Pod/api']],
    ['svc:shop/web', 'svc:shop/web', ['shop/Deployment/web']],
    ['node:n1', 'node:n1', ['node:n1']],
    ['203.0.113.7', '203.0.113.7', ['203.0.113.7']],
    ['203.0.113.0/24', '203.0.113.0/24', ['203.0.113.0/24']],
    ['2001:db8::1', '2001:db8::1', ['2001:db8::1']],
    ['10.2.0.1', '10.2.0.1 (pod:other/api)', ['pod:other/api']],
    ['10.9.0.2', '10.9.0.2 (node:n2)', ['node:n2']],
    ['internet', 'internet', ['internet']],
    ['dns:api.example.com', 'dns:api.example.com', ['dns:api.example.com']],
  ])('%s', (text, label, ids) => {
    const named = resolveName(analysis([text]), text);
    if (named.kind === 'problem') throw new Error(named.message);
    expect([named.label, named.ends.map(({ id }) => id)]).toEqual([label, ids]);
    expect(named.ends.every(({ points }) => points.length > 0)).toBe(true);
  });

  test('apiserver is where the Service default/kubernetes leads', () => {
    expect(resolveName(analysis(), 'apiserver')).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining('default/kubernetes'),
    });
    const slice = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
ports: [{name: https, port: 6443}]
endpoints: [{addresses: [10.240.0.4]}]`;
    expect(answer([...CLUSTER, slice], { from: 'shop/web', to: 'apiserver', port: '6443' })).toMatchObject({
      verdict: 'allowed',
      to: 'apiserver',
    });
  });

  test.each<[text: string, message: RegExp, near: string[]]>([
    ['shop/wed', /no workload `shop\/wed`/, ['shop/web']],
    ['web', /no workload `web`/, ['shop/web']],
    ['shop/both', /`shop\/both` is ambiguous/, ['shop/Deployment/both', 'shop/StatefulSet/both']],
    ['shop/Job/web', /no workload/, []],
    ['zzzzzz/qqqqqq', /no workload/, []],
    ['pod:other/apy', /no pod `other\/apy`/, ['pod:other/api']],
    ['ns:shpo', /no namespace `shpo`/, ['ns:shop']],
    ['ns:empty', /namespace `empty` has no workload/, []],
    ['svc:shop/wob', /no Service `shop\/wob`/, ['svc:shop/web']],
    ['node:n3', /no node `n3`/, ['node:n1', 'node:n2']],
    ['planet:mars', /`planet:mars` is not a way to name an endpoint/, []],
  ])('%s is none', (text, message, near) => {
    const named = resolveName(analysis(), text);
    if (named.kind === 'ok') throw new Error(named.label);
    expect(named.message).toMatch(message);
    for (const name of near) expect(named.near).toContain(name);
  });

  test('an address of a dual-stack pod means that address', () => {
    const dual = [pod('shop/a', { ips: ['10.1.0.1', 'fd00::1'] }), pod('shop/b', { ips: ['10.1.0.2', 'fd00::2'] })];
    const v4 = policy(
      'shop/x',
      'podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]',
    );
    const verdict = (to: string) => answer([...dual, v4], { from: 'shop/a', to, port: '80' }).verdict;
    expect([verdict('10.1.0.2'), verdict('fd00::2'), verdict('shop/b')]).toEqual(['allowed', 'denied', 'mixed']);
  });
});

describe('ports', () => {
  test.each<[text: string, want: ReturnType<typeof readPort>]>([
    ['5432', { protocol: 'TCP', port: 5432 }],
    ['53/UDP', { protocol: 'UDP', port: 53 }],
    ['53/udp', { protocol: 'UDP', port: 53 }],
    ['9/SCTP', { protocol: 'SCTP', port: 9 }],
    ['80/6', undefined],
    ['icmp', { protocol: 'ICMP' }],
    ['proto/47', { protocol: '47' }],
    ['PROTO/icmp', { protocol: 'ICMP' }],
    ['0', undefined],
    ['65535', { protocol: 'TCP', port: 65535 }],
    ['65536', undefined],
    ['-1', undefined],
    ['', undefined],
    ['80/', undefined],
    ['80/TCP/1', undefined],
    ['tcp', undefined],
    ['http', undefined],
    ['80/icmp', undefined],
    ['proto/256', undefined],
    ['proto/', undefined],
    ['constructor', undefined],
  ])('%j', (text, want) => {
    expect(readPort(text)).toEqual(want);
  });

  test('a port that is none is a problem', () => {
    expect(ask(CLUSTER, { from: 'shop/web', to: 'shop/db', port: 'http' })).toMatchObject({
      kind: 'problem',
      message: '`http` is not a port',
    });
  });
});

const ONLY_WEB = policy(
  'shop/db',
  'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]',
);
const CLOSED = policy('shop/out', 'podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]');

describe('verdicts', () => {
  test.each<[why: string, policies: string[], question: Question, verdict: string]>([
    ['allowed', [ONLY_WEB], { from: 'shop/web', to: 'shop/db', port: '5432' }, 'allowed'],
    ['denied', [ONLY_WEB], { from: 'shop/web', to: 'shop/db', port: '5433' }, 'denied'],
    ['by the source', [ONLY_WEB, CLOSED], { from: 'shop/web', to: 'shop/db', port: '5432' }, 'denied'],
    ['ICMP', [ONLY_WEB], { from: 'shop/web', to: 'shop/db', port: 'icmp' }, 'denied'],
    [
      'ICMP that no engine promises',
      [ONLY_WEB],
      { from: 'shop/web', to: 'shop/db', port: 'icmp', engine: 'upstream' },
      'unknown',
    ],
    ['from outside', [ONLY_WEB], { from: '203.0.113.7', to: 'shop/db', port: '5432' }, 'denied'],
    ['to outside', [], { from: 'shop/web', to: 'internet', port: '443' }, 'allowed'],
    ['a namespace of which some may', [ONLY_WEB], { from: 'ns:shop', to: 'shop/db', port: '5432' }, 'mixed'],
    [
      'a block of which some may',
      [
        policy(
          'shop/db',
          'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/25}}]}]',
        ),
      ],
      { from: '203.0.113.0/24', to: 'shop/db', port: '5432' },
      'mixed',
    ],
    ['families that do not meet', [], { from: '2001:db8::1', to: 'pod:other/api', port: '80' }, 'denied'],
    [
      'the own node, by the pod that is asked about',
      [policy('other/x')],
      { from: 'node:n1', to: 'other/api', port: '80' },
      'allowed',
    ],
    ['another node', [policy('other/x')], { from: 'node:n2', to: 'other/api', port: '80' }, 'denied'],
  ])('%s', (_why, policies, question, verdict) => {
    expect(answer([...CLUSTER, ...policies], question).verdict).toBe(verdict);
  });

  test('without a port: what any port may, and the verdict of the best', () => {
    const open = answer([...CLUSTER, ONLY_WEB], { from: 'shop/web', to: 'shop/db' });
    expect([open.verdict, open.protocol, trafficText(open.allowed!)]).toEqual(['allowed', 'any', 'TCP 5432']);
    const closed = answer([...CLUSTER, ONLY_WEB], { from: 'other/api', to: 'shop/db' });
    expect([closed.verdict, closed.allowed]).toEqual(['denied', []]);
  });

  test('mixed tells every branch', () => {
    const { branches, hops } = answer([...CLUSTER, ONLY_WEB], { from: 'ns:shop', to: 'shop/db', port: '5432' });
    const told = branches.map(({ from, verdict }) => `${from} ${verdict}`);
    expect(told).toContain('shop/Deployment/web allowed');
    expect(told).toContain('shop/Deployment/both denied');
    expect(hops.some(({ verdict }) => verdict === 'denied')).toBe(true);
  });
});

describe('hops', () => {
  test('both sides, with the rules that decide, and where they stand', () => {
    const { hops } = answer([...CLUSTER, ONLY_WEB], { from: 'shop/web', to: 'shop/db', port: '5432' });
    expect(hops.map(({ layer, at, verdict, why }) => `${layer} at ${at}: ${verdict}, ${why}`)).toEqual([
      'pod-egress at shop/Deployment/web: allowed, no policy isolates shop/Deployment/web for egress',
      'pod-ingress at shop/StatefulSet/db: allowed, allowed by NetworkPolicy shop/db spec.ingress[0]',
    ]);
    expect(hops[1]!.rules).toMatchObject([
      {
        kind: 'NetworkPolicy',
        namespace: 'shop',
        name: 'db',
        rule: 'spec.ingress[0]',
        action: 'allow',
        decides: true,
        matches: 'yes',
        origin: { file: 'cluster.yaml' },
      },
    ]);
  });

  test('an outside end has no hop of its own', () => {
    const { hops } = answer([...CLUSTER, ONLY_WEB], { from: '203.0.113.7', to: 'shop/db', port: '5432' });
    expect(hops.map(({ layer }) => layer)).toEqual(['pod-ingress']);
    expect(hops[0]!.why).toBe('isolated by NetworkPolicy shop/db; no rule admits 203.0.113.7 on TCP 5432');
  });

  test('unknown says why', () => {
    const answered = answer([...CLUSTER, ONLY_WEB], {
      from: 'shop/web',
      to: 'shop/db',
      port: 'icmp',
      engine: 'upstream',
    });
    expect(answered.reasons).toEqual(['protocol-undefined']);
    expect(answered.hops.at(-1)!.why).toContain('defines TCP, UDP and SCTP only');
    expect(answered.changes).toEqual([]);
  });
});

describe('near misses', () => {
  const inDb = (rule: string) => policy('shop/db', `podSelector: {matchLabels: {app: db}}, ingress: [${rule}]`);

  test.each<[why: string, rule: string, from: string, want: string]>([
    [
      'another port',
      '{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5433}]}',
      'shop/web',
      'admits TCP 5433, not TCP 5432',
    ],
    [
      'a port range',
      '{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 1, endPort: 9}, {protocol: UDP}]}',
      'shop/web',
      'admits TCP 1-9, UDP any port, not TCP 5432',
    ],
    [
      'another label',
      '{from: [{podSelector: {matchLabels: {app: wed}}}], ports: [{port: 5432}]}',
      'shop/web',
      'wants pods with app=wed, and it has app=web',
    ],
    [
      'a label that is not there',
      '{from: [{podSelector: {matchLabels: {tier: x}}}]}',
      'shop/web',
      'wants pods with tier=x, and it has no tier',
    ],
    [
      'a podSelector alone',
      '{from: [{podSelector: {matchLabels: {app: api}}}]}',
      'other/api',
      'a podSelector alone looks only in namespace shop, and other/Pod/api is in other',
    ],
    [
      'a block',
      '{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.2.0.0/16]}}]}',
      'other/api',
      'names 10.0.0.0/8 except 10.2.0.0/16',
    ],
    ['pods, and it is none', '{from: [{podSelector: {}}]}', '203.0.113.7', 'selects pods, and 203.0.113.7 is none'],
  ])('%s', (_why, rule, from, want) => {
    const { nearMisses } = answer([...CLUSTER, inDb(rule)], { from, to: 'shop/db', port: '5432' });
    expect(nearMisses.map(({ rule: where, why }) => `${where}: ${why}`)).toEqual([
      `NetworkPolicy shop/db spec.ingress[0]: ${want}`,
    ]);
  });

  test('a rule that misses by peer and by port is none', () => {
    const rule = '{from: [{podSelector: {matchLabels: {app: x}}}], ports: [{port: 1}]}';
    expect(answer([...CLUSTER, inDb(rule)], { from: 'shop/web', to: 'shop/db', port: '5432' }).nearMisses).toEqual([]);
  });

  test('a port name that the destination does not have is said to be what is missed', () => {
    const { hops } = answer([...CLUSTER, inDb('{from: [{podSelector: {}}], ports: [{port: http}]}')], {
      from: 'shop/web',
      to: 'shop/db',
      port: '5432',
    });
    expect(hops.at(-1)!.rules.map(({ why }) => why)).toEqual(['admits TCP http, not TCP 5432']);
  });
});

describe('the smallest change', () => {
  const tight = (app: string, rules: string) =>
    policy(`shop/${app}`, `podSelector: {matchLabels: {app: ${app}}}, ingress: [${rules}]`);
  const BASE = [
    namespace('shop'),
    namespace('other', 'team: b'),
    workload('shop/web'),
    workload('shop/db'),
    workload('other/api'),
  ];

  /** Puts the text of a patch where its first line says, as a person would: numbers are those of the file as it was. */
  function patched(documents: readonly string[], { patch }: SmallestChange): string[] {
    return patch.split('---\n').reduceRight(applied, [...documents]);
  }

  function applied(documents: readonly string[], patch: string): string[] {
    const added = /^# add to (\S+) of NetworkPolicy (\S+)\/(\S+)\n([\s\S]*)$/.exec(patch);
    if (added !== null) return edited(documents, added[3]!, (spec) => withItems(spec, added[1]!, added[4]!));
    const removed = /^# remove spec\.(ingress|egress)\[(\d+)\] from NetworkPolicy (\S+)\/(\S+)\n$/.exec(patch);
    if (removed === null) return [...documents, patch];
    return edited(documents, removed[4]!, (spec) => {
      const rules = listAt(spec, [removed[1]!]);
      rules[Number(removed[2])] = 'gone';
    });
  }

  function edited(documents: readonly string[], name: string, edit: (spec: Record<string, unknown>) => void): string[] {
    return documents.map((document) => {
      if (!document.includes('kind: NetworkPolicy') || !document.includes(`name: ${name},`)) return document;
      const spec = load(document.slice(document.indexOf('spec: ') + 6)) as Record<string, unknown>;
      edit(spec);
      return `${document.slice(0, document.indexOf('spec: '))}spec: ${JSON.stringify(spec, (_, value: unknown) => (Array.isArray(value) ? value.filter((each) => each !== 'gone') : value))}`;
    });
  }

  function withItems(spec: Record<string, unknown>, field: string, items: string): void {
    const path = field
      .replace(/^spec\./, '')
      .split(/[.[\]]+/)
      .filter((part) => part !== '');
    listAt(spec, path).push(...(load(items) as unknown[]));
  }

  function listAt(spec: Record<string, unknown>, path: readonly string[]): unknown[] {
    let at: Record<string, unknown> = spec;
    for (const part of path.slice(0, -1)) at = at[part] as Record<string, unknown>;
    const last = path.at(-1)!;
    at[last] ??= [];
    return at[last] as unknown[];
  }

  test.each<[why: string, documents: string[], question: Question, summary: RegExp]>([
    [
      'a port',
      [...BASE, tight('db', '{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 1}]}')],
      { from: 'shop/web', to: 'shop/db', port: '5432' },
      /add TCP 5432 to spec\.ingress\[0\]\.ports of NetworkPolicy shop\/db/,
    ],
    [
      'a peer',
      [...BASE, tight('db', '{from: [{podSelector: {matchLabels: {app: x}}}], ports: [{port: 5432}]}')],
      { from: 'shop/web', to: 'shop/db', port: '5432' },
      /add pods app=web to spec\.ingress\[0\]\.from of NetworkPolicy shop\/db/,
    ],
    [
      'a peer of another namespace',
      [...BASE, tight('db', '{from: [{podSelector: {matchLabels: {app: x}}}], ports: [{port: 5432}]}')],
      { from: 'other/api', to: 'shop/db', port: '5432' },
      /add pods app=api of namespace other to/,
    ],
    [
      'a rule',
      [...BASE, policy('shop/db', 'podSelector: {matchLabels: {app: db}}')],
      { from: 'shop/web', to: 'shop/db', port: '53/UDP' },
      /add a rule for pods app=web on UDP 53 to spec\.ingress of NetworkPolicy shop\/db/,
    ],
    [
      'an outside address',
      [...BASE, tight('db', '')],
      { from: '203.0.113.7', to: 'shop/db', port: '5432' },
      /203\.0\.113\.7\/32 on TCP 5432/,
    ],
    [
      'both sides',
      [...BASE, tight('db', ''), policy('shop/web', 'podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]')],
      { from: 'shop/web', to: 'shop/db', port: '5432' },
      /spec\.egress of NetworkPolicy shop\/web; and .*spec\.ingress of NetworkPolicy shop\/db/,
    ],
    [
      'a removal',
      [...BASE, tight('db', '{from: [{podSelector: {matchLabels: {app: web}}}]}')],
      { from: 'shop/web', to: 'shop/db', port: '5432' },
      /remove spec\.ingress\[0\] from NetworkPolicy shop\/db/,
    ],
    [
      'two removals',
      [...BASE, tight('db', '{from: [{podSelector: {}}]}, {ports: [{port: 5432}]}, {ports: [{port: 9}]}')],
      { from: 'shop/web', to: 'shop/db', port: '5432' },
      /remove spec\.ingress\[0\].*; and remove spec\.ingress\[1\]/,
    ],
    [
      'an isolation',
      BASE,
      { from: 'shop/web', to: 'shop/db', port: '5432' },
      /isolate app=\w+ of namespace shop for (in|e)gress with a NetworkPolicy/,
    ],
  ])('%s, and applied to the file it flips the answer', (_why, documents, question, summary) => {
    const { changes, verdict } = answer(documents, question);
    expect(changes.length).toBeGreaterThan(0);
    expect(
      changes.some((change) => summary.test(change.summary)),
      changes.map((change) => change.summary).join('\n'),
    ).toBe(true);
    for (const change of changes) {
      const after = answer(patched(documents, change), question);
      expect([change.summary, after.verdict]).toEqual([change.summary, verdict === 'denied' ? 'allowed' : 'denied']);
    }
  });

  test('says what else it opens and closes, the fewest first', () => {
    const documents = [
      ...BASE,
      tight(
        'db',
        '{from: [{namespaceSelector: {}}], ports: [{port: 1}]}, {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 2}]}',
      ),
    ];
    const { changes } = answer(documents, { from: 'shop/web', to: 'shop/db', port: '5432' });
    expect(
      changes.map(({ summary, alsoOpens, alsoCloses }) => `${summary.slice(0, 40)} ${alsoOpens} ${alsoCloses}`),
    ).toMatchInlineSnapshot(`
      [
        "add TCP 5432 to spec.ingress[1].ports of 0 0",
        "add a rule for pods app=web on TCP 5432  0 0",
        "add TCP 5432 to spec.ingress[0].ports of 2 0",
      ]
    `);
  });

  test('there is none for what no NetworkPolicy decides', () => {
    const deny = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: deny}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`;
    expect(
      answer([...BASE, deny], { from: 'shop/web', to: 'shop/db', port: '80', engine: 'kube-network-policies' }),
    ).toMatchObject({ verdict: 'denied', changes: [] });
  });
});

describe('Services', () => {
  const WEB = pod('shop/web', { ports: ['http:8080'], ips: ['10.1.0.1'] });
  const NEW = pod('shop/new', { ports: ['http:9090'], ips: ['10.1.0.2'], labels: 'app: web' });
  const CLIENT = pod('shop/client', { ips: ['10.1.0.9'] });
  const BY_NAME = service(
    'shop/web',
    'clusterIP: 10.96.0.5, clusterIPs: [10.96.0.5], selector: {app: web}, ports: [{port: 80, targetPort: http}]',
  );
  const only = (port: number) =>
    policy('shop/x', `podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: ${port}}]}]`);
  const to = (documents: readonly string[], question: Partial<Question> = {}) =>
    answer([CLIENT, ...documents], { from: 'shop/client', to: 'svc:shop/web', ...question });

  test('policy sees the port of the pod, not that of the Service', () => {
    expect(to([WEB, BY_NAME, only(8080)], { port: '80' }).verdict).toBe('allowed');
    expect(to([WEB, BY_NAME, only(80)], { port: '80' }).verdict).toBe('denied');
    expect(to([WEB, BY_NAME, only(8080)], { port: '80' }).hops[0]).toMatchObject({
      layer: 'service',
      at: 'svc:shop/web',
      verdict: 'allowed',
      why: 'TCP 80 of the Service is TCP 8080 of shop/Pod/web',
    });
  });

  test('its only port is asked about where none is', () => {
    expect(to([WEB, BY_NAME, only(8080)]).verdict).toBe('allowed');
  });

  test('of several ports one must be said', () => {
    const two = service('shop/web', 'selector: {app: web}, ports: [{name: a, port: 80}, {name: b, port: 81}]');
    const question = { from: 'shop/client', to: 'svc:shop/web' };
    expect(ask([CLIENT, WEB, two], question)).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining('several ports'),
      near: ['80/TCP', '81/TCP'],
    });
  });

  test('a named target port is another number on each backend: mixed', () => {
    const { verdict, branches } = to([WEB, NEW, BY_NAME, only(8080)], { port: '80' });
    expect(verdict).toBe('mixed');
    expect(branches.map(({ to: target, port, verdict: own }) => `${target} ${port} ${own}`)).toEqual([
      'shop/Pod/web 8080 allowed',
      'shop/Pod/new 9090 denied',
    ]);
  });

  test('a port that it does not have', () => {
    const { verdict, hops } = to([WEB, BY_NAME], { port: '81' });
    expect([verdict, hops[0]!.why]).toEqual(['denied', 'the Service has no port TCP 81; it has 80/TCP']);
    expect(to([WEB, BY_NAME], { port: '80/UDP' }).verdict).toBe('denied');
  });

  test('ICMP is not translated', () => {
    const { verdict, hops } = to([WEB, BY_NAME], { port: 'icmp' });
    expect([verdict, hops[0]!.why]).toEqual(['denied', 'a Service translates TCP, UDP and SCTP ports, not ICMP']);
  });

  test('latent: nothing stands behind it', () => {
    const { verdict, hops } = to([BY_NAME], { port: '80' });
    expect([verdict, hops[0]!.why]).toEqual(['denied', expect.stringContaining('no ready backend')]);
  });

  test('without a selector and without slices it is not known', () => {
    const { verdict, reasons } = to([WEB, service('shop/web', 'ports: [{port: 80}]')], { port: '80' });
    expect([verdict, reasons]).toEqual(['unknown', ['backends-unknown']]);
  });

  const slice = (names: readonly string[]) => `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8080}]
endpoints: [${names.map((name, index) => `{addresses: [10.1.0.${index + 1}], targetRef: {kind: Pod, namespace: shop, name: ${name}}}`).join(', ')}]`;

  test.each<[kind: string, documents: string[]]>([
    ['a Service', [service('shop/web', 'selector: {app: web}, ports: [{port: 8080}]')]],
    ['a headless Service', [service('shop/web', 'clusterIP: None, selector: {app: web}, ports: [{port: 8080}]')]],
  ])('%s whose slices name pods that are not in the input', (_kind, documents) => {
    const none = to([...documents, slice(['gone'])], { port: '8080' });
    expect([none.verdict, none.reasons, none.hops[0]!.why]).toEqual([
      'unknown',
      ['backends-unknown'],
      'the pods that its EndpointSlices name are not in the input',
    ]);
    const some = to([...documents, WEB, slice(['web', 'gone'])], { port: '8080' });
    expect([some.verdict, some.reasons]).toEqual(['mixed', ['backends-unknown']]);
  });

  test('headless without a selector and without slices is not known', () => {
    expect(to([service('shop/web', 'clusterIP: None, ports: [{port: 80}]')], { port: '80' })).toMatchObject({
      verdict: 'unknown',
      reasons: ['backends-unknown'],
    });
  });

  test('headless: the port stays as asked', () => {
    const headless = service(
      'shop/web',
      'clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]',
    );
    expect(to([WEB, headless, only(80)], { port: '80' })).toMatchObject({
      verdict: 'allowed',
      hops: [{ layer: 'service', why: expect.stringContaining('headless') }, {}, {}],
    });
    expect(to([WEB, headless, only(80)], { port: '8080' }).verdict).toBe('denied');
  });

  test('ExternalName: the domain is asked about', () => {
    const external = service('shop/web', 'type: ExternalName, externalName: api.example.com');
    expect(to([external], { port: '443' })).toMatchObject({
      verdict: 'allowed',
      to: 'svc:shop/web (dns:api.example.com)',
    });
    const closed = policy('shop/x', 'policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]');
    expect(to([external, closed], { port: '443' })).toMatchObject({ verdict: 'unknown', reasons: ['domain-name'] });
  });

  test('the address of a Service is the Service', () => {
    expect(to([WEB, BY_NAME, only(8080)], { to: '10.96.0.5', port: '80' })).toMatchObject({
      verdict: 'allowed',
      hops: [{ layer: 'service' }, {}, {}],
    });
    expect(to([WEB, BY_NAME, only(80)], { to: '10.96.0.5', port: '80' }).verdict).toBe('denied');
  });

  test('a Service sends nothing', () => {
    expect(ask([CLIENT, WEB, BY_NAME], { from: 'svc:shop/web', to: 'shop/client', port: '80' })).toMatchObject({
      kind: 'problem',
      near: ['shop/Pod/web'],
    });
  });
});
