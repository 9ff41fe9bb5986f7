import { describe, expect, test } from 'vitest';
import type { Trace } from '#model/verdict.ts';
import { asker, clusterPolicy, namespace, node, pod, policy } from './ask.test-support.ts';

/** A trace as lines, for people who read tests: one for each step, then how it ended. */
function lines({ verdict, steps, isolatedBy, end, reasons }: Trace): string[] {
  const told = steps.map(({ rule, tier, matches, decides, tooLate, miss, reason }) => {
    const what = `${tier}: ${rule.policy.name} ${rule.path}:${rule.origin.line} ${rule.action}`;
    const missed = miss && ` (peer ${miss.peer ? 'missed' : 'fits'}, traffic ${miss.traffic ? 'missed' : 'fits'})`;
    return `${what} ${matches}${missed ?? ''}${decides ? ' decides' : ''}${tooLate ? ' too late' : ''}${reason === undefined ? '' : ` ${reason}`}`;
  });
  const ending = end === undefined ? [] : [`end: ${end.kind} ${end.tier}`.trim()];
  return [
    verdict,
    ...told,
    ...ending,
    `isolated by ${isolatedBy.map(({ name }) => name).join(' ') || 'nobody'}`,
    ...reasons,
  ];
}

const CLUSTER = [namespace('shop'), pod('shop/web'), pod('shop/api'), pod('shop/db')];
const npm = { profile: 'azure-npm-linux' } as const;
const knp = { profile: 'kube-network-policies' } as const;

