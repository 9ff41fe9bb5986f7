import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderWith, removeFolders, runCli } from './run-cli.ts';

afterAll(removeFolders);

describe('blueprint', () => {
  let cwd = '';
  const path = (name: string) => join(cwd, 'shop', name);
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(path(name), change(readFileSync(path(name), 'utf8')));

  beforeAll(async () => {
    cwd = folderWith({});
    const { code, out } = await runCli(['blueprint', 'init', 'shop', '--example'], { cwd });
    expect(out).toContain('it does what it says');
    expect(code).toBe(0);
  }, 60_000);

  test('a folder that is not empty is left alone', async () => {
    const { code, err } = await runCli(['blueprint', 'init', 'shop', '--example'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('`blueprint build` builds it again');
  });

  test('what it built is what it would build, and scans without a finding', async () => {
    expect((await runCli(['blueprint', 'build', 'shop', '--check'], { cwd })).code).toBe(0);
    const { out } = await runCli(['scan', 'shop', '-o', 'json'], { cwd });
    const counting = JSON.parse(out).findings.filter(({ suppressed }: { suppressed: unknown }) => suppressed === null);
    expect(counting).toEqual([]);
  }, 60_000);

  test('what runs is held against the design, with its own workloads', async () => {
    const cluster = readFileSync(path('proof/stand-ins.yaml'), 'utf8').replaceAll('stand-in', 'web');
    writeFileSync(join(cwd, 'workloads.yaml'), cluster);
    const taken = await runCli(
      ['snapshot', 'take', 'shop/cluster', 'workloads.yaml', '--azure', 'shop/azure', '--out', 'live.json'],
      { cwd },
    );
    expect(taken.code).toBe(0);
    const same = await runCli(['diff', 'shop/blueprint.yaml', 'live.json', '-o', 'json'], { cwd });
    expect(JSON.parse(same.out)).toMatchObject({ changes: [], endpoints: { added: [], removed: [] } });
    expect(JSON.parse(same.out).findings).toMatchObject({ come: [], go: [] });
    expect(same.code).toBe(0);
    const open =
      '\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: by-hand, namespace: shop-payments}\nspec: {podSelector: {}, policyTypes: [Ingress], ingress: [{}]}\n';
    writeFileSync(join(cwd, 'workloads.yaml'), cluster + open);
    await runCli(['snapshot', 'take', 'shop/cluster', 'workloads.yaml', '--out', 'live.json', '--force'], { cwd });
    const changed = await runCli(['diff', 'shop', 'live.json'], { cwd });
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/opened[\s\S]*→ shop-payments\/Deployment\/web/);
    expect(changed.err).toContain('only the cluster is compared');
  }, 60_000);

  test('a choice that contradicts another one is refused with what can stand, and nothing is written', async () => {
    const before = readFileSync(path('blueprint.yaml'), 'utf8');
    edit('blueprint.yaml', (text) => text.replace('engine: cilium', 'engine: calico'));
    const { code, err } = await runCli(['blueprint', 'build', 'shop'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('RF6001');
    expect(err).toContain('choose `engine: cilium`');
    writeFileSync(path('blueprint.yaml'), before);
  }, 60_000);

  test('a person’s change stays, the blueprint’s comes, and where both changed a line a person decides', async () => {
    edit('README.md', (text) => `${text}\nOur own words.\n`);
    edit('azure/network.tf', (text) =>
      text.replace('# Everything that leaves', '# Our remark: everything that leaves'),
    );
    edit('blueprint.yaml', (text) => text.replace('host: www.example.com', 'host: shop.example.com'));
    const { code, out } = await runCli(['blueprint', 'build', 'shop', '-o', 'json'], { cwd });
    expect(code).toBe(0);
    const outcomes = new Map(
      JSON.parse(out).files.map(({ file, outcome }: { file: string; outcome: string }) => [file, outcome]),
    );
    expect(outcomes.get('README.md')).toBe('merged');
    expect(outcomes.get('azure/network.tf')).toBe('kept');
    expect(readFileSync(path('README.md'), 'utf8')).toMatch(/shop\.example\.com[\s\S]*Our own words\./);

    edit('README.md', (text) => text.replaceAll('shop.example.com', 'by hand'));
    edit('blueprint.yaml', (text) => text.replace('host: shop.example.com', 'host: again.example.com'));
    const again = await runCli(['blueprint', 'build', 'shop'], { cwd });
    expect(again.code).toBe(1);
    expect(again.out).toContain('README.md.merge');
    expect(readFileSync(path('README.md'), 'utf8')).toContain('by hand');
    expect(readFileSync(path('README.md.merge'), 'utf8')).toContain('again.example.com');
  }, 60_000);

  test('what a change by hand breaks is told', async () => {
    const file = readdirSync(path('azure')).find((name) => name === 'cluster.tf')!;
    edit(`azure/${file}`, (text) =>
      text.replace(/disableLocalAccounts = true|local_account_disabled( +)= true/, (found) =>
        found.replace('true', 'false'),
      ),
    );
    const { code, out } = await runCli(['blueprint', 'prove', 'shop'], { cwd });
    expect(code).toBe(1);
    expect(out).toContain('IAM-AAD-001');
  }, 60_000);

  test('nobody to ask and no choices: it says how to begin', async () => {
    const { code, err } = await runCli(['blueprint', 'init', 'other'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('--example');
    expect(existsSync(join(cwd, 'other'))).toBe(false);
  });

  test('choices on the command line', async () => {
    const args = ['--set', 'engine=calico', '--set', 'mesh=none', '--set', 'forms=[arm]'];
    const { code } = await runCli(['blueprint', 'init', 'calico', '--example', ...args], { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'calico', 'azure', 'main.json'), 'utf8')).toContain('"networkPolicy": "calico"');
  }, 60_000);
});
