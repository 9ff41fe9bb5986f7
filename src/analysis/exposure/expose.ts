import { buildEngine, type Engine } from '#engine/engine.ts';
import type { ExposeAnswer, Exposure } from '#model/answers.ts';
import { aroundCluster } from '../inbound/exposures.ts';
import { inboundOf } from '../inbound/inbound.ts';
import { compareScopes, exposingOf } from './exposing.ts';
import { cutByExposure } from './exposure-world.ts';
import { gatewayExposures } from './gateway.ts';
import { hostExposures } from './host.ts';
import { ingressExposures } from './ingress.ts';
import { openShiftRouteExposures } from './openshift-route.ts';
import { outsideReach } from './outside-reach.ts';
import { possiblePodsOf } from './possible-pods.ts';
import { potentialExposures } from './potential.ts';
import { serviceExposures } from './service.ts';

/**
 * From the outside in: every way in that the snapshot opens, what policy alone lets pass, and who could come that is not
 * there yet. Asks an engine cut by the addresses that the question is about: the given one where it is.
 *
 * @example
 * exposeOf(engine).exposures[0]; // { scope: 'internet', through: 'Service shop/web (LoadBalancer)', verdict: 'allowed', … }
 */
export function exposeOf(engine: Engine): Pick<ExposeAnswer, 'exposures' | 'reach' | 'potential'> {
  const { snapshot, options } = engine;
  const cut = cutByExposure(engine);
  const possible = possiblePodsOf(snapshot, options.profile);
  const withPossible = buildEngine(snapshot, { ...options, potentials: possible.pods.map(({ pod }) => pod) });
  return {
    exposures: exposuresOf(cut),
    reach: outsideReach(cut),
    potential: potentialExposures(withPossible, possible),
  };
}

/** The ways in of `exposeOf`, without the cost of the rest. */
export function waysInto(engine: Engine): Exposure[] {
  return exposuresOf(cutByExposure(engine));
}

/** Every way in, widest first. `engine` must be cut by `exposureCuts`, and have the domains of `inboundWorld`. */
export function exposuresOf(engine: Engine): Exposure[] {
  const exposing = exposingOf(engine);
  const ways = [...serviceExposures(exposing), ...hostExposures(exposing)];
  const routed = [
    ...ingressExposures(exposing, ways),
    ...gatewayExposures(exposing, ways),
    ...openShiftRouteExposures(exposing, ways),
  ];
  const all = [...ways, ...routed];
  const inbound = inboundOf(engine);
  return (inbound === undefined ? all : aroundCluster(inbound, all)).map(withoutRepeats).sort(compareExposures);
}

function withoutRepeats(exposure: Exposure): Exposure {
  return { ...exposure, notes: [...new Set(exposure.notes)], reasons: [...new Set(exposure.reasons)] };
}

function compareExposures(a: Exposure, b: Exposure): number {
  return (
    compareScopes(a.scope, b.scope) ||
    compareText(a.through, b.through) ||
    compareText(a.at, b.at) ||
    compareText(a.to, b.to)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
