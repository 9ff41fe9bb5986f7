import { describe, expect, test } from 'vitest';
import { type EstateReading, readEstate } from '#parse/azure/read-estate.ts';
import { blueprintFiles } from './blueprint.ts';
import type { Choices, Form } from './choices/choices.ts';
import { brokenOf, choicesOf, rowsOfPairs } from './combinations.test-support.ts';

const ROWS = rowsOfPairs();

function reading(choices: Choices, form: Form): EstateReading {
  const files = blueprintFiles({ ...choices, forms: [form] });
  return readEstate([...files].filter(([file]) => file.startsWith('azure/')).map(([file, text]) => ({ file, text })));
}

/** Names of assignments are hashes, and each form has a hash of its own. Subnets are parts of networks, or resources. */
function namesIn({ estate }: EstateReading): readonly string[] {
  return [...estate.resources.values()]
    .filter(({ type }) => !/virtualNetworks\/subnets/i.test(type))
    .map(({ type, name }) => (type.endsWith('roleAssignments') ? type : `${type} ${name}`))
    .sort();
}

describe('pairs of choices', () => {
  test('stand together in some row wherever they can', () => {
    expect(ROWS.length).toBeGreaterThan(10);
    expect(ROWS.some(({ platform, link }) => platform === 'arc' && link === 'expressroute')).toBe(true);
    expect(ROWS.some(({ waf, engine }) => waf === 'front-door' && engine === 'calico')).toBe(true);
  });

  test.each(ROWS.map((row) => [Object.values(row).join(' '), row] as const))(
    '%s',
    (_, row) => {
      const choices = choicesOf(row);
      const [arm, terraform] = [reading(choices, 'arm'), reading(choices, 'terraform')];
      for (const { diagnostics } of [arm, terraform])
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(namesIn(terraform)).toEqual(namesIn(arm));
      const subnets = ({ estate }: EstateReading) => estate.subnets.map(({ key }) => key).sort();
      expect(subnets(terraform)).toEqual(subnets(arm));
      expect(brokenOf(choices)).toEqual([]);
    },
    60_000,
  );
});
