import fc from 'fast-check';
import { type Address, formatAddress } from '#base/address.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { outsideOf } from '../property/connections.ts';
import { snapshots } from '../property/generate.ts';
import { toManifests } from '../property/manifests.ts';
import type { Scenario } from './scenario.ts';
import { documentText } from './town.ts';

/**
 * Clusters of the property tests, the same ones in every run, without what packets cannot show here: cluster-wide
 * policies (the translator is for NetworkPolicy) and fields that nobody knows.
 */
export function propertyScenarios(): Scenario[] {
  const clusters = snapshots({ oneGapIn: 0 }).filter(hasPairOfPods).map(withNetworkPoliciesOnly);
  return fc.sample(clusters, { seed: SEED, numRuns: RUNS }).map((snapshot, index) => ({
    name: `property cluster ${index + 1} of seed ${SEED}`,
    manifests: toManifests(snapshot).map(documentText).join(''),
    outside: outsideOf(snapshot)
      .map(({ address }) => address)
      .filter(isRoutable)
      .map(formatAddress),
    expect: [],
    mostPorts: 10,
    isDecided: false,
  }));
}

const SEED = 20_260_102;
const RUNS = 20;

function hasPairOfPods(snapshot: Snapshot): boolean {
  const own = snapshot.pods.filter(
    ({ phase, shape }) => phase !== 'Succeeded' && phase !== 'Failed' && !shape.hostNetwork,
  );
  return own.filter(({ addresses }) => addresses.length > 0).length > 1;
}

function withNetworkPoliciesOnly(snapshot: Snapshot): Snapshot {
  return { ...snapshot, clusterPolicies: [] };
}

/** Not the addresses that Linux keeps for itself: this network, loopback, link-local, multicast, reserved. */
function isRoutable({ family, value }: Address): boolean {
  if (family === 6) return value > 0xffff_ffff_ffffn && value >> 118n !== 0x3fan && value >> 120n !== 0xffn;
  const first = value >> 24n;
  return first > 0n && first < 224n && first !== 127n && value >> 16n !== 0xa9fen;
}
