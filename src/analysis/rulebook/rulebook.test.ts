import { describe, expect, test } from 'vitest';
import { bitsOf } from '#base/bits.ts';
import { clusterOf, namespace, policy, workload } from '#engine/ask.test-support.ts';
import type { ProfileId } from '#model/profile.ts';
import type { Finding } from '#model/scan.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import { policiesOf } from '../policies/policies.ts';
import { rulebookOf } from './rulebook.ts';

const SHOP = clusterOf(
  namespace('shop'),
  workload('shop/web'),
  workload('shop/db'),
  policy(
    'shop/db',
    'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}, {from: [{podSelector: {matchLabels: {app: none}}}]}]',
  ),
  policy('shop/web-out', 'podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]'),
);

function bookOf(engine: ProfileId, findings: readonly Finding[] = [], owner?: string) {
  const analysis = analyseSnapshot(SHOP, { engine });
  const { world } = analysis.engine;
  const points = world.pointsOfOwner[world.owners.findIndex(({ id }) => id === owner)] ?? [];
  const scope = owner === undefined ? undefined : { points: bitsOf(world.size, points) };
  return rulebookOf(analysis, { policies: policiesOf(analysis), findings }, scope);
}

const ownOf = (book: ReturnType<typeof bookOf>) => book.policies.filter(({ kind }) => kind === 'NetworkPolicy');

describe('the stack', () => {
  test('has the lanes of the engine, egress before ingress', () => {
    expect(bookOf('calico').lanes.map(({ direction, layer, tier }) => [direction, layer, tier])).toEqual([
      ['egress', 'pod', 'default'],
      ['ingress', 'pod', 'default'],
    ]);
  });

  test('says of each rule whom it is for, what it says and what is wrong with it', () => {
    const [out, db] = ownOf(bookOf('calico'));
    expect(out).toMatchObject({
      name: 'web-out',
      isolates: true,
      selects: { names: ['shop/Deployment/web'], total: 1 },
    });
    expect(
      db?.rules.map(({ rule, action, says, problems }) => [rule, action, says, problems.map((each) => each.problem)]),
    ).toEqual([
      ['spec.ingress[0]', 'allow', 'from pods app=web of namespace shop on TCP 5432', ['contradictory']],
      ['spec.ingress[1]', 'allow', 'from pods app=none of namespace shop on every port', ['dead']],
    ]);
  });

  test('is narrowed to a workload', () => {
    expect(ownOf(bookOf('calico', [], 'shop/Deployment/web')).map(({ name }) => name)).toEqual(['web-out']);
  });

  test('what no engine asks stands beside it, with why', () => {
    const book = bookOf('none');
    expect(book.policies.filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
    expect(book.unasked.map(({ name }) => name)).toEqual(['db', 'web-out']);
    expect(book.unasked[0]?.why).toContain('does not enforce NetworkPolicy');
  });

  test('what the API leaves open is told as such, and not as a rule of the policy', () => {
    const [, db] = ownOf(bookOf('upstream'));
    const open = db?.rules.find(({ given }) => given === true);
    expect(open).toMatchObject({ rule: '', traffic: [], problems: [] });
    expect(open?.doubts.length).toBeGreaterThan(0);
  });
});

test('an input without a rule has none', () => {
  const analysis = analyseSnapshot(snapshotOf([]));
  expect(rulebookOf(analysis, { policies: policiesOf(analysis), findings: [] })).toEqual({
    lanes: [],
    policies: [],
    unasked: [],
  });
});

describe('risks', () => {
  const finding = (field: string, suppressed: Finding['suppressed'] = null): Finding => ({
    control: 'NET-POL-006',
    title: 'title',
    state: 'FAIL',
    severity: 'high',
    priority: 50,
    fingerprint: field,
    where: { kind: 'Deployment', namespace: 'shop', name: 'db', id: '' },
    message: 'open',
    evidence: [{ object: 'NetworkPolicy shop/db', field }],
    suppressed,
  });
  const marked = (...findings: readonly Finding[]) =>
    ownOf(bookOf('calico', findings))[1]?.rules.map(({ risks }) => risks.map((each) => [each.control, each.findings]));

  test('a rule that is evidence is risky, once for each control', () => {
    expect(marked(finding('spec.ingress[0]'), finding('spec.ingress[0].from[0]'))).toEqual([[['NET-POL-006', 2]], []]);
  });

  test('what is accepted does not count', () => {
    expect(marked(finding('spec.ingress[0]', { reason: 'r', owner: 'o', from: 'configuration' }))).toEqual([[], []]);
  });
});
