import { expect, test } from 'vitest';
import type { Choices } from './choices.ts';
import { EXAMPLE } from './example.ts';
import { readChoices } from './read-choices.ts';
import { refusalsOf } from './refusals.ts';

const BASE = readChoices({ file: 'blueprint.yaml', text: EXAMPLE }).choices!;

const BEHIND: Partial<Choices> = { wayIn: 'public', waf: 'containers', mesh: 'cilium', apiGateway: false };

test('the example stands', () => {
  expect(refusalsOf(BASE)).toEqual([]);
});

test.each<[string, Partial<Choices>, readonly string[]]>([
  ['sends to pods itself', BEHIND, []],
  ['and there is no balancer for an API gateway', { ...BEHIND, apiGateway: true }, ['apiGateway']],
  ['and has no identity of a mesh', { ...BEHIND, mesh: 'istio' }, ['waf']],
  ['all is said at once', { ...BEHIND, mesh: 'istio', apiGateway: true }, ['waf', 'apiGateway']],
  ['has public addresses only', { ...BEHIND, wayIn: 'internal' }, ['waf']],
])('Application Gateway for Containers: %s', (_, choices, at) => {
  expect(refusalsOf({ ...BASE, ...choices }).map((each) => each.at[0])).toEqual(at);
});
