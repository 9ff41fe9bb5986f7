import { type Estate, unitsOf } from '../../azure/drafts.ts';
import type { Draft, Group, Parameter } from '../../azure/value.ts';
import { azapiBlock } from './azapi.ts';
import { type Block, type Body, code, type HclValue, hclText } from './hcl.ts';
import { snake, type Writing } from './references.ts';

/** Files by their path below `azure/`: providers and groups, variables, and a file for each module. */
export function terraformFiles(estate: Estate): ReadonlyMap<string, string> {
  const writing: Writing = { estate, groups: groupSymbols(estate) };
  const files = new Map([['main.tf', hclText([...mainBlocks(), ...groupBlocks(estate)])]]);
  if (estate.parameters.length > 0) files.set('variables.tf', hclText(estate.parameters.map(variableBlock)));
  const byModule = Map.groupBy(unitsOf(estate), ({ module }) => module);
  for (const [module, units] of byModule) {
    const drafts = units.flatMap((unit) => unit.drafts);
    files.set(`${module}.tf`, hclText(drafts.flatMap((draft) => blocksOf(writing, draft))));
  }
  return files;
}

function blocksOf(writing: Writing, draft: Draft): readonly Block[] {
  return [azapiBlock(writing, draft)];
}

function groupSymbols({ groups }: Estate): ReadonlyMap<Group, string> {
  return new Map([...groups.keys()].map((group) => [group, `azurerm_resource_group.${group}`]));
}

function groupBlocks({ groups, location }: Estate): readonly Block[] {
  return [...groups].map(([group, name]) =>
    block(
      'resource',
      ['azurerm_resource_group', group],
      [
        ['name', name],
        ['location', location],
      ],
    ),
  );
}

function mainBlocks(): readonly Block[] {
  const provider = (source: string, version: string): HclValue => ({
    object: [
      ['source', source],
      ['version', version],
    ],
  });
  return [
    {
      type: 'terraform',
      body: {
        arguments: [['required_version', '>= 1.9']],
        blocks: [
          block(
            'required_providers',
            [],
            [
              ['azapi', provider('Azure/azapi', '~> 2.0')],
              ['azurerm', provider('hashicorp/azurerm', '~> 5.2')],
            ],
          ),
        ],
      },
    },
    { type: 'provider', labels: ['azurerm'], body: { arguments: [], blocks: [block('features', [], [])] } },
    block('data', ['azurerm_client_config', 'current'], []),
  ];
}

function variableBlock({ name, type, description, secure, default: given }: Parameter): Block {
  const types = { string: 'string', int: 'number', bool: 'bool', array: 'list(string)' } as const;
  return block(
    'variable',
    [snake(name)],
    [
      ['description', description],
      ['type', code(types[type])],
      ...(secure === true ? [['sensitive', true] as const] : []),
      ...(given === undefined ? [] : [['default', given] as const]),
    ],
  );
}

function block(type: string, labels: readonly string[], pairs: Body['arguments']): Block {
  return { type, labels, body: { arguments: pairs, blocks: [] } };
}
