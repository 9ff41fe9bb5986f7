import { formatsOf } from '#report/formats.ts';
import { LOOK_ALIASES, type LookFlags, lookFlags, type ReadFlags, readFlags, text } from '../flags.ts';
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

export interface CompareFlags
  extends LookFlags,
    Pick<ReadFlags, 'azure' | 'azureCluster' | 'azureCloud' | 'config' | 'maxFileSize' | 'allowUnknown'> {
  readonly azureBase: readonly string[] | undefined;
}

const { azure, azureCluster, azureCloud, config, maxFileSize, allowUnknown } = readFlags([]);

export const compareVerb = verb<CompareFlags>({
  name: 'azure compare',
  brief: 'what two security groups, or two firewalls, do differently',
  usage: 'BEFORE AFTER',
  about: [
    'BEFORE and AFTER are names of security groups, firewalls or firewall policies in what --azure names; with --azure-base, BEFORE is looked up there, so that one group can be compared with itself at another time. All sources, destinations, names and traffic that the rules tell apart are compared, and each difference has a witness. Exits 1 when there is one.',
  ],
  examples: [
    [
      'azure compare nsg-apps nsg-apps --azure-base examples/estate/arm --azure examples/estate/terraform',
      'two forms of one group',
    ],
    ['azure compare fwp-hub fwp-hub --azure-base old.json --azure new.json', 'what a change of the firewall opens'],
  ],
  flags: {
    ...lookFlags(formatsOf('ringfence.dev/azure-compare/v1')),
    azure,
    azureBase: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'PATH',
      brief: 'where BEFORE is looked up, if not in --azure; may be repeated',
    },
    azureCluster,
    azureCloud,
    config,
    maxFileSize,
    allowUnknown,
  },
  aliases: LOOK_ALIASES,
  arguments: [2, 2],
  load: async () => (await import('../verbs/azure-compare.ts')).runCompare,
});
