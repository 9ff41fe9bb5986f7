import { describe, expect, test } from 'vitest';
import { stateOf } from '../../controls.test-support.ts';
import { made } from '../azure.test-support.ts';
import { monNw003 } from './control.ts';

function capture(status: string): string {
  return JSON.stringify({
    apiVersion: 'retina.sh/v1alpha1',
    kind: 'Capture',
    metadata: { name: 'practice', namespace: 'ops' },
    status: { conditions: [{ type: 'complete', status }] },
  });
}

function answers(answer: 'yes' | 'no') {
  return { settings: { answers: new Map([['MON-NW-003', { answer, by: 'Kim', on: '2026-10-01' }]]) } };
}

const taken = made('Microsoft.Network/networkWatchers/packetCaptures', 'w/c', { provisioningState: 'Succeeded' });

const pod = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'shop' },
  spec: { containers: [{ name: 'p', image: 'p' }] },
});

describe('MON-NW-003', () => {
  test.each([
    ['a capture of Retina that ended well', { manifests: capture('True') }, 'PASS'],
    ['one that did not', { manifests: `${capture('False')}\n---\n${pod}` }, 'MANUAL'],
    ['a capture of Network Watcher', { azure: [taken] }, 'PASS'],
    ['a cluster and nothing of captures', { manifests: pod }, 'MANUAL'],
    ['no cluster', {}, 'NA'],
    ['an answer', answers('yes'), 'PASS'],
    ['the other answer', answers('no'), 'FAIL'],
  ] as const)('%s', (_name, input, state) => {
    expect(stateOf(monNw003, input)).toBe(state);
  });
});
