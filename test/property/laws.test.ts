import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { externalEndpoints } from '#analysis/endpoints.ts';
import { type AddressRange, type Cidr, mergeRanges, parseAddress, parseCidr } from '#base/address.ts';
import { buildEngine, type Engine } from '#engine/engine.ts';
import { grantBetween } from '#engine/reach.ts';
import { PROFILE_IDS, PROFILES, type ProfileId } from '#model/profile.ts';
import type { NetworkPolicy, NetworkPolicyPeer } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { snapshots } from './generate.ts';

const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 40);
const LIMIT = 120_000 + RUNS * 2_000;
const profiles = fc.constantFrom(...PROFILE_IDS);

describe('laws of reachability', () => {
  test(
    'a policy that selects nothing changes nothing',
    () => {
      holds(snapshots(), (snapshot, profile) => {
        const [first] = snapshot.networkPolicies;
        if (first === undefined) return;
        const nobody = [{ key: 'app', operator: 'In' as const, values: ['nobody-has-this'] }];
        const idle: NetworkPolicy = {
          ...first,
          name: 'idle',
          podSelector: { ...first.podSelector, requirements: nobody },
          gaps: [],
        };
        const more = { ...snapshot, networkPolicies: [...snapshot.networkPolicies, idle] };
        expect(verdicts(more, profile)).toEqual(verdicts(snapshot, profile));
      });
    },
    LIMIT,
  );

  test(
    'a block split in two halves changes nothing',
    () => {
      holds(snapshots(), (snapshot, profile) => {
        const halved = { ...snapshot, networkPolicies: snapshot.networkPolicies.map(halvedBlocks) };
        // Both worlds are cut alike, so that their points correspond.
        const cuts = snapshot.networkPolicies.flatMap(blocksOf).flatMap(({ cidr }) => halves(cidr));
        expect(verdicts(halved, profile, cuts)).toEqual(verdicts(snapshot, profile, cuts));
      });
    },
    LIMIT,
  );

  test(
    'renaming a label key everywhere changes nothing',
    () => {
      holds(snapshots(), (snapshot, profile) => {
        const renamed: Snapshot = JSON.parse(JSON.stringify(snapshot, writable), readable);
        expect(verdicts(renamed, profile)).toEqual(verdicts(snapshot, profile));
      });
    },
    LIMIT,
  );

  test(
    'less knowledge of a namespace turns known into unknown, never allowed into denied or back',
    () => {
      holds(snapshots({ oneGapIn: 0 }), (snapshot, profile) => {
        const less = { ...snapshot, namespaces: snapshot.namespaces.slice(1) };
        if (less.namespaces.length === snapshot.namespaces.length) return;
        const before = grants(snapshot, profile);
        for (const [key, { allowed, possible }] of grants(less, profile)) {
          const was = before.get(key);
          if (was === undefined) continue;
          expect(within(allowed, was.allowed)).toBe(true);
          expect(within(was.possible, possible)).toBe(true);
        }
      });
    },
    LIMIT,
  );

  test(
    'under the profile `none` everything that shares an address family is allowed',
    () => {
      holds(snapshots(), (snapshot) => {
        const { world, reach } = buildEngine(snapshot, { profile: PROFILES.none });
        for (const [from, a] of world.points.entries()) {
          for (const [to, b] of world.points.entries()) {
            const expected = (a.families & b.families) === 0 ? reach.grants.none : reach.grants.all;
            expect(grantBetween(reach, from, to)).toBe(expected);
          }
        }
      });
    },
    LIMIT,
  );
});

describe('external ranges', () => {
  test(
    'are disjoint, hold no address of an endpoint, and cover every other',
    () => {
      holds(snapshots(), (snapshot, profile) => {
        const { engine } = analyseSnapshot(snapshot, { engine: profile });
        const outside = externalEndpoints(engine).flatMap(({ entry }) =>
          (entry.ranges ?? []).map((text) => parseCidr(text)!.cidr),
        );
        const owned = [
          ...snapshot.nodes.flatMap((node) => node.addresses),
          ...engine.world.units.flatMap((unit) => unit.addresses),
        ];
        const own = mergeRanges(owned.map(single));
        expect(sizeOf(mergeRanges(outside))).toBe(sizeOf(outside));
        expect(sizeOf(mergeRanges([...outside, ...own]))).toBe(sizeOf(outside) + sizeOf(own));
        expect(sizeOf(mergeRanges([...outside, ...own]))).toBe((1n << 32n) + (1n << 128n));
      });
    },
    LIMIT,
  );
});

