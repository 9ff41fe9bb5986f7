import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../../../src/cli/configuration.ts';
import { acceptanceEntry } from './acceptance-entry.ts';

const FINDING = {
  control: 'NET-POL-001',
  where: { kind: 'Namespace', namespace: '', name: 'shop', id: '/Namespace//shop' },
};

describe('the entry says in ringfence.yaml what was typed', () => {
  test.each([
    ['plain words', 'a wall is built'],
    ['what YAML would take for something else', 'yes: "no" # - {a: 1}'],
    ['several lines', 'one\ntwo: 2\n- three'],
    ['characters of control and of lines', 'a\u0085b\u2028c\u009bd\u0007e'],
  ])('%s', (_, reason) => {
    const text = acceptanceEntry(FINDING, { reason, owner: "Ada's team", until: '2027-01-01' });
    const { configuration, diagnostics } = readConfiguration({ file: 'ringfence.yaml', text });
    expect(diagnostics).toEqual([]);
    expect(configuration.controls.accepted).toMatchObject([
      { control: 'NET-POL-001', where: '/Namespace//shop', reason, owner: "Ada's team", until: '2027-01-01' },
    ]);
  });
});
