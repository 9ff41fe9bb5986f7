import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readEstate } from '#parse/azure/read-estate.ts';
import { compareNamed } from './compare.ts';

const TEMPLATE = readFileSync('examples/estate/arm/main.json', 'utf8');

function estate(text: string) {
  return readEstate([{ file: 'main.json', text }]).estate;
}

describe('two of one kind, by their names', () => {
  const table: readonly (readonly [
    title: string,
    before: string,
    after: string,
    change: [string, string] | undefined,
  ])[] = [
    ['a security group and itself', 'nsg-apps', 'NSG-APPS', undefined],
    ['… with another port', 'nsg-apps', 'nsg-apps', ['"destinationPortRange": "25"', '"destinationPortRange": "26"']],
    ['a firewall and itself, by its policy', 'fw-hub', 'fwp-hub', undefined],
    ['… with another name', 'fwp-hub', 'fwp-hub', ['*.partner.com', '*.example.com']],
  ];

  test.each(table)('%s', (_title, before, after, change) => {
    const head = change === undefined ? TEMPLATE : TEMPLATE.replace(...change);
    const result = compareNamed({ estate: estate(TEMPLATE), name: before }, { estate: estate(head), name: after });
    if (result.kind === 'problem') throw new Error(result.message);
    expect(result.answer.equal).toBe(change === undefined);
    expect(result.answer.witnesses.length > 0).toBe(change !== undefined);
  });

  test.each([
    ['nsg-ap', 'nsg-apps', ['nsg-apps']],
    ['nsg-apps', 'fw-hub', []],
  ])('%s and %s cannot be compared', (before, after, near) => {
    const result = compareNamed({ estate: estate(TEMPLATE), name: before }, { estate: estate(TEMPLATE), name: after });
    expect(result).toMatchObject({ kind: 'problem', near });
  });
});
