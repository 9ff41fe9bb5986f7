import { describe, expect, test } from 'vitest';
import { stateOf } from '../../controls.test-support.ts';
import { cluster, diagnostics, SUBSCRIPTION, under, workspace } from '../azure.test-support.ts';
import { monAct001 } from './control.ts';

const OWNER = `/subscriptions/${SUBSCRIPTION}`;
const ALL = ['Administrative', 'Policy', 'Security'];
const profile = under(OWNER, 'Microsoft.Insights/logProfiles', 'default');

describe('MON-ACT-001', () => {
  test.each([
    ['kept for a year', [diagnostics(OWNER, ALL), workspace(365)], 'PASS'],
    ['kept for a month', [diagnostics(OWNER, ALL), workspace(30)], 'WARN'],
    ['in a storage account', [diagnostics(OWNER, ALL, { workspaceId: null, storageAccountId: '/s' })], 'PASS'],
    ['a workspace that was not read', [diagnostics(OWNER, ALL)], 'UNKNOWN'],
    ['without a category', [diagnostics(OWNER, ['Administrative', 'Security']), workspace(365)], 'FAIL'],
    ['sent nowhere', [diagnostics(OWNER, ALL, { workspaceId: null })], 'FAIL'],
    ['none', [], 'FAIL'],
    ['a log profile, which ended', [profile], 'FAIL'],
  ] as const)('%s', (_name, more, state) => {
    expect(stateOf(monAct001, { azure: [cluster(), ...more], azureLive: true })).toBe(state);
  });

  test.each([
    ['a log profile before the end', { azure: [cluster(), profile], azureLive: true, today: '2026-06-01' }, 'WARN'],
    ['a template', { azure: [cluster()] }, 'UNKNOWN'],
    ['no Azure', { manifests: '{}' }, 'UNKNOWN'],
    ['no Azure, live', { manifests: '{}', kind: 'live' }, 'NA'],
  ] as const)('%s', (_name, input, state) => {
    expect(stateOf(monAct001, input)).toBe(state);
  });
});
