import { describe, expect, test } from 'vitest';
import type { ClusterPolicy } from '#model/resource.ts';
import { expectProblem, problemsOf, read } from './read.test-support.ts';

const SUBJECT = 'subject: {namespaces: {}}';

function manifest(kind: string, version: string, spec: string, name = 'p'): string {
  return `{apiVersion: policy.networking.k8s.io/${version}, kind: ${kind}, metadata: {name: ${name}}, spec: {${spec}}}`;
}

const cnp = (spec: string) => manifest('ClusterNetworkPolicy', 'v1alpha2', `tier: Admin, priority: 5, ${spec}`);
const anp = (spec: string) => manifest('AdminNetworkPolicy', 'v1alpha1', `priority: 5, ${spec}`);
const banp = (spec: string, name = 'default') => manifest('BaselineAdminNetworkPolicy', 'v1alpha1', spec, name);

const cnpEgress = (rule: string) => cnp(`${SUBJECT}, egress: [{action: Accept, ${rule}}]`);
const anpEgress = (rule: string) => anp(`${SUBJECT}, egress: [{action: Allow, ${rule}}]`);

function policyOf(text: string): ClusterPolicy {
  expect(problemsOf(text)).toEqual([]);
  return read(text).clusterPolicies[0]!;
}

describe('ClusterNetworkPolicy', () => {
  test('is read whole', () => {
    const policy = policyOf(
      cnp(`subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}},
        ingress: [{name: in, action: Deny, from: [{namespaces: {}}]}],
        egress: [{action: Pass, to: [{networks: [10.0.0.0/8]}, {nodes: {}}],
          protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {range: {start: 1, end: 65535}}}}]},
          {action: Accept, to: [{domainNames: ["*.Example.com."]}]},
          {action: Accept, to: [{namespaces: {}}], protocols: [{destinationNamedPort: http}]}]`),
    );
    expect(policy).toMatchObject({
      kind: 'ClusterNetworkPolicy',
      tier: 'Admin',
      priority: 5,
      namespace: '',
      subject: { podSelector: { requirements: [{ key: 'a' }] } },
      ingress: [{ name: 'in', action: 'deny', peers: [{ kind: 'pods' }], protocols: [] }],
      egress: [
        {
          action: 'pass',
          peers: [{ kind: 'networks', cidrs: [{ length: 8 }] }, { kind: 'nodes' }],
          protocols: [
            { kind: 'range', protocol: 'TCP', from: 80, to: 80 },
            { kind: 'range', protocol: 'UDP', from: 1, to: 65535 },
          ],
        },
        { action: 'allow', peers: [{ kind: 'domains', names: ['*.example.com'] }] },
        { protocols: [{ kind: 'named', name: 'http' }] },
      ],
      gaps: [],
    });
  });

  test.each([
    [cnpEgress('to: [{namespaces: {}, networks: [10.0.0.0/8]}]'), 'RF2009 only one of'],
    [cnpEgress('to: [{}]'), 'RF2003 `spec.egress[0].to[0]` is empty'],
    [cnpEgress('to: [{networks: null}]'), 'RF2003 is empty'],
    [cnpEgress('to: []'), 'RF2014 at least 1'],
    [cnpEgress('name: x'), 'RF2003 `spec.egress[0].to` is missing'],
    [cnpEgress('to: [{namespaces: {}}], protocols: []'), 'RF2014 at least 1'],
    [cnpEgress('to: [{namespaces: {}}], protocols: [{tcp: {}}]'), 'RF2003 `spec.egress[0].protocols[0].tcp` is empty'],
    [cnpEgress('to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {}}}]'), 'RF2003 is empty'],
    [
      cnpEgress('to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {start: 80, end: 80}}}}]'),
      'RF2008 must be larger',
    ],
    [cnpEgress('to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 0}}}]'), 'RF2008 1 to 65535'],
    [cnpEgress('to: [{nodes: {}}], protocols: [{destinationNamedPort: http}]'), 'RF2009 with the peer `nodes`'],
    [cnpEgress('to: [{networks: [10.0.0.0/8, 10.0.0.0/8]}]'), 'RF2009 a second time'],
    [cnpEgress('to: [{networks: [010.0.0.0/8]}]'), 'RF2007 leading zeros'],
    [cnpEgress('to: [{domainNames: [localhost]}]'), 'RF2004 not a domain name'],
    [
      cnp(`${SUBJECT}, egress: [{action: Deny, to: [{domainNames: [a.b]}]}]`),
      'RF2009 with the action `Deny`, only with `Accept`',
    ],
    [cnp(`${SUBJECT}, egress: [{action: Allow, to: [{namespaces: {}}]}]`), 'RF2004 must be `Accept`, `Deny` or `Pass`'],
    [cnp(`${SUBJECT}, egress: [{to: [{namespaces: {}}]}]`), 'RF2003 action` is missing'],
    [
      cnp(`${SUBJECT}, ingress: [${Array(26).fill('{action: Deny, from: [{namespaces: {}}]}').join(', ')}]`),
      'RF2014 at most 25',
    ],
    [cnp('subject: {}'), 'RF2003 `spec.subject` is empty'],
    [cnp(''), 'RF2003 `spec.subject` is missing'],
    [cnp('subject: {pods: {namespaceSelector: {}}}'), 'RF2003 `spec.subject.pods.podSelector` is missing'],
    [manifest('ClusterNetworkPolicy', 'v1alpha2', `priority: 1, ${SUBJECT}`), 'RF2003 `spec.tier` is missing'],
    [
      manifest('ClusterNetworkPolicy', 'v1alpha2', `tier: Admin, priority: 1001, ${SUBJECT}`),
      'RF2004 must be 0 to 1000',
    ],
  ])('refuses %s', (text, expected) => {
    expectProblem(text, expected);
    expect(read(text).clusterPolicies).toEqual([]);
  });

  test('a CIDR with host bits is read as its network and reported', () => {
    expectProblem(cnpEgress('to: [{networks: [10.0.0.1/8]}]'), 'RF3001 read as `10.0.0.0/8`');
  });

  test.each([
    ['a peer with no known field', cnpEgress('to: [{serviceAccounts: {}}]')],
    ['a peer with one known field and one unknown', cnpEgress('to: [{namespaces: {}, ports: {}}]')],
  ])('%s is unread', (_what, text) => {
    expectProblem(text, 'RF2013 is not a field');
    expect(read(text).clusterPolicies[0]?.egress[0]?.peers).toMatchObject([
      { kind: 'unread', gap: { reason: 'unread-field' } },
    ]);
  });

  test('a protocol with no known field makes the rule uncertain about all traffic', () => {
    const rule = read(
      cnpEgress('to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}, {icmp: {}}]'),
    );
    expect(rule.clusterPolicies[0]?.egress[0]).toMatchObject({
      protocols: [],
      gaps: [{ path: 'spec.egress[0].protocols[1].icmp' }],
    });
  });

  test('an ingress peer of egress only is unread', () => {
    const text = cnp(`${SUBJECT}, ingress: [{action: Deny, from: [{networks: [10.0.0.0/8]}]}]`);
    expect(read(text).clusterPolicies[0]?.ingress[0]?.peers).toMatchObject([{ kind: 'unread' }]);
  });

  test('a subject with no known field is a gap of the policy', () => {
    expect(read(cnp('subject: {accounts: {}}')).clusterPolicies[0]?.gaps).toMatchObject([
      { path: 'spec.subject.accounts' },
    ]);
  });
});

