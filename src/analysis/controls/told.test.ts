import { expect, test } from 'vitest';
import { CONTROLS } from './controls.ts';
import { FAMILIES, toldControls } from './told.ts';

test('every control is told, in a family, with the entries that ask for it', () => {
  const told = toldControls();
  expect(told.map(({ id }) => id)).toEqual(CONTROLS.map(({ data }) => data.id));
  for (const { id, family, frameworks } of told) {
    expect(
      FAMILIES.map(([, name]) => name),
      id,
    ).toContain(family);
    for (const { title } of frameworks) expect(title, id).not.toBe('');
  }
});

test('an id is of one control', () => {
  const ids = CONTROLS.map(({ data }) => data.id);
  expect(new Set(ids).size).toBe(ids.length);
});
