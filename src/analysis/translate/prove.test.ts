import { describe, expect, test } from 'vitest';
import { namespace, pod, policy } from '#engine/ask.test-support.ts';
import type { PlainObject } from '#model/plain.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { prove } from './prove.ts';

const CLUSTER = [namespace('shop'), pod('shop/web', { ips: ['10.1.0.1'] }), pod('shop/api', { ips: ['10.1.0.2'] })];
const SOURCE = policy(
  'shop/x',
  'podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {podSelector: {matchLabels: {app: batch}}}], ports: [{port: 80}]}]',
);

/** A policy of Calico that should say the same. */
function claimed(spec: PlainObject): PlainObject {
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: 'NetworkPolicy',
    metadata: { name: 'x', namespace: 'shop' },
    spec: { order: 1000, selector: "app == 'api'", types: ['Ingress'], ...spec },
  };
}

function rule(selector: string, ports: readonly (number | string)[] = [80]): PlainObject {
  return { action: 'Allow', protocol: 'TCP', source: { selector }, destination: { ports } };
}

function proofOf(document: PlainObject) {
  const snapshot = snapshotOf([{ file: 'a.yaml', text: [...CLUSTER, SOURCE].join('\n---\n') }]);
  const sources = snapshot.networkPolicies;
  const unit = { sources, documents: [document], notes: [], namespace: 'shop' };
  return prove({ snapshot, movable: sources, source: 'calico', result: 'calico', options: {} }, [unit]);
}

const WEB = "app == 'web'";
const BOTH = "app in {'web', 'batch'}";

describe('a result counts only when it is right', () => {
  test('the same said otherwise is proven', () => {
    const proof = proofOf(claimed({ ingress: [rule(BOTH)] }));
    expect(proof.kind).toBe('proven');
    expect(proof.kind === 'proven' && proof.proofs.get('shop')).toMatchObject({
      source: 'calico',
      result: 'calico',
      madeUp: { unknown: 0, combinations: 5, tried: 5 },
    });
  });

  test.each<[string, PlainObject, string]>([
    ['a peer of the input is lost', { ingress: [rule("app == 'batch'")] }, 'input allowed denied'],
    ['a peer that is not there yet is lost', { ingress: [rule(WEB)] }, 'made-up allowed denied'],
    ['another peer gets in', { ingress: [rule('has(app)')] }, 'made-up denied allowed'],
    ['a port too many', { ingress: [rule(BOTH, ['80:81'])] }, 'input denied allowed'],
    ['a port of the last ones', { ingress: [rule(BOTH, [80, 65535])] }, 'input denied allowed'],
    ['all protocols', { ingress: [{ action: 'Allow', source: { selector: BOTH } }] }, 'input denied allowed'],
    [
      'another namespace',
      { ingress: [rule(BOTH), { ...rule(BOTH), source: { selector: BOTH, namespaceSelector: 'all()' } }] },
      'made-up denied allowed',
    ],
    ['a direction more', { types: ['Ingress', 'Egress'], ingress: [rule(BOTH)] }, 'input allowed denied'],
    ['a subject too many', { selector: "app in {'api', 'batch'}", ingress: [rule(BOTH)] }, 'made-up allowed denied'],
    [
      'a subject without the label',
      { selector: "app == 'api' || !has(app)", ingress: [rule(BOTH)] },
      'made-up allowed denied',
    ],
    [
      'an address outside gets in',
      { ingress: [rule(BOTH), { action: 'Allow', source: { nets: ['203.0.113.9/32'] } }] },
      'input denied allowed',
    ],
  ])('%s', (_what, spec, expected) => {
    const proof = proofOf(claimed(spec));
    if (proof.kind !== 'changes') throw new Error(`it is ${proof.kind}`);
    const { world, before, after, from, to } = proof.witness;
    expect(`${world} ${before} ${after}`).toBe(expected);
    expect(from).not.toBe(to);
  });

  test('what its own API refuses is no result', () => {
    expect(proofOf(claimed({ selector: 'app ==' }))).toMatchObject({ kind: 'unreadable' });
  });

  test('what is not read is no result that is equal', () => {
    expect(proofOf(claimed({ ingress: [rule(BOTH)], mystery: true })).kind).not.toBe('proven');
  });
});
