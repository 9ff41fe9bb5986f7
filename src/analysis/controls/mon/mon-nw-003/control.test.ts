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

describe('MON-NW-003', () => {
  test.each([
    ['a capture of Retina that ended well', { manifests: capture('True') }, 'PASS'],
    ['one that did not', { manifests: capture('False') }, 'MANUAL'],
    ['a capture of Network Watcher', { azure: [taken] }, 'PASS'],
    ['nothing', {}, 'MANUAL'],
    ['an answer', answers('yes'), 'PASS'],
    ['the other answer', answers('no'), 'FAIL'],
  ] as const)('%s', (_name, input, state) => {
    expect(stateOf(monNw003, input)).toBe(state);
  });
});
