import { describe, expect, test } from 'vitest';
import type { Choices } from '../choices/choices.ts';
import { EXAMPLE } from '../choices/example.ts';
import { readChoices } from '../choices/read-choices.ts';
import { designOf } from '../plan/design.ts';
import { CIRCUIT } from './estate.test-support.ts';
import { securityRules } from './security-rules.ts';

const BASE = readChoices({ file: 'blueprint.yaml', text: EXAMPLE }).choices!;

/** `allow-clients-in Internet → 443,80` of what is let in; undefined where Azure lets no group stand. */
function letIn(subnet: string, changes: Partial<Choices>): readonly string[] | undefined {
  const design = designOf({ ...BASE, ...changes });
  return securityRules(design, subnet)
    ?.filter(({ access, direction }) => access === 'Allow' && direction === 'Inbound')
    .map(({ from, ports }) => `${from.join(' ')} → ${ports.join(',')}`);
}

describe('rules of security groups', () => {
  test.each<[string, Partial<Choices>, readonly string[] | undefined]>([
    ['snet-edge', {}, ['GatewayManager → 65200-65535', 'AzureLoadBalancer → *', 'Internet → 443,80']],
    [
      'snet-edge',
      { wayIn: 'internal', onPremises: CIRCUIT },
      ['GatewayManager → 65200-65535', 'AzureLoadBalancer → *', '10.40.0.0/16 192.168.0.0/16 → 443,80'],
    ],
    ['snet-edge', { waf: 'containers' }, ['AzureLoadBalancer → *', 'Internet → 443,80']],
    ['snet-gateway', { apiGateway: true }, ['ApiManagement → 3443', 'AzureLoadBalancer → 6390', '10.40.0.0/16 → 443']],
    ['AzureFirewallSubnet', {}, undefined],
    ['GatewaySubnet', { onPremises: CIRCUIT }, undefined],
  ])('%s (%#)', (subnet, changes, expected) => {
    expect(letIn(subnet, changes)).toEqual(expected);
  });

  test.each(['snet-system', 'snet-nodes', 'snet-balancer', 'snet-endpoints', 'snet-edge', 'AzureBastionSubnet'])(
    '%s: everything else stays out',
    (subnet) => {
      const last = securityRules(designOf(BASE), subnet)
        ?.filter(({ direction }) => direction === 'Inbound')
        .at(-1);
      expect(last).toMatchObject({ access: 'Deny', from: ['*'], to: ['*'], ports: ['*'], priority: 4096 });
    },
  );

  test('the internet is let in to the edge alone, and to Bastion', () => {
    const open = [
      'snet-system',
      'snet-nodes',
      'snet-balancer',
      'snet-endpoints',
      'snet-edge',
      'AzureBastionSubnet',
    ].filter((subnet) => letIn(subnet, {})?.some((rule) => /Internet|\* →/.test(rule)));
    expect(open).toEqual(['snet-edge', 'AzureBastionSubnet']);
  });

  test('numbers are unique in each direction', () => {
    for (const subnet of ['AzureBastionSubnet', 'snet-gateway']) {
      const rules = securityRules(designOf({ ...BASE, apiGateway: true }), subnet)!;
      const numbers = rules.map(({ direction, priority }) => `${direction} ${priority}`);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });
});
