import { describe, expect, test } from 'vitest';
import { stateOf } from '../../controls.test-support.ts';
import { injected, outside, workload } from '../mesh.test-support.ts';
import { meshPerf001 } from './control.ts';

const MESH = injected('shop') + workload('shop/web');

describe('MESH-PERF-001', () => {
  test.each([
    ['a mesh', MESH, 'MANUAL'],
    ['no mesh', outside('shop') + workload('shop/web'), 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(meshPerf001, { manifests })).toBe(state);
  });

  test.each([
    ['yes', 'PASS'],
    ['no', 'WARN'],
  ] as const)('answered by %s', (answer, state) => {
    const answers = new Map([['MESH-PERF-001', { answer, by: 'kim', on: '2026-11-01' }]]);
    expect(stateOf(meshPerf001, { manifests: MESH, settings: { answers } })).toBe(state);
  });
});
