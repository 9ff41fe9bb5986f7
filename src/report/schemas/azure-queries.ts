import { z } from 'zod';

/** `azure queries -o json` */
export const azureQueriesSchema = z
  .object({
    schema: z.literal('ringfence.dev/azure-queries/v1'),
    queries: z.array(
      z.object({
        table: z.string().describe('The table of Azure Resource Graph'),
        about: z.string().describe('What it is needed for'),
        decides: z.boolean().describe('Whether verdicts about traffic depend on it'),
        query: z.string().describe('In the language of Resource Graph'),
        commands: z.array(z.string()).describe('Command lines of the Azure CLI that ask it'),
      }),
    ),
  })
  .meta({ title: 'ringfence azure queries', description: 'What Ringfence asks Azure Resource Graph' });
