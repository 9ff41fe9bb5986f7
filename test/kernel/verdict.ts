import { parseAddress } from '#base/address.ts';
import type { Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Verdict } from '#model/verdict.ts';
import { type Party, oracleOf } from '#oracle/connection.ts';
import { snapshotOf } from '#parse/snapshot.ts';

/** The one place where this suite touches the code under test. */

/** One end of a connect, by name and address. */
export type End =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string; readonly address: string }
  | { readonly kind: 'node'; readonly name: string; readonly address: string }
  | { readonly kind: 'address'; readonly address: string };

/** The verdict on one point of the traffic axis. */
export type Judge = (from: End, to: End, traffic: number) => Verdict;

export function snapshotOfText(name: string, text: string): Snapshot {
  return snapshotOf([{ file: name, text }]);
}

export function oracleJudge(snapshot: Snapshot, profile: Profile): Judge {
  const verdictOf = oracleOf({ snapshot, profile });
  return (from, to, traffic) => {
    return verdictOf({ from: partyOf(snapshot, from), to: partyOf(snapshot, to), traffic }).verdict;
  };
}

function partyOf(snapshot: Snapshot, end: End): Party {
  const address = parseAddress(end.address);
  if (address === undefined) throw new Error(`not an address: ${end.address}`);
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
