import { describe, expect, test } from 'vitest';
import type { Judged } from '#model/control.ts';
import { DROPPED } from '#model/object.ts';
import { plain } from './assessment.ts';
import type { Control } from './control.ts';
import { contextOf, placesOf } from './controls.test-support.ts';
import { withDoubts } from './doubts.ts';
import { objectId } from './objects.ts';
import { hasWithheld, withheldMaps, withheldWorkloads } from './withheld.ts';

const pod = (name: string, container: object, volumes: readonly object[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { containers: [{ name: 'a', image: 'a', ...container }], volumes },
});
const TOLD = pod('told', { env: [{ name: 'HOST', value: 'db' }], args: ['-v'] });
const HIDDEN = pod('hidden', { env: [{ name: 'HOST', value: DROPPED }] });
const ARGUED = pod('argued', { args: [DROPPED] });
const TAKING = pod('taking', { envFrom: [{ configMapRef: { name: 'web' } }] });
const MOUNTING = pod('mounting', {}, [{ name: 'v', configMap: { name: 'web' } }]);
const MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'web', namespace: 'shop' },
  data: { a: DROPPED, b: 'b' },
};
const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'web', namespace: 'shop' },
  stringData: { a: 'b' },
};

const input = (...objects: readonly object[]) =>
  contextOf({ manifests: objects.map((object) => JSON.stringify(object)).join('\n---\n') });

describe('what was withheld', () => {
  test.each([
    ['nothing', [TOLD], false, []],
    ['values of Secrets, as always', [TOLD, SECRET], false, []],
    ['a variable', [TOLD, HIDDEN], true, ['hidden']],
    ['an argument', [ARGUED], true, ['argued']],
    ['a ConfigMap that nobody takes', [TOLD, MAP], true, []],
    ['a ConfigMap, as variables and as a file', [TOLD, TAKING, MOUNTING, MAP], true, ['taking', 'mounting']],
  ])('%s', (_, objects, any, workloads) => {
    const context = input(...objects);
    expect(hasWithheld(context)).toBe(any);
    expect(withheldWorkloads(context).map(({ object }) => object.name)).toEqual(workloads);
  });

  test('by how it is told', () => {
    const context = input(HIDDEN, ARGUED, TAKING, MOUNTING, MAP);
    const names = (as: 'variable' | 'argument' | 'file') =>
      withheldWorkloads(context, [as]).map(({ object }) => object.name);
    expect([names('variable'), names('argument'), names('file')]).toEqual([
      ['hidden', 'taking'],
      ['argued'],
      ['mounting'],
    ]);
  });

  test('a ConfigMap by the key that is asked for', () => {
    const context = input(MAP);
    expect(
      [withheldMaps(context), withheldMaps(context, 'a'), withheldMaps(context, 'b')].map((found) => found.length),
    ).toEqual([1, 1, 0]);
  });
});

describe('what is said in spite of it', () => {
  const place = (name: string, state: Judged['state']): Judged => ({
    where: { kind: 'Pod', namespace: 'shop', name, id: objectId({ group: '', kind: 'Pod', namespace: 'shop', name }) },
    state,
    message: `${name} is so`,
    evidence: [],
  });
  const reading = (adds: boolean): Pick<Control, 'readsValues'> => ({
    readsValues: {
      of: (context) => withheldWorkloads(context),
      doubts: ({ state }, own) => own !== undefined && state !== 'FAIL',
      adds,
    },
  });
  const said = (control: Pick<Control, 'readsValues'>, objects: readonly object[], places: readonly Judged[]) => {
    const context = input(...objects);
    const given = { ...plain(places.some(({ state }) => state === 'FAIL') ? 'PARTIAL' : 'PASS', 'so it is'), places };
    return withDoubts(context, control, given);
  };

  test.each([
    [
      'all of it where nothing was withheld',
      reading(true),
      [TOLD],
      [place('told', 'PASS')],
      'PASS',
      ['PASS Pod shop/told'],
    ],
    ['all of it where no value is read', {}, [HIDDEN], [place('hidden', 'PASS')], 'PASS', ['PASS Pod shop/hidden']],
    ['no pass', reading(false), [HIDDEN], [place('hidden', 'PASS')], 'UNKNOWN', ['UNKNOWN Pod shop/hidden']],
    [
      'what fails by what is there',
      reading(false),
      [HIDDEN],
      [place('hidden', 'FAIL')],
      'PARTIAL',
      ['FAIL Pod shop/hidden'],
    ],
    [
      'what other objects show',
      reading(false),
      [TOLD, HIDDEN],
      [place('told', 'PASS')],
      'PASS',
      ['PASS Pod shop/told'],
    ],
    [
      'that more objects are open',
      reading(true),
      [TOLD, HIDDEN],
      [place('told', 'PASS')],
      'UNKNOWN',
      ['PASS Pod shop/told', 'UNKNOWN cluster cluster values'],
    ],
  ] as const)('%s', (_, control, objects, places, state, expected) => {
    const found = said(control, objects, places);
    expect(found.state).toBe(state);
    expect(placesOf(found)).toEqual(expected);
  });

  test('the reason, and what would decide', () => {
    const { why, places } = said(reading(true), [HIDDEN, ARGUED], [place('hidden', 'PASS')]);
    expect(why).toBe('what 2 objects say was not kept: the snapshot was taken without `--values`');
    expect(places.map(({ message }) => message)).toEqual([
      'hidden is so; a value that may say otherwise was not kept: the snapshot was taken without `--values`',
      'what one object says was not kept: the snapshot was taken without `--values`',
    ]);
    expect(places[0]?.evidence).toMatchObject([
      {
        object: 'Pod shop/hidden',
        field: 'spec.containers[0].env[0]',
        why: 'the snapshot was taken without `--values`',
      },
    ]);
  });

  test('what fails all the same is told first', () => {
    const { state, why } = said(reading(true), [HIDDEN, ARGUED], [place('hidden', 'FAIL')]);
    expect(state).toBe('PARTIAL');
    expect(why).toMatch(/^1 of 2 fail all the same; the first: hidden is so; what one object says was not kept/);
  });

  test('nothing that does not apply stays so', () => {
    const found = withDoubts(input(HIDDEN), reading(true), plain('NA', 'nothing is told'));
    expect(found).toMatchObject({ state: 'UNKNOWN', places: [] });
    expect(withDoubts(input(HIDDEN), reading(false), plain('NA', 'it is about nothing')).state).toBe('NA');
  });
});
