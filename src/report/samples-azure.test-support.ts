import type { AzureQueriesAnswer } from '#model/azure/queries.ts';

export const AZURE_QUERIES: AzureQueriesAnswer = {
  schema: 'ringfence.dev/azure-queries/v1',
  queries: [
    {
      table: 'dnsresources',
      about: 'records of private DNS zones',
      decides: true,
      query: 'dnsresources | where type =~ "microsoft.network/privatednszones/a" | order by id asc',
      commands: ["az graph query -q 'dnsresources | where type =~ "microsoft.network/privatednszones/a" | order by id asc' --first 1000 -o json"],
    },
    {
      table: 'securityresources',
      about: 'plans of Defender',
      decides: false,
      query: 'securityresources | where type =~ "microsoft.security/assessments" | order by id asc',
      commands: [
        "az graph query -q 'securityresources | where type =~ "microsoft.security/assessments" | order by id asc' --first 1000 -o json --subscriptions 11111111-1111-4111-8111-111111111111",
        "az graph query -q 'securityresources | where type =~ "microsoft.security/assessments" | order by id asc' -o json --management-groups corp",
      ],
    },
  ],
};
