import { describe, expect, test } from 'vitest';
import { readEstate } from '#parse/azure/read-estate.ts';
import { blueprintFiles } from './blueprint.ts';
import { EXAMPLE } from './choices/example.ts';
import { readChoices } from './choices/read-choices.ts';

function choicesOf(change: (text: string) => string) {
  return readChoices({ file: 'blueprint.yaml', text: change(EXAMPLE) });
}

function estateIn(form: 'arm' | 'terraform') {
  const { choices } = choicesOf((text) => text.replace('[terraform]', `[${form}]`));
  const files = [...blueprintFiles(choices!)]
    .filter(([file]) => file.startsWith('azure/'))
    .map(([file, text]) => ({ file, text }));
  return readEstate(files);
}

describe('the example', () => {
  test('is without a contradiction', () => {
    expect(choicesOf((text) => text).diagnostics).toEqual([]);
  });

  test.each(['arm', 'terraform'] as const)('is read without an error: %s', (form) => {
    expect(estateIn(form).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('contradictions', () => {
  test.each([
    ['mesh: cilium', 'mesh: cilium\nengine: calico', 'RF1002'],
    ['engine: cilium', 'engine: calico', 'the encryption of Cilium needs Cilium as the engine'],
    ['nodes: 6', 'nodes: 900', 'is too small: each node takes a /24 of it'],
    ['region: westeurope', 'region: westeurope\naddresses: {network: 10.40.0.0/24}', 'is too small for 6 nodes'],
    ['region: westeurope', 'region: westeurope\naddresses: {pods: 10.40.0.0/16}', 'overlap'],
    ['namespaces: [shop-payments]', 'namespaces: [shop]', '`shop` is no namespace of a team'],
    ['region: westeurope', 'region: 7', '`region`: '],
    ['region: westeurope', 'region: ukwest', '`ukwest` has no availability zones'],
    ['region: westeurope', 'region: chinanorth3', '`chinanorth3` is a region of another cloud than `public`'],
    ['region: westeurope', 'region: westeurope\ncloud: china', 'is a region of another cloud than `china`'],
  ])('%s → %s', (before, after, told) => {
    const { diagnostics } = choicesOf((text) => text.replace(before, after));
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n')).toContain(told);
  });
});
