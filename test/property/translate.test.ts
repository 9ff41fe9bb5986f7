import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { translateOf } from '#analysis/translate/translate.ts';
import { buildEngine } from '#engine/engine.ts';
import { verdictBetween } from '#engine/reach.ts';
import type { PolicyName, TranslateAnswer } from '#model/answers.ts';
import { PROFILES, type Profile, type ProfileId } from '#model/profile.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { TranslationTarget } from '#model/translation.ts';
import { type Connection, oracleOf } from '#oracle/connection.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { translateText } from '#report/text/translate.ts';
import { everyOwner, pointOf } from './compare.ts';
import { describeConnection } from './connections.ts';
import { snapshots } from './generate.ts';
import { calicoClusters } from './generate-calico.ts';
import { ciliumClusters } from './generate-cilium.ts';
import { sayableCalico, sayableCilium } from './generate-sayable.ts';
import { clusterOf, connectionsBetween } from './meshes.ts';

/** Clusters per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 30);
const LIMIT = 120_000 + RUNS * 4_000;
/** Of the clusters, so many are asked of the oracle too. */
const ASKED_OF_ORACLE = 4;

interface Case {
  readonly from: string;
  readonly to: TranslationTarget;
  readonly clusters: fc.Arbitrary<Snapshot>;
}

const kubernetes = snapshots({ oneGapIn: 0 });
const calico = fc
  .oneof({ weight: 3, arbitrary: sayableCalico() }, { weight: 1, arbitrary: calicoClusters() })
  .map((manifests) => alone(clusterOf(manifests, ['RF2013'])));
const cilium = fc
  .oneof({ weight: 3, arbitrary: sayableCilium() }, { weight: 1, arbitrary: ciliumClusters() })
  .map((manifests) => alone(clusterOf(manifests, ['RF2013'])));

const CASES: readonly Case[] = [
  { from: 'Kubernetes', to: 'calico', clusters: kubernetes },
  { from: 'Kubernetes', to: 'cilium', clusters: kubernetes.map((snapshot) => ({ ...snapshot, clusterPolicies: [] })) },
  { from: 'Kubernetes', to: 'clusternetworkpolicy', clusters: kubernetes },
  { from: 'Calico', to: 'kubernetes', clusters: calico },
  { from: 'Calico', to: 'cilium', clusters: calico },
  { from: 'Cilium', to: 'kubernetes', clusters: cilium },
  { from: 'Cilium', to: 'calico', clusters: cilium },
];

describe('translate over generated clusters', () => {
  test.each(CASES)(
    '$from to $to: what is printed decides as its source did, connection by connection',
    ({ to, clusters }) => {
      let [translated, refused, asked, clustersAsked] = [0, 0, 0, 0];
      const property = fc.property(clusters, (snapshot) => {
        const answer = answerOf(snapshot, to);
        translated += answer.translated.length;
        refused += answer.refused.length;
        if (answer.translated.length === 0) return;
        const sides = sidesOf(snapshot, answer);
        const told = differences(sides, byEngine, MOST);
        asked += told.length;
        expect(told.filter(isWrong)).toEqual([]);
        if (clustersAsked++ < ASKED_OF_ORACLE)
          expect(differences(sides, byOracle, MOST_OF_ORACLE).filter(isWrong)).toEqual([]);
      });
      fc.assert(property, { numRuns: RUNS, seed: 2026 });
      console.log(`${translated} translated, ${refused} fields refused; ${asked} verdicts compared`);
      // What refuses everything is never wrong either.
      expect(translated).toBeGreaterThan(0);
    },
    LIMIT,
  );
});

/** Policies of one API only: how several stand beside each other under another engine is for `migrate`. */
function alone(snapshot: Snapshot): Snapshot {
  return { ...snapshot, networkPolicies: [], clusterPolicies: [] };
}

function answerOf(snapshot: Snapshot, to: TranslationTarget): TranslateAnswer {
  const result = translateOf(snapshot, { to });
  if (result.kind === 'problem') throw new Error(result.message);
  return result.answer;
}

