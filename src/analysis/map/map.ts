import type { Engine } from '#engine/engine.ts';
import type { Connection, MapAnswer } from '#model/answers.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { Analysis } from '../analysis.ts';
import { withEncryption } from '../encryption/map-encryption.ts';
import { endpointsOf, type Placed } from '../endpoints.ts';
import { PORT_SCOPE, type Scope } from '../scope.ts';
import { trafficEntries, trafficList } from '../traffic-list.ts';
import { type Link, linksOf, reasonsFor } from './connections.ts';
import { foldByNamespace } from './fold.ts';
import { linkWithin } from './link-within.ts';

export interface MapOptions {
  /** Only connections with an end in one of these; empty: all. */
  readonly namespaces?: readonly string[];
  readonly scope?: Scope;
  /** `auto` folds by namespace above `FOLD_ABOVE` endpoints. */
  readonly fold?: 'auto' | 'always' | 'never';
  /** Also how each connection is protected; tells workloads and never folds. */
  readonly encryption?: boolean;
}

/** Above so many endpoints a person cannot read a list of pairs. */
export const FOLD_ABOVE = 120;

/** Who can reach whom. See `MapAnswer` for its shape. */
export function mapOf(analysis: Analysis, options: MapOptions = {}): MapAnswer {
  const scope = options.scope ?? PORT_SCOPE;
  const all = endpointsOf(analysis.engine);
  const keep = new Set(options.namespaces ?? []);
  const fold = options.encryption === true ? 'never' : (options.fold ?? 'auto');
  const folded =
    fold === 'always' ||
    (fold === 'auto' && (keep.size === 0 ? all : all.filter((each) => touches(each, keep))).length > FOLD_ABOVE);
  const body = folded
    ? foldByNamespace(analysis.engine, all, { scope, keep })
    : unfolded(analysis.engine, all, { scope, keep });
  const answer: MapAnswer = {
    schema: 'ringfence.dev/map/v1',
    engine: analysis.entry,
    protocols: scope.protocols,
    folded,
    ...body,
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
  return options.encryption === true ? withEncryption(analysis, answer, scope) : answer;
}

function touches({ entry }: Placed, namespaces: ReadonlySet<string>): boolean {
  return entry.namespace !== undefined && namespaces.has(entry.namespace);
}

function* within(links: Iterable<Link>, scope: Scope): Generator<Link> {
  for (const link of links) {
    const cut = linkWithin(link, scope);
    if (cut !== undefined) yield cut;
  }
}

interface Asked {
  /** Namespaces that one end must be in; empty: any. */
  readonly keep: ReadonlySet<string>;
  readonly scope: Scope;
}

function unfolded(
  engine: Engine,
  all: readonly Placed[],
  { keep, scope }: Asked,
): Pick<MapAnswer, 'endpoints' | 'connections'> {
  const wanted = keep.size === 0 ? undefined : new Set([...all.keys()].filter((index) => touches(all[index]!, keep)));
  const connections: Connection[] = [];
  for (const link of within(linksOf(engine, all, wanted), scope))
    connections.push(connectionOf(engine, all, { link, scope }));
  return { endpoints: all.map(({ entry }) => entry), connections };
}

/** One link as an answer tells it. */
export function connectionOf(
  engine: Engine,
  all: readonly Placed[],
  { link, scope }: { link: Link; scope: Scope },
): Connection {
  const from = all[link.from]!;
  const to = all[link.to]!;
  const doubt = doubtsOf(engine, { a: from.points, b: to.points }, link.unknown);
  const connection = {
    from: from.entry.id,
    to: to.entry.id,
    allowed: trafficList(link.allowed, scope.traffic),
    unknown: doubt.placedApart
      ? []
      : trafficEntries(link.unknown).map((entry) => ({ ...entry, reasons: doubt.reasons })),
  };
  const mixed = trafficEntries(link.mixed).map((entry) => ({ ...entry, why: 'differs by address family' }));
  if (doubt.placedApart)
    mixed.push(
      ...trafficEntries(link.unknown).map((entry) => ({ ...entry, why: 'only between a pod and its own node' })),
    );
  return mixed.length === 0 ? connection : { ...connection, mixed };
}

interface Doubts {
  readonly reasons: readonly ReasonCode[];
  /** Whether all that is open is which pods share a node, and the input says where each pod runs: known, but not one answer. */
  readonly placedApart: boolean;
}

function doubtsOf(engine: Engine, pair: { a: readonly number[]; b: readonly number[] }, unknown: TrafficSet): Doubts {
  if (unknown.length === 0) return { reasons: [], placedApart: false };
  const reasons = reasonsFor(engine, pair, unknown[0]!);
  const placed = [...pair.a, ...pair.b].every((point) => engine.world.points[point]!.placed);
  return { reasons, placedApart: placed && reasons.length === 1 && reasons[0] === 'own-node' };
}
