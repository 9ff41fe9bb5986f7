import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '#model/resource.ts';
import { asker, clusterOf, node, pod, policy, workload } from './ask.test-support.ts';
import { changedPairs, editPolicy } from './edit.ts';
import { buildEngine, type Engine } from './engine.ts';
import { grantBetween } from './reach.ts';

const PODS = [pod('shop/web'), pod('shop/api'), pod('shop/db', { ports: ['pg:5432'] })];
const TIGHT = policy(
  'shop/tight',
  'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]',
);
const WIDE = policy('shop/tight', 'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}]}]');

/** A direction without any policy has no tier yet, and its first policy makes all anew. */
const OUT = policy('shop/zero', 'podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{}]');

function policyOf(document: string): NetworkPolicy {
  return clusterOf(document).networkPolicies[0]!;
}

function matrix({ world, reach }: Engine): string[] {
  const text = (from: number, to: number) => {
    const { allowed, possible } = grantBetween(reach, from, to);
    return `${allowed.join()}/${possible.join()}`;
  };
  return world.points.flatMap((_, from) => world.points.map((__, to) => text(from, to)));
}

function scratch({ snapshot, options }: Engine): Engine {
  return buildEngine(snapshot, options);
}

const own = ({ snapshot }: Engine) => snapshot.networkPolicies[0]!;

describe('editPolicy', () => {
  const { engine } = asker([...PODS, TIGHT, OUT]);

  test.each<[why: string, edit: () => Parameters<typeof editPolicy>[1], rows: number]>([
    ['takes a policy out', () => ({ remove: own(engine) }), 1],
    ['puts one in', () => ({ add: policyOf(policy('shop/more', 'podSelector: {matchLabels: {app: api}}')) }), 1],
    ['puts one in place of another', () => ({ remove: own(engine), add: policyOf(WIDE) }), 1],
    [
      'puts one in that says what another says',
      () => ({ add: policyOf(TIGHT.replace('name: tight', 'name: again')) }),
      0,
    ],
    [
      'puts one in for both directions',
      () => ({
        add: policyOf(policy('shop/more', 'podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress, Egress]')),
      }),
      2,
    ],
    [
      'puts one in with a named port',
      () => ({
        add: policyOf(policy('shop/more', 'podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: pg}]}]')),
      }),
      1,
    ],
    ['takes out one that is not there', () => ({ remove: policyOf(policy('shop/other')) }), 0],
    ['puts one in a namespace without pods', () => ({ add: policyOf(policy('void/x')) }), 0],
  ])('%s', (_why, edit, rows) => {
    const edited = editPolicy(engine, edit());
    expect(matrix(edited.engine)).toEqual(matrix(scratch(edited.engine)));
    expect(edited.changed).toHaveLength(rows);
    const before = matrix(engine);
    const different = matrix(edited.engine).filter((text, index) => text !== before[index]);
    expect([...changedPairs(engine.reach, edited.engine.reach, edited.changed!)]).toHaveLength(different.length);
  });

  test('leaves the engine that it began with as it was', () => {
    const before = matrix(engine);
    editPolicy(engine, { remove: own(engine) });
    expect(matrix(engine)).toEqual(before);
    expect(engine.snapshot.networkPolicies).toHaveLength(2);
  });

  test('one edit after another, and back again', () => {
    const out = editPolicy(engine, { remove: own(engine) });
    const back = editPolicy(out.engine, { add: own(engine) });
    expect(matrix(back.engine)).toEqual(matrix(engine));
  });

  test.each([
    ['an address', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'],
    ['a label that controllers set', 'podSelector: {matchLabels: {job-name: x}}'],
  ])('makes a world anew for %s that was told apart by nobody', (_what, spec) => {
    const edited = editPolicy(engine, { add: policyOf(policy('shop/new', spec)) });
    expect(edited.changed).toBeUndefined();
    expect(matrix(edited.engine)).toEqual(matrix(scratch(edited.engine)));
  });

  test('a label that only some controllers set is not taken for told apart', () => {
    const config = workload('shop/old', { kind: 'DeploymentConfig', labels: 'app: web' }).replace(
      'apps/v1',
      'apps.openshift.io/v1',
    );
    for (const [kind, key] of [
      [config, 'deployment'],
      [
        workload('shop/old', { kind: 'Rollout', labels: 'app: web' }).replace('apps/v1', 'argoproj.io/v1alpha1'),
        'rollouts-pod-template-hash',
      ],
    ] as const) {
      const { engine: start } = asker([kind, workload('shop/web'), TIGHT, OUT]);
      const edited = editPolicy(start, {
        add: policyOf(policy('shop/new', `podSelector: {matchLabels: {${key}: x}}`)),
      });
      expect(matrix(edited.engine)).toEqual(matrix(scratch(edited.engine)));
    }
  });

  test('the first policy of all, and a profile that enforces none', () => {
    for (const profile of ['upstream', 'none'] as const) {
      const bare = asker(PODS, { profile }).engine;
      const edited = editPolicy(bare, { add: policyOf(TIGHT) });
      expect(matrix(edited.engine)).toEqual(matrix(scratch(edited.engine)));
    }
  });

  test('the promise about the own node follows the subjects of the policies', () => {
    const { engine: start } = asker(
      [node('n1', ['10.9.0.1']), pod('shop/web', { node: 'n1' }), pod('shop/db', { node: 'n1' }), TIGHT, OUT],
      { profile: 'azure-npm-linux' },
    );
    const more = editPolicy(start, { add: policyOf(policy('shop/more', 'policyTypes: [Ingress, Egress]')) });
    expect(matrix(more.engine)).toEqual(matrix(scratch(more.engine)));
    const less = editPolicy(more.engine, { remove: own(start) });
    expect(matrix(less.engine)).toEqual(matrix(scratch(less.engine)));
  });
});
