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
