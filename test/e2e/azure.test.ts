import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { folderWith, removeFolders, runCli } from './run-cli.ts';

afterAll(removeFolders);

const ESTATE = ['examples/estate/manifests', '--azure', 'examples/estate/resource-graph'];
const QUESTION = ['can', 'shop/web', 'azure:kv-shop-prod', '443'];

describe('azure queries', () => {
  test('prints a script, and the same for programs', async () => {
    const [text, json] = await Promise.all([
      runCli(['azure', 'queries', 'mg:corp']),
      runCli(['azure', 'queries', 'mg:corp', '-o', 'json']),
    ]);
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toMatch(/^# resources: .*\naz graph query -q 'resources \| [^']+' .* --management-groups corp\n/);
    const { queries } = JSON.parse(json.out) as { queries: { commands: string[] }[] };
    for (const { commands } of queries) for (const command of commands) expect(text.out).toContain(`\n${command}\n`);
  });

  test('takes no names, for which Azure would have to be asked', async () => {
    expect(await runCli(['azure', 'queries', 'sub:production'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('--azure with a subscription', () => {
  test.each([
    ['AzureCliCredential', /^error: there are no credentials for Azure\nhint: `az login`/],
    ['WorkloadIdentityCredential', /^error: there are no credentials for Azure\nhint: `az login`/],
    ['nonsense', /^error: AZURE_TOKEN_CREDENTIALS names no way to sign in/],
  ])('is out of reach without credentials: %s', async (way, expected) => {
    const env = { AZURE_TOKEN_CREDENTIALS: way, PATH: join(process.execPath, '..') };
    const run = await runCli(['map', 'examples/shop', '--azure', 'sub:production'], { env });
    expect(run).toMatchObject({ code: 4, out: '' });
    expect(run.err).toMatch(expected);
  });

  test('is told from a path that is not there', async () => {
    const run = await runCli(['map', 'examples/shop', '--azure', 'production']);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toMatch(/^error: `production` does not exist/);
  });

  test('knows the clouds', async () => {
    const run = await runCli(['map', 'examples/shop', '--azure', 'sub:x', '--azure-cloud', 'mars']);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toMatch(/usgov/);
  });
});

describe('values in files that are named by hand', () => {
  test.each([
    ['without', undefined, 1],
    ['with', 'prod.tfvars', 0],
  ])('Terraform: %s', async (_name, file, code) => {
    const folder = folderWith({ 'prod.tfvars': 'partner_name = "other.example"' });
    const values = file === undefined ? [] : ['--azure', join(folder, file)];
    const input = ['examples/estate/manifests', '--azure', 'examples/estate/terraform', ...values];
    expect(await runCli(['can', 'shop/web', 'dns:other.example', '443', ...input])).toMatchObject({ code });
  });

  test('a file of parameters for a template', async () => {
    const template = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      parameters: { name: { type: 'string', defaultValue: 'one' } },
      resources: [
        { type: 'Microsoft.Network/virtualNetworks', apiVersion: '2024-05-01', name: "[parameters('name')]" },
      ],
    };
    const parameters = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
      contentVersion: '1.0.0.0',
      parameters: { name: { value: 'two' } },
    };
    const cwd = folderWith({
      'infra/main.json': JSON.stringify(template),
      'env/prod.json': JSON.stringify(parameters),
      'k8s/a.yaml': '{apiVersion: v1, kind: Pod, metadata: {name: a}}',
    });
    const named = ['--azure', 'infra', '--azure', 'env/prod.json', '--out', 'out.json'];
    await runCli(['snapshot', 'take', 'k8s', ...named], { cwd });
    expect(readFileSync(join(cwd, 'out.json'), 'utf8')).toContain('virtualNetworks/two');
  });
});

describe('a snapshot with the Azure network', () => {
  test('answers as what it was taken from did, alone and as --azure', async () => {
    const file = join(folderWith({}), 'estate.json');
    const take = await runCli(['snapshot', 'take', ...ESTATE, '--out', file]);
    expect(take).toMatchObject({ code: 0, out: '' });
    expect(take.err).toMatch(/8 objects, \d+ Azure resources/);
    const [before, alone, beside, list] = await Promise.all([
      runCli([...QUESTION, ...ESTATE, '-o', 'json', '-q']),
      runCli([...QUESTION, file, '-o', 'json', '-q']),
      runCli([...QUESTION, 'examples/estate/manifests', '--azure', file, '-o', 'json', '-q']),
      runCli(['snapshot', 'list', join(file, '..'), '-o', 'json']),
    ]);
    expect(alone).toEqual(before);
    expect(beside).toEqual(before);
    expect(before.out).toContain('examples/estate/resource-graph/resources.json');
    expect(JSON.parse(list.out)).toMatchObject({
      snapshots: [{ from: ['examples/estate/manifests', 'examples/estate/resource-graph'], azure: expect.any(Number) }],
    });
  }, 30_000);

  test('holds no secret', async () => {
    const vpn = {
      id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/connections/vpn',
      properties: { sharedKey: 'hunter2', connectionType: 'IPsec' },
    };
    const cwd = folderWith({
      'azure.json': JSON.stringify([vpn]),
      'k8s/a.yaml': '{apiVersion: v1, kind: Pod, metadata: {name: a}}',
    });
    await runCli(['snapshot', 'take', 'k8s', '--azure', 'azure.json', '--out', 'out.json'], { cwd });
    const text = readFileSync(join(cwd, 'out.json'), 'utf8');
    expect(text).toContain('IPsec');
    expect(text).not.toContain('hunter2');
  });
});
