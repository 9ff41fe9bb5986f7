import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { injected, outside, peers, workload } from '../mesh.test-support.ts';
import { meshMtls002 } from './control.ts';

const SHOP = injected('shop') + workload('shop/web') + workload('shop/api');
const STRICT = peers('istio-system', 'STRICT');

describe('MESH-MTLS-002', () => {
  test.each([
    ['STRICT', SHOP + STRICT, 'PASS'],
    ['PERMISSIVE', SHOP + peers('istio-system', 'PERMISSIVE'), 'FAIL'],
    ['the default', SHOP, 'FAIL'],
    ['no mesh', outside('shop') + workload('shop/web'), 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(meshMtls002, { manifests })).toBe(state);
  });

  test('what is PERMISSIVE is told once for a namespace', () => {
    expect(placesOf(assess(meshMtls002, { manifests: SHOP }))).toEqual(['FAIL Namespace shop permissive']);
  });

  test('a port that the proxy leaves alone', () => {
    const manifests =
      SHOP + STRICT + workload('shop/db', ', annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "8080" }');
    const found = placesOf(assess(meshMtls002, { manifests }));
    expect(found).toContain('FAIL Deployment shop/db skipped-port');
    expect(found).toContain('PASS Deployment shop/web');
  });

  test('a pod that is taken out', () => {
    const manifests =
      SHOP +
      STRICT +
      workload('shop/old')
        .replace('{ app: old }\n    spec', '{ app: old }\n    spec')
        .replace('labels: { app: old }', 'labels: { app: old, sidecar.istio.io/inject: "false" }');
    expect(placesOf(assess(meshMtls002, { manifests }))).toContain('FAIL Deployment shop/old opt-out');
  });

  test('Linkerd', () => {
    const space =
      '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, annotations: { linkerd.io/inject: enabled } }\n';
    const skipping = workload('shop/web', ', annotations: { config.linkerd.io/skip-inbound-ports: "8080" }');
    expect(placesOf(assess(meshMtls002, { manifests: space + skipping + workload('shop/api') }))).toEqual([
      'FAIL Namespace shop permissive',
      'FAIL Deployment shop/web skipped-port',
    ]);
  });

  test('membership that is not in the input', () => {
    expect(stateOf(meshMtls002, { manifests: STRICT + workload('shop/web') + workload('shop/api') })).not.toBe('PASS');
  });

  test('is made strict where nobody outside of the mesh asks', () => {
    for (const [more, automatic] of [
      ['', true],
      [outside('tools') + workload('tools/job'), false],
    ] as const) {
      const context = contextOf({ manifests: SHOP + peers('shop', 'PERMISSIVE') + more });
      const fix = meshMtls002.fix?.(context, meshMtls002.assess(context).places[0]!);
      expect(fix).toMatchObject({ automatic, changes: [{ kind: 'edit-object', edits: [{ value: 'STRICT' }] }] });
    }
  });
});
