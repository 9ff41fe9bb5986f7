import { expect, test } from 'vitest';
import { bitsOf, hasBit } from '#base/bits.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import { align } from './align.ts';
import { seatsOf } from './seats.ts';
import { twinsOf } from './twins.ts';

function deployments(names: readonly string[]) {
  const texts = names.map((name) => {
    const template = `{metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c}]}}`;
    return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: shop}, spec: {selector: {matchLabels: {app: ${name}}}, template: ${template}}}\n`;
  });
  return analyseSnapshot(snapshotOf([{ file: 'all.yaml', text: texts.join('---\n') }]));
}

const MANY = Array.from({ length: 150 }, (_, index) => `w${index}`);

test.each([
  ['the same endpoints', MANY, MANY],
  ['one more, before all others', MANY, ['first', ...MANY]],
  ['one less, in the middle', MANY, MANY.filter((_, index) => index !== 70)],
  ['another order', MANY, MANY.toReversed()],
  ['many words further on', MANY.slice(100), MANY],
])('sets of points arrive on their seats: %s', (_why, before, after) => {
  const aligned = align(deployments(before), deployments(after));
  const seats = seatsOf(aligned, twinsOf(aligned));
  for (const side of ['base', 'head'] as const) {
    const { size } = aligned[side].world;
    for (const step of [1, 2, 3, 7]) {
      const points = bitsOf(
        size,
        [...Array(size).keys()].filter((point) => (point * point) % step === 0 && point % 5 !== 3),
      );
      const carried = side === 'base' ? seats.fromBase(points) : seats.fromHead(points);
      const want = seats[side].map((point) => point >= 0 && hasBit(points, point));
      expect(seats[side].map((_point, seat) => hasBit(carried, seat))).toEqual(want);
    }
  }
});
