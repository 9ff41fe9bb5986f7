import type { AzureCompareAnswer } from '#model/azure/comparison.ts';
import type { AzureQueriesAnswer } from '#model/azure/queries.ts';

const RECORDS = 'dnsresources | where type =~ "microsoft.network/privatednszones/a" | order by id asc';
const ASSESSMENTS = 'securityresources | where type =~ "microsoft.security/assessments" | order by id asc';

export const AZURE_QUERIES: AzureQueriesAnswer = {
  schema: 'ringfence.dev/azure-queries/v1',
  queries: [
    {
      table: 'dnsresources',
      about: 'records of private DNS zones',
      decides: true,
      query: RECORDS,
      commands: [`az graph query -q '${RECORDS}' --first 1000 -o json`],
    },
    {
      table: 'securityresources',
      about: 'assessments of Defender',
      decides: false,
      query: ASSESSMENTS,
      commands: [
        `az graph query -q '${ASSESSMENTS}' --first 1000 -o json --subscriptions 11111111-1111-4111-8111-111111111111`,
        `az graph query -q '${ASSESSMENTS}' --first 1000 -o json --management-groups corp`,
      ],
    },
  ],
};

const GROUP = {
  name: 'nsg-apps',
  id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/nsg-apps',
};

export const AZURE_COMPARE: AzureCompareAnswer = {
  schema: 'ringfence.dev/azure-compare/v1',
  kind: 'security-group',
  before: { ...GROUP, origin: { file: 'arm/main.json', line: 86, column: 5 } },
  after: { ...GROUP, origin: { file: 'terraform/network.tf', line: 73, column: 1 } },
  equal: false,
  witnesses: [
    {
      direction: 'egress',
      source: '10.20.0.1',
      destination: '203.0.113.7',
      protocol: 'TCP',
      port: 443,
      before: 'allowed',
      after: 'denied',
    },
    {
      source: '10.20.0.1',
      destination: '203.0.113.7',
      name: 'api.example.com',
      protocol: 'TCP',
      port: 443,
      before: 'denied',
      after: 'allowed',
    },
  ],
  unknown: 1,
  diagnostics: [],
};

export const AZURE_ALIKE: AzureCompareAnswer = { ...AZURE_COMPARE, equal: true, witnesses: [], unknown: 0 };
