import { type AddressRange, isWithin } from '#base/address.ts';
import { members } from '#base/bits.ts';
import { PRIVATE, virtualNetworkRanges } from '#engine/compile/azure/address-items.ts';
import type { Exposure, HopEntry } from '#model/answers.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { compareScopes, type Scope } from '../exposure/exposing.ts';
import { pointsWithin } from '../outside.ts';
import { waysPast } from './facts.ts';
import type { Inbound } from './inbound.ts';
import { networkNotes } from './network-notes.ts';
import { type Walk, walksOf } from './walk.ts';
import type { WayIn } from './way-in.ts';
import { waysIn } from './ways-in.ts';

/**
 * Exposures of a cluster as the Azure network around it leaves them: the same, with what stands before them asked too, and
 * those that only what stands before the cluster makes.
 */
export function aroundCluster(inbound: Inbound, exposures: readonly Exposure[]): Exposure[] {
  const all = waysIn(inbound);
  const past = new Map(waysPast(inbound, all).map(({ way, guarded }) => [way, guarded.through]));
  const ways = all.map((way) => ({ way: noted(inbound, way, past.get(way)), key: keyOfWay(way) }));
  const byKey = Map.groupBy(ways, ({ key }) => key);
  const seen = new Set<string>();
  const own = exposures.map((exposure) => {
    const key = keyOf(exposure);
    const found = byKey.get(key);
    if (found === undefined || exposure.scope === 'none') return exposure;
    seen.add(key);
    return widest(found.map(({ way }) => throughNetwork(inbound, withNotesOf(exposure, way), way)));
  });
  const others = ways.filter(({ key }) => !seen.has(key)).map(({ way }) => throughNetwork(inbound, bare(way), way));
  return [...own, ...others];
}

function noted({ azure }: Inbound, way: WayIn, guarded: string | undefined): WayIn {
  const past = guarded === undefined ? [] : [`goes past the web application firewall of ${guarded}`];
  return { ...way, notes: [...way.notes, ...past, ...networkNotes(azure.view, way)] };
}

function withNotesOf(exposure: Exposure, { notes }: WayIn): Exposure {
  return { ...exposure, notes: [...exposure.notes, ...notes] };
}

function keyOf({ through, at, protocol, port, to, targetPort }: Exposure): string {
  const place = through.startsWith('Service ') || through === 'hostPort' ? '' : at;
  return `${through} ${place} ${protocol} ${port} ${to} ${targetPort}`;
}

function keyOfWay({ through, at, protocol, port, to }: WayIn): string {
  return keyOf({ ...NOTHING, through, at, protocol, port, to: to.to, targetPort: to.port });
}

const NOTHING = { scope: 'none', verdict: 'denied', notes: [], reasons: [], origin: NO_ORIGIN } as const;

/** Of ways that come to the same, the one that lets most in: by how far it is reached, then by its verdict. */
function widest(list: readonly Exposure[]): Exposure {
  const rank: Readonly<Record<PathVerdict, number>> = { allowed: 0, mixed: 1, unknown: 2, denied: 3 };
  return list.toSorted((a, b) => compareScopes(a.scope, b.scope) || rank[a.verdict] - rank[b.verdict])[0]!;
}

function bare({ through, at, port, protocol, to, notes, origin, scope }: WayIn): Exposure {
  const base = {
    scope,
    through,
    at,
    protocol,
    port,
    to: to.to,
    verdict: 'allowed',
    notes,
    reasons: [],
    origin,
  } as const;
  return { ...base, targetPort: to.port };
}

/** What the network around the cluster stops altogether is open to nobody. */
function throughNetwork(inbound: Inbound, exposure: Exposure, way: WayIn): Exposure {
  const { exposing, azure } = inbound;
  const around = pointsWithin(exposing.engine.world, withoutPublic(virtualNetworkRanges(azure.view, undefined).must));
  const [id, clients] = way.scope === 'internet' ? ['internet', exposing.internet] : ['the networks around', around];
  const walks = walksOf(inbound, way, { id, points: [...members(clients)] });
  const isClosed = walks.every(({ verdict, hops }) => verdict === 'denied' && isStoppedOutside(hops));
  return told(exposure, isClosed ? 'none' : way.scope, walks);
}

/** Prefixes of routes to the internet belong to the tag, and to no network around. */
function withoutPublic(ranges: readonly AddressRange[]): AddressRange[] {
  return ranges.filter((range) => PRIVATE.some((each) => isWithin(range, each)));
}

/** Whether a security group, a list or a route stops it before anything of the cluster is asked. */
function isStoppedOutside(hops: readonly HopEntry[]): boolean {
  return hops.some(({ layer, verdict }) => verdict === 'denied' && !layer.startsWith('pod-'));
}

const NOT_EVALUATED = /which is not evaluated$|a cloud firewall may stand before it$/;

function told(exposure: Exposure, scope: Scope, walks: readonly Walk[]): Exposure {
  const verdicts = new Set(walks.map(({ verdict }) => verdict));
  const [only = 'denied'] = verdicts;
  return {
    ...exposure,
    scope,
    verdict: verdicts.size > 1 ? 'mixed' : only,
    notes: [
      ...exposure.notes.filter((note) => !NOT_EVALUATED.test(note)),
      ...(verdicts.size > 1 ? walks.map(({ from, verdict }) => `${verdict}: ${from}`) : []),
      ...walks.flatMap(({ hops }) => hops.filter(isWorthTelling).map(({ at, why }) => `${at}: ${why}`)),
    ],
    reasons: walks.flatMap(({ verdict, hops }) =>
      verdict === 'unknown' ? hops.flatMap(({ reasons }) => reasons) : [],
    ),
  };
}

const TOLD: ReadonlySet<string> = new Set(['network-security-ingress', 'waf', 'route-egress', 'firewall-ingress']);

/** What pods' own policy says stands there already. */
function isWorthTelling({ layer, verdict }: HopEntry): boolean {
  return TOLD.has(layer) || (layer === 'service' && verdict !== 'allowed');
}
