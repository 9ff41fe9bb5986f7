import { describe, expect, test } from 'vitest';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { type Choices, PAID_FEATURES } from '../choices/choices.ts';
import { EXAMPLE } from '../choices/example.ts';
import { readChoices } from '../choices/read-choices.ts';
import { LOST, lossesOf } from './lost.ts';

function choicesWith(paid: Partial<Choices['paid']>): Choices {
  const { choices } = readChoices({ file: 'blueprint.yaml', text: EXAMPLE });
  return { ...choices!, paid: { ...choices!.paid, ...paid } };
}

describe('what choices cost', () => {
  test('everything paid costs nothing', () => {
    expect(lossesOf(choicesWith({}))).toEqual([]);
  });

  test.each(PAID_FEATURES)('%s: told where it is off, of controls that there are', (feature) => {
    const [loss, ...more] = lossesOf(choicesWith({ [feature]: false }));
    expect(more).toEqual([]);
    expect(loss).toEqual({ choice: `paid.${feature}: false`, ...LOST[feature] });
    const known = new Set(CONTROLS.map(({ data }) => data.id));
    expect(loss?.controls.filter((id) => !known.has(id))).toEqual([]);
  });
});
