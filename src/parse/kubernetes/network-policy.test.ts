import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '#model/resource.ts';
import { expectProblem, read } from './read.test-support.ts';

function manifest(spec: string): string {
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: ${spec}}`;
}

function policy(spec: string): NetworkPolicy {
  const snapshot = read(manifest(spec));
  expect(snapshot.diagnostics.filter((diagnostic) => diagnostic.severity === 'error')).toEqual([]);
  return snapshot.networkPolicies[0]!;
}

describe('policyTypes after defaulting', () => {
  test.each([
    ['{podSelector: {}}', ['ingress']],
    ['{podSelector: {}, egress: []}', ['ingress']],
    ['{podSelector: {}, egress: null}', ['ingress']],
    ['{podSelector: {}, egress: [{}]}', ['ingress', 'egress']],
    ['{podSelector: {}, policyTypes: [], egress: [{}]}', ['ingress', 'egress']],
    ['{podSelector: {}, policyTypes: [Egress]}', ['egress']],
    ['{podSelector: {}, policyTypes: [Ingress], egress: [{}]}', ['ingress']],
    ['{podSelector: {}, policyTypes: [Ingress, Ingress]}', ['ingress']],
    ['null', ['ingress']],
  ])('%s is %j', (spec, expected) => {
    expect(policy(spec).policyTypes).toEqual(expected);
  });
});

describe('what null and empty mean', () => {
  test.each(['{}', '{podSelector: null}', '{podSelector: {}}', '{podSelector: {matchLabels: null}}'])(
    '%s selects every pod',
    (spec) => {
      expect(policy(spec).podSelector.requirements).toEqual([]);
    },
  );

  test.each(['[{}]', '[null]', '[{from: null}]', '[{from: [], ports: []}]'])(
    'ingress %s admits everybody',
    (ingress) => {
      expect(policy(`{ingress: ${ingress}}`).ingress).toMatchObject([{ peers: [], ports: [] }]);
    },
  );

  test('a null port entry is every TCP port', () => {
    expect(policy('{ingress: [{ports: [null]}]}').ingress[0]?.ports).toMatchObject([{ protocol: 'TCP' }]);
  });

  test('a null label value is the empty text, as Go reads it', () => {
    expect(policy('{podSelector: {matchLabels: {a: null}}}').podSelector.requirements).toEqual([
      { key: 'a', operator: 'In', values: [''] },
    ]);
  });
});

test('a rule is read with its peers, ports, paths and places', () => {
  const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p
spec:
  ingress:
    - from:
        - podSelector: {matchLabels: {app: web}}
          namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}
        - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
      ports:
        - port: http
        - {protocol: UDP, port: 53, endPort: 60}
`;
  const rule = read(text).networkPolicies[0]?.ingress[0];
  expect(rule).toMatchObject({ path: 'spec.ingress[0]', origin: { line: 7, column: 7 }, gaps: [] });
  expect(rule?.peers).toMatchObject([
    {
      kind: 'pods',
      podSelector: { requirements: [{ key: 'app', operator: 'In', values: ['web'] }] },
      namespaceSelector: { requirements: [{ key: 'team', operator: 'NotIn', values: ['a'] }] },
    },
    {
      kind: 'ipBlock',
      cidr: { length: 8 },
      except: [{ length: 16 }],
      path: 'spec.ingress[0].from[1]',
      origin: { line: 10 },
    },
  ]);
  expect(rule?.ports).toMatchObject([
    { protocol: 'TCP', port: 'http' },
    { protocol: 'UDP', port: 53, endPort: 60 },
  ]);
});

