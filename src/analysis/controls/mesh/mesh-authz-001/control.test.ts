import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { injected, outside, peers, workload } from '../mesh.test-support.ts';
import { meshAuthz001 } from './control.ts';

const MESH =
  injected('shop') +
  injected('ops') +
  workload('shop/web') +
  workload('shop/api') +
  workload('shop/db') +
  workload('ops/tool') +
  peers('istio-system', 'STRICT');
const policy = (name: string, spec: string) =>
  `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;

describe('MESH-AUTHZ-001', () => {
  test.each([
    ['no policy', MESH, 'FAIL'],
    ['no mesh', outside('shop') + workload('shop/web'), 'NA'],
    ['one workload', injected('shop') + workload('shop/web') + peers('istio-system', 'STRICT'), 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(meshAuthz001, { manifests })).toBe(state);
  });

  test('namespaces and callers', () => {
    const near = policy('near', '{ rules: [{ from: [{ source: { namespaces: [shop] } }] }] }');
    expect(placesOf(assess(meshAuthz001, { manifests: MESH + near }))).toEqual([
      'WARN Deployment shop/web',
      'WARN Deployment shop/api',
      'WARN Deployment shop/db',
      'FAIL Deployment ops/tool',
    ]);
    const named = policy(
      'named',
      '{ rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }',
    );
    expect(placesOf(assess(meshAuthz001, { manifests: MESH + named }))[1]).toBe('PASS Deployment shop/api');
  });

  test('a policy that looks at requests lets every caller in', () => {
    const paths = policy('paths', '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }');
    expect(placesOf(assess(meshAuthz001, { manifests: MESH + paths }))[1]).toBe('FAIL Deployment shop/api');
  });
});
