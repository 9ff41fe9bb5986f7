import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { cluster, made, network, ROOT, SUBSCRIPTION } from '../azure.test-support.ts';
import { alertsOf } from './alerts.ts';
import { missingOf } from './assess.ts';
import { monAct002 } from './control.ts';
import { CRITICAL_OPERATIONS } from './operations.ts';

const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const ACTION = `${ROOT}/Microsoft.Insights/actionGroups/oncall`;
const group = made('Microsoft.Insights/actionGroups', 'oncall', {
  enabled: true,
  emailReceivers: [{ name: 'us', emailAddress: 'ops@example.com' }],
});
const silent = made('Microsoft.Insights/actionGroups', 'oncall', { enabled: true, emailReceivers: [] });
const ADMIN = { field: 'category', equals: 'Administrative' };

function alert(allOf: readonly object[], properties: object = {}) {
  return made('Microsoft.Insights/activityLogAlerts', 'a', {
    enabled: true,
    scopes: [SCOPE],
    condition: { allOf },
    actions: { actionGroups: [{ actionGroupId: ACTION }] },
    ...properties,
  });
}

const query = made('Microsoft.Insights/scheduledQueryRules', 'q', {
  criteria: { allOf: [{ query: 'AKSAuditAdmin | where ObjectRef.resource == "networkpolicies"' }] },
});

describe('MON-ACT-002', () => {
  test.each([
    ['everything, told to somebody', [alert([ADMIN]), group, query], 'PASS'],
    ['told to nobody', [alert([ADMIN]), silent, query], 'WARN'],
    ['nothing about network policies', [alert([ADMIN]), group], 'WARN'],
    ['off', [alert([ADMIN], { enabled: false }), group, query], 'PARTIAL'],
    ['one person only', [alert([ADMIN, { field: 'caller', equals: 'kim' }]), group, query], 'PARTIAL'],
    ['nothing', [], 'PARTIAL'],
  ] as const)('%s', (_name, more, state) => {
    expect(stateOf(monAct002, { azure: [cluster(), network(), ...more], azureLive: true })).toBe(state);
  });

  test('a template, and no cluster of Azure', () => {
    expect(stateOf(monAct002, { azure: [cluster(), network()] })).toBe('UNKNOWN');
    expect(stateOf(monAct002, { manifests: '{}', kind: 'live' })).toBe('NA');
  });

  test('names what is missing, and what is not there needs no alert', () => {
    const anyOf = CRITICAL_OPERATIONS.filter(
      ({ operation }) => operation !== 'Microsoft.Network/networkSecurityGroups/delete',
    ).map(({ operation }) => ({ field: 'operationName', equals: operation }));
    const context = contextOf({ azure: [cluster(), network(), alert([ADMIN, { anyOf }])], azureLive: true });
    const missing = missingOf(context, SUBSCRIPTION, alertsOf(context));
    expect(missing.map(({ operation }) => operation)).toEqual(['Microsoft.Network/networkSecurityGroups/delete']);
  });

  test('an alert of a resource group is enough where it holds what there is', () => {
    const firewall = made('Microsoft.Network/azureFirewalls', 'fw');
    const scoped = alert([ADMIN], { scopes: [`${SCOPE}/resourceGroups/rg`] });
    const context = contextOf({ azure: [cluster(), network(), firewall, scoped], azureLive: true });
    const missing = missingOf(context, SUBSCRIPTION, alertsOf(context)).map(({ operation }) => operation);
    expect(missing).not.toContain('Microsoft.Network/azureFirewalls/write');
    expect(missing).toContain('Microsoft.Network/networkSecurityGroups/write');
  });

  test('places', () => {
    const assessment = assess(monAct002, { azure: [cluster(), network()], azureLive: true });
    expect(placesOf(assessment)).toEqual([
      `FAIL Microsoft.Resources/subscriptions ${SUBSCRIPTION}`,
      'WARN Microsoft.ContainerService/managedClusters aks network policies',
    ]);
  });
});
