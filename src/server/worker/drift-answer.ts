import type { Exposure } from '#model/answers.ts';
import type { ControlEntry } from '#model/scan.ts';
import { comparedWithFindings, sideOf } from './comparison.ts';
import { exposedOf } from './exposed.ts';
import { type Material, once } from './material.ts';
import { type DriftAsked, type DriftSide, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';
import { wholeScan } from './scan-answer.ts';

/** All that changed between two moments: connections, ways in, findings, states of controls, assumptions. */
export function driftAnswer(material: Material, asked: DriftAsked, onProgress: (what: string) => void): Reply {
  const { base, head, today } = asked;
  const name = `drift:${today}:${base.id}:${head.id}`;
  const lacks = ({ id, text }: DriftSide) => id !== 'current' && text === undefined;
  if (!material.made.has(name) && (lacks(base) || lacks(head)))
    throw new Refused('wanting', 'the texts of the snapshots');
  return once(material, name, () => made(sidesOf(material, asked), today, onProgress));
}

interface Sides {
  readonly base: Material;
  readonly head: Material;
}

function sidesOf(material: Material, { base, head }: DriftAsked): Sides {
  const side = ({ id, text = '' }: DriftSide) =>
    sideOf(material, id === 'current' ? { kind: 'current' } : { kind: 'snapshot', id, text });
  return { base: side(base), head: side(head) };
}

function made(sides: Sides, today: string, onProgress: (what: string) => void): Reply {
  const { base, head } = sides;
  const before = base.analysis.assumptions;
  const after = head.analysis.assumptions;
  const scans = [wholeScan(base, today, onProgress), wholeScan(head, today, onProgress)] as const;
  return told({
    schema: 'ringfence.dev/drift/v1',
    diff: comparedWithFindings(sides, { today, onProgress }),
    exposures: changedExposures(exposedOf(base).exposures, exposedOf(head).exposures),
    controls: changedControls(scans[0].controls, scans[1].controls),
    assumptions: { come: without(after, before), go: without(before, after) },
  });
}

/** Ways in that lead somewhere now and did not, the other way round, and those whose verdict is another. */
function changedExposures(base: readonly Exposure[], head: readonly Exposure[]) {
  const [before, after] = [byDoor(base), byDoor(head)];
  const isShut = (exposure: Exposure | undefined) => exposure === undefined || exposure.verdict === 'denied';
  const come = head.filter((each) => !isShut(each) && isShut(before.get(doorOf(each))));
  const go = base.filter((each) => !isShut(each) && isShut(after.get(doorOf(each))));
  const changed = head.flatMap((each) => {
    const was = before.get(doorOf(each));
    if (was === undefined || isShut(was) || isShut(each) || was.verdict === each.verdict) return [];
    return [{ base: was.verdict, head: each }];
  });
  return { come, go, changed };
}

function byDoor(exposures: readonly Exposure[]): ReadonlyMap<string, Exposure> {
  return new Map(exposures.map((each) => [doorOf(each), each]));
}

function doorOf({ scope, through, at, to, protocol, port }: Exposure): string {
  return JSON.stringify([scope, through, at, to, protocol, port]);
}

function changedControls(base: readonly ControlEntry[], head: readonly ControlEntry[]) {
  const before = new Map(base.map(({ id, state }) => [id, state]));
  return head.flatMap(({ id, title, state }) => {
    const was = before.get(id);
    return was === undefined || was === state ? [] : [{ id, title, base: was, head: state }];
  });
}

function without<T>(list: readonly T[], others: readonly T[]): readonly T[] {
  const known = new Set(others.map((each) => JSON.stringify(each)));
  return list.filter((each) => !known.has(JSON.stringify(each)));
}
