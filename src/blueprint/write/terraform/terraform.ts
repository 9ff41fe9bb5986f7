import { type Estate, unitsOf } from '../../azure/drafts.ts';
import type { Group, Parameter } from '../../azure/value.ts';
import { azapiBlock, azapiNamed } from './azapi.ts';
import { type Said, saidByAzurerm } from './azurerm/azurerm.ts';
import { type Block, type Body, code, type HclValue, hclText } from './hcl.ts';
import { type Named, snake, type Writing } from './references.ts';

/** Files by their path below `azure/`: providers and groups, variables, and a file for each module. */
export function terraformFiles(estate: Estate): ReadonlyMap<string, string> {
  const said = new Map<string, Said | undefined>();
  const writing: Writing = { estate, groups: groupSymbols(estate), named };
  const absorbed = new Set(estate.drafts.flatMap((draft) => saidOf(draft.key)?.absorbed ?? []));
  const files = new Map([['main.tf', hclText([...mainBlocks(estate), ...groupBlocks(estate)])]]);
  if (estate.parameters.length > 0) files.set('variables.tf', hclText(estate.parameters.map(variableBlock)));
  const byModule = Map.groupBy(unitsOf(estate), ({ module }) => module);
  for (const [module, units] of byModule) {
    const drafts = units.flatMap((unit) => unit.drafts).filter(({ key }) => !absorbed.has(key));
    const blocks = drafts.flatMap((draft) => saidOf(draft.key)?.blocks ?? [azapiBlock(writing, draft)]);
    if (blocks.length > 0) files.set(`${module}.tf`, hclText(blocks));
  }
  return files;

  /** In words of azurerm where it has them all, once for each. */
  function saidOf(key: string): Said | undefined {
    if (!said.has(key)) said.set(key, saidByAzurerm(writing, estate.byKey.get(key)!));
    return said.get(key);
  }

  function named(key: string): Named {
    return saidOf(key)?.named ?? azapiNamed(key);
  }
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

/** The state stands in a storage account of the team, whose name is given at `init`: it holds what only few may read. */
function mainBlocks({ stateKey }: Estate): readonly Block[] {
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
            'backend',
            ['azurerm'],
            [
              ['key', stateKey],
              ['use_azuread_auth', true],
            ],
          ),
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
