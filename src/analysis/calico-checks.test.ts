import { describe, expect, test } from 'vitest';
import { asker, namespace, pod } from '#engine/ask.test-support.ts';
import { checkCalico } from './calico-checks.ts';

const CLUSTER = [namespace('shop'), pod('shop/web')];

function check(...documents: readonly string[]): string[] {
  const { engine } = asker([...CLUSTER, ...documents], { profile: 'calico' });
  return checkCalico(engine.snapshot, engine).map(({ code, message }) => `${code} ${message}`);
}

function policy(spec: string, kind = 'GlobalNetworkPolicy'): string {
  const place = kind.includes('Global') ? '' : ', namespace: shop';
  return `{apiVersion: projectcalico.org/v3, kind: ${kind}, metadata: {name: p${place}}, spec: {${spec}}}`;
}

const PODS = 'selector: all(), namespaceSelector: all()';
const HOST =
  '{apiVersion: projectcalico.org/v3, kind: HostEndpoint, metadata: {name: h}, spec: {node: n1, interfaceName: "*"}}';
const SOME = '{action: Deny, source: {nets: [192.0.2.0/24]}}';

describe('what Calico does otherwise than it reads', () => {
  test.each([
    [policy(`tier: nowhere, ${PODS}, ingress: [{action: Allow}]`), 'RF3011', 'names tier `nowhere`'],
    [
      policy(`${PODS}, egress: [{action: Allow, destination: {services: {name: a, namespace: b}}}]`),
      'RF3011',
      'names Service `b/a`',
    ],
    [policy(PODS, 'StagedGlobalNetworkPolicy'), 'RF3010', 'is staged'],
    [policy(`selector: "app == 'none'", namespaceSelector: all()`), 'RF3003', 'selects no endpoint'],
    [policy(`${PODS}, ingress: [${SOME}]`), 'RF3012', 'the end of tier `default` denies whatever it does not name too'],
    [policy('preDNAT: true, applyOnForward: true, selector: has(a)'), 'RF3010', 'host endpoints only'],
    [
      policy(
        `${PODS}, ingress: [{action: Allow, source: {notSelector: has(a)}}]`.replace('namespaceSelector: all(), ', ''),
        'NetworkPolicy',
      ),
      'RF3012',
      'endpoints of its own namespace only',
    ],
    [
      policy(`${PODS}, ingress: [{action: Allow, source: {selector: has(kubernetes.io/metadata.name)}}]`),
      'RF3012',
      'among the labels of endpoints',
    ],
    [
      policy(`${PODS}, ingress: [{action: Allow, source: {serviceAccounts: {names: [${'a'.repeat(63)}]}}}]`),
      'RF3010',
      'never matches service account',
    ],
  ])('%s', (document, code, text) => {
    expect(check(document).filter((line) => line.startsWith(code) && line.includes(text))).toHaveLength(1);
  });

  test('all() is host endpoints too, where there are any', () => {
    const everybody = policy('selector: all(), ingress: [{action: Allow}]');
    expect(check(everybody, HOST).join('\n')).toContain('selects host endpoints too');
    expect(check(everybody)).toEqual([]);
    expect(check(policy(`${PODS}, ingress: [{action: Allow}]`), HOST)).toEqual([]);
  });

  test.each([
    ['a denial of everything', `${PODS}, ingress: [${SOME}, {action: Deny}]`],
    ['what passes the rest on', `${PODS}, ingress: [${SOME}, {action: Pass}]`],
    ['what allows some', `${PODS}, ingress: [${SOME}, {action: Allow}]`],
    ['no rules at all', `${PODS}, types: [Ingress]`],
  ])('says nothing of %s', (_, spec) => {
    expect(check(policy(spec))).toEqual([]);
  });
});