describe('explain', () => {
  test('no policy', () => {
    expect(lines(asker(CLUSTER).trace('ingress', 'shop/api', 'shop/web'))).toMatchInlineSnapshot(`
      [
        "allowed",
        "end: default",
        "isolated by nobody",
      ]
    `);
  });

  test('isolated, with what each rule misses', () => {
    const spec =
      'ingress: [{from: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 80}]}, {from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 81}]}, {from: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 81}]}]';
    expect(
      lines(asker([...CLUSTER, policy('shop/x', spec)], npm).trace('ingress', 'shop/api', 'shop/web')),
    ).toMatchInlineSnapshot(`
      [
        "denied",
        "NetworkPolicy: x spec.ingress[0]:30 allow no (peer missed, traffic fits)",
        "NetworkPolicy: x spec.ingress[1]:30 allow no (peer fits, traffic missed)",
        "NetworkPolicy: x spec.ingress[2]:30 allow no (peer missed, traffic missed)",
        "end: isolated NetworkPolicy",
        "isolated by x",
      ]
    `);
  });

  test('every policy that admits decides: none of them comes first', () => {
    const documents = [
      ...CLUSTER,
      policy('shop/x', 'ingress: [{}]'),
      policy('shop/w', 'ingress: [{ports: [{port: 80}]}]'),
      policy('shop/v', ''),
    ];
    expect(lines(asker(documents, npm).trace('ingress', 'shop/api', 'shop/web'))).toMatchInlineSnapshot(`
      [
        "allowed",
        "NetworkPolicy: x spec.ingress[0]:30 allow yes decides",
        "NetworkPolicy: w spec.ingress[0]:36 allow yes decides",
        "isolated by x w v",
      ]
    `);
  });

  test('tiers: what comes after the answer is too late', () => {
    const documents = [
      ...CLUSTER,
      clusterPolicy(
        'first',
        'ingress: [{action: Accept, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}, {action: Deny, from: [{namespaces: {}}]}]',
      ),
      clusterPolicy('last', 'tier: Baseline, ingress: [{action: Deny, from: [{namespaces: {}}]}]'),
      policy('shop/x', ''),
    ];
    const { trace } = asker(documents, knp);
    expect(lines(trace('ingress', 'shop/api', 'shop/web', 'TCP/80'))).toMatchInlineSnapshot(`
      [
        "allowed",
        "Admin: first spec.ingress[0]:30 allow yes decides",
        "Admin: first spec.ingress[1]:30 deny yes too late",
        "Baseline: last spec.ingress[0]:36 deny yes too late",
        "isolated by x",
      ]
    `);
    expect(lines(trace('ingress', 'shop/api', 'shop/web', 'TCP/81'))).toMatchInlineSnapshot(`
      [
        "denied",
        "Admin: first spec.ingress[0]:30 allow no (peer fits, traffic missed)",
        "Admin: first spec.ingress[1]:30 deny yes decides",
        "Baseline: last spec.ingress[0]:36 deny yes too late",
        "isolated by x",
      ]
    `);
  });

  test('a pass hands on to NetworkPolicy', () => {
    const documents = [
      ...CLUSTER,
      clusterPolicy('p', 'ingress: [{action: Pass, from: [{namespaces: {}}]}]'),
      policy('shop/x', ''),
    ];
    expect(lines(asker(documents, knp).trace('ingress', 'shop/api', 'shop/web'))).toMatchInlineSnapshot(`
      [
        "denied",
        "Admin: p spec.ingress[0]:30 pass yes decides",
        "end: isolated NetworkPolicy",
        "isolated by x",
      ]
    `);
  });

  test('unknown, and why', () => {
    const documents = [
      pod('shop/web'),
      pod('lost/api'),
      policy('shop/x', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]'),
    ];
    expect(lines(asker(documents, npm).trace('ingress', 'lost/api', 'shop/web'))).toMatchInlineSnapshot(`
      [
        "unknown",
        "NetworkPolicy: x spec.ingress[0]:19 allow perhaps decides labels-unknown",
        "end: isolated NetworkPolicy",
        "isolated by x",
        "labels-unknown",
      ]
    `);
  });

  test('of several reasons, all', () => {
    const spec = 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}, {ipBlock: {cidr: 10.1.0.0/16}}]}]';
    const { trace } = asker([pod('shop/web'), pod('lost/api'), policy('shop/x', spec)]);
    expect(trace('ingress', 'lost/api', 'shop/web').reasons).toEqual(['labels-unknown', 'pod-address-unknown']);
    expect(trace('ingress', 'lost/api', 'shop/web', 'ICMP/0').reasons).toContain('protocol-undefined');
  });

  test('the own node', () => {
    const documents = [node('n1', ['10.9.0.1']), pod('shop/web', { node: 'n1' }), policy('shop/x', '')];
    expect(lines(asker(documents, npm).trace('ingress', 'node:n1', 'shop/web'))).toMatchInlineSnapshot(`
      [
        "allowed",
        "NetworkPolicy: own node own node:0 allow yes decides",
        "isolated by x",
      ]
    `);
  });

  test('a policy that selects perhaps says so of every rule', () => {
    const documents = [
      node('n1'),
      pod('shop/web', { hostNetwork: true }),
      policy('shop/x', 'ingress: [{ports: [{port: 80}]}]'),
    ];
    expect(lines(asker(documents).trace('ingress', '203.0.113.7', 'shop/web', 'TCP/81'))).toMatchInlineSnapshot(`
      [
        "unknown",
        "NetworkPolicy: own node own node:0 allow no (peer missed, traffic fits)",
        "NetworkPolicy: x spec.ingress[0]:17 allow no (peer fits, traffic missed)",
        "NetworkPolicy: x spec:14 allow no (peer fits, traffic missed)",
        "end: isolated NetworkPolicy",
        "isolated by x",
        "host-network-undefined",
      ]
    `);
  });

  test('a rule by a port name that the subject does not have is not asked whom it names', () => {
    const documents = [...CLUSTER, policy('shop/x', 'ingress: [{from: [{podSelector: {}}], ports: [{port: http}]}]')];
    expect(lines(asker(documents, npm).trace('ingress', 'shop/api', 'shop/web'))).toMatchInlineSnapshot(`
      [
        "denied",
        "NetworkPolicy: x spec.ingress[0]:30 allow no (peer missed, traffic missed)",
        "end: isolated NetworkPolicy",
        "isolated by x",
      ]
    `);
  });
});
