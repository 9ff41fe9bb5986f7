import { covers, isNothing, meet, unite } from '#base/intervals.ts';
import { ALL_PORTS, NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { isNarrower } from './narrower.ts';
import type { PossiblePod, PossiblePods } from './possible-pods.ts';

/** What possible pods get of one endpoint in one direction, told once and as widely as it is true. */
export interface Claim {
  readonly text: string;
  readonly traffic: TrafficSet;
  /** The possible pod that shows it. */
  readonly witness: number;
}

/**
 * From what each possible pod gets to the fewest sentences. "Any pod" is said only where every possible pod gets it, or
 * with those that get less named; a narrower sentence stands only where it says more than the wider ones.
 */
export function claimsOf({ pods, exhaustive }: PossiblePods, traffic: readonly TrafficSet[]): Claim[] {
  const within = withinNamespaces(pods, traffic);
  const wide = exhaustive ? wideClaims(pods, traffic, within) : bareClaims(traffic);
  const more: { index: number; traffic: TrafficSet }[] = [];
  for (const [index, pod] of pods.entries()) {
    if (pod.kind === 'other' || pod.kind === 'any-new') continue;
    const own = pod.kind === 'any-in' ? within.get(pod.namespace!)! : traffic[index]!;
    if (!covers(wide.givenTo(index), own)) more.push({ index, traffic: own });
  }
  const narrow = more.filter(
    (one) => !covers(unite(wide.givenTo(one.index), widerTraffic(pods, more, one.index)), one.traffic),
  );
  return mergeByText([
    ...wide.claims,
    ...narrow.map(({ index, traffic: own }) => ({
      text: textOf(pods[index]!, exhaustive),
      traffic: own,
      witness: index,
    })),
  ]);
}

function textOf({ kind, namespace, text }: PossiblePod, exhaustive: boolean): string {
  return kind === 'any-in' && !exhaustive ? `pods without labels of namespace ${namespace}` : text;
}

/** Where not every combination of labels could be tried, "any" would be a guess. */
function bareClaims([bare = NO_TRAFFIC]: readonly TrafficSet[]): WideClaims {
  const text = 'pods without labels in new namespaces without labels';
  const claims = isNothing(bare) ? [] : [{ text, traffic: bare, witness: 0 }];
  return { claims, givenTo: () => NO_TRAFFIC };
}

interface WideClaims {
  readonly claims: readonly Claim[];
  /** What the wide claims say that one possible pod gets. */
  givenTo(index: number): TrafficSet;
}

const NEW = 'any pod of any namespace that is not in the input';

function wideClaims(
  pods: readonly PossiblePod[],
  traffic: readonly TrafficSet[],
  within: ReadonlyMap<string, TrafficSet>,
): WideClaims {
  const fresh = [...pods.keys()].filter((index) => pods[index]!.namespace === undefined);
  const bare = traffic[0] ?? NO_TRAFFIC;
  const everyNew = fresh.reduce((all, index) => meet(all, traffic[index]!), ALL_PORTS);
  const everyone = [...within.values()].reduce(meet, everyNew);
  const exceptions = fresh.filter((index) => !covers(traffic[index]!, bare));
  const isExcepted = (index: number): boolean =>
    exceptions.some((other) => isNarrower(pods[index]!.covers, pods[other]!.covers));
  // Pods of namespaces of the input get as much as new ones do, or are among the exceptions that are named.
  const everywhere = pods.every(
    ({ kind, namespace }, index) =>
      namespace === undefined || kind === 'rule' || covers(traffic[index]!, bare) || isExcepted(index),
  );
  const claims: Claim[] = [];
  if (!isNothing(everyone)) claims.push({ text: 'any pod of any namespace', traffic: everyone, witness: 0 });
  if (!covers(everyone, everyNew)) claims.push({ text: NEW, traffic: everyNew, witness: 0 });
  if (!covers(everyNew, bare)) {
    const who = everywhere ? 'any pod of any namespace' : NEW;
    claims.push({
      text: `${who}, except ${listed(widest(pods, exceptions).map((index) => pods[index]!.text))}`,
      traffic: bare,
      witness: 0,
    });
  }
  const isException = new Set(exceptions);
  return {
    claims,
    givenTo(index) {
      if (pods[index]!.namespace !== undefined) return everywhere && !isExcepted(index) ? bare : everyone;
      return isException.has(index) ? everyNew : bare;
    },
  };
}

/** What any pod of a namespace of the input gets, those included whose labels cost them something. */
function withinNamespaces(pods: readonly PossiblePod[], traffic: readonly TrafficSet[]): Map<string, TrafficSet> {
  const out = new Map<string, TrafficSet>();
  for (const [index, pod] of pods.entries()) if (pod.kind === 'any-in') out.set(pod.namespace!, traffic[index]!);
  for (const [index, pod] of pods.entries()) {
    const own = pod.namespace === undefined ? undefined : out.get(pod.namespace);
    if (pod.kind === 'other' && own !== undefined) out.set(pod.namespace!, meet(own, traffic[index]!));
  }
  return out;
}

/** What wider sentences among the narrow ones say already. Of two that say the same, the first stands. */
function widerTraffic(
  pods: readonly PossiblePod[],
  claims: readonly { readonly index: number; readonly traffic: TrafficSet }[],
  index: number,
): TrafficSet {
  const own = pods[index]!.covers;
  let all = NO_TRAFFIC;
  for (const other of claims) {
    const { covers: wider } = pods[other.index]!;
    if (other.index === index || !isNarrower(own, wider)) continue;
    if (isNarrower(wider, own) && other.index > index) continue;
    all = unite(all, other.traffic);
  }
  return all;
}

/** Those that no other of the list is wider than. */
function widest(pods: readonly PossiblePod[], indexes: readonly number[]): number[] {
  return indexes.filter((index) => {
    const own = pods[index]!.covers;
    return !indexes.some((other) => {
      const { covers: wider } = pods[other]!;
      return other !== index && isNarrower(own, wider) && (other < index || !isNarrower(wider, own));
    });
  });
}

function mergeByText(claims: readonly Claim[]): Claim[] {
  const out = new Map<string, Claim>();
  for (const claim of claims) {
    const known = out.get(claim.text);
    out.set(claim.text, known === undefined ? claim : { ...known, traffic: unite(known.traffic, claim.traffic) });
  }
  return [...out.values()];
}

const MOST = 3;

function listed(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  const more = distinct.length > MOST ? ` and ${distinct.length - MOST} more` : '';
  return distinct.slice(0, MOST).join(', ') + more;
}
