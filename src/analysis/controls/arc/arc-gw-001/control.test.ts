import { describe, expect, test } from 'vitest';
import { addressRule, collection, namesRule, resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy, OPEN } from '../../azure.test-support.ts';
import { arcGw001 } from './control.ts';

const cluster = (properties: object) => resource('Microsoft.Kubernetes/connectedClusters', 'edge', { ...properties });
const PLAIN = cluster({});
const GATEWAY = cluster({ gateway: { enabled: true } });
const rules = (...all: object[]) =>
  resource('Microsoft.Network/firewallPolicies/ruleCollectionGroups', 'fwp/own', {
    priority: 200,
    ruleCollections: [collection('arc', 300, all as never)],
  });
const EDGE = 'connectedClusters edge';

describe('ARC-GW-001', () => {
  test.each([
    ['by the gateway', { only: [GATEWAY] }, ['PASS']],
    [
      'documented names',
      { only: [PLAIN, rules(namesRule('a', ['management.azure.com', '*.data.mcr.microsoft.com']))] },
      ['PASS'],
    ],
    ['a wider name', { only: [PLAIN, rules(namesRule('a', ['*.azure.com']))] }, ['WARN', `WARN ${EDGE}`]],
    ['every name', { only: [PLAIN, rules(namesRule('a', ['*']))] }, ['FAIL', `FAIL ${EDGE}`]],
    ['every address', { only: [PLAIN, rules(addressRule('a', ['*'], ['*']))] }, ['FAIL', `FAIL ${EDGE}`]],
    [
      'TLS of the gateway is opened',
      { only: [GATEWAY, rules(namesRule('a', ['x.gw.arc.azure.com'], { terminateTLS: true }))] },
      ['PARTIAL', 'FAIL ruleCollectionGroups own a'],
    ],
    ['no firewall', { only: [PLAIN] }, ['UNKNOWN', `UNKNOWN ${EDGE}`]],
    ['an expression', { only: [cluster({ gateway: { enabled: OPEN } })] }, ['UNKNOWN', `UNKNOWN ${EDGE}`]],
    ['no cluster of Arc', {}, ['NA']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(arcGw001, input)).toEqual(expected);
  });
});
