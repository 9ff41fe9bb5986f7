import { describe, expect, test } from 'vitest';
import { assess, contextOf, stateOf } from '../../controls.test-support.ts';
import { cluster, GROUP_ID, made, network, SUBNET_ID, VNET_ID } from '../azure.test-support.ts';
import { monNw002 } from './control.ts';

const estate = [cluster(), network()];
const ON = {
  enabled: true,
  retentionPolicy: { enabled: true, days: 90 },
  flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: { enabled: true } },
};

function log(targetResourceId: string, properties: object = {}) {
  return made('Microsoft.Network/networkWatchers/flowLogs', 'w/f', { ...ON, ...properties, targetResourceId });
}

describe('MON-NW-002', () => {
  test.each([
    ['a log of the network', log(VNET_ID), 'PASS'],
    ['a log of the only subnet', log(SUBNET_ID), 'PASS'],
    ['kept for ever', log(VNET_ID, { retentionPolicy: { enabled: false, days: 0 } }), 'PASS'],
    ['kept for a week', log(VNET_ID, { retentionPolicy: { enabled: true, days: 7 } }), 'WARN'],
    ['not analysed', log(VNET_ID, { flowAnalyticsConfiguration: {} }), 'WARN'],
    ['off', log(VNET_ID, { enabled: false }), 'FAIL'],
    ['of the security group only', log(GROUP_ID), 'WARN'],
    ['of another network', log(`${VNET_ID}2`), 'FAIL'],
  ] as const)('%s', (_name, flowLog, state) => {
    expect(stateOf(monNw002, { azure: [...estate, flowLog], azureLive: true })).toBe(state);
  });

  test('logs of security groups count no more once they have ended', () => {
    const input = { azure: [...estate, log(GROUP_ID)], azureLive: true, today: '2027-10-01' };
    expect(stateOf(monNw002, input)).toBe('FAIL');
  });

  test('a template without one may have it elsewhere', () => {
    expect(stateOf(monNw002, { azure: estate })).toBe('UNKNOWN');
  });

  test('nothing of Azure', () => {
    expect(stateOf(monNw002, { manifests: '{}' })).toBe('NA');
  });

  test('the fix names the network', () => {
    const input = { azure: estate, azureLive: true };
    const [judged] = assess(monNw002, input).places;
    expect(judged && monNw002.fix?.(contextOf(input), judged)?.steps[1]).toContain(`--vnet ${VNET_ID}`);
  });
});