describe('what an API server refuses', () => {
  const peer = (text: string) => `{ingress: [{from: [${text}]}]}`;
  const port = (text: string) => `{ingress: [{ports: [${text}]}]}`;
  test.each([
    [peer('{}'), 'RF2003 `spec.ingress[0].from[0]` names nobody'],
    [peer('null'), 'RF2003 `spec.ingress[0].from[0]` names nobody'],
    [peer('{podSelector: null}'), 'RF2003 `spec.ingress[0].from[0]` names nobody'],
    [peer('{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}'), 'RF2009 both `ipBlock` and a selector'],
    [peer('{ipBlock: {}}'), 'RF2003 `spec.ingress[0].from[0].ipBlock.cidr` is missing'],
    [peer('{ipBlock: {cidr: 10.0.0.0}}'), 'RF2007 is `10.0.0.0`, which is not a CIDR'],
    [peer('{ipBlock: {cidr: 10.0.0.0/33}}'), 'RF2007 not a CIDR'],
    [peer('{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}'), 'RF2010 outside the block `10.0.0.0/8`'],
    [peer('{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}'), 'RF2010 not smaller than the block'],
    [peer('{ipBlock: {cidr: 10.0.0.0/8, except: ["fd00::/64"]}}'), 'RF2010 outside the block'],
    [port('{protocol: ICMP}'), 'RF2004 must be `TCP`, `UDP` or `SCTP`'],
    [port('{protocol: ""}'), 'RF2004 must be `TCP`, `UDP` or `SCTP`'],
    [port('{port: 0}'), 'RF2008 ports are 1 to 65535'],
    [port('{port: 65536}'), 'RF2008 ports are 1 to 65535'],
    [port('{port: "80"}'), 'RF2008 must have at least one letter'],
    [port('{port: Http}'), 'RF2008 lower case'],
    [port('{port: a-name-that-is-too-long}'), 'RF2008 at most 15'],
    [port('{port: 1.5}'), 'RF2002 must be a whole number or text'],
    [port('{port: true}'), 'RF2002 must be a whole number or text, not the boolean `true`'],
    [port('{port: http, endPort: 90}'), 'RF2008 needs a numeric `port`, not `http`'],
    [port('{endPort: 90}'), 'RF2008 needs a numeric `port`'],
    [port('{port: 90, endPort: 80}'), 'RF2008 smaller than `port` 90'],
    [port('{port: 90, endPort: 70000}'), 'RF2008 ports are 1 to 65535'],
    ['{policyTypes: [ingress]}', 'RF2004 must be `Ingress` or `Egress`'],
    ['{policyTypes: [Ingress, Egress, Ingress]}', 'RF2014 at most 2'],
    ['{policyTypes: Ingress}', 'RF2002 `spec.policyTypes` must be a list, not text'],
    ['{podSelector: []}', 'RF2002 `spec.podSelector` must be a mapping, not a list'],
    [
      '{podSelector: {matchLabels: {a: 1}}}',
      'RF2002 `spec.podSelector.matchLabels.a` must be text, not the number `1`',
    ],
    ['{podSelector: {matchLabels: {a: b c}}}', 'RF2006 a label value must'],
    ['{podSelector: {matchLabels: {-a: b}}}', 'RF2006 a label key must'],
    ['{podSelector: {matchExpressions: [{key: a, operator: In}]}}', 'RF2005 must have an entry'],
    ['{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}', 'RF2005 must be empty'],
    ['{podSelector: {matchExpressions: [{key: a, operator: Is}]}}', 'RF2005 is `Is`'],
    ['{podSelector: {matchExpressions: [{operator: Exists}]}}', 'RF2003 matchExpressions[0].key` is missing'],
  ])('%s', (spec, expected) => {
    expectProblem(manifest(spec), expected);
    expect(read(manifest(spec)).networkPolicies).toEqual([]);
  });

  test('every problem of an object is reported, not only the first', () => {
    const found = read(
      manifest('{policyTypes: [X], ingress: [{ports: [{port: 0}]}], egress: [{to: [{}]}]}'),
    ).diagnostics;
    expect(found.map((diagnostic) => diagnostic.code).sort()).toEqual(['RF2003', 'RF2004', 'RF2008']);
    expect(found[0]).toMatchObject({
      severity: 'error',
      object: 'NetworkPolicy shop/p',
      origin: { file: 'test.yaml', line: 1 },
    });
    expect(found[0]?.frame).toContain('> 1 |');
  });
});

test.each([
  ['10.1.2.3/8', '10.0.0.0/8', 'host bits'],
  ['010.0.0.0/8', '10.0.0.0/8', 'leading zeros'],
])('%s of a stored object is read as %s and reported (%s)', (cidr, network) => {
  const text = manifest(`{ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}`);
  expectProblem(text, `RF3001 read as \`${network}\``);
  expect(read(text).networkPolicies[0]?.ingress[0]?.peers).toMatchObject([
    { kind: 'ipBlock', cidr: { lo: 10n << 24n } },
  ]);
});

describe('unknown fields', () => {
  test.each([
    ['{podselector: {}}', 'spec.podselector', 'did you mean `podSelector`?'],
    ['{podSelector: {matchLabel: {a: b}}}', 'spec.podSelector.matchLabel', 'did you mean `matchLabels`?'],
  ])('%s is a gap of the policy', (spec, path, help) => {
    const snapshot = read(manifest(spec));
    expect(snapshot.diagnostics).toMatchObject([{ code: 'RF2013', severity: 'warning', help }]);
    expect(snapshot.networkPolicies[0]?.gaps).toMatchObject([{ path, reason: 'unread-field' }]);
  });

  test('beside spec, one is a gap of the policy too', () => {
    const text = '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, foo: 1}, ingress: []}';
    expect(read(text).networkPolicies[0]?.gaps.map((gap) => gap.path)).toEqual(['ingress']);
  });

  test.each(['{form: [{podSelector: {}}]}', '{to: [{podSelector: {}}]}'])('%s is a gap of the rule', (rule) => {
    const read = policy(`{ingress: [${rule}]}`);
    expect(read.gaps).toEqual([]);
    expect(read.ingress[0]?.gaps).toHaveLength(1);
  });

  test('in a port, one is a gap of the rule, which then may be about any traffic', () => {
    const rule = policy('{ingress: [{ports: [{port: 80}, {icmp: {type: 8}}]}]}').ingress[0];
    expect(rule).toMatchObject({ ports: [], gaps: [{ path: 'spec.ingress[0].ports[1].icmp' }] });
  });

  test.each(['{podSelector: {}, serviceAccounts: {}}', '{fqdns: [a.b]}', '{podSelector: {matchlabels: {}}}'])(
    '%s is an unread peer',
    (peer) => {
      const rule = policy(`{ingress: [{from: [${peer}, {podSelector: {}}]}]}`).ingress[0];
      expect(rule?.peers.map((one) => one.kind)).toEqual(['unread', 'pods']);
    },
  );

  test('a null one is no field', () => {
    expect(read(manifest('{foo: null}')).diagnostics).toEqual([]);
  });
});

test('labels with hostile keys are labels like any other', () => {
  const read = policy('{podSelector: {matchLabels: {constructor: a, toString: b}}}');
  expect(read.podSelector.requirements.map((one) => one.key)).toEqual(['constructor', 'toString']);
});
