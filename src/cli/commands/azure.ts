import { formatsOf } from '#report/formats.ts';
import { LOOK_ALIASES, type LookFlags, lookFlags } from '../flags.ts';
import { verb } from './verb.ts';

export const queriesVerb = verb<LookFlags>({
  name: 'azure queries',
  brief: 'what is asked of Azure Resource Graph, as command lines to run yourself',
  usage: '[SCOPE...]',
  about: [
    'A SCOPE is the id of a subscription, or mg:NAME for a management group; without any, the command lines ask all that the Azure CLI is signed in to. Nothing is asked: put what the commands print into files, and give those to --azure. Each prints one page of 1000 rows; where there are more, it prints a `skip_token` that --skip-token takes.',
  ],
  examples: [
    ['azure queries', 'a script that asks everything'],
    ['azure queries mg:corp -o json', 'of one management group, for other programs'],
  ],
  flags: lookFlags(formatsOf('ringfence.dev/azure-queries/v1')),
  aliases: LOOK_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/azure-queries.ts')).runQueries,
});
