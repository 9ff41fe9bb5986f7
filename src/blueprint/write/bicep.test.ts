import { describe, expect, test } from 'vitest';
import { bicepResources } from './bicep-reader.test-support.ts';
import { CHOSEN, filesOf, leavesOfAll, modelOf } from './same-model.test-support.ts';

/** The files of the folder `azure`, by their names in it. */
function bicepOf(text: string): ReadonlyMap<string, string> {
  return new Map([...filesOf(text, 'bicep')].flatMap(([path, each]) => inFolder(path, each)));
}

function inFolder(path: string, text: string): readonly (readonly [string, string])[] {
  return path.startsWith('azure/') ? [[path.slice('azure/'.length), text]] : [];
}

function told(model: ReadonlyMap<string, ReadonlyMap<string, string>>) {
  return Object.fromEntries(
    [...model]
      .map(([id, leaves]) => [id, [...leaves].map(([path, value]) => `${path}=${value}`).sort()] as const)
      .sort(),
  );
}

describe.each(CHOSEN)('%s', (_name, text) => {
  test('has the same resources with the same bodies in Bicep as in ARM', () => {
    expect(told(leavesOfAll(bicepResources(bicepOf(text))))).toEqual(told(modelOf(filesOf(text, 'arm'))));
  });
});

describe('the reader', () => {
  const files = bicepOf(CHOSEN[0]![1]);

  test.each([
    ['main.bicep', "'modules/network.bicep'", "'modules/nowhere.bicep'", 'there is no modules/nowhere.bicep'],
    ['main.bicep', 'networkHub.outputs.hubNetworkId', 'networkHub.outputs.hubNetwork', 'there is no hubNetwork'],
    ['main.bicep', 'floodProtectionId: networkHub', 'floodId: networkHub', 'is not given floodProtectionId'],
    ['main.bicep', "name: 'rg-shop-prod-hub'", "name: 'rg-shop-prod-hub", 'the end of a text'],
    ['modules/key-vault.bicep', 'parent: keyVault', 'parent: vault', 'knows no vault'],
    ['modules/key-vault.bicep', 'parent: keyVault', 'parent: diskEncryption', 'is no child of'],
    ['modules/key-vault.bicep', 'tenant().', 'tenants().', 'no function tenants is written'],
    [
      'modules/key-vault.bicep',
      'param clusterIdentityId string',
      'param more string\nparam clusterIdentityId string',
      'is not given more',
    ],
    ['modules/peerings.bicep', 'allowForwardedTraffic: true', 'allowForwardedTraffic true', 'modules/peerings.bicep:'],
  ])('finds what is wrong in %s: %s → %s', (file, before, after, wrong) => {
    const text = files.get(file)!;
    expect(text).toContain(before);
    const changed = new Map(files).set(file, text.replace(before, after));
    expect(() => bicepResources(changed)).toThrow(wrong);
  });

  test('sees another value', () => {
    const text = files.get('modules/key-vault.bicep')!.replace("bypass: 'AzureServices'", "bypass: 'None'");
    const changed = bicepResources(new Map(files).set('modules/key-vault.bicep', text));
    expect(told(leavesOfAll(changed))).not.toEqual(told(leavesOfAll(bicepResources(files))));
  });
});