describe('v1alpha1', () => {
  test('ports default to TCP', () => {
    const policy = policyOf(
      anpEgress(
        'to: [{namespaces: {}}], ports: [{portNumber: {port: 80}}, {portRange: {start: 9, end: 9}}, {namedPort: x}]',
      ),
    );
    expect(policy.egress[0]).toMatchObject({
      action: 'allow',
      protocols: [{ protocol: 'TCP', from: 80, to: 80 }, { protocol: 'TCP', from: 9, to: 9 }, { kind: 'named' }],
    });
  });

  test('the baseline is called default, has no priority and does not pass', () => {
    expect(policyOf(banp(SUBJECT))).toMatchObject({
      kind: 'BaselineAdminNetworkPolicy',
      tier: 'Baseline',
      priority: 0,
    });
    expectProblem(banp(SUBJECT, 'other'), 'RF2004 must be `default`');
    expectProblem(
      banp(`${SUBJECT}, ingress: [{action: Pass, from: [{namespaces: {}}]}]`),
      'RF2004 must be `Allow` or `Deny`',
    );
  });

  test.each([
    [anp('subject: {namespaces: {sameLabels: [a]}}'), 'RF2009 `spec.subject.namespaces.sameLabels` is of a shape'],
    [anpEgress('to: [{namespaces: {notSameLabels: [a]}}]'), 'RF2009 is of a shape'],
    [anpEgress('to: [{namespaces: {namespaceSelector: {}}}]'), 'RF2009 is of a shape'],
    [anpEgress('to: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP}}]'), 'RF2003 port` is missing'],
    [anpEgress('to: [{namespaces: {}}], ports: [{}]'), 'RF2003 is empty'],
    [anpEgress('to: [{networks: [10.0.0.0/8]}], ports: [{namedPort: x}]'), 'RF2009 with the peer `networks`'],
    [manifest('AdminNetworkPolicy', 'v1alpha1', SUBJECT), 'RF2003 `spec.priority` is missing'],
    [manifest('AdminNetworkPolicy', 'v1alpha1', `priority: "5", ${SUBJECT}`), 'RF2002 must be a whole number'],
  ])('refuses %s', (text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected.slice(7));
    expect(problemsOf(text)[0]).toContain(expected.slice(0, 6));
    expect(read(text).clusterPolicies).toEqual([]);
  });
});
