import { parseAddress } from '#base/address.ts';
import { verdictOf } from '#engine/grants.ts';
import { grantBetween } from '#engine/reach.ts';
import { externalPoint } from '#engine/world.ts';
import type { AzureEvidence } from '#model/azure/fact.ts';
import type { RequiredEndpoint, WayOut } from '#model/egress.ts';
import type { ReasonCode } from '#model/reason.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { PathVerdict, Verdict } from '#model/verdict.ts';
import type { NeededEndpoint } from '../azure/endpoints.ts';
import { nodeEndpoints } from '../endpoints.ts';
import { decidingOf } from './deciding.ts';
import type { EgressWorld } from './egress-world.ts';
import { type WaysOut, waysOut } from './ways-out.ts';

/** Every endpoint that the cluster needs, asked from each of its nodes through every layer. */
export function requiredOf(world: EgressWorld): readonly RequiredEndpoint[] {
  const asking: Asking = { senders: sendersOf(world), waysOut: waysOut(world.azure) };
  return world.needed.map((needed) => requiredEndpoint(world, asking, needed));
}

/** Nodes that no layer tells apart. */
interface Sender {
  readonly point: number;
  readonly ids: readonly string[];
}

function sendersOf({ engine, azure }: EgressWorld): Sender[] {
  const { reach, world } = engine;
  const groups = new Map<string, { point: number; ids: string[] }>();
  const rows = new Map<unknown, number>();
  for (const { entry, points } of nodeEndpoints(world)) {
    for (const point of points) {
      const row = reach.egress.rows[point];
      const number = rows.get(row) ?? rows.size;
      rows.set(row, number);
      const key = `${number} ${azure.siting.at(point).subnets.join(' ')}`;
      const group = groups.get(key) ?? { point, ids: [] };
      groups.set(key, group);
      if (!group.ids.includes(entry.id)) group.ids.push(entry.id);
    }
  }
  return [...groups.values()];
}

interface Asking {
  readonly senders: readonly Sender[];
  readonly waysOut: WaysOut;
}

interface Judged {
  readonly sender: Sender;
  readonly to: number;
  readonly verdict: Verdict;
}

function requiredEndpoint(world: EgressWorld, { senders, waysOut }: Asking, needed: NeededEndpoint): RequiredEndpoint {
  const traffic = trafficPoint(needed.protocol, needed.port);
  const judged = senders.flatMap((sender) =>
    pointsOf(world, needed).map(
      (to): Judged => ({ sender, to, verdict: verdictFrom(world, { sender, to, traffic }, needed) }),
    ),
  );
  const verdict = together(judged);
  const { destination, protocol, port, feature, use, need, source } = needed;
  const told =
    judged.find((each) => each.verdict === 'denied') ?? judged.find((each) => each.verdict === 'unknown') ?? judged[0];
  const why = told === undefined ? NOTHING : whyOf(world, { ...told, traffic });
  const from = judged.filter((each) => each.verdict !== 'allowed').flatMap(({ sender }) => sender.ids);
  const ways = distinct(judged.flatMap(({ sender, to }) => waysOut(sender.point, to)));
  return { destination, protocol, port, feature, use, need, verdict, ...why, from: [...new Set(from)], ways, source };
}

function distinct(ways: readonly WayOut[]): WayOut[] {
  return [...new Map(ways.map((way) => [`${way.subnet} ${way.kind} ${way.name}`, way])).values()];
}

type Why = Pick<RequiredEndpoint, 'by' | 'reasons'>;
const NOTHING: Why = { by: [], reasons: ['cloud-resource-missing'] };

function pointsOf({ engine: { world }, names }: EgressWorld, { kind, destination }: NeededEndpoint): number[] {
  if (kind === 'name') return names.meaning(destination).flatMap((domain) => world.domains.get(domain) ?? []);
  const address = parseAddress(destination);
  return address === undefined ? [] : [externalPoint(world, address)];
}

interface Asked {
  readonly sender: Sender;
  readonly to: number;
  readonly traffic: number;
}

/** Where a part of the name is not known, a rule may mean it. */
function verdictFrom(world: EgressWorld, { sender, to, traffic }: Asked, { isOpen }: NeededEndpoint): Verdict {
  const verdict = verdictOf(grantBetween(world.engine.reach, sender.point, to), traffic);
  return verdict === 'denied' && isOpen ? 'unknown' : verdict;
}

function together(judged: readonly Judged[]): PathVerdict {
  const verdicts = new Set(judged.map(({ verdict }) => verdict));
  if (verdicts.size === 0) return 'unknown';
  return verdicts.size === 1 ? [...verdicts][0]! : 'mixed';
}

function whyOf(world: EgressWorld, { sender, to, traffic, verdict }: Judged & Asked): Why {
  const deciding = decidingOf(world.engine, { from: sender.point, to, traffic });
  const by: readonly AzureEvidence[] = deciding.by;
  if (verdict !== 'unknown') return { by, reasons: [] };
  const added: readonly ReasonCode[] = deciding.verdict === 'denied' ? ['cloud-expression'] : [];
  return { by, reasons: [...new Set([...deciding.reasons, ...added])] };
}
