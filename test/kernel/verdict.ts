import { type Address, parseAddress } from '#base/address.ts';
import { atomAt } from '#engine/atoms.ts';
import { buildEngine } from '#engine/engine.ts';
import { verdictBetween } from '#engine/reach.ts';
import { unitsOf } from '#engine/units.ts';
import type { World } from '#engine/world.ts';
import type { Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Verdict } from '#model/verdict.ts';
import { oracleOf, type Party } from '#oracle/connection.ts';
import { snapshotOf } from '#parse/snapshot.ts';

/** The one place where this suite touches the code under test. */

/** One end of a connect, by name and address. */
export type End =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string; readonly address: string }
  | { readonly kind: 'node'; readonly name: string; readonly address: string }
  | { readonly kind: 'address'; readonly address: string };

/** The verdict on one point of the traffic axis. */
export type Judge = (from: End, to: End, traffic: number) => Verdict;

/** Everything that gives verdicts, by the name that a disagreement is printed with. */
export const JUDGES: Readonly<Record<string, (snapshot: Snapshot, profile: Profile) => Judge>> = {
  engine: engineJudge,
  oracle: oracleJudge,
};

export function snapshotOfText(name: string, text: string): Snapshot {
  return snapshotOf([{ file: name, text }]);
}

/** The slow evaluator that the engine is tested against: held against packets too, so that both rest on the kernel. */
export function oracleJudge(snapshot: Snapshot, profile: Profile): Judge {
  const verdictOf = oracleOf({ snapshot, profile });
  return (from, to, traffic) => {
    return verdictOf({ from: partyOf(snapshot, from), to: partyOf(snapshot, to), traffic }).verdict;
  };
}

/** Every pod is a point of its own here, so that placement on nodes is exact. */
export function engineJudge(snapshot: Snapshot, profile: Profile): Judge {
  const focus = new Set(unitsOf(snapshot).owners.map(({ id }) => id));
  const { world, reach } = buildEngine(snapshot, { profile, focus });
  const points = new Map<string, number>();
  const pointAt = (end: End): number => {
    const known = points.get(end.address) ?? pointOf(world, end);
    points.set(end.address, known);
    return known;
  };
  return (from, to, traffic) => verdictBetween(reach, pointAt(from), pointAt(to), traffic);
}

function pointOf(world: World, end: End): number {
  const address = addressOf(end);
  if (end.kind === 'address')
    return world.firstExternal[address.family] + atomAt(world.atoms[address.family], address.value);
  const atom = atomAt(world.atoms[address.family], address.value);
  const found = candidatesOf(world, end).find((index) => {
    const point = world.points[index]!;
    const speaks = (point.families & (address.family === 4 ? 1 : 2)) !== 0;
    return speaks && (point.facet !== address.family || point.atom === undefined || point.atom === atom);
  });
  if (found === undefined) throw new Error(`the engine has no point for ${end.address}`);
  return found;
}

function candidatesOf(world: World, end: Exclude<End, { readonly kind: 'address' }>): readonly number[] {
  if (end.kind === 'node') return world.pointsOfNode[world.nodes.findIndex(({ name }) => name === end.name)]!;
  const unit = world.units.findIndex(({ namespace, pod }) => namespace === end.namespace && pod === end.name);
  return [...world.points.keys()].filter((index) => world.points[index]!.units.includes(unit));
}

function addressOf(end: End): Address {
  const address = parseAddress(end.address);
  if (address === undefined) throw new Error(`not an address: ${end.address}`);
  return address;
}

function partyOf(snapshot: Snapshot, end: End): Party {
  const address = addressOf(end);
  if (end.kind === 'address') return { kind: 'address', address };
  if (end.kind === 'node') {
    const node = snapshot.nodes.find((candidate) => candidate.name === end.name);
    if (node === undefined) throw new Error(`no node ${end.name} in the snapshot`);
    return { kind: 'node', name: node.name, address, family: address.family, labels: node.labels };
  }
  const pod = snapshot.pods.find((candidate) => candidate.namespace === end.namespace && candidate.name === end.name);
  if (pod === undefined) throw new Error(`no pod ${end.namespace}/${end.name} in the snapshot`);
  return { kind: 'pod', namespace: pod.namespace, shape: pod.shape, address, family: address.family };
}
