import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Family, formatAddress, parseAddress } from '#base/address.ts';
import { buildEngine, type Engine } from '#engine/engine.ts';
import { type Reach, reachOf, verdictBetween } from '#engine/reach.ts';
import { PROFILES } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { icmpTraffic, trafficPoint } from '#model/traffic.ts';
import { type AzureConnection, type AzureParty, azureOracleOf } from '#oracle/azure/azure.ts';
import { everyOwner, pointOf } from './compare.ts';
import { partiesOf } from './connections.ts';
import { type AzureSize, azureEstates, DOMAIN, estateOf, OUTSIDE } from './generate-azure.ts';
import { clusterOf } from './meshes.ts';

/** Estates per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 40);
const LIMIT = 120_000 + RUNS * 2_000;
const SEED = Number(process.env.RINGFENCE_PROPERTY_SEED ?? 2026);

describe('the Azure network: the engine against the oracle', () => {
  test('no verdict differs', () => agree(), LIMIT);
  test('what is stated leaves little open', () => agree({ oneOpenIn: 0 }), LIMIT);
});

function agree(size: AzureSize = {}): void {
  let asked = 0;
  let known = 0;
  const vague: string[] = [];
  const property = fc.property(azureEstates(size), (generated) => {
    const snapshot: Snapshot = { ...clusterOf(generated.manifests), azure: estateOf(generated) };
    const found = compare(snapshot);
    asked += found.asked;
    known += found.known;
    vague.push(...found.vague);
    expect(found.wrong.slice(0, 5)).toEqual([]);
  });
  fc.assert(property, { numRuns: RUNS, seed: SEED });
  console.log(
    `${asked} answers compared, ${known} known to the oracle; ${vague.length} of these are unknown to the engine`,
  );
  if (process.env.RINGFENCE_PROPERTY_SHOW !== undefined) console.log(vague.slice(0, 40).join('\n'));
  // An engine that calls everything unknown is never wrong either.
  expect(vague.length / Math.max(asked, 1)).toBeLessThan(0.1);
}

interface Found {
  readonly asked: number;
  readonly known: number;
  readonly vague: readonly string[];
  readonly wrong: readonly string[];
}

function compare(snapshot: Snapshot): Found {
  const engine = buildEngine(snapshot, { profile: PROFILES.upstream, domains: [DOMAIN], focus: everyOwner(snapshot) });
  const layers = engine.reach.layers.filter(({ name }) => name === 'network-security' || name === 'route');
  const reach: Reach | undefined = layers.length === 0 ? undefined : reachOf(engine.world, layers);
  const oracle = azureOracleOf(snapshot);
  const found = { asked: 0, known: 0, vague: [] as string[], wrong: [] as string[] };
  for (const connection of connectionsOf(snapshot)) {
    const [from, to] = [pointAt(engine, connection.from), pointAt(engine, connection.to)];
    if (from === undefined || to === undefined) continue;
    const truth = oracle(connection);
    const told = reach === undefined ? 'allowed' : verdictBetween(reach, from, to, connection.traffic);
    found.asked++;
    if (!truth.complete) continue;
    if (truth.verdict !== 'unknown') found.known++;
    if (told === truth.verdict) continue;
    const line = `${described(connection)}: engine ${told}, oracle ${truth.verdict}`;
    (told === 'unknown' ? found.vague : found.wrong).push(line);
  }
  return found;
}

function pointAt(engine: Engine, party: AzureParty): number | undefined {
  if (party.kind !== 'domain') return pointOf(engine, party);
  return engine.world.domains
    .get(party.name)
    ?.find((point) => (engine.world.points[point]!.families & (party.family === 4 ? 1 : 2)) !== 0);
}

const TRAFFIC = [
  ...[22, 80, 443].map((port) => trafficPoint('TCP', port)),
  trafficPoint('UDP', 53),
  icmpTraffic('ICMP', 8, 0)[0]!,
];

/** Every pair of which an end is of the cluster, but for what a host sends to itself. */
function* connectionsOf(snapshot: Snapshot): Generator<AzureConnection> {
  const outside = OUTSIDE.map((text): AzureParty => ({ kind: 'address', address: parseAddress(text)! }));
  const names: AzureParty[] = [{ kind: 'domain', name: DOMAIN, family: 4 }];
  const inside: AzureParty[] = partiesOf(snapshot);
  for (const from of [...inside, ...outside]) {
    for (const to of [...inside, ...outside, ...names]) {
      if (from === to || familyOf(from) !== familyOf(to) || (isOutside(from) && isOutside(to)) || areOneHost(from, to))
        continue;
      for (const traffic of TRAFFIC) yield { from, to, traffic };
    }
  }
}

function isOutside({ kind }: AzureParty): boolean {
  return kind === 'address' || kind === 'domain';
}

function familyOf(party: AzureParty): Family {
  return party.kind === 'address' ? party.address.family : party.family;
}

function areOneHost(a: AzureParty, b: AzureParty): boolean {
  const [one, other] = [a, b].map((party) => {
    if (party.kind === 'node') return party.name;
    return party.kind === 'pod' && party.shape.hostNetwork ? (party.shape.nodeName ?? '?') : undefined;
  });
  return one !== undefined && other !== undefined && (one === other || one === '?' || other === '?');
}

function described({ from, to, traffic }: AzureConnection): string {
  return `${text(from)} -> ${text(to)}, ${traffic}`;
}

function text(party: AzureParty): string {
  if (party.kind === 'address') return formatAddress(party.address);
  if (party.kind === 'domain') return party.name;
  const at = party.address === undefined ? 'no address' : formatAddress(party.address);
  if (party.kind === 'node') return `node ${party.name} ${at}`;
  return `${party.shape.hostNetwork ? 'host ' : ''}pod on ${party.shape.nodeName ?? '?'} ${at}`;
}