interface Side {
  readonly snapshot: Snapshot;
  readonly profile: Profile;
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** What somebody has who applies what was printed and deletes its sources; under two engines without what was refused. */
function sidesOf(snapshot: Snapshot, answer: TranslateAnswer): Sides {
  const made = snapshotOf([{ file: 'printed.yaml', text: [...translateText(answer)].join('') }]);
  const moved = new Set(answer.translated.flatMap(({ from }) => from.map(keyOf)));
  const stuck = new Set(answer.refused.map(keyOf));
  const [source, result] = profilesOf(answer);
  const isOne = source === result;
  const kept = without(
    snapshot,
    (policy) => moved.has(keyOf(refOf(policy))) || (!isOne && stuck.has(keyOf(refOf(policy)))),
  );
  const after: Snapshot = {
    ...kept,
    networkPolicies: [...kept.networkPolicies, ...made.networkPolicies],
    clusterPolicies: [...kept.clusterPolicies, ...made.clusterPolicies],
    calicoPolicies: [...kept.calicoPolicies, ...made.calicoPolicies],
    calicoTiers: [...kept.calicoTiers, ...made.calicoTiers],
    ciliumPolicies: [...kept.ciliumPolicies, ...made.ciliumPolicies],
  };
  const before = isOne ? snapshot : without(snapshot, (policy) => stuck.has(keyOf(refOf(policy))));
  return {
    before: { snapshot: before, profile: PROFILES[source] },
    after: { snapshot: after, profile: PROFILES[result] },
  };
}

function profilesOf({ engines }: TranslateAnswer): readonly [ProfileId, ProfileId] {
  const pairs = new Set(engines.map(({ source, result }) => `${source.profile} ${result.profile}`));
  expect(pairs.size).toBe(1);
  return [engines[0]!.source.profile, engines[0]!.result.profile];
}

function without(snapshot: Snapshot, gone: (policy: Resource) => boolean): Snapshot {
  return {
    ...snapshot,
    networkPolicies: snapshot.networkPolicies.filter((policy) => !gone(policy)),
    clusterPolicies: snapshot.clusterPolicies.filter((policy) => !gone(policy)),
    calicoPolicies: snapshot.calicoPolicies.filter((policy) => !gone(policy)),
    ciliumPolicies: snapshot.ciliumPolicies.filter((policy) => !gone(policy)),
  };
}

function keyOf({ kind, namespace, name }: Pick<PolicyName, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

function refOf({ apiVersion, kind, namespace, name }: Resource) {
  const isCalico = kind === 'NetworkPolicy' && apiVersion.includes('projectcalico.org');
  return { kind: isCalico ? `${kind}.projectcalico.org` : kind, namespace, name };
}

// ---------------------------------------------------------------- asking

interface Asked {
  readonly connection: string;
  readonly before: string;
  readonly after: string;
}

type Ask = (connection: Connection) => string | undefined;

function isWrong({ before, after }: Asked): boolean {
  return before !== after;
}

/** At most about so many connections of a cluster; the oracle is slow on purpose. */
const MOST = 2000;
const MOST_OF_ORACLE = 12;

function differences({ before, after }: Sides, ask: (side: Side) => Ask, most: number): Asked[] {
  const [askBefore, askAfter] = [ask(before), ask(after)];
  const out: Asked[] = [];
  const all = [...connectionsBetween(before.snapshot)];
  const step = Math.max(1, Math.floor(all.length / most));
  for (let i = 0; i < all.length; i += step) {
    const connection = all[i]!;
    const [was, is] = [askBefore(connection), askAfter(connection)];
    if (was === undefined || is === undefined) continue;
    out.push({ connection: describeConnection(before.snapshot, connection), before: was, after: is });
  }
  return out;
}

function byEngine({ snapshot, profile }: Side): Ask {
  const engine = buildEngine(snapshot, { profile, focus: everyOwner(snapshot) });
  return ({ from, to, traffic }) => {
    const [source, target] = [pointOf(engine, from), pointOf(engine, to)];
    return source === undefined || target === undefined
      ? undefined
      : verdictBetween(engine.reach, source, target, traffic);
  };
}

/** Only what it knows for certain. */
function byOracle({ snapshot, profile }: Side): Ask {
  const oracle = oracleOf({ snapshot, profile });
  return (connection) => {
    const { verdict, complete } = oracle(connection);
    return complete && verdict !== 'unknown' ? verdict : undefined;
  };
}
