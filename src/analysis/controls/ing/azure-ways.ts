import { members } from '#base/bits.ts';
import { buildEngine } from '#engine/engine.ts';
import type { Place } from '#model/control.ts';
import type { Verdict } from '#model/verdict.ts';
import { type Inbound, inboundOf, inboundWorld } from '../../inbound/inbound.ts';
import { walksOf } from '../../inbound/walk.ts';
import type { WayIn } from '../../inbound/way-in.ts';
import { waysIn } from '../../inbound/ways-in.ts';
import { placeOf } from '../assessment.ts';
import { placeOfResource } from '../azure-facts.ts';
import { type ControlContext, onceKey } from '../context.ts';

/** What looks at requests on a way: nothing, a firewall, or one of which the input does not say what it does. */
export type Guard = 'none' | 'guarded' | 'open';

/** A way of the internet into the cluster, and whether it lets the internet in. */
export interface WalkedWay {
  readonly way: WayIn;
  readonly verdict: Verdict;
  readonly guard: Guard;
}

export interface AzureWays {
  readonly inbound: Inbound;
  readonly ways: readonly WalkedWay[];
}

const WAYS = onceKey<AzureWays | undefined>('ways in through azure');

/** Every way from the internet, through what Azure has before the cluster; undefined without one cluster in Azure. */
export function azureWays(context: ControlContext): AzureWays | undefined {
  return context.once(WAYS, ({ analysis, snapshot }) => {
    if (snapshot.azure.clusters.length !== 1) return undefined;
    const world = inboundWorld(snapshot);
    const { options } = analysis.engine;
    const cuts = [...(options.cuts ?? []), ...world.cuts];
    const domains = [...new Set([...(options.domains ?? []), ...world.domains])];
    const inbound = inboundOf(buildEngine(snapshot, { ...options, cuts, domains }));
    if (inbound === undefined) return undefined;
    const ways = waysIn(inbound).filter(({ scope }) => scope === 'internet');
    return { inbound, ways: ways.map((way) => ({ way, verdict: verdictOf(inbound, way), guard: guardOf(way) })) };
  });
}

function verdictOf(inbound: Inbound, way: WayIn): Verdict {
  const points = [...members(inbound.exposing.internet)];
  const verdicts = walksOf(inbound, way, { id: 'internet', points }).map(({ verdict }) => verdict);
  if (verdicts.includes('allowed')) return 'allowed';
  return verdicts.includes('unknown') ? 'unknown' : 'denied';
}

function guardOf({ legs }: WayIn): Guard {
  const words = legs.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'told' && step.entry.layer === 'waf' ? [step.entry.why] : [])),
  );
  if (words.some((why) => !NO_GUARD.test(why) && !OPEN_GUARD.test(why))) return 'guarded';
  return words.some((why) => OPEN_GUARD.test(why)) ? 'open' : 'none';
}

const NO_GUARD = /^no web application firewall|switched off/;
const OPEN_GUARD = /has no value yet|is not in the input/;

/** Where a way is judged: the object or the resource that opens it. */
export function placeOfWay(context: ControlContext, { through, origin }: Pick<WayIn, 'through' | 'origin'>): Place {
  const [, kind = '', namespace = '', name = ''] = /^(\S+) ([^/\s]+)\/(\S+)/.exec(through) ?? [];
  const object = context.objects.inNamespace(namespace).find((each) => each.kind === kind && each.name === name);
  if (object !== undefined) return placeOf(object);
  const { applicationGateways, frontDoors } = context.snapshot.azure;
  const [, product = '', named = ''] = /^(Application Gateway|Front Door) ([^,]+),/.exec(through) ?? [];
  const entity = (product === 'Front Door' ? frontDoors : applicationGateways).find((each) => each.name === named);
  if (entity !== undefined) return placeOfResource(entity);
  return { kind: 'way in', namespace: '', name: through, id: `way/${through}`, origin };
}