function holds(worlds: fc.Arbitrary<Snapshot>, law: (snapshot: Snapshot, profile: ProfileId) => void): void {
  fc.assert(fc.property(worlds, profiles, law), { numRuns: RUNS, seed: 2026 });
}

function verdicts(snapshot: Snapshot, profile: ProfileId, cuts: readonly AddressRange[] = []): string[] {
  return [...grants(snapshot, profile, cuts)].map(
    ([key, { allowed, possible }]) => `${key}: ${allowed.join()} ${possible.join()}`,
  );
}

type Grants = Map<string, { readonly allowed: readonly number[]; readonly possible: readonly number[] }>;

/** Every pair of units, in every family in which they have a point. */
function grants(snapshot: Snapshot, profile: ProfileId, cuts: readonly AddressRange[] = []): Grants {
  const engine = buildEngine(snapshot, { profile: PROFILES[profile], cuts, focus: new Set(namesOf(snapshot)) });
  const out: Grants = new Map();
  for (const [from, a] of pointsOf(engine)) {
    for (const [to, b] of pointsOf(engine)) out.set(`${from} -> ${to}`, grantBetween(engine.reach, a, b));
  }
  return out;
}

function namesOf(snapshot: Snapshot): string[] {
  return [...snapshot.pods, ...snapshot.workloads].map(({ namespace, kind, name }) => `${namespace}/${kind}/${name}`);
}

function* pointsOf({ world }: Engine): Generator<[string, number]> {
  for (const [index, point] of world.points.entries()) {
    for (const unit of point.units)
      yield [`${world.owners[world.units[unit]!.owner]!.id} ${unit} IPv${point.facet} ${point.atom}`, index];
  }
}

function within(part: readonly number[], whole: readonly number[]): boolean {
  for (let i = 0; i < part.length; i += 2) {
    const held = whole.some((lo, j) => j % 2 === 0 && lo <= part[i]! && part[i + 1]! <= whole[j + 1]!);
    if (!held) return false;
  }
  return true;
}

function blocksOf(policy: NetworkPolicy): Extract<NetworkPolicyPeer, { kind: 'ipBlock' }>[] {
  return [...policy.ingress, ...policy.egress].flatMap((rule) => rule.peers.filter((peer) => peer.kind === 'ipBlock'));
}

/** Two halves of a block, or the block where it is one address. */
function halves(cidr: Cidr): Cidr[] {
  if (cidr.lo === cidr.hi) return [cidr];
  const middle = (cidr.lo + cidr.hi) / 2n;
  const { family } = cidr;
  const length = cidr.length + 1;
  return [
    { family, length, lo: cidr.lo, hi: middle },
    { family, length, lo: middle + 1n, hi: cidr.hi },
  ];
}

function halvedBlocks(policy: NetworkPolicy): NetworkPolicy {
  const rulesOf = (rules: NetworkPolicy['ingress']) =>
    rules.map((rule) => ({ ...rule, peers: rule.peers.flatMap(halvedPeer) }));
  return { ...policy, ingress: rulesOf(policy.ingress), egress: rulesOf(policy.egress) };
}

function halvedPeer(peer: NetworkPolicyPeer): NetworkPolicyPeer[] {
  return peer.kind === 'ipBlock' ? halves(peer.cidr).map((cidr) => ({ ...peer, cidr })) : [peer];
}

function single(text: string): AddressRange {
  const { family, value } = parseAddress(text)!;
  return { family, lo: value, hi: value };
}

function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { lo, hi }) => sum + hi - lo + 1n, 0n);
}

/** Labels are keyed `tier` or `app` in generated clusters; `tier` becomes `layer`, as key of a map and of a requirement. */
function writable(_key: string, value: unknown): unknown {
  if (value instanceof Map) return { map: [...value].map(([key, each]) => [key === 'tier' ? 'layer' : key, each]) };
  if (typeof value === 'bigint') return { bigint: `${value}` };
  if (typeof value === 'object' && value !== null && 'operator' in value && 'key' in value && value.key === 'tier')
    return { ...value, key: 'layer' };
  return value;
}

function readable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('map' in value && Array.isArray(value.map)) return new Map(value.map);
  if ('bigint' in value && typeof value.bigint === 'string') return BigInt(value.bigint);
  return value;
}
