import { describe, expect, test } from 'vitest';
import { matchesFilter, readFilter } from './filter.ts';

const FIELDS = ['namespace', 'verdict', 'kind', 'id'];
const WEB = {
  fields: { namespace: ['shop'], verdict: ['denied'], kind: ['Deployment'], id: ['shop/Deployment/web'] },
  text: 'shop/Deployment/web Front door, of the shop',
};

describe('what matches', () => {
  test.each([
    ['', true],
    ['   ', true],
    ['namespace:shop', true],
    ['namespace:SHOP', true],
    ['Namespace:shop', true],
    ['namespace:sho', false],
    ['namespace:sho*', true],
    ['namespace:*op', true],
    ['namespace:s*o*p', true],
    ['namespace:s*x*p', false],
    ['namespace:shop*shop', false],
    ['namespace:*', true],
    ['namespace:shop verdict:denied', true],
    ['namespace:shop verdict:allowed', false],
    ['verdict:allowed,denied', true],
    ['-verdict:denied', false],
    ['-verdict:allowed', true],
    ['-namespace:kube-system,monitoring web', true],
    ['front', true],
    ['FRONT door', true],
    ['"front door"', true],
    ['"door front"', false],
    ['-back', true],
    ['-front', false],
    ['id:"shop/Deployment/web"', true],
    ['id:*/web', true],
    ['kind:"Deployment,Job"', false],
    ['kind:Deployment,Job', true],
    ['"door,"', true],
  ])('%s: %s', (text, expected) => {
    const reading = readFilter(text, FIELDS);
    expect(reading.kind === 'ok' && matchesFilter(reading.filter, WEB)).toBe(expected);
  });

  test('a field that an entry does not have is not found', () => {
    const reading = readFilter('kind:Job', FIELDS);
    expect(reading.kind === 'ok' && matchesFilter(reading.filter, { fields: {}, text: '' })).toBe(false);
  });
});

describe('what is refused', () => {
  test.each([
    ['namespac:shop', 'namespace'],
    ['verdikt:denied', 'verdict'],
  ])('%s', (text, near) => {
    expect(readFilter(text, FIELDS)).toMatchObject({ kind: 'problem', near: [near] });
  });

  test('nothing comes near: all fields are told', () => {
    expect(readFilter('xyzzyxyzzy:1', FIELDS)).toMatchObject({ near: FIELDS });
  });

  test.each(['namespace:', 'namespace:,', '-', '""'])('%s has no value', (text) => {
    expect(readFilter(text, FIELDS)).toMatchObject({ kind: 'problem', near: [] });
  });
});

test('long patterns of stars are cheap', () => {
  const reading = readFilter(`id:${'a*'.repeat(200)}b`, FIELDS);
  expect(reading.kind === 'ok' && matchesFilter(reading.filter, { fields: { id: ['a'.repeat(5000)] }, text: '' })).toBe(
    false,
  );
});
