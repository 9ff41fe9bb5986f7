import { describe, expect, test } from 'vitest';
import { refusalsOf } from '../../choices/refusals.ts';
import { choicesOf, OPTIONS } from '../../combinations.test-support.ts';
import { pairwise } from '../../pairwise.test-support.ts';
import { designOf } from '../../plan/design.ts';
import { blueprintEstate } from '../estate.ts';
import type { Draft } from '../value.ts';
import { publishedTypes, strayIn } from './types.test-support.ts';

const ROWS = pairwise(OPTIONS, (pick) => refusalsOf(choicesOf(pick)).length === 0);
const DRAFTS = ROWS.flatMap((row) => blueprintEstate(designOf(choicesOf(row))).drafts);
const BY_TYPE = Map.groupBy(DRAFTS, ({ type, apiVersion }: Draft) => `${type}@${apiVersion}`);
const TYPES = publishedTypes();

describe('what is drafted, in every pair of choices, is as the types are published', () => {
  test.each([...BY_TYPE].filter(([type]) => TYPES.has(type)))('%s', (type, drafts) => {
    const stray = drafts.flatMap(({ body }) => strayIn(body, TYPES.get(type)!, ''));
    expect([...new Set(stray)]).toEqual([]);
  });

  test('types that are not noted yet', () => {
    expect([...BY_TYPE.keys()].filter((type) => !TYPES.has(type)).sort()).toEqual(NOT_NOTED);
  });

  test('no type is noted that nothing drafts', () => {
    expect([...TYPES.keys()].filter((type) => !BY_TYPE.has(type))).toEqual([]);
  });
});

/** A type that comes to the drafts is noted, or comes here: what these are drafted with rests on the reader of ARM alone. */
const NOT_NOTED: readonly string[] = [
  'Microsoft.ApiManagement/service/policies@2024-05-01',
  'Microsoft.ApiManagement/service@2024-05-01',
  'Microsoft.Authorization/policyAssignments@2024-04-01',
  'Microsoft.Authorization/roleAssignments@2022-04-01',
  'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-02-01',
  'Microsoft.Cdn/profiles/afdEndpoints@2024-02-01',
  'Microsoft.Cdn/profiles/customDomains@2024-02-01',
  'Microsoft.Cdn/profiles/originGroups/origins@2024-02-01',
  'Microsoft.Cdn/profiles/originGroups@2024-02-01',
  'Microsoft.Cdn/profiles/securityPolicies@2024-02-01',
  'Microsoft.Cdn/profiles@2024-02-01',
  'Microsoft.Compute/diskEncryptionSets@2024-03-02',
  'Microsoft.ContainerService/managedClusters/maintenanceConfigurations@2026-03-01',
  'Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings@2026-03-01',
  'Microsoft.ContainerService/managedClusters@2026-03-01',
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31',
  'Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies@2024-05-01',
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2024-02-01',
  'Microsoft.Network/applicationGateways@2024-05-01',
  'Microsoft.Network/bastionHosts@2024-05-01',
  'Microsoft.Network/connections@2024-05-01',
  'Microsoft.Network/localNetworkGateways@2024-05-01',
  'Microsoft.Network/privateDnsZones/A@2024-06-01',
  'Microsoft.Network/virtualNetworkGateways@2024-05-01',
  'Microsoft.ServiceNetworking/trafficControllers/associations@2025-01-01',
  'Microsoft.ServiceNetworking/trafficControllers/frontends@2025-01-01',
  'Microsoft.ServiceNetworking/trafficControllers/securityPolicies@2025-01-01',
  'Microsoft.ServiceNetworking/trafficControllers@2025-01-01',
];
